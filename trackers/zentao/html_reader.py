"""What an HTML document says, as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from trackers.zentao.markup import pieces

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table", "hr"}
)
_LINES = frozenset({"div", "li", "tr", "dt", "dd", "section", "article", "figure", "center"})
_HIDDEN = frozenset({"script", "style", "head", "title"})
_DEEPEST = 12
"""How far the items of lists in lists are moved in."""


def read_html(value: str) -> str:
    """The text of a document: paragraphs, lists, tables, links and images stay recognisable."""
    reader = _Reader()
    for piece in pieces(value):
        if isinstance(piece, str):
            reader.data(piece)
        elif piece.ends:
            reader.end(piece.name)
        else:
            reader.start(piece.name, piece.attributes)
    return reader.text()


def _address(value: str) -> str:
    """An address that can stand in ``![](…)``: without white space, brackets and quotes."""
    return re.sub(r"[\s()<>\"\x00-\x1f]", lambda m: quote(m[0], safe=""), value.strip())


class _Reader:
    """Collects the text of a document.

    Line breaks between blocks are owed (``_owed``) until the next piece of text, so that nested
    blocks do not add up.
    """

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._owed = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []
        self._hidden = 0
        self._pre = 0
        self._cells = 0

    def text(self) -> str:
        """What was collected."""
        return "".join(self._parts)

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        """Owe the breaks before a block; put down list marks, links and images."""
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._put("\n")
        elif tag == "img":
            self._image(given)
        elif tag == "a":
            self.end("a")  # there are no links in links
            self._links.append((given.get("href", ""), len(self._parts)))
        elif tag in {"td", "th"}:
            self._cell()
        else:
            self._block(tag)

    def end(self, tag: str) -> None:
        """Close a block, a list or a link."""
        if tag in _HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "a" and self._links:
            self._link(*self._links.pop())
        elif tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
            self._owe(1 if self._lists else 2)
        elif tag in _PARAGRAPHS:
            self._pre -= tag == "pre" and self._pre > 0
            self._owe(1 if self._lists or self._cells else 2)
        elif tag in _LINES:
            self._cells = 0 if tag == "tr" else self._cells
            self._owe(1)

    def data(self, data: str) -> None:
        """Text, with its white space as a browser shows it."""
        if self._hidden:
            return
        if self._pre:
            self._put(data)
            return
        shown = _BLANKS.sub(" ", data)
        if self._at_line_start():
            shown = shown.lstrip(" ")
        if shown:
            self._put(shown)

    def _block(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._owe(1 if self._lists else 2)
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in _PARAGRAPHS:
            self._pre += tag == "pre"
            self._owe(1 if self._cells else 0 if self._after_mark() else 2)
        elif tag in _LINES:
            self._owe(0 if self._after_mark() else 1)

    def _item(self) -> None:
        self._owe(1)
        count = self._lists[-1] if self._lists else None
        indent = "  " * min(_DEEPEST, max(0, len(self._lists) - 1))
        if count is None:
            self._put(f"{indent}- ")
            return
        self._put(f"{indent}{count}. ")
        self._lists[-1] = count + 1

    def _cell(self) -> None:
        if self._cells:
            self._owed = 0  # the end of a paragraph in the cell before is no new line
            self._put(" | ")
        self._cells += 1

    def _image(self, given: Mapping[str, str]) -> None:
        source, alt = _address(given.get("src", "")), given.get("alt", "")
        if source.startswith("data:"):  # a picture in letters would be all that one sees
            self._put(alt)
        elif source:
            # ZenTao fills in the address as the alternative text of an image that has none.
            shown = "" if alt.lstrip("/") == source.lstrip("/") else re.sub(r"[\[\]\n]", " ", alt)
            self._put(f"![{shown}]({source})")

    def _link(self, address: str, start: int) -> None:
        shown = "".join(self._parts[start:])
        inner = shown.strip()
        if not address.startswith(("http://", "https://")) or inner == address:
            return
        if "![" in inner or "\n" in inner or re.search(r"[\[\]]", inner):
            self._put(f" {address}")
            return
        before = shown[: len(shown) - len(shown.lstrip())]
        after = shown[len(shown.rstrip()) :] if inner else ""
        self._parts[start:] = [f"{before}[{inner}]({address}){after}" if inner else address]

    def _owe(self, breaks: int) -> None:
        self._owed = max(self._owed, breaks)

    def _put(self, text: str) -> None:
        if self._owed and self._parts:
            self._parts.append("\n" * self._owed)
        self._owed = 0
        self._parts.append(text)

    def _at_line_start(self) -> bool:
        return bool(self._owed) or not self._parts or self._parts[-1].endswith("\n")

    def _after_mark(self) -> bool:
        """Right after a list mark, where ``<li><p>`` must not start another line."""
        return bool(self._lists) and bool(re.search(r"(?:- |\d\. )\Z", "".join(self._parts[-1:])))
