"""DingTalk: conversations, people, questions under way, what was sent and counted."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

# ``webhook``: the address by which this conversation is answered without an API call, until
# ``expires_at``. Who knows it can post there for so long.
dingtalk_conversations = Table(
    "dingtalk_conversations",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("channel_id", "channels"),
    Column("robot_code", String(128), nullable=False),
    Column("webhook", Text),
    Column("expires_at", UtcDateTime),
    Column("heard_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "channel_id"),
)

# What Duban said in a conversation within the last minute, and until when its webhook takes
# nothing: DingTalk counts over all processes. ``said``: messages by the number of a stretch of
# seconds.
dingtalk_pace = Table(
    "dingtalk_pace",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("channel_id", "channels"),
    Column("said", Json, nullable=False),
    Column("muted_until", UtcDateTime),
    UniqueConstraint("workspace_id", "channel_id"),
)

# What DingTalk said about a person, read once. ``union_id`` is empty until it was read.
dingtalk_people = Table(
    "dingtalk_people",
    metadata,
    id_column(),
    workspace_column(),
    Column("staff_id", String(128), nullable=False),
    Column("union_id", String(128), nullable=False),
    Column("name", Text, nullable=False),
    Column("profile", Json, nullable=False),
    Column("read_at", UtcDateTime),
    UniqueConstraint("workspace_id", "staff_id"),
)

# A form that somebody fills in by answering one question after another, in the conversation
# ``channel_id``; what it is about belongs to ``about_id``, where it was asked for.
dingtalk_dialogs = Table(
    "dingtalk_dialogs",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("channel_id", "channels"),
    ref_column("person_id", "people"),
    ref_column("about_id", "channels"),
    Column("form", Json, nullable=False),
    Column("answers", Json, nullable=False),
    Column("at", Integer, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "channel_id", "person_id"),
)

# Calls of one API in one month (``2026-11``), which the company's allowance is counted by.
dingtalk_calls = Table(
    "dingtalk_calls",
    metadata,
    id_column(),
    workspace_column(),
    Column("month", String(7), nullable=False),
    Column("api", String(96), nullable=False),
    Column("calls", Integer, nullable=False),
    UniqueConstraint("workspace_id", "month", "api"),
)

# Our records as DingTalk to-dos; one row for each record and person.
dingtalk_todos = Table(
    "dingtalk_todos",
    metadata,
    id_column(),
    workspace_column(),
    Column("subject", String(96), nullable=False),
    ref_column("person_id", "people"),
    Column("union_id", String(128), nullable=False),
    Column("task", String(128)),
    Column("done", Boolean, nullable=False),
    Column("said", Json, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "subject", "person_id"),
    Index("ix_dingtalk_todos_task", "workspace_id", "task"),
)

# Interactive cards that were delivered: what each of their buttons stands for.
dingtalk_cards = Table(
    "dingtalk_cards",
    metadata,
    id_column(),
    workspace_column(),
    Column("track", String(128), nullable=False),
    ref_column("channel_id", "channels"),
    Column("delivery", String(64), nullable=False),
    Column("content", Json, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "track"),
)
