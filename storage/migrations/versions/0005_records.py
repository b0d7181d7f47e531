"""Reviews, change requests, closures, action items."""

from __future__ import annotations

revision = "0005_records"
down_revision = "0004_stories"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
