"""DingTalk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0011_dingtalk"
down_revision = "0010_pool"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dingtalk_calls",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("api", sa.String(length=96), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_calls_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_calls")),
        sa.UniqueConstraint(
            "workspace_id", "month", "api", name=op.f("uq_dingtalk_calls_workspace_id_month_api")
        ),
    )
    op.create_table(
        "dingtalk_people",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("staff_id", sa.String(length=128), nullable=False),
        sa.Column("union_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile", Json(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_people_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_people")),
        sa.UniqueConstraint(
            "workspace_id", "staff_id", name=op.f("uq_dingtalk_people_workspace_id_staff_id")
        ),
    )
    op.create_table(
        "dingtalk_todos",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("union_id", sa.String(length=128), nullable=False),
        sa.Column("task", sa.String(length=128), nullable=True),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("said", Json(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_dingtalk_todos_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_todos_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_todos")),
        sa.UniqueConstraint(
            "workspace_id",
            "subject",
            "person_id",
            name=op.f("uq_dingtalk_todos_workspace_id_subject_person_id"),
        ),
    )
    with op.batch_alter_table("dingtalk_todos", schema=None) as batch_op:
        batch_op.create_index("ix_dingtalk_todos_task", ["workspace_id", "task"], unique=False)

    op.create_table(
        "dingtalk_cards",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("track", sa.String(length=128), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("delivery", sa.String(length=64), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_dingtalk_cards_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_cards_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_cards")),
        sa.UniqueConstraint(
            "workspace_id", "track", name=op.f("uq_dingtalk_cards_workspace_id_track")
        ),
    )
    op.create_table(
        "dingtalk_conversations",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("robot_code", sa.String(length=128), nullable=False),
        sa.Column("webhook", sa.Text(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_dingtalk_conversations_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_conversations_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_conversations")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel_id",
            name=op.f("uq_dingtalk_conversations_workspace_id_channel_id"),
        ),
    )
    op.create_table(
        "dingtalk_pace",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("said", Json(), nullable=False),
        sa.Column("muted_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_dingtalk_pace_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_pace_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_pace")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel_id",
            name=op.f("uq_dingtalk_pace_workspace_id_channel_id"),
        ),
    )
    op.create_table(
        "dingtalk_dialogs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("workspace_id", sa.String(length=26), nullable=False),
        sa.Column("channel_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("about_id", sa.String(length=26), nullable=False),
        sa.Column("form", Json(), nullable=False),
        sa.Column("answers", Json(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["channels.id"],
            name=op.f("fk_dingtalk_dialogs_about_id_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.id"],
            name=op.f("fk_dingtalk_dialogs_channel_id_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_dingtalk_dialogs_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspaces.id"],
            name=op.f("fk_dingtalk_dialogs_workspace_id_workspaces"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dingtalk_dialogs")),
        sa.UniqueConstraint(
            "workspace_id",
            "channel_id",
            "person_id",
            name=op.f("uq_dingtalk_dialogs_workspace_id_channel_id_person_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("dingtalk_dialogs")
    op.drop_table("dingtalk_pace")
    op.drop_table("dingtalk_conversations")
    op.drop_table("dingtalk_cards")
    with op.batch_alter_table("dingtalk_todos", schema=None) as batch_op:
        batch_op.drop_index("ix_dingtalk_todos_task")

    op.drop_table("dingtalk_todos")
    op.drop_table("dingtalk_people")
    op.drop_table("dingtalk_calls")
