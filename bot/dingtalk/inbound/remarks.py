"""What is said to Duban in a review and is no command: a line of the minutes.

Only what mentions Duban is heard here, so what elsewhere is said in the meeting's thread is said to
Duban. What looks like a command with a slip in it is none of this: it is answered with what was
meant, and can be kept by one more line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from commands.context import Context
from commands.grammar import Line, clean, first_word, parse
from commands.registry import ArgKind, Registry
from commands.spelling import named
from domain.messages import Action, Reply, T

_FEWEST = 2
"""Letters of a remark; less is a slip of the hand."""
_RECORDS = frozenset({ArgKind.REF, ArgKind.STORY, ArgKind.STORIES})


_STORY = r"(?P<story>(?:[sS]|#)\d{1,9})"
_GAP = r"[\s:：,，、]*"
_END = r"(?P<rest>[\s:：,，、;；。.!！].*)?"


def verdict_in(registry: Registry, text: str) -> str | None:
    """The line of the verdict that somebody gives in their own words, if they give one.

    ``S1 通过``, ``S1待明确，没有写格式`` and ``通过 S1`` name both; the form asks for what
    ``通过`` alone is about. A longer sentence that begins with a verdict is none: it is a remark.
    """
    command = registry.find("review")
    sub = command.find("verdict") if command else None
    choices = [c for arg in sub.args for c in arg.choices] if sub else []
    for pattern in _verdicts(tuple(w for c in choices for w in (c.value, *c.words))):
        found = pattern.fullmatch(clean(text))
        if found is not None:
            parts = found.groupdict(default="")
            said = parts.get("rest", "").strip(" :：,，、;；。.!！\n")
            words = (parts.get("story"), parts["word"], said)
            return " ".join(("review verdict", *(w for w in words if w)))
    return None


@lru_cache(maxsize=4)
def _verdicts(said: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """How a verdict is given with these words."""
    longest = sorted(set(said), key=len, reverse=True)
    word = f"(?P<word>{'|'.join(map(re.escape, longest))})"
    stop = r"[\s。.!！]*"
    patterns = (f"{_STORY}{_GAP}{word}{_END}", f"{word}{_GAP}{_STORY}{stop}", f"{word}{stop}")
    return tuple(re.compile(each, re.IGNORECASE | re.DOTALL) for each in patterns)


def may_be_remark(registry: Registry, text: str) -> bool:
    """Whether a text is no command, not even nearly one."""
    if len(text) < _FEWEST or text.startswith("/"):
        return False
    line = parse(registry, text)
    return line.command is None and not _short(registry, line) and not _near(registry, line)


def in_review(ctx: Context) -> bool:
    """Whether what somebody of the company says here is said in a review."""
    channel = ctx.channel
    listening = channel is not None and ctx.uow.reviews.listening_in(channel.id) is not None
    return listening and ctx.is_member


def with_note(ctx: Context, reply: Reply) -> Reply:
    """An answer that says what was wrong, with the way to keep the words all the same.

    Only for words that may have been meant as a remark: not for a command that was named in full.
    """
    line = parse(ctx.registry, ctx.request.text)
    meant = line.explicit or _short(ctx.registry, line) or ctx.request.text.startswith("/")
    if meant or not line.words or not reply.cards or not in_review(ctx):
        return reply
    keep = Action(T("review.button.keep_remark"), f"review note {line.text}")
    *before, last = reply.cards
    return replace(reply, cards=(*before, replace(last, actions=(*last.actions, keep))))


def _short(registry: Registry, line: Line) -> bool:
    return first_word(line.text)[0] in registry.shorthand


def _near(registry: Registry, line: Line) -> bool:
    """Whether the first word is nearly a command's; a mention is none.

    A word that means something only behind a command's name (``同意`` behind ``变更``) is also what
    people say: it is nearly a command alone, or with what such a command is about (``同意 CR-3``).
    """
    if not line.nearest or line.words[0].text.startswith("<@"):
        return False
    rest = line.text[line.words[0].end :]
    subs = [near for near in line.nearest if " " in near]
    by_name = len(subs) < len(line.nearest)
    return by_name or len(line.words) == 1 or any(_about(registry, f"{s} {rest}") for s in subs)


def _about(registry: Registry, text: str) -> bool:
    """Whether a line of a command names what it is about."""
    line = parse(registry, text)
    if line.sub is None:
        return False
    records = {arg.name for arg in line.sub.args if arg.kind in _RECORDS}
    return bool(records & named(line.sub, line.words))
