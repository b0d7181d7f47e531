"""Plans, phases, milestones, baselines, deliverables."""

from __future__ import annotations

revision = "0003_plans"
down_revision = "0002_chat"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
