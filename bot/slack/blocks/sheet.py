"""The parts of a card as blocks, in order: neighbouring texts share a section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from bot.cards.engine import progress
from bot.cards.view import View
from bot.slack.blocks import limits
from bot.slack.blocks.buttons import Block, Buttons, fits, fits_menu, mrkdwn
from bot.slack.blocks.escape import bold, calm, chunks, link, shortened
from bot.slack.blocks.ink import Ink

ROWS = 12
"""So many lines of a list have all their buttons in sight; with more they are behind “⋯”."""
_SHORT_FIELD = 120
"""Longer values are not squeezed into half the width."""


class Sheet:
    """Gathers the blocks of one card. Paragraphs mention people; lists and tables name them.

    :param files: whether files are named here (they are not where they are uploaded beside it).
    """

    def __init__(self, ink: Ink, buttons: Buttons, *, files: bool = True) -> None:
        self._ink = replace(ink, mention=False)
        self._speech = ink
        self._buttons = buttons
        self._files = files
        self._run: list[str] = []
        self._done: list[Block] = []
        self._parts: dict[str, Callable[[View], None]] = {
            "para": self._para,
            "heading": self._heading,
            "fields": self._fields,
            "bullets": self._bullets,
            "grid": self._grid,
            "bar": self._bar,
            "file": self._file,
        }

    def blocks(self, parts: Sequence[View]) -> list[Block]:
        """The blocks of these parts."""
        for part in parts:
            self._parts[part["kind"]](part)
        self._flush()
        return self._done

    # -- inside

    def _say(self, marked: str) -> None:
        if marked:
            self._run.append(marked)

    def _flush(self) -> None:
        self._done += sections("\n".join(self._run))
        self._run.clear()

    def _add(self, *blocks: Block) -> None:
        self._flush()
        self._done += blocks

    def _para(self, part: View) -> None:
        text = self._speech.flow(part["text"])
        if part["muted"]:
            self._add(*context(text))
        else:
            self._say(text)

    def _heading(self, part: View) -> None:
        self._flush()
        self._say(bold(self._ink.line(_weak(part["text"]))))

    def _fields(self, part: View) -> None:
        row: list[Block] = []
        for pair in part["pairs"]:
            label = bold(self._ink.line(_weak(pair["label"])))
            value = self._ink.flow(pair["value"])
            if len(value) > _SHORT_FIELD or "\n" in value:
                self._fields_row(row)
                row = []
                self._add(*sections(f"{label}\n{value}"))
            else:
                row.append(mrkdwn(shortened(f"{label}\n{value}", limits.FIELD)))
        self._fields_row(row)

    def _fields_row(self, row: list[Block]) -> None:
        for at in range(0, len(row), limits.FIELDS):
            self._add({"type": "section", "fields": row[at : at + limits.FIELDS]})

    def _bullets(self, part: View) -> None:
        items: list[View] = part["items"]
        crowded = sum(1 for i in items if len(i["actions"]) > 1) > ROWS
        for item in items:
            text = f"• {_hanging(self._ink.flow(item['text']))}"
            if item["actions"]:
                self._row(text, item["actions"], crowded=crowded)
            else:
                self._say(text)

    def _row(self, text: str, actions: Sequence[View], *, crowded: bool) -> None:
        """A line with its buttons: one beside it, several below it or behind “⋯”."""
        too_long = self._buttons.typed(actions)
        drawn = [a for a in actions if fits(a)]
        said = sections(f"{text}\n{too_long}" if too_long else text)
        if len(drawn) == 1:
            said[0]["accessory"] = self._buttons.button(drawn[0])
            drawn = []
        elif crowded and fits_menu(drawn):
            said[0]["accessory"] = self._buttons.menu(drawn)
            drawn = []
        self._add(*said, *self._buttons.rows(drawn))

    def _grid(self, part: View) -> None:
        headers = [self._ink.line(h) for h in part["headers"]]
        for row in part["rows"]:
            cells = (self._cell(headers, at, cell) for at, cell in enumerate(row))
            shown = [c for c in cells if c]
            if shown:
                self._say("• " + " · ".join(shown))

    def _cell(self, headers: Sequence[str], at: int, cell: Any) -> str:
        """The first cell names the row; the others say what they are."""
        if at == 0:
            return bold(self._ink.line(_weak(cell)))
        text = self._ink.line(cell)
        label = headers[at] if at < len(headers) else ""
        return f"{label}: {text}" if text and label else text

    def _bar(self, part: View) -> None:
        label = self._ink.line(part["label"])
        self._say(f"{label} {progress(part['percent'])} {part['percent']}%".strip())

    def _file(self, part: View) -> None:
        if not self._files:
            return
        url = part["url"] if self._ink.base_url else ""
        name = link(self._ink.base_url + url, part["name"]) if url else calm(part["name"])
        self._add(*context(f"📎 {name} ({calm(part['size'])})"))


def sections(marked: str) -> list[Block]:
    """Sections for a text of any length; none for an empty one."""
    return [
        {"type": "section", "text": mrkdwn(piece), "expand": True}
        for piece in chunks(marked, limits.SECTION)
    ]


def context(marked: str) -> list[Block]:
    """Small grey text of any length."""
    return [
        {"type": "context", "elements": [mrkdwn(piece)]} for piece in chunks(marked, limits.CONTEXT)
    ]


def _weak(run: Sequence[View]) -> list[View]:
    """Spans for a text that is bold as a whole."""
    return [span | {"strong": False} if span["strong"] else span for span in run]


def _hanging(marked: str) -> str:
    """Further lines indented: typed text never looks like a line of ours."""
    return marked.replace("\n", "\n      ")
