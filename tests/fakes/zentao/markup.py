"""How ZenTao keeps text: titles escaped, long texts as cleaned HTML (facts §5)."""

from __future__ import annotations

import html
from html.parser import HTMLParser
from typing import Final

ALLOWED: Final = frozenset(
    [
        "a",
        "b",
        "blockquote",
        "br",
        "caption",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "u",
        "ul",
    ]
)
EMPTY: Final = frozenset({"br", "col", "hr", "img"})
SILENT: Final = frozenset({"script", "style", "iframe", "object"})
ATTRIBUTES: Final = frozenset(
    [
        "align",
        "alt",
        "border",
        "class",
        "colspan",
        "height",
        "href",
        "id",
        "rowspan",
        "size",
        "src",
        "style",
        "target",
        "title",
        "valign",
        "width",
    ]
)
COLOURS: Final = {
    "red": "#FF0000",
    "green": "#008000",
    "blue": "#0000FF",
    "yellow": "#FFFF00",
    "black": "#000000",
    "white": "#FFFFFF",
    "gray": "#808080",
}


def escape_title(title: str) -> str:
    """As a title is stored: PHP's ``htmlspecialchars`` with both quotes."""
    return html.escape(title, quote=False).replace('"', "&quot;").replace("'", "&#039;")


def decode_title(stored: str) -> str:
    """One level of escaping taken off, as v1 does in answers to GET."""
    for coded, plain in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#039;", "'")):
        stored = stored.replace(coded, plain)
    return stored.replace("&amp;", "&")


def escape_again(stored: str, *, v2: bool) -> str:
    """What happens to a title that was not sent: escaped once more; v2 drops emoji as well."""
    again = escape_title(stored)
    return "".join(letter for letter in again if ord(letter) <= 0xFFFF) if v2 else again


def purify(text: str) -> str:
    """Long text as it is stored: dangerous parts dropped, ``&`` and ``<`` escaped once."""
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    return cleaner.result()


def strip_tags(text: str) -> str:
    """Text without its tags (descriptions in lists of plans)."""
    stripper = _Cleaner(frozenset())
    stripper.feed(text)
    stripper.close()
    return stripper.result()


class _Cleaner(HTMLParser):
    def __init__(self, allowed: frozenset[str] = ALLOWED) -> None:
        super().__init__(convert_charrefs=True)
        self._allowed = allowed
        self._out: list[str] = []
        self._open: list[str] = []
        self._muted = 0

    def result(self) -> str:
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out)

    def handle_data(self, data: str) -> None:
        if not self._muted:
            self._out.append(html.escape(data, quote=False))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._muted += 1
            return
        if self._muted or tag not in self._allowed:
            return
        written = "".join(_attributes(tag, attrs))
        if tag in EMPTY:
            self._out.append(f"<{tag}{written} />")
            return
        self._open.append(tag)
        self._out.append(f"<{tag}{written}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._muted = max(0, self._muted - 1)
        elif not self._muted and tag in self._open:
            while self._open:
                last = self._open.pop()
                self._out.append(f"</{last}>")
                if last == tag:
                    break


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> list[str]:
    kept = {name: value or "" for name, value in attrs if name in ATTRIBUTES}
    for name in ("href", "src"):
        if kept.get(name, "").strip().lower().startswith(("javascript:", "vbscript:", "data:")):
            del kept[name]
    if tag == "img":
        if not kept.get("src"):
            return []
        kept.setdefault("alt", _file_name(kept["src"]))
    return [f' {name}="{_value(name, value)}"' for name, value in kept.items()]


def _file_name(src: str) -> str:
    return src.rsplit("/", 1)[-1]


def _value(name: str, value: str) -> str:
    if name == "style":
        return html.escape("".join(_declarations(value)))
    if name == "src" and value.startswith("/index.php?m=file&f=read"):
        return value  # ZenTao writes links to its own files itself, unescaped
    return html.escape(value)


def _declarations(style: str) -> list[str]:
    parts: list[str] = []
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        if name.strip() and value.strip():
            plain = value.strip()
            parts.append(f"{name.strip().lower()}:{COLOURS.get(plain.lower(), plain)};")
    return parts
