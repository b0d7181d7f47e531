"""When to look at a subject again, what was sent, and what people set about it."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from storage.tables.base import ID_LENGTH, metadata, workspace_column
from storage.types import UtcDateTime

schedule = Table(
    "schedule",
    metadata,
    workspace_column(),
    Column("subject_kind", String(24), nullable=False),
    Column("subject_id", String(64), nullable=False),
    Column("product_id", String(ID_LENGTH)),
    Column("next_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "subject_kind", "subject_id"),
    Index("ix_schedule_next_at", "next_at"),
)
