"""Draws a plan chart as SVG: phases as bars, milestones as diamonds, a line for today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from documents.chart import Chart, MilestoneRow, PhaseRow, Row, State
from documents.fonts import NO_FONT, ChartFont
from documents.gantt_legend import legend
from documents.gantt_scale import Scale, fit
from documents.gantt_style import COLOURS, INK, LINE, MUTED, RED, SHADE, STRIPE, Colours
from documents.svg import clean, element, fitted, label, text_width, titled
from documents.texts import full_day, say

WIDTH = 860.0
"""Pixels; at a chat's width the smallest letters are still readable."""

_MARGIN = 20.0
_NAMES = 216.0
_TOP = 86.0
_HEADER = 44.0
_ROW = 38.0
_BAR = 16.0
_SMALL, _PLAIN = 12.0, 14.0
_FALLBACKS = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif"


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where everything lies."""

    chart: Chart
    scale: Scale
    body: float
    bottom: float

    @property
    def right(self) -> float:
        return WIDTH - _MARGIN

    def middle(self, index: int) -> float:
        return self.body + index * _ROW + _ROW / 2


def draw(chart: Chart, font: ChartFont = NO_FONT) -> str:
    """The chart as a self-contained SVG document.

    Nothing in it refers to the outside, runs, or was copied unescaped from what people typed. A
    plan without dates gives a picture that says so.
    """
    days = chart.days or (chart.today, chart.today)
    left = _MARGIN + _NAMES
    scale = fit(*days, chart.today, left, WIDTH - _MARGIN - left)
    body = _TOP + _HEADER
    bottom = body + max(len(chart.rows), 1) * _ROW
    frame = _Frame(chart, scale, body, bottom)
    foot, height = legend(chart, _MARGIN, bottom + 14, WIDTH - 2 * _MARGIN)
    parts = [
        element("rect", x=0, y=0, width=WIDTH, height=height, fill="#ffffff"),
        *_title(chart),
        *_stripes(frame),
        *_shades(frame),
        *_header(frame),
        *_today_line(frame),
        *(_row(frame, index, row) for index, row in enumerate(chart.rows)),
        *_today_mark(frame),
        *foot,
    ]
    if not chart.rows:
        text = say(chart.locale, "document.chart.empty")
        parts.append(label(text, _MARGIN, frame.middle(0) + 5, font_size=_PLAIN, fill=MUTED))
    return _document(chart, font, height, "".join(parts))


def describe(chart: Chart) -> str:
    """The chart in words, for those who cannot see it."""
    spans = [_described(chart.locale, row) for row in chart.rows]
    return "; ".join([clean(chart.title), *spans])


def _document(chart: Chart, font: ChartFont, height: float, content: str) -> str:
    family = f"'{font.family}',{_FALLBACKS}" if font.files else _FALLBACKS
    named = element("title", escape(clean(chart.title))) + element("desc", escape(describe(chart)))
    return element(
        "svg",
        named + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {height:g}",
        width=WIDTH,
        height=height,
        role="img",
        font_family=family,
        fill=INK,
    )


def _title(chart: Chart) -> list[str]:
    room = WIDTH - 2 * _MARGIN
    return [
        label(fitted(chart.title, 20, room), _MARGIN, 34, font_size=20, font_weight="bold"),
        label(fitted(chart.subtitle, 13, room), _MARGIN, 58, font_size=13, fill=MUTED),
    ]


def _stripes(frame: _Frame) -> list[str]:
    width = frame.right - _MARGIN
    return [
        element(
            "rect", x=_MARGIN, y=frame.middle(i) - _ROW / 2, width=width, height=_ROW, fill=STRIPE
        )
        for i in range(1, len(frame.chart.rows), 2)
    ]


def _shades(frame: _Frame) -> list[str]:
    height = frame.bottom - frame.body
    return [
        element("rect", x=x, y=frame.body, width=width, height=height, fill=SHADE)
        for x, width in frame.scale.free(frame.chart.calendar)
    ]


def _header(frame: _Frame) -> list[str]:
    locale, half = frame.chart.locale, _HEADER / 2
    out: list[str] = []
    coarse, fine = frame.scale.coarse(locale), frame.scale.fine(locale)
    for tick in coarse:
        out.append(_line(tick.x, _TOP, tick.x, frame.bottom))
        if text_width(tick.label, _SMALL) + 8 <= tick.width:
            y = _TOP + half - 7
            out.append(label(tick.label, tick.x + 5, y, font_size=_SMALL, font_weight="bold"))
    for tick in fine:
        out.append(_line(tick.x, _TOP + half, tick.x, frame.body))
        if text_width(tick.label, 11) + 3 <= tick.width:
            x, y = tick.x + tick.width / 2, frame.body - 7
            out.append(label(tick.label, x, y, font_size=11, fill=MUTED, text_anchor="middle"))
    out.extend(_line(tick.x, frame.body, tick.x, frame.bottom, faint=True) for tick in fine)
    rules = (_TOP, frame.body, frame.bottom) + ((_TOP + half,) if coarse else ())
    out.extend(_line(_MARGIN, y, frame.right, y) for y in rules)
    return out


def _line(x1: float, y1: float, x2: float, y2: float, *, faint: bool = False) -> str:
    opacity = 0.45 if faint else 1
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=LINE, stroke_opacity=opacity)


def _row(frame: _Frame, index: int, row: Row) -> str:
    middle = frame.middle(index)
    colours = COLOURS[row.state]
    shape = (
        _bar(frame, row, middle, colours)
        if isinstance(row, PhaseRow)
        else _diamond(frame, row, middle, colours)
    )
    markup = _names(row, middle, colours) + shape
    return titled(markup, _described(frame.chart.locale, row))


def _names(row: Row, middle: float, colours: Colours) -> str:
    room = _NAMES - 20
    weight = "normal" if isinstance(row, MilestoneRow) else "bold"
    if not row.owner:
        name = fitted(row.name, _PLAIN, room)
        y = middle + 5
        return label(name, _MARGIN + 4, y, font_size=_PLAIN, font_weight=weight, fill=colours.name)
    name = fitted(row.name, _PLAIN, room)
    owner = fitted(row.owner, _SMALL, room)
    return label(
        name, _MARGIN + 4, middle - 1, font_size=_PLAIN, font_weight=weight, fill=colours.name
    ) + label(owner, _MARGIN + 4, middle + 14, font_size=_SMALL, fill=MUTED)


def _bar(frame: _Frame, row: PhaseRow, middle: float, colours: Colours) -> str:
    start, end = frame.scale.x(row.first), frame.scale.end(row.last)
    width = max(end - start, 3.0)
    top = middle - _BAR / 2
    out = element("rect", x=start, y=top, width=width, height=_BAR, rx=3, fill=colours.rest)
    if row.percent:
        done = width * row.percent / 100
        out += element("rect", x=start, y=top, width=done, height=_BAR, rx=3, fill=colours.done)
    return out + _beside(frame, _facts(frame.chart.locale, row), (start, end), middle, colours)


def _diamond(frame: _Frame, row: MilestoneRow, middle: float, colours: Colours) -> str:
    half = 8.0
    x = (frame.scale.x(row.day) + frame.scale.end(row.day)) / 2
    points = ((x, middle - half), (x + half, middle), (x, middle + half), (x - half, middle))
    path = " ".join(f"{a:.2f},{b:.2f}" for a, b in points)
    shape = element("polygon", points=path, fill=colours.mark, stroke="#ffffff")
    facts = _facts(frame.chart.locale, row)
    return shape + _beside(frame, facts, (x - half, x + half), middle, colours)


def _beside(
    frame: _Frame, text: str, edges: tuple[float, float], middle: float, colours: Colours
) -> str:
    """The facts to the right of a shape, else to its left, else inside it."""
    start, end = edges
    width = text_width(text, _SMALL)
    y = middle + 4.5
    look = {"font_size": _SMALL, "fill": colours.text}
    halo = {"stroke": "#ffffff", "stroke_width": 3, "paint_order": "stroke"}
    if end + 7 + width <= frame.right:
        return label(text, end + 7, y, **look, **halo)
    if start - 7 - width >= frame.scale.left:
        return label(text, start - 7, y, text_anchor="end", **look, **halo)
    return label(fitted(text, _SMALL, end - start - 12), start + 6, y, **{**look, "fill": INK})


def _facts(locale: str, row: Row) -> str:
    parts = [_short_span(row)]
    if isinstance(row, PhaseRow) and row.state is not State.DONE:
        parts.append(f"{row.percent}%")
    if row.state is State.DONE:
        parts.append("✓")
    if row.state is State.OVERDUE:
        parts.append(_lateness(locale, row))
    return " · ".join(parts)


def _lateness(locale: str, row: Row) -> str:
    """How late it is; a weekend just after its end counts no working day yet."""
    if row.late:
        return say(locale, "document.chart.late", n=row.late)
    return say(locale, "document.chart.overdue")


def _short_span(row: Row) -> str:
    if isinstance(row, MilestoneRow):
        return _short(row.day)
    if row.first == row.last:
        return _short(row.first)
    return f"{_short(row.first)}–{_short(row.last)}"


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"


def _described(locale: str, row: Row) -> str:
    if isinstance(row, MilestoneRow):
        when = full_day(locale, row.day)
        percent = ""
    else:
        when = f"{full_day(locale, row.first)} – {full_day(locale, row.last)}"
        percent = f"{row.percent}%"
    overdue = row.state is State.OVERDUE
    state = _lateness(locale, row) if overdue else say(locale, f"document.chart.{row.state.value}")
    parts = (clean(row.name), clean(row.owner), when, percent, state)
    return " · ".join(part for part in parts if part)


def _today_x(frame: _Frame) -> float | None:
    today, scale = frame.chart.today, frame.scale
    return (scale.x(today) + scale.end(today)) / 2 if scale.contains(today) else None


def _today_line(frame: _Frame) -> list[str]:
    """Under the rows, so that it never crosses out a word."""
    x = _today_x(frame)
    if x is None:
        return []
    return [
        element(
            "line", x1=x, y1=_TOP, x2=x, y2=frame.bottom, stroke=RED, stroke_width=1.5,
            stroke_dasharray="4 3",
        )
    ]  # fmt: skip


def _today_mark(frame: _Frame) -> list[str]:
    x = _today_x(frame)
    if x is None:
        return []
    text = f"{say(frame.chart.locale, 'document.chart.today')} {_short(frame.chart.today)}"
    width = text_width(text, 11) + 10
    left = min(max(x - width / 2, frame.scale.left), frame.right - width)
    y = _TOP - 17
    return [
        element("rect", x=left, y=y, width=width, height=17, rx=8.5, fill=RED),
        label(text, left + width / 2, y + 12.5, font_size=11, fill="#ffffff", text_anchor="middle"),
    ]
