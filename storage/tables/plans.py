"""Plans, phases, milestones, baselines, deliverables."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.tables.base import ID_LENGTH, id_column, metadata, ref_column, workspace_column
from storage.types import Json, UtcDateTime

_OF_NO_PLAN = text("plan_id IS NULL")

# ``revision`` counts the saves: it keeps two people from overwriting each other, orders the plan's
# history in ``events`` and numbers its calendar file. The plan that became current last is the one
# that commands mean.
plans = Table(
    "plans",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    Column("name", Text, nullable=False),
    Column("release", Text, nullable=False),
    Column("status", String(16), nullable=False),
    Column("tracker_ref", String(64)),
    Column("revision", Integer, nullable=False),
    Column("current_at", UtcDateTime, nullable=False),
    Column("revised_at", UtcDateTime, nullable=False),
    Index("ix_plans_product_id", "workspace_id", "product_id", "status"),
)

phases = Table(
    "phases",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("plan_id", "plans"),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("owner", String(ID_LENGTH)),
    Column("deliverables", Json, nullable=False),
    Column("gate", Text, nullable=False),
    Column("progress", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("done_on", Date),
    Column("fixed", Boolean, nullable=False),
    Index("ix_phases_plan_id", "plan_id", "position"),
)

dependencies = Table(
    "phase_dependencies",
    metadata,
    workspace_column(),
    ref_column("phase_id", "phases"),
    ref_column("predecessor_id", "phases"),
    Column("position", Integer, nullable=False),
    Column("lag", Integer, nullable=False),
    PrimaryKeyConstraint("phase_id", "predecessor_id"),
    Index("ix_phase_dependencies_predecessor_id", "predecessor_id"),
)

milestones = Table(
    "milestones",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("plan_id", "plans"),
    ref_column("phase_id", "phases", nullable=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("done_on", Date),
    Column("fixed", Boolean, nullable=False),
    Index("ix_milestones_plan_id", "plan_id", "position"),
    Index("ix_milestones_phase_id", "phase_id"),
)

baselines = Table(
    "plan_baselines",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("plan_id", "plans"),
    Column("name", Text, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    Column("taken_by", String(ID_LENGTH), nullable=False),
    Column("snapshot", Json, nullable=False),
    Index("ix_plan_baselines_plan_id", "plan_id", "taken_at"),
)

# A phase that was removed may come back (undo), so a deliverable keeps its id without a constraint.
deliverables = Table(
    "deliverables",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("product_id", "products"),
    ref_column("plan_id", "plans", nullable=True),
    Column("phase_id", String(ID_LENGTH)),
    Column("number", Integer, nullable=False),
    Column("owner", String(ID_LENGTH)),
    Column("due", Date),
    Column("status", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    UniqueConstraint("plan_id", "number"),
    # A deliverable of the product alone exists once, too; the constraint above passes over NULL.
    Index(
        "uq_deliverables_product_number",
        "product_id",
        "number",
        unique=True,
        sqlite_where=_OF_NO_PLAN,
        postgresql_where=_OF_NO_PLAN,
    ),
    Index("ix_deliverables_product_id", "workspace_id", "product_id", "number"),
    Index("ix_deliverables_phase_id", "phase_id"),
)

deliverable_versions = Table(
    "deliverable_versions",
    metadata,
    id_column(),
    workspace_column(),
    ref_column("deliverable_id", "deliverables"),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("file_id", String(ID_LENGTH)),
    Column("added_by", String(ID_LENGTH), nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    UniqueConstraint("deliverable_id", "version"),
)
