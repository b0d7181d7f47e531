"""When to look at a subject again, what was sent, what people set about it, and standup answers."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, String, Table, UniqueConstraint

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

# ``next_at`` is when the tick looks at the subject: at once after a change. ``owed_at`` is the
# instant that the last look computed; a change does not move it, so that what fell due just before
# the change is not forgotten.
schedule = Table(
    "schedule",
    metadata,
    workspace_column(),
    Column("subject_kind", String(24), nullable=False),
    Column("subject_id", String(64), nullable=False),
    Column("product_id", String(ID_LENGTH)),
    Column("next_at", UtcDateTime, nullable=False),
    Column("owed_at", UtcDateTime),
    UniqueConstraint("workspace_id", "subject_kind", "subject_id"),
    Index("ix_schedule_next_at", "workspace_id", "next_at"),
)

ledger = Table(
    "ledger",
    metadata,
    id_column(),
    workspace_column(),
    Column("key", String(255), nullable=False),
    Column("rule", String(48), nullable=False),
    Column("subject_kind", String(24), nullable=False),
    Column("subject_id", String(64), nullable=False),
    ref_column("product_id", "products", nullable=True),
    Column("recipient_kind", String(8), nullable=False),
    Column("recipient_id", String(ID_LENGTH), nullable=False),
    Column("occurrence", String(40), nullable=False),
    Column("slot_at", UtcDateTime, nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("why", Json, nullable=False),
    Column("outbox_id", String(ID_LENGTH)),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_ledger_state_send_at", "workspace_id", "state", "send_at"),
    Index("ix_ledger_recipient", "workspace_id", "recipient_id", "slot_at"),
)

snoozes = Table(
    "snoozes",
    metadata,
    workspace_column(),
    ref_column("person_id", "people"),
    Column("subject_kind", String(24), nullable=False),
    Column("subject_id", String(64), nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "person_id", "subject_kind", "subject_id"),
    Index("ix_snoozes_until", "workspace_id", "until"),
)

rule_overrides = Table(
    "rule_overrides",
    metadata,
    workspace_column(),
    ref_column("product_id", "products"),
    Column("rule", String(48), nullable=False),
    Column("settings", Json, nullable=False),
    UniqueConstraint("workspace_id", "product_id", "rule"),
)

standups = Table(
    "standups",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    ref_column("person_id", "people"),
    Column("day", Date, nullable=False),
    Column("asked_at", UtcDateTime),
    Column("answered_at", UtcDateTime),
    Column("edited_at", UtcDateTime),
    Column("answers", Json, nullable=False),
    Column("skipped", Boolean, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("blocker_id", String(ID_LENGTH)),
    UniqueConstraint("workspace_id", "product_id", "person_id", "day"),
    Index("ix_standups_day", "workspace_id", "product_id", "day"),
)
