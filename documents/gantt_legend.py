"""What the shapes of a plan chart mean."""

from __future__ import annotations

from documents.chart import Chart, State
from documents.gantt_style import COLOURS, MUTED, RED, SHADE
from documents.svg import element, fitted, label, text_width
from documents.texts import say

_SIZE = 12.0
_SWATCH = 22.0
_GAP = 18.0


def legend(chart: Chart, left: float, top: float, width: float) -> tuple[list[str], float]:
    """The legend from ``top`` on, wrapped at ``width``, and the height of the whole picture."""
    parts: list[str] = []
    x, y = left, top + 14
    for key, swatch in (
        ("done_part", _box(COLOURS[State.RUNNING].done)),
        ("open_part", _box(COLOURS[State.RUNNING].rest)),
        ("done", _box(COLOURS[State.DONE].done)),
        ("overdue", _box(COLOURS[State.OVERDUE].done)),
        ("milestone", _diamond()),
        ("free", _box(SHADE)),
        ("today", _dashes()),
    ):
        text = say(chart.locale, f"document.chart.{key}")
        needed = _SWATCH + 6 + text_width(text, _SIZE)
        if x > left and x + needed > left + width:
            x, y = left, y + 20
        parts.append(element("g", swatch, transform=f"translate({x:g} {y - 10:g})"))
        parts.append(label(text, x + _SWATCH + 6, y, font_size=_SIZE, fill=MUTED))
        x += needed + _GAP
    if chart.note:
        y += 20
        parts.append(label(fitted(chart.note, _SIZE, width), left, y, font_size=_SIZE, fill=RED))
    return parts, y + 16


def _box(fill: str) -> str:
    return element("rect", x=0, y=0, width=_SWATCH, height=12, rx=2, fill=fill)


def _diamond() -> str:
    return element("polygon", points="11,-1 18,6 11,13 4,6", fill=COLOURS[State.RUNNING].mark)


def _dashes() -> str:
    return element(
        "line", x1=11, y1=-2, x2=11, y2=14, stroke=RED, stroke_width=1.5, stroke_dasharray="4 3"
    )
