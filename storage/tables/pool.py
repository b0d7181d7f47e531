"""The requirement pool."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import UtcDateTime

pool_items = Table(
    "pool_items",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_message", String(255)),
    Column("status", String(16), nullable=False),
    Column("priority", Integer),
    Column("rank", Integer, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("into_number", Integer),
    Column("story", Integer),
    Column("added_by", String(ID_LENGTH), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Column("settled_by", String(ID_LENGTH)),
    Column("settled_at", UtcDateTime),
    Column("reason", Text, nullable=False),
    UniqueConstraint("product_id", "number"),
    UniqueConstraint("product_id", "source_message"),
    Index("ix_pool_items_status", "workspace_id", "product_id", "status"),
)
