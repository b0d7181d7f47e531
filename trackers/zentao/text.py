"""ZenTao's HTML to our plain text and back.

ZenTao keeps ``spec``, ``verify`` and comments as HTML that its server sanitises. In chat they are
plain text: paragraphs, lists, tables and links stay recognisable, and images become
``![](address)``, which turns into the image again on the way back. The way back is only taken for
a field whose text somebody changed, so that the formatting of every other field survives.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

_TAG = re.compile(r"<[a-zA-Z/!]")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\x85]")
_SPACES = re.compile(r"^ +| {2,}")
_MARKS = re.compile(
    r"!\[(?P<alt>[^\[\]\n]*)\]\((?P<src>(?:https?://|/|index\.php|\{)[^\s()<>\"]+)\)"
    r"|\[(?P<text>[^\[\]\n]+)\]\((?P<href>https?://[^\s()<>\"]+)\)"
    r"|(?P<url>https?://[^\s<>\"'()\[\]（）【】《》“”‘’，。；、！？]+)"
)
_PARAGRAPHS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table", "hr"}
)
_LINES = frozenset({"div", "li", "tr", "dt", "dd", "section", "article", "figure", "center"})
_HIDDEN = frozenset({"script", "style", "head", "title"})


def to_text(value: str) -> str:
    """The plain text of an HTML field.

    A field without any tag is text that came over the API: its line breaks stand for themselves.
    """
    if not _TAG.search(value):
        return _tidy(html.unescape(value))
    reader = _Reader()
    reader.feed(value)
    reader.close()
    return _tidy(reader.text())


def to_html(text: str) -> str:
    """Plain text as HTML that reads the same in ZenTao; ``to_text`` gives it back.

    Blank lines part paragraphs; addresses become links.
    """
    tidy = _tidy(text)
    if not tidy:
        return ""
    return "".join(_paragraph(x) for x in tidy.split("\n\n"))


def rewritten(stored: str, text: str) -> str:
    """The HTML for a field that now says ``text``, with as much of the stored HTML as possible.

    The same text keeps it as it is; a text that goes on where the stored one ended keeps it and
    adds to it. Everything else is written anew.
    """
    before = to_text(stored)
    if same(before, text):
        return stored
    tidy = _tidy(text)
    if before and _TAG.search(stored) and tidy.startswith(before + "\n"):
        return stored + to_html(tidy[len(before) :])
    return to_html(tidy)


def same(one: str, other: str) -> bool:
    """Whether two plain texts differ in nothing but white space (ZenTao tidies its own way)."""
    return _tidy(one).split() == _tidy(other).split()


def decoded(title: str) -> str:
    """A title that came escaped (v2, and the answers of v1's writes)."""
    return html.unescape(title)


def _paragraph(text: str) -> str:
    inner = "<br />".join(_line(x) for x in text.split("\n"))
    return f"<p>{inner or '&nbsp;'}</p>"


def _line(line: str) -> str:
    out: list[str] = []
    end = 0
    for mark in _MARKS.finditer(line):
        out.append(_plain(line[end : mark.start()], at_start=end == 0))
        out.append(_marked(mark))
        end = mark.end()
    out.append(_plain(line[end:], at_start=end == 0))
    return "".join(out)


def _marked(mark: re.Match[str]) -> str:
    if mark["src"]:
        return f'<img src="{_attribute(mark["src"])}" alt="{_attribute(mark["alt"])}" />'
    if mark["url"]:
        return f'<a href="{_attribute(mark["url"])}">{html.escape(mark["url"], quote=False)}</a>'
    if mark["text"] == mark["href"]:
        return html.escape(mark[0], quote=False)
    return f'<a href="{_attribute(mark["href"])}">{_plain(mark["text"], at_start=True)}</a>'


def _attribute(value: str) -> str:
    return html.escape(value, quote=True)


def _plain(text: str, *, at_start: bool) -> str:
    """Escaped, with the spaces that a browser would swallow kept."""
    pattern = _SPACES if at_start else re.compile(r" {2,}")
    spaced = pattern.sub(lambda m: "\u00a0" * len(m[0]), text)
    return html.escape(spaced, quote=False).replace("\u00a0", "&nbsp;")


def _tidy(text: str) -> str:
    """Line ends of one kind, no control characters, no white space at the ends of lines."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    plain = _CONTROL.sub("", plain).replace("\u00a0", " ")
    return "\n".join(line.rstrip(" ") for line in plain.split("\n")).strip("\n").rstrip()


class _Reader(HTMLParser):
    """Collects the text of a document.

    Line breaks between blocks are owed (``_owed``) until the next piece of text, so that nested
    blocks do not add up.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Owe the breaks before a block; put down list marks, links and images."""
        given = {name: value or "" for name, value in attrs}
        if tag in _HIDDEN:
            self._hidden += 1
        elif tag == "br":
            self._put("\n")
        elif tag == "img":
            self._image(given)
        elif tag == "a":
            self._links.append((given.get("href", ""), len(self._parts)))
        elif tag in {"td", "th"}:
            self._cell()
        else:
            self._block(tag)

    def handle_endtag(self, tag: str) -> None:
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

    def handle_data(self, data: str) -> None:
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
        indent = "  " * max(0, len(self._lists) - 1)
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

    def _image(self, given: dict[str, str]) -> None:
        source, alt = given.get("src", ""), given.get("alt", "")
        if source:
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
        lead = shown[: len(shown) - len(shown.lstrip("\n"))]
        self._parts[start:] = [f"{lead}[{inner}]({address})" if inner else address]

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
