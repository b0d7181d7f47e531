"""Short lines while a review is open: ``决定 …`` for ``评审 决定 …``.

In a meeting people type fast, and on platforms where a bot hears only what mentions it every line
of the minutes is typed to it.
"""

from __future__ import annotations

from commands.context import Context
from commands.grammar import Line, first_word

WORDS = {
    "verdict": "verdict", "评审意见": "verdict", "意见": "verdict",
    "decide": "decide", "decision": "decide", "决定": "decide", "决议": "decide",
    "note": "note", "记录": "note", "记": "note",
    "question": "question", "问题": "question", "疑问": "question",
    "action": "action", "todo": "action", "待办": "action", "行动": "action", "行动项": "action",
    "join": "join", "here": "join", "present": "join", "在场": "join", "到场": "join",
}  # fmt: skip
"""The first word, and the subcommand of ``/review`` that it stands for."""


def expand(ctx: Context, line: Line) -> str | None:
    """The full line that a short one stands for, where a review is open; None elsewhere."""
    word, rest = first_word(line.text)
    sub = WORDS.get(word)
    if sub is None or ctx.channel is None:
        return None
    if ctx.uow.reviews.listening_in(ctx.channel.id) is None:
        return None
    return f"review {sub} {rest}".strip()
