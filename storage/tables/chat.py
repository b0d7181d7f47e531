"""Web chat: messages, their attachments, reactions, read marks."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

# ``number`` is a message's place, given once; ``seq`` is given anew by each change of it, so "what
# is new since" is one comparison. Both come from the same counter.
messages = Table(
    "chat_messages",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("channel_id", "channels"),
    Column("thread_id", String(ID_LENGTH), ForeignKey("chat_messages.id", ondelete="CASCADE")),
    Column("number", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    ref_column("author_id", "people", nullable=True, on_delete="SET NULL"),
    ref_column("private_to", "people", nullable=True),
    Column("text", Text, nullable=False),
    Column("card", Json),
    Column("at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("moved_to", String(ID_LENGTH)),
    Column("delivery_id", String(255), nullable=False),
    UniqueConstraint("workspace_id", "delivery_id"),
    UniqueConstraint("workspace_id", "seq"),
    Index("ix_chat_messages_channel", "workspace_id", "channel_id", "number"),
    Index("ix_chat_messages_thread", "workspace_id", "thread_id", "number"),
)

attachments = Table(
    "chat_attachments",
    metadata,
    workspace_column(),
    ref_column("message_id", "chat_messages"),
    ref_column("file_id", "files"),
    Column("place", Integer, nullable=False),
    PrimaryKeyConstraint("message_id", "file_id"),
    Index("ix_chat_attachments_file_id", "workspace_id", "file_id"),
)

reactions = Table(
    "chat_reactions",
    metadata,
    workspace_column(),
    ref_column("message_id", "chat_messages"),
    ref_column("person_id", "people"),
    Column("emoji", String(32), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("message_id", "person_id", "emoji"),
)

read_marks = Table(
    "chat_read_marks",
    metadata,
    workspace_column(),
    ref_column("person_id", "people"),
    ref_column("channel_id", "channels"),
    Column("number", Integer, nullable=False),
    PrimaryKeyConstraint("person_id", "channel_id"),
)
