"""A few SVG elements, everything escaped, and text that fits its place."""

from __future__ import annotations

import unicodedata
from xml.sax.saxutils import escape, quoteattr

_WIDE = frozenset("WF")
_ELLIPSIS = "…"
_NARROW = frozenset("ijlI.,:;'|!()[] ftr1")


def clean(text: str) -> str:
    """The text on one line, without what XML forbids or what turns the writing direction."""
    return "".join(
        " " if c in "\t\r\n" else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cf", "Cn")
    )


def text_width(text: str, size: float) -> float:
    """About how wide a text is drawn, in pixels: good to a few percent, and rather too wide."""
    return size * sum(_em(c) for c in text)


def _em(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in _WIDE:
        return 1.0
    if char in _NARROW:
        return 0.36
    return 0.72 if char.isupper() else 0.58


def fitted(text: str, size: float, width: float) -> str:
    """The text, cut with an ellipsis when it is wider than its place."""
    text = clean(text)
    if text_width(text, size) <= width:
        return text
    room = width - text_width(_ELLIPSIS, size)
    kept = 0
    for char in text:
        room -= _em(char) * size
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + _ELLIPSIS


def element(name: str, content: str = "", /, **attributes: str | float) -> str:
    """An element; ``content`` is markup already. Underscores in attribute names become hyphens."""
    pairs = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def label(text: str, x: float, y: float, **attributes: str | float) -> str:
    """A text element of foreign text."""
    return element("text", escape(clean(text)), x=x, y=y, **attributes)


def titled(markup: str, title: str) -> str:
    """A group that shows a tooltip and is read out by screen readers."""
    return element("g", element("title", escape(clean(title))) + markup)


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
