"""From records to what the planner sees: anchors, people, and the command that settles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from domain.actions import ActionItem, ItemKind
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.errors import NotFoundError
from domain.people import Channel
from domain.pool import PoolStatus
from domain.reminders import Anchor, Audience, Subject, SubjectKind
from domain.reviews.state import Review
from domain.standups import chase_time, settings_of
from domain.stories import Stage, Status, Story
from reminders.plan_subjects import deliverables, milestones, phases, review_ends
from reminders.world import World
from storage.schedule import DueSubject
from storage.stories import VERIFIED_STAGES

UNREVIEWED = frozenset({Status.DRAFT, Status.REVIEWING})
"""Statuses of a story that no review has passed yet."""

_ROUND = timedelta(days=10)
"""From how long ago on a channel's daily round is listed: longer than any catch-up."""

Anchors = dict[Anchor, date | datetime]
Key = tuple[str, str]


def load(world: World, due: Sequence[DueSubject]) -> dict[Key, Subject]:
    """The subjects that exist and have anything to remind of; a few queries per kind."""
    by_kind: defaultdict[str, list[str]] = defaultdict(list)
    for each in due:
        by_kind[each.kind].append(each.subject_id)
    found: dict[Key, Subject] = {}
    for kind, loader in LOADERS.items():
        for subject in loader(world, by_kind[kind]) if by_kind[kind] else ():
            found[kind.value, subject.id] = subject
    return found


def stories(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Stories that are tested, verified, or on a plan and not reviewed."""
    numbers = [int(i) for i in ids if i.isdecimal()]
    every = world.uow.stories.many(numbers)
    plans = {s.plan_id for s in every if s.plan_id and s.status in UNREVIEWED}
    ends = review_ends(world, plans) if plans else {}
    for story in every:
        anchors = _story_anchors(story, ends)
        if anchors:
            yield Subject(
                SubjectKind.STORY,
                str(story.number),
                story.product_id,
                story.title,
                story.ref,
                anchors,
                settle=_story_settle(story),
                show=f"story show {story.ref}",
            )


def _story_anchors(story: Story, review_ends: Mapping[str, date]) -> Anchors:
    if story.status is Status.CLOSED:
        return {}
    anchors: Anchors = {}
    if story.stage is Stage.TESTED and story.stage_at:
        anchors[Anchor.TESTED] = story.stage_at
    if story.stage in VERIFIED_STAGES and story.stage_at:
        anchors[Anchor.VERIFIED] = story.stage_at
    if story.status in UNREVIEWED and story.plan_id and story.plan_id in review_ends:
        anchors[Anchor.REVIEW_BY] = review_ends[story.plan_id]
    return anchors


def _story_settle(story: Story) -> str:
    if story.stage is Stage.TESTED:
        return f"verify {story.ref}"
    return f"close {story.ref}" if story.stage in VERIFIED_STAGES else ""


def changes(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Change requests that wait for a decision or for those who must know of them."""
    for change_id in ids:
        try:
            change = world.uow.changes.get(change_id)
        except NotFoundError:
            continue
        if subject := _change(world, change):
            yield subject


def _change(world: World, change: ChangeRequest) -> Subject | None:
    anchors: Anchors = {}
    people: dict[Audience, tuple[str, ...]] = {}
    settle = f"change show {change.ref}"
    if change.status is ChangeStatus.SUBMITTED and change.submitted_at:
        anchors[Anchor.SUBMITTED] = change.submitted_at
        people[Audience.DECIDERS] = _deciders(world, change)
    elif change.status is ChangeStatus.APPLIED and change.applied_at and change.pending_acks:
        anchors[Anchor.APPLIED] = change.applied_at
        people[Audience.AFFECTED] = change.pending_acks
        settle = f"change ack {change.ref}"
    if not anchors:
        return None
    return Subject(
        SubjectKind.CHANGE, change.id, change.product_id, change.content.what, change.ref,
        anchors, people, settle, f"change show {change.ref}",
    )  # fmt: skip


def _deciders(world: World, change: ChangeRequest) -> tuple[str, ...]:
    """Who may decide, without the requester and those whose word is in already."""
    said = {a.by for a in change.valid_approvals} | {change.author}
    every = (p for role in change.roles for p in world.with_role(role, change.product_id))
    return tuple(p for p in dict.fromkeys(every) if p not in said)


def reviews(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Reviews that nobody has ended, whether still open or kept as a draft."""
    for review_id in ids:
        try:
            review: Review = world.uow.reviews.get(review_id)
        except NotFoundError:
            continue
        if review.running and review.started_at:
            yield Subject(
                SubjectKind.REVIEW, review.id, review.product_id, review.title, review.ref,
                {Anchor.STARTED: review.started_at}, {Audience.CHAIR: (review.chair,)},
                f"review end {review.ref}", f"review show {review.ref}",
            )  # fmt: skip


def actions(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Action items, questions and blockers that are open."""
    for item in world.uow.actions.many(ids):
        anchors = _action_anchors(item)
        if anchors:
            yield Subject(
                SubjectKind.ACTION, item.id, item.product_id, item.text, item.ref, anchors,
                {Audience.OWNER: (item.owner,)} if item.owner else {},
                f"action done {item.ref}",
            )  # fmt: skip


def _action_anchors(item: ActionItem) -> Anchors:
    anchors: Anchors = {}
    if item.open and item.due:
        anchors[Anchor.DUE] = item.due
    if item.open and item.kind is ItemKind.BLOCKER:
        anchors[Anchor.STARTED] = item.created_at
    return anchors


def pool_items(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Items of the requirement pool that nobody has looked at."""
    for item in world.uow.pool.many(ids):
        if item.status is PoolStatus.NEW:
            yield Subject(
                SubjectKind.POOL, item.id, item.product_id, item.title, item.ref,
                {Anchor.SUBMITTED: item.added_at}, settle=f"pool triage {item.ref}",
                show=f"pool show {item.ref}",
            )  # fmt: skip


def channels(world: World, ids: Sequence[str]) -> Iterable[Subject]:
    """Channels bound to a product that have a digest or a standup."""
    for channel_id in ids:
        channel = world.channels.get(channel_id)
        if channel is not None and channel.product_id in world.products:
            yield _channel(world, channel, channel.product_id)


def _channel(world: World, channel: Channel, product_id: str) -> Subject:
    since = (world.now - _ROUND).date()
    anchors: Anchors = {}
    hours: dict[str, time] = {}
    if channel.digest_at:
        anchors[Anchor.DAILY] = since
        hours["digest"] = channel.digest_at
    if channel.standup_at:
        anchors[Anchor.STANDUP] = since
        minutes = settings_of(world.products[product_id]).chase
        hours["standup_ask"] = channel.standup_at
        hours["standup_chase"] = chase_time(channel.standup_at, minutes)
    return Subject(
        SubjectKind.CHANNEL, channel.id, product_id, channel.name, "", anchors,
        {Audience.MEMBERS: world.members(product_id)}, hours=hours,
    )  # fmt: skip


Loader = Callable[[World, Sequence[str]], Iterable[Subject]]

LOADERS: Mapping[SubjectKind, Loader] = {
    SubjectKind.PHASE: phases,
    SubjectKind.MILESTONE: milestones,
    SubjectKind.DELIVERABLE: deliverables,
    SubjectKind.STORY: stories,
    SubjectKind.CHANGE: changes,
    SubjectKind.REVIEW: reviews,
    SubjectKind.ACTION: actions,
    SubjectKind.POOL: pool_items,
    SubjectKind.CHANNEL: channels,
}
"""How each kind is loaded. A new kind of record is one line here and its rules."""


def touch_dependents(world: World, due: Sequence[DueSubject]) -> None:
    """A changed plan moves the dates of what hangs on it: its stories are looked at, too."""
    plans = [d.subject_id for d in due if d.kind == "plan"]
    for plan_id in plans:
        stories = world.uow.stories.of_plan(plan_id, include_closed=False)
        waiting = [s for s in stories if s.status in UNREVIEWED]
        if waiting:
            numbers = [str(s.number) for s in waiting]
            world.uow.schedule.touch_many("story", numbers, waiting[0].product_id)


def of_product(world: World, product_id: str) -> tuple[Subject, ...]:
    """Everything of a product that has something to remind of, now or later: for previews."""
    return tuple(load(world, world.uow.schedule.of_product(product_id)).values())
