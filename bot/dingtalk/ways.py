"""How commands are typed in DingTalk: groups need a mention, a conversation of two does not."""

from __future__ import annotations

from bot.cards.way import Way

GROUP = Way("@督办 ")
DIRECT = Way("")
