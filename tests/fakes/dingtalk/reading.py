"""How messages look in somebody's client, as plain text."""

from __future__ import annotations

import re

from tests.fakes.dingtalk.rooms import Message, Room
from tests.fakes.dingtalk.world import World

_ESCAPED = re.compile(r"\\([\\*_\[\]()#>!`~+.{}|-])")
_LINK = re.compile(r"(?<!\\)!?\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)\)")
_HEADING = re.compile(r"^#{1,6}\s+", re.MULTILINE)
_STRONG = re.compile(r"(?<![\\*])\*\*(?=\S)(.+?)(?<=[^\s\\])\*\*")
_SLANTED = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]+?)(?<=[^\s\\*])\*(?![*\w])")
_FONT = re.compile(r"</?font[^>]*>")
_TABLE = re.compile(r"^\s*\|.*\|\s*$", re.MULTILINE)
_TAG = re.compile(r"(?<!\\)<(?!/?font\b)/?[a-zA-Z][^>]*>")
_BARE_BREAK = re.compile(r"(?<!  )(?<!\n)\n(?!\n|\s*(?:[-#>]|\d+\. ))(?=\S)")


class Screen:
    """Reads messages as one person sees them."""

    def __init__(self, world: World, handle: str) -> None:
        self._world = world
        self._handle = handle

    def message(self, message: Message) -> str:
        """One message: its text, and the buttons in square brackets."""
        if message.card:
            shown = self._world.cards[message.card].seen_by(self._handle)
            offers = " ".join(f"[{o.label}]" for o in shown.offers)
            fields = "\n".join(f"{name}: ____" for name in shown.inputs)
            return "\n".join(filter(None, (plain(shown.text), fields, offers)))
        text = plain(message.text) if message.kind in {"markdown", "actionCard"} else message.text
        for user in self._world.users.values():
            if user.staff:
                text = re.sub(rf"@{user.staff}(?!\w)", f"@{user.name}", text)
        if message.kind in {"file", "image", "audio", "video"}:
            return f"[{message.kind}] {text}".strip()
        return "\n".join(filter(None, (text, self._buttons(message))))

    def _buttons(self, message: Message) -> str:
        found = [b["title"] for b in message.content.get("btns", ())]
        names = ("singleTitle", "actionTitle1", "actionTitle2", "actionTitle3", "actionTitle4",
                 "actionTitle5", "buttonTitle1", "buttonTitle2")  # fmt: skip
        found += [message.content[n] for n in names if message.content.get(n)]
        return " ".join(f"[{t}]" for t in found)

    def room(self, room: Room) -> str:
        """A conversation from its beginning, with the names of those who speak."""
        lines: list[str] = []
        for message in room.seen_by(self._handle):
            author = self._world.users.get(message.author)
            name = author.name if author else self._world.app.robot_name
            lines.append(f"{name}: {self.message(message)}")
        return "\n\n".join(lines)


def plain(markdown: str) -> str:
    """What is left of markdown when it is drawn: no marks, links as their words."""
    text = _FONT.sub("", markdown)
    text = _LINK.sub(lambda m: m.group(1), text)
    text = _HEADING.sub("", text)
    text = _STRONG.sub(r"\1", text)
    text = _SLANTED.sub(r"\1", text)
    text = re.sub(r"^> ?", "", text, flags=re.MULTILINE)
    text = _ESCAPED.sub(r"\1", text)
    text = text.replace("\u200b", "")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def blemishes(markdown: str) -> list[str]:
    """What would look bad on a phone with an older client; empty when nothing would."""
    found: list[str] = []
    if _TABLE.search(markdown):
        found.append("a table")
    if "```" in markdown or re.search(r"(?<!\\)`", markdown):
        found.append("code")
    if _TAG.search(markdown):
        found.append("an HTML tag")
    if _BARE_BREAK.search(markdown):
        found.append("a line break that is not drawn")
    if re.search(r"[^\n]\n1\. ", markdown):
        found.append("a numbered list without an empty line before it")
    return found
