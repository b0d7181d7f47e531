"""The mirror of a tracker elsewhere: how fresh it is, what came from there, what waits to go."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

tracker_feeds = Table(
    "tracker_feeds",
    metadata,
    id_column(),
    workspace_column(),
    Column("tracker", String(16), nullable=False),
    Column("server", Text, nullable=False),
    Column("version", String(32), nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("cursor_at", UtcDateTime),
    Column("fresh_at", UtcDateTime),
    Column("hinted_at", UtcDateTime),
    Column("away_since", UtcDateTime),
    Column("trouble", Json),
    Column("people_at", UtcDateTime),
    UniqueConstraint("workspace_id", "tracker"),
)

tracker_products = Table(
    "tracker_products",
    metadata,
    id_column(),
    workspace_column(),
    Column("ref", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("closed", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "ref"),
)

tracker_plans = Table(
    "tracker_plans",
    metadata,
    id_column(),
    workspace_column(),
    Column("ref", String(32), nullable=False),
    Column("product_ref", String(32), nullable=False),
    Column("title", Text, nullable=False),
    Column("begins", Date),
    Column("ends", Date),
    Column("status", String(32), nullable=False),
    UniqueConstraint("workspace_id", "ref"),
    Index("ix_tracker_plans_product_ref", "workspace_id", "product_ref"),
)

tracker_accounts = Table(
    "tracker_accounts",
    metadata,
    id_column(),
    workspace_column(),
    Column("account", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("addresses", Json, nullable=False),
    UniqueConstraint("workspace_id", "account"),
)

tracker_imports = Table(
    "tracker_imports",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("ref", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("by", String(ID_LENGTH), nullable=False),
    Column("origin", Json, nullable=False),
    Column("page", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("ready_at", UtcDateTime),
    Column("swept_at", UtcDateTime),
    UniqueConstraint("workspace_id", "product_id"),
)

tracker_stories = Table(
    "tracker_stories",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("listing", String(64), nullable=False),
    Column("read", Boolean, nullable=False),
    Column("seen", Integer, nullable=False),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_tracker_stories_product_id", "workspace_id", "product_id", "read"),
)

tracker_writes = Table(
    "tracker_writes",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("seq", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("act", String(16), nullable=False),
    Column("args", Json, nullable=False),
    Column("actor", String(ID_LENGTH), nullable=False),
    Column("origin", Json, nullable=False),
    Column("base", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("forced", Boolean, nullable=False),
    Column("problem", Json),
    Column("truth", Json, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("workspace_id", "seq"),
    Index("ix_tracker_writes_product_id", "workspace_id", "product_id", "state"),
    Index("ix_tracker_writes_number", "workspace_id", "number", "state"),
)

tracker_news = Table(
    "tracker_news",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("who", Text, nullable=False),
    Column("person", String(ID_LENGTH)),
    Column("comment", Text, nullable=False),
    Column("changes", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_tracker_news_product_id", "workspace_id", "product_id", "seen_at"),
)
