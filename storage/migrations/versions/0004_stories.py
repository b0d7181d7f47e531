"""The built-in tracker or the mirror of another: stories, versions, history; closures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0004_stories"
down_revision = "0003_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closures",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=26), nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=True),
        sa.Column("verified_by", sa.String(length=26), nullable=True),
        sa.Column("verified_at", UtcDateTime(), nullable=True),
        sa.Column("agreed_by", sa.String(length=26), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_closures_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_closures_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closures")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_closures_workspace_id_number")),
    )
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.create_index(
            "ix_closures_product_id", ["workspace_id", "product_id", "step"], unique=False
        )

    op.create_table(
        "stories",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("verify", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("module", sa.Text(), nullable=False),
        sa.Column("estimate", sa.Float(), nullable=False),
        sa.Column("plan_id", sa.String(length=26), nullable=True),
        sa.Column("assigned_to", sa.String(length=26), nullable=True),
        sa.Column("opened_by", sa.String(length=26), nullable=True),
        sa.Column("reviewers", Json(), nullable=False),
        sa.Column("closed_reason", sa.String(length=16), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("stage_at", UtcDateTime(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status_before", sa.String(length=16), nullable=True),
        sa.Column("stage_before", sa.String(length=16), nullable=True),
        sa.Column("stage_by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assigned_to"],
            ["people.id"],
            name=op.f("fk_stories_assigned_to_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"],
            ["people.id"],
            name=op.f("fk_stories_opened_by_people"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_stories_plan_id_plans"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_stories_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_stories_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_stories_workspace_id_number")),
    )
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.create_index("ix_stories_plan_id", ["workspace_id", "plan_id"], unique=False)
        batch_op.create_index(
            "ix_stories_product_id", ["workspace_id", "product_id", "status", "stage"], unique=False
        )

    op.create_table(
        "story_actions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("story_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=26), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.Column("changes", Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_story_actions_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_story_actions_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_story_actions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_actions")),
        sa.UniqueConstraint("product_id", "seq", name=op.f("uq_story_actions_product_id_seq")),
    )
    with op.batch_alter_table("story_actions", schema=None) as batch_op:
        batch_op.create_index("ix_story_actions_story_id", ["story_id", "seq"], unique=False)

    op.create_table(
        "story_versions",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("story_id", sa.String(length=26), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("spec", sa.Text(), nullable=False),
        sa.Column("verify", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_story_versions_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_story_versions_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_versions")),
        sa.UniqueConstraint("story_id", "version", name=op.f("uq_story_versions_story_id_version")),
    )


def downgrade() -> None:
    op.drop_table("story_versions")
    with op.batch_alter_table("story_actions", schema=None) as batch_op:
        batch_op.drop_index("ix_story_actions_story_id")

    op.drop_table("story_actions")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_index("ix_stories_product_id")
        batch_op.drop_index("ix_stories_plan_id")

    op.drop_table("stories")
    with op.batch_alter_table("closures", schema=None) as batch_op:
        batch_op.drop_index("ix_closures_product_id")

    op.drop_table("closures")
