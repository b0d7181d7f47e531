from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta

import pytest

from documents.chart import Chart, MilestoneRow, PhaseRow, State
from documents.fonts import find_font
from documents.gantt import WIDTH, describe, draw
from documents.gantt_scale import Scale, Unit, fit
from documents.plan_view import chart_of, days_late, parts_in_order, state_of
from documents.png import render
from documents.svg import clean, fitted, text_width
from tests.documents.samples import CALENDAR, HOSTILE, PLAN, TODAY, long_plan, view

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(svg).iter(f"{SVG}text")]


def chart(*rows: PhaseRow | MilestoneRow, today: date = TODAY, locale: str = "zh") -> Chart:
    return Chart("标题", "副标题", rows, today, CALENDAR, locale)


@pytest.mark.parametrize(
    ("part", "today", "state", "late"),
    [
        pytest.param(PLAN.phases[0], TODAY, State.DONE, 0, id="done stays done after its end"),
        pytest.param(PLAN.phases[1], TODAY, State.OVERDUE, 3, id="not done, three days past"),
        pytest.param(PLAN.phases[1], date(2026, 10, 13), State.RUNNING, 0, id="on its last day"),
        pytest.param(PLAN.phases[2], TODAY, State.PLANNED, 0, id="before its first day"),
        pytest.param(PLAN.phases[2], date(2026, 10, 19), State.RUNNING, 0, id="first day begun"),
        pytest.param(PLAN.milestones[1], date(2026, 11, 6), State.PLANNED, 0, id="milestone today"),
        pytest.param(
            PLAN.milestones[1], date(2026, 11, 9), State.OVERDUE, 1, id="milestone missed"
        ),
        pytest.param(
            PLAN.milestones[1], date(2026, 11, 7), State.OVERDUE, 0, id="missed, on the weekend"
        ),
    ],
)
def test_state_of_a_part(part, today, state, late):
    assert (state_of(part, today), days_late(part, today, CALENDAR)) == (state, late)


def test_milestones_stand_below_their_phase_and_those_of_the_plan_last():
    assert [p.id for p in parts_in_order(PLAN)] == ["p1", "m1", "p2", "p3", "m2"]


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_plan_is_drawn_with_names_owners_dates_and_lateness(locale):
    shown = texts(draw(chart_of(view(), locale)))
    for word in ("开发与联调", "陈浩", "正式上线", "9/14–9/25 · ✓"):
        assert word in shown
    late = {
        "zh": "9/21–10/13 · 60% · 逾期 3 个工作日",
        "en": "9/21–10/13 · 60% · 3 working days late",
    }
    assert late[locale] in shown
    assert {"zh": "今天 10/16", "en": "Today 10/16"}[locale] in shown
    legend = {"zh": {"里程碑", "非工作日", "逾期"}, "en": {"Milestone", "Days off", "Overdue"}}
    assert legend[locale] <= set(shown)


def test_bars_lie_where_their_dates_are():
    row = PhaseRow("a", "", date(2026, 10, 12), date(2026, 10, 16), 40, State.RUNNING)
    picture = chart(row)
    assert picture.days is not None
    left = 236.0
    scale = fit(*picture.days, TODAY, left, WIDTH - 20 - left)
    rects = [e.attrib for e in ET.fromstring(draw(picture)).iter(f"{SVG}rect")]
    bar = next(r for r in rects if r.get("height") == "16")
    assert float(bar["x"]) == pytest.approx(scale.x(row.first), abs=0.01)
    assert float(bar["width"]) == pytest.approx(5 * scale.day_width, abs=0.02)
    done = [r for r in rects if r.get("height") == "16"][1]
    assert float(done["width"]) == pytest.approx(0.4 * 5 * scale.day_width, abs=0.02)


@pytest.mark.parametrize(
    ("days", "unit", "first_label"),
    [
        pytest.param(14, Unit.DAY, "5", id="two weeks: days"),
        pytest.param(60, Unit.WEEK, "1/5", id="two months: weeks"),
        pytest.param(300, Unit.MONTH, "1月", id="ten months: months"),
        pytest.param(730, Unit.MONTH, "1月", id="two years: months"),
        pytest.param(1500, Unit.QUARTER, "Q1", id="four years: quarters"),
        pytest.param(9000, Unit.YEAR, "2026年", id="25 years: years"),
    ],
)
def test_the_header_scales_with_the_span(days, unit, first_label):
    first = date(2026, 1, 5)
    scale = fit(first, first + timedelta(days=days - 1), first, 0, 640)
    assert scale.unit is unit
    assert scale.fine("zh")[0].label == first_label


@pytest.mark.parametrize("days", [14, 60, 300, 730, 1500])
def test_header_cells_cover_the_axis_without_gap_or_overlap(days):
    first = date(2026, 1, 31)
    scale = fit(first, first + timedelta(days=days - 1), first, 100, 640)
    for ticks in (scale.fine("en"), scale.coarse("en")):
        edge = 100.0
        for tick in ticks:
            assert tick.x == pytest.approx(edge)
            edge = tick.x + tick.width
        assert edge == pytest.approx(740)


def test_today_is_brought_onto_the_axis_when_near_and_left_off_when_far():
    first, last = date(2026, 9, 1), date(2026, 9, 30)
    assert fit(first, last, date(2026, 10, 5), 0, 600).contains(date(2026, 10, 5))
    far = fit(first, last, date(2027, 3, 1), 0, 600)
    assert not far.contains(date(2027, 3, 1))
    row = PhaseRow("a", "", first, last, 0, State.OVERDUE, 152)
    assert not any("今天 " in t for t in texts(draw(chart(row, today=date(2027, 3, 1)))))


def free_days(scale: Scale) -> float:
    return sum(width for _, width in scale.free(CALENDAR)) / scale.day_width


def test_shaded_days_follow_the_make_up_calendar():
    # 2026: off from October 1 to 7, and Saturday October 10 is worked for it.
    scale = Scale(date(2026, 9, 28), date(2026, 10, 11), 0, 1400)
    assert free_days(scale) == pytest.approx(8)
    spans = scale.free(CALENDAR)
    assert [round(x / 100) for x, _ in spans] == [3, 13]


def test_over_a_long_span_only_long_breaks_are_shaded():
    scale = Scale(date(2026, 1, 5), date(2026, 12, 27), 0, 357)  # a pixel a day
    assert all(width >= 3 for _, width in scale.free(CALENDAR))
    assert len(scale.free(CALENDAR)) < 10


def test_typed_text_cannot_become_markup():
    row = PhaseRow(HOSTILE, HOSTILE, date(2026, 10, 12), date(2026, 10, 16), 0, State.RUNNING)
    svg = draw(Chart(HOSTILE, HOSTILE, (row,), TODAY, CALENDAR, "zh", HOSTILE))
    root = ET.fromstring(svg)
    assert not list(root.iter(f"{SVG}script"))
    assert "\u202e" not in svg
    assert not re.search(r"(?:href|src|on\w+)\s*=", svg)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_an_empty_plan_says_so(locale):
    svg = draw(chart_of(view(long_plan(0, 1)), locale))
    expected = {
        "zh": "计划里还没有阶段和里程碑。",
        "en": "The plan has no phases or milestones yet.",
    }
    assert expected[locale] in texts(svg)


def test_a_span_into_a_year_without_holiday_data_is_said_below_the_legend():
    far = replace(PLAN.phases[2], starts=date(2027, 1, 4), ends=date(2032, 3, 1))
    shown = texts(draw(chart_of(view(PLAN.with_phases([far])), "zh")))
    assert any("节假日安排还没有公布" in t for t in shown)


@pytest.mark.parametrize(("phases", "days"), [(3, 10), (25, 14), (25, 28), (200, 5)])
def test_every_row_has_its_place_and_nothing_leaves_the_picture(phases, days):
    root = ET.fromstring(draw(chart_of(view(long_plan(phases, days)), "zh")))
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for element in root.iter(f"{SVG}text"):
        size = float(element.attrib["font-size"])
        wide = text_width(element.text or "", size)
        x, y = float(element.attrib["x"]), float(element.attrib["y"])
        anchor = element.attrib.get("text-anchor", "start")
        start = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        assert start >= -1
        assert start + wide <= width + 1
        assert 0 < y <= height


def test_the_chart_in_words_names_every_part():
    words = describe(chart_of(view(), "en"))
    for part in ("开发与联调 · 陈浩 · Mon 2026-09-21 – Tue 2026-10-13 · 60% · 3 working days late",
                 "正式上线 · Fri 2026-11-06 · Not started"):  # fmt: skip
        assert part in words


def test_png_has_the_charts_size_and_draws_chinese():
    font = find_font()
    if not font.chinese:
        pytest.skip("no font with Chinese on this machine")
    svg = draw(chart_of(view(), "zh"), font)
    png = render(svg, font)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    box = ET.fromstring(svg).attrib["viewBox"].split()
    assert (width, height) == (2 * int(box[2]), 2 * float(box[3]))
    # Two different ideographs give two different pictures: no box stands for both.
    one, other = (render(draw(Chart(c, "", (), TODAY, CALENDAR, "zh"), font), font) for c in "督办")
    assert one != other


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        pytest.param("督办", 30, "督办", id="fits"),
        pytest.param("督办系统上线", 50, "督办系…", id="cut"),
        pytest.param("a\nb\tc", 99, "a b c", id="one line"),
        pytest.param("x\u202ey\x00z", 99, "xyz", id="no direction marks, no controls"),
    ],
)
def test_text_is_cut_to_its_place(text, width, shown):
    assert fitted(text, 12, width) == shown
    assert clean(shown) == shown
