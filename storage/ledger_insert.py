"""Many ledger rows at once: ten thousand reminders may fall due at the same minute.

The statements go to the driver as they are, with values converted once where many rows share them:
going row by row through the column types costs several times the insert itself.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from domain.ids import new_id
from domain.reminders import Slot, SlotState
from storage.types import dump_json, utc_text

_COLUMNS: Mapping[str, str] = {
    "id": "text",
    "workspace_id": "text",
    "key": "text",
    "rule": "text",
    "subject_kind": "text",
    "subject_id": "text",
    "product_id": "text",
    "recipient_kind": "text",
    "recipient_id": "text",
    "occurrence": "text",
    "slot_at": "timestamptz",
    "send_at": "timestamptz",
    "state": "text",
    "urgent": "boolean",
    "why": "jsonb",
    "created_at": "timestamptz",
}
"""The columns that an insert fills, with their types on PostgreSQL."""

_NAMES = ", ".join(_COLUMNS)
_ON_SQLITE = (
    f"INSERT INTO ledger ({_NAMES})"  # noqa: S608 (names of our own columns)
    f" VALUES ({', '.join('?' * len(_COLUMNS))})"
    " ON CONFLICT (workspace_id, key) DO NOTHING"
)
_TYPED = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
_ON_POSTGRES = (
    f"INSERT INTO ledger ({_NAMES})"  # noqa: S608 (names of our own columns)
    f" SELECT * FROM jsonb_to_recordset(%s::jsonb) AS slot({_TYPED})"
    " ON CONFLICT (workspace_id, key) DO NOTHING"
)
_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789abcdefghjkmnpqrstvwxyz"
)


def insert_slots(
    connection: Connection,
    workspace_id: str,
    slots: Sequence[Slot],
    now: datetime,
    states: Mapping[str, SlotState],
) -> int:
    """Insert those slots whose key the workspace does not have; how many those were.

    :param states: by key; pending where there is none.
    """
    if not slots:
        return 0
    if connection.dialect.name == "sqlite":
        rows = _rows(workspace_id, slots, now, states, dump_json)
        return connection.exec_driver_sql(_ON_SQLITE, rows).rowcount
    # One parameter for all of them: the server takes it apart faster than the driver could.
    rows = _rows(workspace_id, slots, now, states, dict)
    objects = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    return connection.exec_driver_sql(_ON_POSTGRES, (dump_json(objects),)).rowcount


def _rows(
    workspace_id: str,
    slots: Sequence[Slot],
    now: datetime,
    states: Mapping[str, SlotState],
    write_reason: Callable[[Mapping[str, Any]], Any],
) -> list[tuple[Any, ...]]:
    instants: dict[datetime, str] = {}
    reasons: dict[int, Any] = {}

    def stored(instant: datetime) -> str:
        if instant not in instants:
            instants[instant] = utc_text(instant)
        return instants[instant]

    def reason(slot: Slot) -> Any:
        # Slots that were planned together share the object, which lives as long as they do.
        if id(slot.why) not in reasons:
            reasons[id(slot.why)] = write_reason(slot.why)
        return reasons[id(slot.why)]

    created = stored(now)
    rows: list[tuple[Any, ...]] = []
    for row_id, slot in zip(_ids(len(slots)), slots, strict=True):
        key, to, at = slot.key, slot.recipient, stored(slot.at)
        state = states.get(key, SlotState.PENDING).value if states else "pending"
        rows.append((
            row_id, workspace_id, key, slot.rule, slot.kind.value, slot.subject_id,
            slot.product_id, to.kind.value, to.id, slot.occurrence, at, at, state, slot.urgent,
            reason(slot), created,
        ))  # fmt: skip
    return rows


def _ids(count: int) -> list[str]:
    """Ids as of :func:`domain.ids.new_id`, many at once: of one time, with random ends."""
    front = new_id()[:18]
    back = base64.b32encode(os.urandom(5 * count)).translate(_CROCKFORD).decode()
    return [front + back[start : start + 8] for start in range(0, 8 * count, 8)]
