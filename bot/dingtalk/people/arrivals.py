"""People from DingTalk become people here, and follow what changes there. Runs in a transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.dingtalk.people.profiles import administers, email_of, handle_of, name_of
from bot.surfaces.accounts import free_handle, make_admin, save_followed
from domain.ids import new_id
from domain.people import Person
from storage.audit import AuditEntry
from storage.dingtalk import PLATFORM, UNION, USER, Colleague
from storage.uow import UnitOfWork

READ = "dingtalk.person"
"""The kind of the outbox row that asks DingTalk about somebody whom we just met."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom we meet for the first time.

    :param kind: of the id: ``user`` for a person of the company; anything else is an outsider.
    :param name: as they are shown in DingTalk; may be empty.
    :param admin: administers the company in DingTalk.
    """

    tenant: str
    kind: str
    external_id: str
    name: str
    admin: bool = False

    @property
    def outside(self) -> bool:
        """Whether they are of another company, or of none."""
        return self.kind != USER


def known(uow: UnitOfWork, tenant: str, kind: str, external_id: str) -> Person | None:
    """The person with this id in the company, if we met them."""
    found = uow.people.identify(PLATFORM, tenant, kind, external_id)
    return uow.people.get(found) if found else None


def welcome(uow: UnitOfWork, arrival: Arrival, now: datetime) -> Person:
    """A person of their own for a DingTalk account: never matched to somebody by name.

    Who administers the company in DingTalk administers Duban; everybody else begins without a
    role. What DingTalk knows of them is read soon, once.
    """
    name = name_of(arrival.name) or arrival.external_id[-8:]
    person = Person(
        id=new_id(),
        handle=free_handle(uow, handle_of(name, arrival.external_id)),
        name=name,
        locale=uow.people.workspace().locale,
        external=arrival.outside,
    )
    uow.people.add(person)
    uow.people.link(
        new_id(), person.id, PLATFORM, arrival.tenant, arrival.kind, arrival.external_id
    )
    subject, said = f"person:{person.id}", {"dingtalk": arrival.external_id}
    new = {**said, "external": arrival.outside}
    uow.audit(AuditEntry(now, None, PLATFORM, "team:person:added", subject, new=new))
    if arrival.outside:
        return person
    uow.dingtalk.save_colleague(Colleague(arrival.external_id, name=name))
    uow.queue(f"dingtalk:{arrival.external_id}"[:96], READ, {"staff": arrival.external_id}, now)
    if arrival.admin:
        _make_admin(uow, person, now)
    return person


def follow(uow: UnitOfWork, tenant: str, person: Person, fresh: Colleague, now: datetime) -> Person:
    """Take over what DingTalk says now; what people set here themselves stays."""
    before = uow.dingtalk.colleague(fresh.staff_id)
    uow.dingtalk.save_colleague(fresh)
    if fresh.union_id and uow.people.identify(PLATFORM, tenant, UNION, fresh.union_id) is None:
        uow.people.link(new_id(), person.id, PLATFORM, tenant, UNION, fresh.union_id)
    changed: dict[str, str] = {}
    if fresh.name and (before is None or before.name == person.name) and fresh.name != person.name:
        changed["name"] = fresh.name
    if person.email is None and (email := email_of(fresh)):
        changed["email"] = email
    first_time = before is None or before.read_at is None
    if first_time and administers(fresh):
        _make_admin(uow, person, now)
    return _save(uow, person, replace(person, **changed), now) if changed else person


def leave(uow: UnitOfWork, person: Person, now: datetime) -> None:
    """Somebody left the company: switched off here, unless they have other accounts, too."""
    if person.active and uow.people.platforms(person.id) <= {PLATFORM}:
        _save(uow, person, replace(person, active=False), now)


def come_back(uow: UnitOfWork, person: Person, now: datetime) -> Person:
    """Somebody whom we took for gone is in the company again."""
    return _save(uow, person, replace(person, active=True), now) if not person.active else person


def _save(uow: UnitOfWork, old: Person, new: Person, now: datetime) -> Person:
    save_followed(uow, PLATFORM, old, new, now, why="changed in DingTalk")
    return new


def _make_admin(uow: UnitOfWork, person: Person, now: datetime) -> None:
    make_admin(uow, PLATFORM, person, now, why="administers the company in DingTalk")
