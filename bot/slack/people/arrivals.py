"""People from Slack become people here, and follow what changes there. Runs in a transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.surfaces.accounts import free_handle, make_admin, save_followed
from domain.ids import new_id
from domain.people import Person, Role
from storage.audit import AuditEntry
from storage.platforms import Tenant
from storage.slack import PLATFORM, USER, Profile
from storage.uow import UnitOfWork

_FOLLOWED = ("name", "locale", "zone", "email")


def known(uow: UnitOfWork, team: str, slack_id: str) -> Person | None:
    """The person with this id in the team, if we met them."""
    found = uow.people.identify(PLATFORM, team, USER, slack_id)
    return uow.people.get(found) if found else None


def welcome(
    uow: UnitOfWork, team: Tenant, slack_id: str, profile: Profile, now: datetime
) -> Person:
    """A person of their own for a Slack account: it is never matched to somebody by name or e-mail.

    Who administers the Slack team administers Duban; everybody else begins without a role.
    """
    workspace = uow.people.workspace()
    person = Person(
        id=new_id(),
        handle=free_handle(uow, profile.handle),
        name=profile.name,
        locale=profile.locale or workspace.locale,
        zone=profile.zone,
        email=profile.email,
        external=profile.external,
        active=not profile.deleted,
    )
    uow.people.add(person)
    uow.people.link(new_id(), person.id, PLATFORM, team.tenant, USER, slack_id)
    uow.slack.save_profile(slack_id, profile, now)
    subject = f"person:{person.id}"
    said = {"slack": slack_id, "external": profile.external}
    uow.audit(AuditEntry(now, None, PLATFORM, "team:person:added", subject, new=said))
    if profile.admin:
        make_admin(uow, PLATFORM, person, now, why="administers the Slack team")
    return person


def follow(uow: UnitOfWork, person: Person, slack_id: str, now: Profile, at: datetime) -> Person:
    """Take over what changed in Slack since we looked last; what people set here stays.

    An account that was switched off in Slack is off here, and on again with it. Who becomes a
    guest loses their roles but a customer's.
    """
    before = uow.slack.profile(slack_id)
    uow.slack.save_profile(slack_id, now, at)
    changed = {
        name: getattr(now, name)
        for name in _FOLLOWED
        if before is not None
        and getattr(before, name) != getattr(now, name)
        and getattr(now, name) is not None
    }
    if not now.deleted and (before is None or before.external != now.external):
        changed["external"] = now.external
    if before is None or before.deleted != now.deleted:
        changed["active"] = not now.deleted
    fresh = replace(person, **changed)
    if fresh == person:
        return person
    save_followed(uow, PLATFORM, person, fresh, at, why="changed in Slack")
    if fresh.external and not person.external:
        _take_roles(uow, fresh, at)
    return fresh


def _take_roles(uow: UnitOfWork, person: Person, at: datetime) -> None:
    for grant in uow.people.grants():
        if grant.person_id == person.id and grant.role is not Role.CUSTOMER:
            uow.people.revoke(grant)
            said = {"role": grant.role.value}
            entry = AuditEntry(
                at, None, PLATFORM, "team:role:taken", f"person:{person.id}", new=said,
                why="a guest in Slack",
            )  # fmt: skip
            uow.audit(entry)
