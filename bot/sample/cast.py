"""The people, place and plan of the sample, stored before the first act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.sample.story_book import PhaseOutline, Someone, StoryBook
from domain.calendar import WorkingCalendar
from domain.deliverables import DeliverableStatus
from domain.ids import new_id
from domain.people import Channel, Person, Product, Role, RoleGrant, Workspace
from domain.plan_deliverables import Alignment, align
from domain.plans.model import Dependency, Milestone, Phase, PhaseStatus, Plan
from storage.uow import UnitOfWork

DIGEST_AT, STANDUP_AT = time(10, 0), time(9, 0)
_MOSTLY = 80
"""Percent from which on a phase of the sample has drafts of what it must produce."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what takes part.

    :param people: id by the handle of the outline.
    """

    product: Product
    channel: Channel
    plan: Plan
    people: Mapping[str, str]


def set_up(
    uow: UnitOfWork,
    book: StoryBook,
    workspace: Workspace,
    calendar: WorkingCalendar,
    today: date,
    at: datetime,
) -> Cast:
    """Store the product, its channel, its people with their roles, and its plan.

    A handle that somebody else has already gets ``-demo`` behind it, so that nobody real is made to
    have said anything. Only the administrator is whoever it is.

    :param at: when it is said to have happened.
    """
    product = Product(new_id(), _free_key(uow, book.key), book.product)
    uow.products.add(product, sample=True)
    channel = Channel(
        new_id(),
        "web",
        f"sample:{product.id}",
        book.channel,
        product_id=product.id,
        locale=workspace.locale,
        digest_at=DIGEST_AT,
        standup_at=STANDUP_AT,
    )
    uow.channels.add(channel, sample=True)
    people = {each.handle: _person(uow, each, product, workspace) for each in book.people}
    plan = plan_of(book, product.id, people, calendar, today)
    uow.plans.add(plan, by=people["po"], at=at)
    uow.deliverables.apply(_begun(align(plan, ()), plan))
    return Cast(product, channel, plan, people)


def _begun(alignment: Alignment, plan: Plan) -> Alignment:
    """What phases that are done had to produce is accepted; what runs has its drafts."""
    statuses = {
        phase.id: DeliverableStatus.ACCEPTED if phase.done else DeliverableStatus.DRAFTED
        for phase in plan.phases
        if phase.done or phase.progress >= _MOSTLY
    }
    save = tuple(
        replace(each, owner=plan.phase(each.phase_id).owner, status=statuses[each.phase_id])
        if each.phase_id in statuses
        else each
        for each in alignment.save
    )
    return replace(alignment, save=save)


def _free_key(uow: UnitOfWork, key: str) -> str:
    return key if uow.products.by_key(key) is None else f"{key}-demo"


def _person(uow: UnitOfWork, each: Someone, product: Product, workspace: Workspace) -> str:
    known = uow.people.by_handle(each.handle)
    if known is not None and Role.ADMIN in each.roles:
        return known.id
    handle = each.handle if known is None else f"{each.handle}-demo"
    person = Person(new_id(), handle, each.name, workspace.locale, external=each.external)
    uow.people.add(person, sample=True)
    for role in each.roles:
        everywhere = role is Role.ADMIN
        grant = RoleGrant(person.id, role, None if everywhere else product.id)
        uow.people.grant(grant, new_id())
    return person.id


def plan_of(
    book: StoryBook,
    product_id: str,
    people: Mapping[str, str],
    calendar: WorkingCalendar,
    today: date,
) -> Plan:
    """The plan with its dates counted in working days from today."""
    ids = {phase.key: new_id() for phase in book.phases}

    def day(offset: int) -> date:
        return calendar.shift(today, offset) if offset else calendar.on_or_before(today)

    def phase(outline: PhaseOutline) -> Phase:
        starts, ends = day(outline.starts), day(outline.ends)
        done = outline.progress == 100
        active = starts <= today and not done
        status = PhaseStatus.DONE if done else PhaseStatus.ACTIVE if active else PhaseStatus.PLANNED
        return Phase(
            id=ids[outline.key],
            name=outline.name,
            starts=starts,
            ends=ends,
            owner=people[outline.owner],
            predecessors=tuple(Dependency(ids[key], lag) for key, lag in outline.after),
            deliverables=outline.deliverables,
            gate=outline.gate,
            progress=outline.progress,
            status=status,
            done_on=ends if done else None,
        )

    stones = tuple(
        Milestone(
            id=new_id(),
            name=stone.name,
            due=day(stone.due),
            phase_id=ids[stone.phase] if stone.phase else None,
            done_on=day(stone.done) if stone.done is not None else None,
            fixed=stone.fixed,
        )
        for stone in book.milestones
    )
    phases = tuple(map(phase, book.phases))
    return Plan(new_id(), product_id, book.plan, phases, stones, release=book.release)
