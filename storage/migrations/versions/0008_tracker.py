"""The mirror of a tracker elsewhere, and the writes that wait for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0008_tracker"
down_revision = "0007_platforms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tracker_accounts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("addresses", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_accounts_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_accounts")),
        sa.UniqueConstraint(
            "workspace_id", "account", name=op.f("uq_tracker_accounts_workspace_id_account")
        ),
    )
    op.create_table(
        "tracker_feeds",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("tracker", sa.String(length=16), nullable=False),
        sa.Column("server", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("cursor_at", UtcDateTime(), nullable=True),
        sa.Column("fresh_at", UtcDateTime(), nullable=True),
        sa.Column("hinted_at", UtcDateTime(), nullable=True),
        sa.Column("away_since", UtcDateTime(), nullable=True),
        sa.Column("trouble", Json(), nullable=True),
        sa.Column("people_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_feeds_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_feeds")),
        sa.UniqueConstraint(
            "workspace_id", "tracker", name=op.f("uq_tracker_feeds_workspace_id_tracker")
        ),
    )
    op.create_table(
        "tracker_plans",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("product_ref", sa.String(length=32), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_plans_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_plans")),
        sa.UniqueConstraint("workspace_id", "ref", name=op.f("uq_tracker_plans_workspace_id_ref")),
    )
    with op.batch_alter_table("tracker_plans", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tracker_plans_product_ref", ["workspace_id", "product_ref"], unique=False
        )

    op.create_table(
        "tracker_products",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_products_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_products")),
        sa.UniqueConstraint(
            "workspace_id", "ref", name=op.f("uq_tracker_products_workspace_id_ref")
        ),
    )
    op.create_table(
        "tracker_imports",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=26), nullable=False),
        sa.Column("origin", Json(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("ready_at", UtcDateTime(), nullable=True),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_tracker_imports_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_imports_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_imports")),
        sa.UniqueConstraint(
            "workspace_id", "product_id", name=op.f("uq_tracker_imports_workspace_id_product_id")
        ),
    )
    op.create_table(
        "tracker_news",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=26), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("changes", Json(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_tracker_news_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_news_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_news")),
    )
    with op.batch_alter_table("tracker_news", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tracker_news_product_id", ["workspace_id", "product_id", "seen_at"], unique=False
        )

    op.create_table(
        "tracker_stories",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("listing", sa.String(length=64), nullable=False),
        sa.Column("read", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_tracker_stories_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_stories_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_stories")),
        sa.UniqueConstraint(
            "workspace_id", "number", name=op.f("uq_tracker_stories_workspace_id_number")
        ),
    )
    with op.batch_alter_table("tracker_stories", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tracker_stories_product_id", ["workspace_id", "product_id", "read"], unique=False
        )

    op.create_table(
        "tracker_writes",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("product_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("args", Json(), nullable=False),
        sa.Column("actor", sa.String(length=26), nullable=False),
        sa.Column("origin", Json(), nullable=False),
        sa.Column("base", Json(), nullable=False),
        sa.Column("after", Json(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("forced", sa.Boolean(), nullable=False),
        sa.Column("problem", Json(), nullable=True),
        sa.Column("truth", Json(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_tracker_writes_product_id_products"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_tracker_writes_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracker_writes")),
        sa.UniqueConstraint("workspace_id", "seq", name=op.f("uq_tracker_writes_workspace_id_seq")),
    )
    with op.batch_alter_table("tracker_writes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tracker_writes_number", ["workspace_id", "number", "state"], unique=False
        )
        batch_op.create_index(
            "ix_tracker_writes_product_id", ["workspace_id", "product_id", "state"], unique=False
        )

    with op.batch_alter_table("story_actions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("actor_name", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("story_actions", schema=None) as batch_op:
        batch_op.drop_column("actor_name")

    with op.batch_alter_table("tracker_writes", schema=None) as batch_op:
        batch_op.drop_index("ix_tracker_writes_product_id")
        batch_op.drop_index("ix_tracker_writes_number")

    op.drop_table("tracker_writes")
    with op.batch_alter_table("tracker_stories", schema=None) as batch_op:
        batch_op.drop_index("ix_tracker_stories_product_id")

    op.drop_table("tracker_stories")
    with op.batch_alter_table("tracker_news", schema=None) as batch_op:
        batch_op.drop_index("ix_tracker_news_product_id")

    op.drop_table("tracker_news")
    op.drop_table("tracker_imports")
    op.drop_table("tracker_products")
    with op.batch_alter_table("tracker_plans", schema=None) as batch_op:
        batch_op.drop_index("ix_tracker_plans_product_ref")

    op.drop_table("tracker_plans")
    op.drop_table("tracker_feeds")
    op.drop_table("tracker_accounts")
