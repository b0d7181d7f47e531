"""Spreadsheets as people send them: what comes out of each, and what each refusal says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from documents.tables import read_table
from domain.errors import UserError
from domain.ports import Cell


def xlsx(build: Callable[[Worksheet], None]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    build(sheet)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for each in old.infolist():
            content = old.read(each)
            new.writestr(each.filename, change(content) if each.filename == member else content)
    return out.getvalue()


def midnight(day: int) -> datetime:
    """What a date cell comes out as: spreadsheets know no zones."""
    return datetime.combine(date(2026, 9, day), time())


def test_titles_dates_gaps_and_hidden_rows_keep_their_places() -> None:
    def build(sheet: Worksheet) -> None:
        sheet["A1"] = "V2.0 上线计划"
        sheet.merge_cells("A1:D1")
        sheet.append(["名称", "开始", "结束", "进度"])
        sheet.append(["设计", date(2026, 9, 14), date(2026, 9, 25), 0.5])
        sheet.cell(6, 1, "开发")
        sheet.cell(6, 2, "2026-09-28")
        sheet.cell(6, 4, True)
        sheet.row_dimensions[3].hidden = True
        sheet.cell(9, 3, "   ")

    assert read_table(xlsx(build), "计划.xlsx") == [
        ["V2.0 上线计划"],
        ["名称", "开始", "结束", "进度"],
        ["设计", midnight(14), midnight(25), 0.5],
        [],
        [],
        ["开发", "2026-09-28", None, True],
    ]


def test_the_first_visible_sheet_with_content_is_read() -> None:
    book = Workbook()
    empty = book.active
    assert isinstance(empty, Worksheet)
    empty["C7"] = "  "
    hidden = book.create_sheet("草稿")
    hidden["A1"] = "不要"
    hidden.sheet_state = "hidden"
    book.create_sheet("计划")["A1"] = "要"
    assert read_table(saved(book), "x.xlsx") == [["要"]]


def test_times_become_text_and_drop_downs_do_not_disturb() -> None:
    def build(sheet: Worksheet) -> None:
        sheet["A1"] = time(9, 30)
        choice = DataValidation(type="list", formula1='"a,b"')
        choice.add("B1")
        sheet.add_data_validation(choice)

    assert read_table(xlsx(build), "x.xlsx") == [["09:30"]]


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        pytest.param(b'<c r="B1"><f>A1+3</f><v>5</v></c>', [[2, 5]], id="a number"),
        pytest.param(b'<c r="B1" t="str"><f>A1&amp;""</f><v></v></c>', [[2]], id="empty text"),
    ],
)
def test_a_formula_counts_by_its_saved_result(result: bytes, expected: list[list[Cell]]) -> None:
    def build(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"] = 2, "=A1+3"

    def filled(content: bytes) -> bytes:
        return re.sub(rb'<c r="B1".*?</c>', lambda _: result, content)

    assert read_table(repacked(xlsx(build), SHEET, filled), "x.xlsx") == expected


def test_formulas_without_a_result_are_named() -> None:
    def build(sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["C2"] = 2, "=A1+3", "=A1+4"

    with pytest.raises(UserError) as caught:
        read_table(xlsx(build), "x.xlsx")
    assert (caught.value.key, caught.value.params["cells"]) == ("file.no_value", "B1, C2")


def rows_of(count: int, gap: int = 0) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("x")
    for number in range(count):
        sheet.append([number])
    for _ in range(gap):
        sheet.append([])
    return saved(book)


def test_ten_thousand_rows_are_read() -> None:
    rows = read_table(rows_of(10_000, gap=500), "x.xlsx")
    assert (len(rows), rows[-1]) == (10_000, [9_999])


def test_ten_thousand_rows_of_csv_are_read() -> None:
    assert len(read_table(b"a,b\n" * 10_000, "x.csv")) == 10_000


TABLE = "名称,开始\n设计,2026-09-14\n"
READ = [["名称", "开始"], ["设计", "2026-09-14"]]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(TABLE.encode(), id="utf-8"),
        pytest.param(TABLE.encode("utf-8-sig"), id="utf-8 with a mark"),
        pytest.param(TABLE.encode("gb18030"), id="gb18030, from Chinese Excel"),
        pytest.param(TABLE.encode("utf-16"), id="utf-16 with a mark"),
        pytest.param(TABLE.replace(",", ";").encode(), id="semicolons"),
        pytest.param(TABLE.replace(",", "\t").encode("utf-16"), id="tabs, Excel's unicode text"),
        pytest.param(TABLE.replace("\n", "\r\n").encode(), id="windows lines"),
        pytest.param(("sep=|\n" + TABLE.replace(",", "|")).encode(), id="named separator"),
    ],
)
def test_csv_of_every_kind(data: bytes) -> None:
    assert read_table(data, "计划.csv") == READ


def test_quotes_keep_separators_and_lines_together() -> None:
    data = b'name,note\n"a, b","two\nlines"\n\n  ,\nc;d;e,x\n'
    assert read_table(data, "x.csv") == [
        ["name", "note"],
        ["a, b", "two\nlines"],
        [],
        [],
        ["c;d;e", "x"],
    ]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 * 1024 * 1024))
    return out.getvalue()


def with_entities() -> bytes:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    return repacked(xlsx(lambda sheet: sheet.append(["a"])), "xl/workbook.xml", lambda _: evil)


def other_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", b"<x/>")
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
WHOLE = xlsx(lambda sheet: sheet.append(["a"]))


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        pytest.param(b"x" * (50 * 1024 * 1024), "x.xlsx", "file.too_large", id="50 MB"),
        pytest.param(b"", "x.csv", "file.empty", id="nothing"),
        pytest.param(b" \n,,\n", "x.csv", "file.empty", id="only separators"),
        pytest.param(xlsx(lambda _: None), "x.xlsx", "file.empty", id="empty workbook"),
        pytest.param(b"hello", "x.xlsx", "file.not_a_sheet", id="renamed text"),
        pytest.param(OLE, "x.xls", "file.old_format", id="old xls"),
        pytest.param(OLE, "x.xlsx", "file.old_format", id="old xls, renamed"),
        pytest.param(
            OLE + "EncryptedPackage".encode("utf-16-le"), "x.xlsx", "file.locked", id="password"
        ),
        pytest.param(b"<html><table></table>", "x.xls", "file.web_page", id="web page as xls"),
        pytest.param(other_zip(), "x.xlsx", "file.not_a_sheet", id="Word as xlsx"),
        pytest.param(WHOLE[:-200], "x.xlsx", "file.broken", id="cut off"),
        pytest.param(bomb(), "x.xlsx", "file.too_large_inside", id="zip bomb"),
        pytest.param(with_entities(), "x.xlsx", "file.broken", id="entities"),
        pytest.param(rows_of(10_001), "x.xlsx", "file.too_many_rows", id="10,001 rows"),
        pytest.param(b"a,b\n" * 10_001, "x.csv", "file.too_many_rows", id="10,001 rows of csv"),
        pytest.param(b"a," * 150 + b"z", "x.csv", "file.too_many_columns", id="151 columns"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "x.csv", "file.not_a_table", id="picture"),
        pytest.param(bytes(range(256)) * 9, "x.csv", "file.not_a_table", id="random bytes"),
        pytest.param(b'"' + b"a" * 200_000, "x.csv", "file.broken", id="endless cell"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, name: str, key: str) -> None:
    with pytest.raises(UserError) as caught:
        read_table(data, name)
    assert caught.value.key == key
