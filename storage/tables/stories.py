"""The built-in tracker or the mirror of another: stories, versions, history; closures."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

stories = Table(
    "stories",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("verify", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("category", String(32), nullable=False),
    Column("module", Text, nullable=False),
    Column("estimate", Float, nullable=False),
    ref_column("plan_id", "plans", nullable=True, on_delete="SET NULL"),
    ref_column("assigned_to", "people", nullable=True, on_delete="SET NULL"),
    ref_column("opened_by", "people", nullable=True, on_delete="SET NULL"),
    Column("reviewers", Json, nullable=False),
    Column("closed_reason", String(16)),
    Column("opened_at", UtcDateTime),
    Column("changed_at", UtcDateTime),
    Column("stage_at", UtcDateTime),
    Column("url", Text),
    Column("status_before", String(16)),
    Column("stage_before", String(16)),
    Column("stage_by_hand", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_stories_product_id", "workspace_id", "product_id", "status", "stage"),
    Index("ix_stories_plan_id", "workspace_id", "plan_id"),
)

story_versions = Table(
    "story_versions",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("story_id", "stories"),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("spec", Text, nullable=False),
    Column("verify", Text, nullable=False),
    UniqueConstraint("story_id", "version"),
)

story_actions = Table(
    "story_actions",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("story_id", "stories"),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("action", String(32), nullable=False),
    Column("actor", String(ID_LENGTH)),
    Column("at", UtcDateTime, nullable=False),
    Column("comment", Text, nullable=False),
    Column("extra", Text, nullable=False),
    Column("changes", Json),
    Column("actor_name", Text),
    UniqueConstraint("product_id", "seq"),
    Index("ix_story_actions_story_id", "story_id", "seq"),
)

closures = Table(
    "closures",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("number", Integer, nullable=False),
    Column("step", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("requested_by", String(ID_LENGTH)),
    Column("requested_at", UtcDateTime),
    Column("verified_by", String(ID_LENGTH)),
    Column("verified_at", UtcDateTime),
    Column("agreed_by", String(ID_LENGTH)),
    Column("agreed_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("workspace_id", "number"),
    Index("ix_closures_product_id", "workspace_id", "product_id", "step"),
)
