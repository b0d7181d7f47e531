"""The built-in tracker: stories, their versions and history."""

from __future__ import annotations

revision = "0004_stories"
down_revision = "0003_plans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
