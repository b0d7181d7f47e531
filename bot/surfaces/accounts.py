"""People as a chat platform tells of them: new ones, and what changed. Runs in a transaction."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from domain.ids import new_id
from domain.people import Person, Role, RoleGrant
from storage.audit import AuditEntry
from storage.uow import UnitOfWork


def free_handle(uow: UnitOfWork, wanted: str) -> str:
    """The handle, with a number behind it where somebody has it, or had it."""
    taken = {p.handle for p in uow.people.all(with_inactive=True)}
    number, handle = 1, wanted
    while handle in taken:
        number += 1
        handle = f"{wanted}-{number}"
    return handle


def make_admin(uow: UnitOfWork, platform: str, person: Person, at: datetime, *, why: str) -> None:
    """Give the person the workspace, unless they have it."""
    if uow.people.grant(RoleGrant(person.id, Role.ADMIN), new_id()):
        subject, said = f"person:{person.id}", {"role": Role.ADMIN.value}
        uow.audit(AuditEntry(at, None, platform, "team:role:given", subject, new=said, why=why))


def save_followed(
    uow: UnitOfWork, platform: str, old: Person, new: Person, at: datetime, *, why: str
) -> None:
    """Store and audit what changed of a person on their platform."""
    uow.people.save(new)
    names = [f.name for f in fields(Person) if getattr(old, f.name) != getattr(new, f.name)]
    before, after = ({n: getattr(p, n) for n in names} for p in (old, new))
    subject = f"person:{new.id}"
    uow.audit(
        AuditEntry(at, None, platform, "team:person:followed", subject, before, after, why=why)
    )
