"""Buttons, menus and their questions. A button's value is the command that it stands for."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from bot.cards.view import View
from bot.slack.blocks import limits
from bot.slack.blocks.escape import calm, code
from bot.slack.blocks.ink import Ink
from domain.messages import Style
from locales import template

Block = dict[str, Any]

NOTHING = "–"
"""Stands where Slack wants a text and there is none."""
ROW_TEXT = 4_000
"""So much text and commands in one row of buttons, that a row never fills a message."""

ACTION = "act:"
"""Every ``action_id`` of ours begins with it, and a number makes it unique in its message."""


class Buttons:
    """Makes the buttons of one message or view, each with an id of its own."""

    def __init__(self, ink: Ink, locale: str) -> None:
        self._ink = ink
        self._locale = locale
        self._numbers = itertools.count(1)

    def button(self, action: View) -> Block:
        """One button; its command must fit (see :func:`fits`)."""
        label = limits.cut(self._ink.plain(action["label"]), limits.BUTTON)
        out: Block = {
            "type": "button",
            "action_id": self._next_id(),
            "text": plain_text(label),
            "value": action["command"],
        }
        if action["style"] in (Style.PRIMARY.value, Style.DANGER.value):
            out["style"] = action["style"]
        if action["confirm"]:
            out["confirm"] = self._question(action, label)
        return out

    def menu(self, actions: Sequence[View]) -> Block:
        """The “⋯” of a row with several buttons (see :func:`fits_menu`)."""
        options = [
            {
                "text": plain_text(limits.cut(self._ink.plain(a["label"]), limits.OPTION)),
                "value": a["command"],
            }
            for a in actions
        ]
        return {"type": "overflow", "action_id": self._next_id(), "options": options}

    def rows(self, actions: Sequence[View]) -> list[Block]:
        """The buttons in as few rows as possible; what does not fit into one is typed instead."""
        rows: list[list[Block]] = []
        room = 0
        for action in actions:
            if not fits(action):
                continue
            size = limits.units(action["command"]) + limits.BUTTON
            if not rows or len(rows[-1]) == limits.BUTTONS or size > room:
                rows.append([])
                room = ROW_TEXT
            rows[-1].append(self.button(action))
            room -= size
        return [{"type": "actions", "elements": row} for row in rows]

    def typed(self, actions: Sequence[View]) -> str:
        """Lines that say what to type where a command is too long for a button."""
        lines = (
            f"→ {calm(self._ink.plain(a['label']))}: {code(a['typed'])}"
            for a in actions
            if not fits(a)
        )
        return "\n".join(lines)

    def _next_id(self) -> str:
        return f"{ACTION}{next(self._numbers)}"

    def _question(self, action: View, label: str) -> Block:
        ask = template(self._locale, "slack.confirm_title")
        out: Block = {
            "title": plain_text(limits.cut(ask, limits.CONFIRM_TITLE)),
            "text": plain_text(limits.cut(action["confirm"], limits.CONFIRM)),
            "confirm": plain_text(limits.cut(label, limits.CONFIRM_BUTTON)),
            "deny": plain_text(template(self._locale, "slack.cancel")),
        }
        if action["style"] == Style.DANGER.value:
            out["style"] = "danger"
        return out


def fits(action: View) -> bool:
    """Whether a button can hold the command."""
    return 0 < limits.units(action["command"]) <= limits.VALUE


def fits_menu(actions: Sequence[View]) -> bool:
    """Whether a menu can hold them all: a menu asks no question, and its values are short."""
    return 2 <= len(actions) <= limits.OVERFLOW and all(
        not a["confirm"] and 0 < limits.units(a["command"]) <= limits.OPTION_VALUE for a in actions
    )


def pressed_command(action: Mapping[str, Any]) -> str | None:
    """The command of a pressed button or chosen line (one of ``actions`` of ``block_actions``).

    None when it is none of ours.
    """
    if not str(action.get("action_id", "")).startswith(ACTION):
        return None
    chosen: Mapping[str, Any] = action.get("selected_option") or action
    value = chosen.get("value")
    return value if isinstance(value, str) and value else None


def plain_text(text: str) -> Block:
    """A text object without markup; ``:names:`` of emoji in it stay what was typed."""
    return {"type": "plain_text", "text": text or NOTHING, "emoji": False}


def mrkdwn(text: str) -> Block:
    """A text object of finished mrkdwn; Slack adds no links or mentions of its own to it."""
    return {"type": "mrkdwn", "text": text or NOTHING, "verbatim": True}
