"""Who did what, when, from where and why: a hash chain that is only ever appended to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from storage import driver
from storage.repository import Repository
from storage.statements import keyed, select_by
from storage.tables import core as t

GENESIS = "0" * 64
"""What the first row names as the hash before it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act.

    :param actor: person id, or None for Duban itself.
    :param via: surface (``web``, ``slack``, ``reminder`` …).
    :param action: typed name ``family:thing:act``.
    :param subject: ``kind:id`` of what was changed.
    """

    at: datetime
    actor: str | None
    via: str
    action: str
    subject: str
    old: Any = None
    new: Any = None
    why: str = ""


def chain_hash(previous: str, seq: int, entry: AuditEntry) -> str:
    """The SHA-256 that ties an entry to the one before it."""
    body = json.dumps(
        [
            previous,
            seq,
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            entry.actor,
            entry.via,
            entry.action,
            entry.subject,
            entry.old,
            entry.new,
            entry.why,
        ],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the chain does not hold."""

    seq: int
    problem: str


_HEAD = select_by(t.audit_heads, ()).with_for_update()


class Audit(Repository):
    """The audit of one workspace."""

    def append(self, entries: list[AuditEntry]) -> None:
        """Append in order. Called once, at the end of a transaction: it locks the chain's head."""
        if not entries:
            return
        head = t.audit_heads
        found = driver.rows(self._connection, _HEAD, keyed(self._workspace, {}))
        row = found[0] if found else None
        seq, previous = (row.seq, row.hash) if row else (0, GENESIS)
        rows: list[dict[str, Any]] = []
        for entry in entries:
            seq += 1
            digest = chain_hash(previous, seq, entry)
            rows.append(_values(seq, previous, digest, entry))
            previous = digest
        self._insert_many(t.audit, rows)
        if row:
            self._update_row(head, {"seq": seq, "hash": previous}, seq=row.seq)
        else:
            self._insert(head, {"seq": seq, "hash": previous})

    def verify(self) -> tuple[int, ChainBreak | None]:
        """How many rows the chain has, and the first place where it does not hold."""
        previous, expected = GENESIS, 0
        query = select(t.audit).where(self._mine(t.audit)).order_by(t.audit.c.seq)
        for row in self._connection.execute(query):
            expected += 1
            entry = AuditEntry(
                row.at, row.actor, row.via, row.action, row.subject, row.old, row.new, row.why
            )
            if row.seq != expected:
                return expected, ChainBreak(expected, "missing")
            if row.previous != previous or row.hash != chain_hash(previous, row.seq, entry):
                return expected, ChainBreak(expected, "changed")
            previous = row.hash
        head = self._first(select(t.audit_heads).where(self._mine(t.audit_heads)))
        if (head.seq if head else 0) != expected:
            return expected, ChainBreak(expected + 1, "missing")
        return expected, None

    def of(self, subject: str, limit: int = 200) -> tuple[AuditEntry, ...]:
        """What was done to a subject, oldest first."""
        where = self._mine(t.audit, t.audit.c.subject == subject)
        rows = self._all(select(t.audit).where(where).order_by(t.audit.c.seq).limit(limit))
        return tuple(
            AuditEntry(r.at, r.actor, r.via, r.action, r.subject, r.old, r.new, r.why) for r in rows
        )


def _values(seq: int, previous: str, digest: str, entry: AuditEntry) -> dict[str, Any]:
    return {
        "seq": seq,
        "at": entry.at,
        "actor": entry.actor,
        "via": entry.via,
        "action": entry.action,
        "subject": entry.subject,
        "old": entry.old,
        "new": entry.new,
        "why": entry.why,
        "previous": previous,
        "hash": digest,
    }
