"""A plan as people keep it in a spreadsheet program."""

from __future__ import annotations

import io
from datetime import date, timedelta

from openpyxl import Workbook
from openpyxl.styles import Font

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def plan_sheet(today: date) -> bytes:
    """A merged title row, Chinese headers, dates as cells and text, a milestone, owners by name."""

    def day(offset: int) -> date:
        return today + timedelta(days=offset)

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "产品计划"
    sheet["A1"] = "物流运输管理系统 V2.0 产品计划"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.merge_cells("A1:F1")
    sheet.append(["类型", "名称", "开始日期", "结束日期", "负责人", "前置"])
    first, second = day(-20), day(15)
    sheet.append(["阶段", "需求评审", first, day(4), "陈敏", None])
    sheet.append(["阶段", "开发", _text(day(5)), _text(second), "dev", "需求评审"])
    sheet.append(["阶段", "测试", day(16), _slashes(day(30)), "赵倩", "开发"])
    sheet.append(["里程碑", "上线", None, day(31), None, "测试"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _slashes(day: date) -> str:
    return f"{day.year}/{day.month:02}/{day.day:02}"


def wrong_sheet() -> bytes:
    """The second row ends before it begins, the third has a date that does not exist."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["阶段", "开始", "结束"])
    sheet.append(["设计", date(2027, 3, 1), date(2027, 3, 9)])
    sheet.append(["开发", date(2027, 4, 9), date(2027, 4, 1)])
    sheet.append(["测试", "2027-02-30", "2027-03-09"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
