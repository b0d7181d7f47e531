"""The requirement pool."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import UtcDateTime

revision = "0010_pool"
down_revision = "0009_designs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pool_items",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_message", sa.String(length=255), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("into_number", sa.Integer(), nullable=True),
        sa.Column("story", sa.Integer(), nullable=True),
        sa.Column("added_by", sa.String(length=26), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("settled_by", sa.String(length=26), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_pool_items_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_pool_items_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_items")),
        sa.UniqueConstraint("product_id", "number", name=op.f("uq_pool_items_product_id_number")),
        sa.UniqueConstraint(
            "product_id", "source_message", name=op.f("uq_pool_items_product_id_source_message")
        ),
    )
    with op.batch_alter_table("pool_items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_pool_items_status", ["workspace_id", "product_id", "status"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("pool_items", schema=None) as batch_op:
        batch_op.drop_index("ix_pool_items_status")

    op.drop_table("pool_items")
