"""Reviews, change requests and items to settle: what is asked of the event streams.

The streams are the truth of reviews and changes; these rows hold what lists, numbers and rules look
for.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import UtcDateTime

_IS_OPEN = text("status = 'open' AND channel_id IS NOT NULL")

reviews = Table(
    "reviews",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    ref_column("channel_id", "channels", nullable=True, on_delete="SET NULL"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("thread", String(255)),
    Column("chair", String(ID_LENGTH), nullable=False),
    Column("status", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("product_id", "number"),
    # One open review per channel, whoever starts it first.
    Index(
        "uq_reviews_open_channel",
        "workspace_id",
        "channel_id",
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    ),
    Index("ix_reviews_product_id", "workspace_id", "product_id", "started_at"),
)

changes = Table(
    "changes",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("story", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("author", String(ID_LENGTH), nullable=False),
    Column("status", String(16), nullable=False),
    Column("logged_at", UtcDateTime, nullable=False),
    Column("submitted_at", UtcDateTime),
    Column("applied_at", UtcDateTime),
    UniqueConstraint("product_id", "number"),
    Index("ix_changes_status", "workspace_id", "product_id", "status"),
)

action_items = Table(
    "action_items",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String(96), nullable=False),
    Column("owner", String(ID_LENGTH)),
    Column("due", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("created_by", String(ID_LENGTH)),
    Column("done_at", UtcDateTime),
    Column("done_by", String(ID_LENGTH)),
    Column("dropped_at", UtcDateTime),
    UniqueConstraint("product_id", "number"),
    Index("ix_action_items_owner", "workspace_id", "owner"),
    Index("ix_action_items_source", "workspace_id", "source"),
)
