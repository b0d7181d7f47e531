"""``/story import``: everything or nothing, and each wrong row by line and reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from commands.stories.sheet import MAX_ROWS
from domain.messages import FileRef
from domain.stories import Status, Story
from tests.harness import Team

Row = tuple[object, ...]
Maker = Callable[..., FileRef]

ZH = ("标题*", "描述", "验收标准", "优先级", "类别", "模块", "预计工时", "评审人", "指派给")
EN = (
    "Title", "Description", "Acceptance", "Priority", "Category", "Module", "Estimate",
    "Reviewers", "Assignee",
)  # fmt: skip


def as_csv(team: Team, *rows: Row) -> FileRef:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return team.upload("stories.csv", out.getvalue().encode("utf-8-sig"), "text/csv")


def as_xlsx(team: Team, *rows: Row) -> FileRef:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return team.upload("stories.xlsx", out.getvalue())


def send(team: Team, file: FileRef, who: str = "po") -> str:
    return team.say(who, "/story import", files=(file,))


def stories(team: Team) -> tuple[Story, ...]:
    with team.read() as uow:
        return uow.stories.of_product(team.product.id)


@pytest.mark.parametrize(
    "heading", [pytest.param(ZH, id="Chinese"), pytest.param(EN, id="English")]
)
@pytest.mark.parametrize("kind", [as_csv, as_xlsx])
def test_columns_in_both_languages(team: Team, heading: Row, kind: Maker) -> None:
    rows: tuple[Row, ...] = (
        heading,
        ("登录改版", "新界面", "能登录；能退出", 1, "功能", "账号", 2.5, "李雷, @tester", "dev"),
        ("导出", "", "", "", "", "", "", "", ""),
    )
    shown = send(team, kind(team, *rows))
    assert "已导入 2 条需求" in shown
    assert "S1 到 S2" in shown
    assert "1 条有评审人" in shown
    first, second = stories(team)
    assert (first.spec, first.acceptance) == ("新界面", ("能登录", "能退出"))
    assert (first.priority, first.category, first.module) == (1, "feature", "账号")
    assert (first.estimate, first.assigned_to) == (2.5, team.id("dev"))
    assert first.reviewers == (team.id("dev"), team.id("tester"))
    assert (first.status, second.status, second.priority) == (Status.REVIEWING, Status.DRAFT, 3)


def test_one_wrong_row_and_nothing_is_imported(team: Team) -> None:
    shown = send(
        team,
        as_csv(
            team,
            ZH,
            ("好的一条",),
            ("",) * 9,
            ("", "没有标题", "", "", "", "", "", "", ""),
            ("甲", "", "", "9", "怪类", "", "很久", "谁", "@没有这人"),
            ("好的一条",),
        ),
    )
    assert "有 3 行需要修改" in shown
    for part in (
        "第 4 行：标题：标题不能为空",
        "第 5 行：优先级：“9”不是优先级",
        "第 5 行：类别：“怪类”不是类别",
        "第 5 行：预计工时（小时）：“很久”不是工时",
        "第 5 行：评审人：找不到 @谁",
        "第 5 行：指派给：找不到 @没有这人",
        "第 6 行：“好的一条”已经有了（第 2 行）",
    ):
        assert part in shown
    assert stories(team) == ()


def test_the_same_file_twice(team: Team) -> None:
    file = as_csv(team, ZH, ("登录改版",))
    send(team, file)
    assert "“登录改版”已经有了（S1）" in send(team, file)
    assert len(stories(team)) == 1


def test_unknown_columns_are_named(team: Team) -> None:
    assert "这些列没有用到：颜色" in send(team, as_csv(team, ("标题", "颜色"), ("x", "红")))


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param([], "没有内容", id="nothing"),
        pytest.param([ZH], "没有内容", id="only the headings"),
        pytest.param([("颜色",), ("红",)], "没有找到“标题”列", id="no title column"),
        pytest.param(
            [("标题",), *((f"需求 {n}",) for n in range(MAX_ROWS + 1))], "2001", id="many"
        ),
    ],
)
def test_files_that_cannot_be_read(team: Team, rows: list[Row], says: str) -> None:
    assert says in send(team, as_xlsx(team, *rows))
    assert stories(team) == ()


def test_no_file_opens_the_form(team: Team) -> None:
    assert "表格文件" in team.say("po", "/story import")


def test_only_editors_import(team: Team) -> None:
    assert "需要角色" in send(team, as_csv(team, ZH, ("x",)), "dev")


def test_a_reviewer_hears_once_of_all(team: Team) -> None:
    rows = [(f"需求 {n}", *("",) * 6, "dev", "") for n in range(12)]
    send(team, as_csv(team, ZH, *rows))
    assert len(team.sent("dev")) == 1


def test_two_thousand_rows(team: Team) -> None:
    rows = [
        (f"需求 {n}", "描述", "一\n二", 2, "功能", "模块", 1, "", "dev") for n in range(MAX_ROWS)
    ]
    assert f"已导入 {MAX_ROWS} 条需求" in send(team, as_xlsx(team, ZH, *rows))
    assert len(stories(team)) == MAX_ROWS
