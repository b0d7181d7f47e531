"""Designs in Lanhu, and the sealed tokens with which reviewers vote in the tracker."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import id_column, metadata, ref_column, workspace_column
from storage.types import UtcDateTime

designs = Table(
    "designs",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("posted_at", UtcDateTime, nullable=False),
    UniqueConstraint("product_id", "number"),
    UniqueConstraint("product_id", "key"),
)

design_stories = Table(
    "design_stories",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("design_id", "designs"),
    Column("number", Integer, nullable=False),
    UniqueConstraint("design_id", "number"),
    Index("ix_design_stories_number", "workspace_id", "number"),
)

tracker_tokens = Table(
    "tracker_tokens",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("person_id", "people"),
    Column("tenant", String(128), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("stored_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "tenant", "person_id"),
)
