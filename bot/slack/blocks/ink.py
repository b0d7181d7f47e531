"""Spans (``bot.cards.words``) as Slack's mrkdwn and as plain text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.cards.engine import one_line
from bot.cards.words import Span, isolated
from bot.slack.blocks.escape import bold, calm, code, entities, link

_SLACK_ID = re.compile(r"[UW][A-Z0-9]{1,30}\Z")
PLAIN_KINDS = frozenset({"text", "foreign", "time"})
"""What plain text shows as well as mrkdwn does."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Draws spans for one reader.

    :param users: Slack user ids by person id; whoever has one is mentioned, others are named.
    :param mention: whether people are mentioned at all, or only named: a mention in a new message
        makes Slack ring, so a list of twenty owners must not hold any.
    :param base_url: where Duban's own addresses (``/…``) lead; without it they are no links.
    """

    users: Mapping[str, str] = field(default_factory=dict[str, str])
    base_url: str = ""
    mention: bool = True

    def line(self, run: Sequence[Span]) -> str:
        """One line of mrkdwn: what people typed can not begin a line of its own."""
        return " ".join(self._drawn(run, single=True).split())

    def flow(self, run: Sequence[Span]) -> str:
        """Mrkdwn with the line breaks that were typed."""
        return self._drawn(run, single=False).strip()

    def plain(self, run: Sequence[Span]) -> str:
        """One line without any markup, for headers and buttons."""
        return one_line(list(run))

    def _drawn(self, run: Sequence[Span], *, single: bool) -> str:
        out: list[str] = []
        strong: list[str] = []
        begins = True
        for span in run:
            piece = self._span(span, begins=begins)
            if single and "\n" in piece:
                piece = " ".join(piece.splitlines())
            if span["strong"]:
                strong.append(piece)
                begins = False
                continue
            if strong:
                out.append(bold("".join(strong)))
                strong.clear()
            out.append(piece)
            bare = piece.rstrip(" \t")
            begins = bare.endswith("\n") or (begins and not bare)
        if strong:
            out.append(bold("".join(strong)))
        return "".join(out)

    def _span(self, span: Span, *, begins: bool) -> str:
        kind, text = span["kind"], span["text"]
        match kind:
            case "text":
                return calm(text, begins=begins)
            case "person":
                return self._person(span["id"], text)
            case "time":
                return _time(span["iso"], text)
            case "code":
                return code(isolated(text))
            case "link":
                return self._link(span["url"], isolated(text))
            case _:
                return calm(isolated(text), begins=begins)

    def _person(self, person_id: str, name: str) -> str:
        user = self.users.get(person_id, "") if self.mention else ""
        return f"<@{user}>" if _SLACK_ID.match(user) else calm(isolated(name.removeprefix("@")))

    def _link(self, url: str, label: str) -> str:
        if url.startswith("/"):
            url = f"{self.base_url}{url}" if self.base_url else ""
        return link(url, label) if url else calm(label)


def _time(iso: str, words: str) -> str:
    """A day in words; an instant so that Slack shows it in the zone of whoever looks."""
    if "T" not in iso:
        return words
    stamp = int(datetime.fromisoformat(iso).timestamp())
    return f"<!date^{stamp}^{{date_short_pretty}} {{time}}|{entities(words)}>"
