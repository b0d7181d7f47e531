"""A card as DingTalk's markdown, for a telephone: no tables, no code, and every button in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from bot.cards.engine import one_line, progress
from bot.cards.view import View, card_view
from bot.cards.words import Reader, Span, isolated
from bot.dingtalk.text.escape import bold, calm, link
from domain.messages import Card, Tone
from locales import template

_CUT = 60
"""Characters to which labels that repeat their line are cut."""
TITLE = 60
"""Characters of the line that notifications and the list of conversations show."""
_SIGNS = {Tone.INFO: "🔵", Tone.GOOD: "🟢", Tone.WARN: "🟠", Tone.BAD: "🔴"}
_SENTENCE_ENDS = ("。", "！", "？", "：", ".", "!", "?", ":")
_LOOSE = re.compile("(?<=[\u3400-\u9fff]) +(?=“)|(?<=”) +(?=[\u3400-\u9fff])")
"""Spaces around what is typed, which Chinese quotes make needless."""
_TAP = "dtmd://dingtalkclient/sendMessage?content="
"""Said to make the client send a text; only ever beside the words to type (facts, section 6)."""


@dataclass(frozen=True, slots=True)
class Markdown:
    """A card in markdown.

    :param title: plain text, for the notification.
    :param parts: paragraphs and lists, to be parted by empty lines; a message may end between them.
    :param people: ids of the people who are meant by it, in order: who is named in its title and
        plain sentences, not who stands in its lists.
    """

    title: str
    parts: tuple[str, ...]
    people: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole of it."""
        return "\n\n".join(self.parts)


@dataclass(slots=True)
class _Pen:
    """Draws for one reader, and notes who is named."""

    reader: Reader
    base_url: str
    tap: bool
    people: dict[str, None] = field(default_factory=dict[str, None])

    def flow(self, run: Sequence[Span], *, names: bool = False) -> str:
        """Spans as markdown.

        :param names: whoever is named here is meant by the card.
        """
        out: list[str] = []
        strong = ""
        for span in run:
            piece = self._span(span)
            if names and span["kind"] == "person":
                self.people.setdefault(span["id"])
            if span["strong"]:
                strong += piece
                continue
            out += [bold(strong), piece]
            strong = ""
        out.append(bold(strong))
        text = "".join(out).strip()
        quoted = self.reader.locale == "zh" and any(s["kind"] == "code" for s in run)
        return _LOOSE.sub("", text) if quoted else text

    def line(self, run: Sequence[Span]) -> str:
        """Spans on one line of markdown."""
        return " ".join(self.flow(run).split())

    def _span(self, span: Span) -> str:
        text = isolated(span["text"])
        match span["kind"]:
            case "link":
                url = str(span["url"])
                if url.startswith("/"):
                    url = f"{self.base_url}{url}" if self.base_url else ""
                return link(url, calm(text)) if url else calm(text)
            case "code" if " " in text.strip():
                return f"“{calm(text)}”"
            case "person":
                return calm(text.removeprefix("@"))
            case _:
                return _kept_ends(text)

    def colon(self) -> str:
        """What stands between a label and what it labels."""
        return "：" if self.reader.locale == "zh" else ": "

    def action(self, action: View) -> str:
        """What can be done, with the words to type; in a conversation of two also to be tapped.

        A suggestion whose label is the line itself stands there once.
        """
        label, typed = one_line(action["label"]), str(action["typed"])
        if self.reader.locale != "zh":
            label = label[:1].upper() + label[1:]
        cut = len(label) >= _CUT and typed[:_CUT].casefold() == label.casefold()
        same = cut or label.casefold() in (typed.casefold(), action["command"])
        shown = calm(typed if same else label)
        if self.tap:
            shown = f"[{shown}]({_TAP}{quote(typed, safe='')})"
        return shown if same else f"{shown}{self.colon()}{calm(typed)}"


def render_markdown(
    card: Card, reader: Reader, *, base_url: str = "", tap: bool = False, buttons: bool = True
) -> Markdown:
    """The card for one reader.

    :param base_url: where addresses inside Duban lead; without it they are no links.
    :param tap: labels of buttons send their command when they are tapped, where the client can.
    :param buttons: list the card's own buttons (not where it has real ones).
    """
    pen = _Pen(reader, base_url, tap)
    view = card_view(card, reader)
    parts = [_head(view, pen, card.tone)]
    for block in view["blocks"]:
        parts += _block(block, pen)
    if buttons and view["actions"]:
        lead = template(reader.locale, "dingtalk.can_type")
        lines = [calm(lead), *(f"› {pen.action(a)}" for a in view["actions"])]
        parts.append("  \n".join(lines))
    return Markdown(_title(view), tuple(p for p in parts if p), tuple(pen.people))


def _title(view: View) -> str:
    words = " · ".join(p for p in (one_line(view["title"]), one_line(view["status"])) if p)
    return (words if len(words) <= TITLE else words[: TITLE - 1].rstrip() + "…") or "–"


def _head(view: View, pen: _Pen, tone: Tone) -> str:
    """Title and status: a headline over content, an ordinary line for what is a sentence."""
    sign = f"{_SIGNS[tone]} " if tone in _SIGNS else ""
    title = pen.flow(view["title"], names=True)
    status = pen.flow(view["status"], names=True)
    said = " · ".join(p for p in (title, status) if p)
    if not view["blocks"] or "\n" in said or said.endswith(_SENTENCE_ENDS):
        return sign + said
    bare = [{**s, "strong": False} for s in view["title"]]
    return "#### " + sign + " · ".join(p for p in (pen.line(bare), pen.line(view["status"])) if p)


def _block(block: View, pen: _Pen) -> list[str]:  # noqa: PLR0911 one kind of block a line
    """One block as the parts that it consists of."""
    match block["kind"]:
        case "para":
            text = pen.flow(block["text"], names=not block["muted"])
            return [_quoted(text) if block["muted"] else text]
        case "heading":
            return [f"##### {pen.line(block['text'])}"]
        case "fields":
            return _list(_pair(p, pen) for p in block["pairs"])
        case "bullets":
            return _list(_bullet(item, pen) for item in block["items"])
        case "grid":
            headers = [pen.line(h) for h in block["headers"]]
            return _list(_row(row, headers, pen) for row in block["rows"])
        case "bar":
            bar, percent = progress(block["percent"]), block["percent"]
            return [f"{pen.line(block['label'])} {bar} {percent}%".strip()]
        case _:
            return [f"📎 {calm(block['name'])} · {block['size']}"]


def _pair(pair: View, pen: _Pen) -> str:
    return f"- {pen.line(pair['label'])}{pen.colon()}{_item(pen.flow(pair['value']))}"


def _list(items: Iterable[str]) -> list[str]:
    """A list in stretches of ten items, so that a message may end within a long one."""
    lines = list(items)
    return ["\n".join(lines[at : at + 10]) for at in range(0, len(lines), 10)]


def _bullet(item: View, pen: _Pen) -> str:
    together = None if pen.tap else _together(item["actions"])
    lead = template(pen.reader.locale, "dingtalk.one_of")
    one = [f"{lead}{pen.colon()}{calm(together)}"] if together else None
    ways = one or [pen.action(a) for a in item["actions"]]
    return f"- {_item(pen.flow(item['text']))}" + "".join(f"  \n  › {way}" for way in ways)


def _together(actions: Sequence[View]) -> str | None:
    """Lines that differ in their last word as one: ``@督办 评审 意见 S1 通过 / 拒绝``.

    Only where that word says by itself what the button is called.
    """
    parts = [str(a["typed"]).rpartition(" ") for a in actions]
    if len({head for head, _, _ in parts}) != 1 or len(parts) < 2:
        return None
    named = zip(actions, (last for _, _, last in parts), strict=True)
    if not all(last.casefold() in one_line(a["label"]).casefold() for a, last in named):
        return None
    return f"{parts[0][0]} {' / '.join(last for _, _, last in parts)}"


def _row(row: Sequence[list[Span]], headers: Sequence[str], pen: _Pen) -> str:
    """A row of a table: its first cell leads, the others follow with what they are."""
    cells: list[str] = []
    for number, run in enumerate(row):
        text = pen.line(run)
        if not text:
            continue
        header = headers[number] if number < len(headers) else ""
        cells.append(f"{header}{pen.colon()}{text}" if header and number else text)
    return f"- {' · '.join(cells)}"


def _item(text: str) -> str:
    """Text inside a list item: further lines belong to it."""
    return text.replace("\n\n", "\n").replace("  \n", "\n").replace("\n", "  \n  ")


def _quoted(text: str) -> str:
    return "\n>\n".join("> " + p.replace("\n", "\n> ") for p in text.split("\n\n")) if text else ""


def _kept_ends(text: str) -> str:
    """Calm text with the space or line break that parts it from its neighbours."""
    if not text.strip():
        return "  \n" if "\n" in text else text
    lead = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    return _gap(lead) + calm(text.strip()) + _gap(tail)


def _gap(space: str) -> str:
    if space.count("\n") > 1:
        return "\n\n"
    return "  \n" if "\n" in space else space
