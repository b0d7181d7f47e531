"""Plans as people keep them in a spreadsheet program, in two languages."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta

from openpyxl import Workbook

HEADS = (
    ("类型", "名称", "开始日期", "结束日期", "负责人", "前置"),
    ("Type", "Name", "Start", "End", "Owner", "After"),
)
TITLES = ("物流运输管理系统 V2.0 产品计划", "Transport V2.0 product plan")
PHASE, MILESTONE = ("阶段", "Phase"), ("里程碑", "Milestone")
REVIEW, BUILD, TEST, LIVE = (
    ("需求评审", "Story review"), ("开发", "Development"), ("测试", "Testing"), ("上线", "Go-live"),
)  # fmt: skip


def plan_sheet(today: date, at: int, people: Sequence[str]) -> bytes:
    """A title, headers in words, dates as cells and as text, a milestone, owners by name.

    :param at: 0 for Chinese, 1 for English; :param people: owners of review and testing.
    """

    def day(offset: int) -> date:
        return today + timedelta(days=offset)

    first, third = people
    return _book(
        [TITLES[at]],
        HEADS[at],
        [PHASE[at], REVIEW[at], day(-20), day(4), first, None],
        [PHASE[at], BUILD[at], day(7).isoformat(), day(15).isoformat(), None, REVIEW[at]],
        [PHASE[at], TEST[at], day(16), day(30), third, BUILD[at]],
        [MILESTONE[at], LIVE[at], None, day(31), None, TEST[at]],
    )


def wrong_sheet(at: int) -> bytes:
    """The second row ends before it begins, the third has a date that does not exist."""
    return _book(
        (("阶段", "开始", "结束"), ("Phase", "Start", "End"))[at],
        [("设计", "Design")[at], date(2027, 3, 1), date(2027, 3, 9)],
        [BUILD[at], date(2027, 4, 9), date(2027, 4, 1)],
        [TEST[at], "2027-02-30", "2027-03-09"],
    )


def _book(*rows: Sequence[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()
