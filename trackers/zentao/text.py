"""ZenTao's HTML to our plain text and back.

ZenTao keeps ``spec``, ``verify`` and comments as HTML that its server sanitises. In chat they are
plain text: paragraphs, lists, tables and links stay recognisable, and images become
``![](address)``, which turns into the image again on the way back. The way back is only taken for
a field whose text somebody changed, so that the formatting of every other field survives.
"""

from __future__ import annotations

import html
import re

from trackers.zentao.html_reader import read_html

_TAG = re.compile(r"<[a-zA-Z/!]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\x85]")
_SPACES = re.compile(r"^ +| {2,}")
_MARKS = re.compile(
    r"!\[(?P<alt>[^\[\]\n]*)\]\((?P<src>(?:https?://|(?![a-zA-Z][\w+.-]*:))[^\s()<>\"]+)\)"
    r"|\[(?P<text>[^\[\]\n]+)\]\((?P<href>https?://[^\s()<>\"]+)\)"
    r"|(?P<url>https?://[^\s<>\"'()\[\]（）【】《》“”‘’，。；、！？]+)"
)


def to_text(value: str) -> str:
    """The plain text of an HTML field.

    A field without any tag is text that came over the API: its line breaks stand for themselves.
    """
    if not _TAG.search(value):
        return _tidy(html.unescape(value))
    return _tidy(read_html(value))


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
