"""HTML cut into tags and text, in time that grows with its length whatever is in it.

Python's own parser needs minutes for a page of tags that never end, which anybody may write into a
story. What ZenTao stores was tidied by its server; anything else is read as a browser would, or
shown as it is.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ATTRIBUTE = re.compile(r"([^\s\"'=/<>]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_NAME = re.compile(r"[a-zA-Z][^\s/<>]*")
_IN_A_TAG = re.compile(r"[<>]|=\s*[\"']")
_RAW = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style")}
"""What is in these is no markup: it goes on to their own end tag."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag.

    :param name: in small letters. :param ends: it is an end tag.
    """

    name: str
    ends: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


def pieces(value: str) -> Iterator[Tag | str]:
    """The tags and texts of a document; its comments and declarations are left out."""
    at = 0
    while at < len(value):
        opened = value.find("<", at)
        if opened < 0:
            break
        if opened > at:
            yield html.unescape(value[at:opened])
        if value.startswith(("<!", "<?"), opened):
            at = _after_comment(value, opened)
            continue
        found, at = _tag(value, opened)
        yield found
        if isinstance(found, Tag) and found.name in _RAW and not found.ends:
            end = _RAW[found.name].search(value, at)
            at = end.start() if end else len(value)
    if at < len(value):
        yield html.unescape(value[at:])


def _after_comment(value: str, start: int) -> int:
    """Behind a comment or declaration; one that never ends is all of the rest."""
    ending = "-->" if value.startswith("<!--", start) else ">"
    end = value.find(ending, start)
    return end + len(ending) if end >= 0 else len(value)


def _tag(value: str, start: int) -> tuple[Tag | str, int]:
    """The tag that begins here, or the text if it is just a sign; and where that ends.

    A tag that never ends is text as far as it was looked at: nothing is looked at twice.
    """
    ends = value.startswith("</", start)
    name = _NAME.match(value, start + 1 + ends)
    if name is None:
        return "<", start + 1
    close = _close(value, name.end())
    if value[close : close + 1] != ">":
        return html.unescape(value[start:close]), close
    return Tag(name[0].lower(), ends, _attributes(value[name.end() : close])), close + 1


def _close(value: str, at: int) -> int:
    """Where the ``>`` of a tag is, past those in its quoted values; else where there is none."""
    while (sign := _IN_A_TAG.search(value, at)) is not None:
        if sign[0] in "<>":
            return sign.start()
        at = value.find(sign[0][-1], sign.end()) + 1
        if at == 0:
            break
    return len(value)


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        plain = value[1:-1] if value[:1] in {'"', "'"} else value
        found.setdefault(name.lower(), html.unescape(plain))
    return found
