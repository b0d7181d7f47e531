"""What Slack takes, and how long texts are cut so that it never refuses a message.

The figures are Slack's own (block-kit reference) and those of ``slack_sdk.models``; the server
refuses a whole message for one text that is too long.
"""

from __future__ import annotations

TEXT = 3_900
"""The fallback text of a message: Slack advises 4,000."""
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
ALL_TEXT = 12_000
"""All texts and values of one message together. Above about 13,200 Slack answers
``msg_blocks_too_long``; nobody says what exactly is counted, so there is some room."""
SECTION = 3_000
CONTEXT = 2_000
FIELD = 2_000
FIELDS = 10
HEADER = 150
BUTTONS = 25
BUTTON = 75
VALUE = 2_000
OPTION = 75
OPTION_VALUE = 150
OPTIONS = 100
CHECKBOXES = 10
OVERFLOW = 5
CONFIRM_TITLE = 100
CONFIRM = 300
CONFIRM_BUTTON = 30
MODAL_TITLE = 24
LABEL = 500
"""Slack takes 2,000 in a label, hint or error; but a whole view has a limit, too (about 250 kB)."""
INPUT = 3_000
METADATA = 3_000
ALT = 2_000
COMMENT = 3_000
"""The words that come with an uploaded file."""

MORE = "…"


def units(text: str) -> int:
    """How long Slack takes a text to be: UTF-16 units, so an emoji outside the BMP counts two."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The text in at most ``limit`` units, with ``…`` where it was cut, after a word if possible.

    For plain text: a cut may fall anywhere between two characters.
    """
    if units(text) <= limit:
        return text
    kept = text[: limit - 1]
    while (over := units(kept) - (limit - 1)) > 0:
        kept = kept[: -max(1, over // 2)]
    space = kept.rfind(" ")
    if space > limit * 3 // 4:
        kept = kept[:space]
    return kept.rstrip() + MORE


def cut_lines(text: str, limit: int) -> str:
    """Like :func:`cut`, but after a whole line where the last one is not very long."""
    if units(text) <= limit:
        return text
    kept = cut(text, limit - 2)
    line = kept.rfind("\n")
    return f"{kept[:line]}\n{MORE}" if line > limit // 2 else kept
