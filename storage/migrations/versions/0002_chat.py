"""The built-in web chat: messages, reactions, read marks."""

from __future__ import annotations

revision = "0002_chat"
down_revision = "0001_core"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
