"""Slack's names of emoji as the emoji themselves.

Slack sends a reaction's name (``pushpin``, ``+1::skin-tone-2``), not the character. Names are those
of the emoji-data project that Slack uses. Whatever is not here means nothing to Duban, and a
reaction that means nothing costs no call to Slack.
"""

from __future__ import annotations

_CHARACTERS = {
    "pushpin": "📌",
    "round_pushpin": "📍",
    "white_check_mark": "✅",
    "ballot_box_with_check": "☑",
    "heavy_check_mark": "✔",
    "question": "❓",
    "grey_question": "❔",
}


def character(name: str) -> str | None:
    """The emoji of a name, whatever its skin tone; None for one that Duban does not listen to."""
    return _CHARACTERS.get(name.partition("::")[0])
