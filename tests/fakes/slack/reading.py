"""What a person reads on the screen: messages and views as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.slack.filling import untouched
from tests.fakes.slack.people import User
from tests.fakes.slack.rooms import Message
from tests.fakes.slack.team import Team, View

_TOKEN = re.compile(r"<([^<>]+)>")
_EMPHASIS = re.compile(r"(?<![A-Za-z0-9])([*_~])(?=\S)([^\n]*?\S)\1(?![A-Za-z0-9])")
_GAP = "\u200b"
_DATES = {"date_num": "%Y-%m-%d", "time": "%H:%M", "time_secs": "%H:%M:%S"}


class Screen:
    """Reads for one person.

    :param user: whose zone and language count.
    """

    def __init__(self, team: Team, user: User) -> None:
        self._team = team
        self._zone = ZoneInfo(user.tz)

    def message(self, message: Message) -> str:
        """A message with its files; in place of the text the blocks, where there are any."""
        blocks = message.get("blocks") or []
        text = self.blocks(blocks) if blocks else self.mrkdwn(message.get("text", ""))
        files = [f"[{f['title']}]" for f in message.get("files", ())]
        return "\n".join(part for part in (text, *files) if part)

    def view(self, view: View) -> str:
        """A modal or a Home tab, with what stands in the fields."""
        body = view.body
        title = body.get("title", {}).get("text", "")
        buttons = [body[k]["text"] for k in ("submit", "close") if body.get(k)]
        foot = " ".join(f"[{b}]" for b in buttons)
        return "\n".join(p for p in (title, self.blocks(body["blocks"]), foot) if p)

    def blocks(self, blocks: list[dict[str, Any]]) -> str:
        """Blocks, one below the other."""
        lines = (self._block(b) for b in blocks)
        return "\n".join(line for line in lines if line)

    def _block(self, block: dict[str, Any]) -> str:
        return _DRAW[block["type"]](self, block)

    def text(self, value: dict[str, Any]) -> str:
        """A text object."""
        words = value["text"]
        return words if value["type"] == "plain_text" else self.mrkdwn(words)

    def mrkdwn(self, text: str) -> str:
        """Marked-up text as it is drawn."""
        drawn = _TOKEN.sub(lambda m: self._token(m.group(1)), text)
        drawn = _EMPHASIS.sub(r"\2", drawn).replace("`", "")
        for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            drawn = drawn.replace(entity, sign)
        return drawn.replace(_GAP, "")

    def _token(self, token: str) -> str:
        target, _, label = token.partition("|")
        if target.startswith("@"):
            user = self._team.users.get(target[1:])
            return f"@{user.shown}" if user else "@unknown"
        if target.startswith("#"):
            channel = self._team.channels.get(target[1:])
            return f"#{channel.name}" if channel else "#unknown"
        if target.startswith("!date^"):
            return self._date(target)
        if target.startswith("!"):
            return f"@{target[1:]}"  # everybody is called: a test should notice that
        return label or target

    def _date(self, target: str) -> str:
        _, seconds, shape = target.split("^")[:3]
        at = datetime.fromtimestamp(int(seconds), UTC).astimezone(self._zone)
        return re.sub(
            r"\{(\w+)\}", lambda m: at.strftime(_DATES.get(m.group(1), "%Y-%m-%d")), shape
        )

    def _section(self, block: dict[str, Any]) -> str:
        parts = [self.text(block["text"])] if block.get("text") else []
        parts += [self.text(f) for f in block.get("fields", ())]
        if "accessory" in block:
            parts.append(self._element(block["accessory"]))
        return "\n".join(parts)

    def _header(self, block: dict[str, Any]) -> str:
        return self.text(block["text"])

    def _divider(self, _block: dict[str, Any]) -> str:
        return ""

    def _context(self, block: dict[str, Any]) -> str:
        parts = (
            f"({e['alt_text']})" if e["type"] == "image" else self.text(e)
            for e in block["elements"]
        )
        return " ".join(parts)

    def _actions(self, block: dict[str, Any]) -> str:
        return " ".join(self._element(e) for e in block["elements"])

    def _image(self, block: dict[str, Any]) -> str:
        return f"({block['alt_text']})"

    def _input(self, block: dict[str, Any]) -> str:
        element = block["element"]
        star = "" if block.get("optional") else " *"
        held = self._held(element)
        hint = f" ({block['hint']['text']})" if block.get("hint") else ""
        offered = [o["text"]["text"] for o in element.get("options", ())]
        shown = f" <{' | '.join(offered)}>" if offered else ""
        return f"{block['label']['text']}{star}: {held}{shown}{hint}"

    def _held(self, element: dict[str, Any]) -> str:
        (value,) = (v for k, v in untouched(element).items() if k != "type")
        values = value if isinstance(value, list) else [value]
        return ", ".join(self._readable(v) for v in values if v)

    def _readable(self, value: Any) -> str:
        if isinstance(value, dict):
            return str(value["text"]["text"])
        user = self._team.users.get(str(value))
        return f"@{user.shown}" if user else str(value)

    def _element(self, element: dict[str, Any]) -> str:
        if element["type"] == "image":
            return f"({element['alt_text']})"
        if element["type"] == "button":
            return f"[{element['text']['text']}]"
        offered = [o["text"]["text"] for o in element.get("options", ())]
        return f"<{' | '.join(offered) or element['type']}>"

    def _rich(self, block: dict[str, Any]) -> str:
        return "\n".join(self._rich_part(e) for e in block["elements"])

    def _rich_part(self, part: dict[str, Any]) -> str:
        if "elements" in part:
            return "".join(self._rich_part(e) for e in part["elements"])
        if part["type"] == "user":
            return self._token(f"@{part['user_id']}")
        return self.mrkdwn(part.get("text") or part.get("url") or part.get("name", ""))

    def _table(self, block: dict[str, Any]) -> str:
        rows = [" | ".join(self._cell(c) for c in row) for row in block["rows"]]
        return "\n".join(rows)

    def _cell(self, cell: dict[str, Any]) -> str:
        return str(cell["text"]) if cell["type"] == "raw_text" else self._rich(cell)

    def _markdown(self, block: dict[str, Any]) -> str:
        return str(block["text"])


_DRAW: dict[str, Callable[[Screen, dict[str, Any]], str]] = {
    "section": Screen._section,
    "header": Screen._header,
    "divider": Screen._divider,
    "context": Screen._context,
    "actions": Screen._actions,
    "image": Screen._image,
    "input": Screen._input,
    "rich_text": Screen._rich,
    "table": Screen._table,
    "markdown": Screen._markdown,
}
