"""Finding the table in a sheet: which row holds the headers, and which column means what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.dates.text import normalise, shown
from domain.errors import UserError
from domain.messages import T
from domain.ports import Cell


class Column(StrEnum):
    """What a column may mean."""

    NUMBER = "number"
    KIND = "kind"
    GROUP = "group"
    NAME = "name"
    MILESTONE = "milestone"
    OWNER = "owner"
    STARTS = "starts"
    ENDS = "ends"
    DAYS = "days"
    DONE_ON = "done_on"
    PROGRESS = "progress"
    STATE = "state"
    AFTER = "after"
    DELIVERABLES = "deliverables"
    GATE = "gate"
    NOTE = "note"

    @property
    def text(self) -> T:
        """The column in words."""
        return T(f"plan.column.{self.value}")


_SYNONYMS: Mapping[Column, str] = {
    Column.NUMBER: "序号|编号|行号|no|no.|id|#|wbs|wbs编码|wbs编号|标识号|number",
    Column.KIND: "类型|类别|种类|任务类型|type|kind|category",
    Column.GROUP: "阶段|阶段名称|所属阶段|项目阶段|大阶段|phase|phase name|stage",
    Column.NAME: "名称|任务|任务名称|工作内容|工作项|事项|活动|内容|阶段/任务|任务/阶段|里程碑名称"
    "|name|task|task name|activity|work item|item|title|summary",
    Column.MILESTONE: "里程碑|是否里程碑|关键节点|milestone|milestones|is milestone",
    Column.OWNER: "负责人|责任人|主负责人|执行人|承担人|资源名称|资源|owner|assignee|responsible"
    "|assigned to|resource|resource names|lead|who",
    Column.STARTS: "开始|起始|启动|开始日|起始日|from|start|starts|begin",
    Column.ENDS: "结束|完成|截止|终止|结束日|完成日|截止日|日期|时间|date|end|ends|finish|due"
    "|to|until|deadline|上线",
    Column.DAYS: "工期|天数|工作日|工作日数|历时|持续|周期|时长|工作量|duration|days|working days"
    "|work days|length",
    Column.DONE_ON: "实际结束|实际完成|实际完成日|实际结束日|actual end|actual finish|completed"
    "|completed on|done on",
    Column.PROGRESS: "进度|完成率|完成度|完成百分比|完成比例|%|% complete|%complete|progress"
    "|percent|percent complete|complete",
    Column.STATE: "状态|当前状态|完成情况|任务状态|status|state",
    Column.AFTER: "前置|前置任务|前置阶段|前置条件|紧前|紧前任务|依赖|依赖任务|依赖关系|predecessor"
    "|predecessors|depends on|dependencies|dependency|after",
    Column.DELIVERABLES: "交付物|交付件|输出|输出物|产出|产出物|成果|deliverable|deliverables"
    "|output|outputs",
    Column.GATE: "出口条件|出口准则|准出条件|准出标准|完成标准|验收标准|exit gate|gate"
    "|exit criteria",
    Column.NOTE: "备注|说明|描述|注释|note|notes|remark|remarks|comment|comments|description",
}
_MEANING = {word: column for column, words in _SYNONYMS.items() for word in words.split("|")}
_IN_BRACKETS = re.compile(r"[(\[【「].*?[)\]】」]")
_PLANNED = re.compile(r"^(?:计划|预计|预期|拟定|目标|planned |plan |target |estimated |baseline )")
_DATE_WORD = re.compile(r"(?:日期|时间| ?date| time)$")
_HEADER_WITHIN = 30
_WIDEST = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Where the table is.

    :param title: the first text above it.
    :param header: the place of the header row, from 0.
    :param columns: where each meaning is found; the first column of each.
    :param unread: the other headers, as they are.
    """

    title: str
    header: int
    columns: Mapping[Column, int]
    unread: tuple[str, ...] = ()


def find_table(grid: Sequence[Sequence[Cell]]) -> Table:
    """The header row: of the first rows the one that has the most known headers.

    :raises UserError: ``plan.import.no_header`` when none names both a task and a date.
    """
    best: tuple[int, dict[Column, int]] = (-1, {})
    for index, row in enumerate(grid[:_HEADER_WITHIN]):
        columns = _read_header(row)
        if _usable(columns) and len(columns) > len(best[1]):
            best = (index, columns)
    header, columns = best
    if header < 0:
        raise UserError("plan.import.no_header", T("plan.import.header_hint"))
    if Column.NAME not in columns and Column.GROUP in columns:
        columns[Column.NAME] = columns.pop(Column.GROUP)
    return Table(_title(grid[:header]), header, columns, _unread(grid[header], columns))


def meaning(header: str) -> Column | None:
    """What a header means, or ``None``."""
    plain = _IN_BRACKETS.sub("", normalise(header)).strip(" *:")
    for word in (plain, _PLANNED.sub("", plain)):
        for form in (word, _DATE_WORD.sub("", word).strip()):
            if form in _MEANING:
                return _MEANING[form]
    return None


def _read_header(row: Sequence[Cell]) -> dict[Column, int]:
    columns: dict[Column, int] = {}
    for index, cell in enumerate(row[:_WIDEST]):
        column = meaning(cell) if isinstance(cell, str) else None
        if column is not None:
            columns.setdefault(column, index)
    return columns


def _unread(row: Sequence[Cell], columns: Mapping[Column, int]) -> tuple[str, ...]:
    known = set(columns.values())
    texts = (
        str(cell) for i, cell in enumerate(row[:_WIDEST]) if cell is not None and i not in known
    )
    return tuple(shown(text) for text in texts if text.strip())


def _usable(columns: Mapping[Column, int]) -> bool:
    named = columns.keys() & {Column.NAME, Column.GROUP, Column.MILESTONE}
    return bool(named) and bool(columns.keys() & {Column.STARTS, Column.ENDS})


def _title(rows: Sequence[Sequence[Cell]]) -> str:
    texts = (cell.strip() for row in rows for cell in row if isinstance(cell, str))
    return next((text for text in texts if text), "")
