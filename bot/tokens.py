"""Tokens for scripts: made, listed, revoked; each act is in the audit."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from bot.core import Core
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import Bullet, Bullets, Card, Code, Inline, Join, Moment, T
from storage.audit import AuditEntry
from storage.records import ApiToken

VIA = "terminal"


def create(core: Core, handle: str, note: str) -> str:
    """Make a token for a person and return its text, which is kept nowhere.

    :raises NotFoundError: nobody has this handle.
    """
    workspace, now = core.store.workspaces()[0], core.clock.now()
    text = f"duban_{secrets.token_urlsafe(32)}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    with core.store.write(workspace.id) as uow:
        person = uow.people.by_handle(handle.removeprefix("@"))
        if person is None:
            raise NotFoundError("cli.no_person", person=handle)
        made = ApiToken(new_id(), person.id, note, now, None, None)
        uow.tokens.add(made, digest)
        new = {"person": person.id, "note": note}
        uow.audit(AuditEntry(now, None, VIA, "token:token:made", f"token:{made.id}", new=new))
    return text


def listed(core: Core) -> Card:
    """Every token, oldest first: its id, whose it is, since when, whether it still works."""
    with core.store.read(core.store.workspaces()[0].id) as uow:
        handles = {p.id: p.handle for p in uow.people.all(with_inactive=True)}
        tokens = uow.tokens.all()
    if not tokens:
        return Card(T("cli.no_tokens"))
    now = core.clock.now()
    rows = tuple(Bullet(_line(t, handles.get(t.person_id, "?"), now)) for t in tokens)
    return Card(T("cli.tokens", {"n": len(rows)}), (Bullets(rows),))


def _line(token: ApiToken, handle: str, now: datetime) -> Inline:
    parts: list[Inline] = [Code(token.id), f"@{handle}", Moment(token.created_at)]
    if token.note:
        parts.append(token.note)
    if token.revoked_at is not None:
        parts.append(T("cli.token_revoked_at", {"at": Moment(token.revoked_at)}))
    elif token.expires_at is not None:
        key = "cli.token_expired" if token.expires_at <= now else "cli.token_until"
        parts.append(T(key, {"at": Moment(token.expires_at)}))
    return Join(tuple(parts), "  ")


def revoke(core: Core, token_id: str) -> None:
    """End a token for good, at once.

    :raises NotFoundError: there is no such token.
    :raises UserError: it was revoked before.
    """
    now = core.clock.now()
    with core.store.write(core.store.workspaces()[0].id) as uow:
        found = next((t for t in uow.tokens.all() if t.id == token_id), None)
        if found is None:
            raise NotFoundError("cli.no_token", id=token_id[:60])
        if found.revoked_at is not None:
            raise UserError("cli.token_over", id=token_id)
        uow.tokens.revoke(token_id, now)
        uow.audit(AuditEntry(now, None, VIA, "token:token:revoked", f"token:{token_id}"))
