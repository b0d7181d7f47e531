"""A spreadsheet of stories: which column is what, and each row's story or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from commands.args import FieldErrors
from commands.stories.reading import read_fields
from domain.errors import DubanError, UserError
from domain.messages import Inline, T
from domain.ports import Cell
from domain.stories import StoryDraft

MAX_ROWS = 2_000

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "title": (
        "标题", "需求名称", "需求标题", "研发需求名称", "名称", "需求", "title", "story", "name",
    ),
    "spec": ("描述", "需求描述", "说明", "spec", "description", "desc"),
    "verify": (
        "验收标准", "验收", "验收点", "verify", "acceptance", "acceptance criteria",
        "acceptance points",
    ),
    "priority": ("优先级", "priority", "pri"),
    "category": ("类别", "类型", "category", "type"),
    "module": ("模块", "所属模块", "module"),
    "estimate": ("预计工时", "预计", "工时", "estimate", "hours"),
    "plan": ("计划", "所属计划", "产品计划", "plan"),
    "reviewers": ("评审人", "评审人员", "由谁评审", "reviewers", "reviewer"),
    "assignee": ("指派给", "负责人", "assignee", "assigned to", "owner"),
}  # fmt: skip
"""The headings that each column may have."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Finding what cells name.

    :param person: id of a person, or None; ``plan`` the id of a plan, raising when there is none.
    :param known: title and module of the stories that are open already → how they are called.
    """

    person: Callable[[str], str | None]
    plan: Callable[[str], str]
    known: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row that cannot be a story.

    :param line: as the spreadsheet numbers it, from 1.
    """

    line: int
    reason: Inline


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet says.

    :param ignored: headings that mean nothing to us.
    """

    drafts: tuple[StoryDraft, ...]
    wrong: tuple[WrongRow, ...]
    ignored: tuple[str, ...]


def read_sheet(rows: Sequence[Sequence[Cell]], product_id: str, lookups: Lookups) -> Sheet:
    """The stories of a table whose first row with content has the headings.

    ``UserError`` when there is no title column, no row, or more than :data:`MAX_ROWS`.
    """
    filled = [(n, row) for n, row in enumerate(rows, 1) if any(_text(c) for c in row)]
    if not filled:
        raise UserError("story.import_empty")
    columns, ignored = _columns(filled[0][1])
    if len(filled) == 1:
        raise UserError("story.import_empty")
    if len(filled) - 1 > MAX_ROWS:
        raise UserError("story.import_too_many", n=len(filled) - 1, limit=MAX_ROWS)
    drafts: list[StoryDraft] = []
    wrong: list[WrongRow] = []
    known: dict[tuple[str, str], Inline] = dict(lookups.known)
    for line, row in filled[1:]:
        cells = {name: _text(row[i]) if i < len(row) else "" for name, i in columns.items()}
        try:
            draft = _draft(cells, product_id, lookups)
            _once(draft, known, line)
        except FieldErrors as errors:
            wrong += [WrongRow(line, _about(name, e)) for name, e in errors.errors.items()]
        except DubanError as error:
            wrong.append(WrongRow(line, error.text))
        else:
            drafts.append(draft)
    return Sheet(tuple(drafts), tuple(wrong), ignored)


def _columns(heading: Sequence[Cell]) -> tuple[dict[str, int], tuple[str, ...]]:
    words = {word: name for name, all_words in COLUMNS.items() for word in all_words}
    columns: dict[str, int] = {}
    ignored: list[str] = []
    for i, cell in enumerate(heading):
        text = _text(cell)
        name = words.get(text.casefold().rstrip("*＊ "))
        if name is not None and name not in columns:
            columns[name] = i
        elif text:
            ignored.append(text[:40])
    if "title" not in columns:
        found = ", ".join(ignored[:10])
        raise UserError("story.import_no_title", found=found or "-")
    return columns, tuple(ignored)


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _draft(cells: Mapping[str, str], product_id: str, lookups: Lookups) -> StoryDraft:
    cells = {**cells, "verify": _points(cells.get("verify", ""))}
    fields: dict[str, Any] = {}
    errors: dict[str, Inline] = {}
    try:
        fields = read_fields(cells)
    except FieldErrors as wrong:
        errors.update(wrong.errors)
    around: dict[str, Any] = {}
    readers: Mapping[str, Callable[[str], Any]] = {
        "plan": lookups.plan,
        "assignee": lambda text: _person(text, lookups),
        "reviewers": lambda text: _people(text, lookups),
    }
    for name, read in readers.items():
        if not cells.get(name):
            continue
        try:
            around[name] = read(cells[name])
        except DubanError as error:
            errors[name] = error.text
    if errors:
        raise FieldErrors(errors)
    return StoryDraft(
        product_id,
        plan_id=around.get("plan"),
        assigned_to=around.get("assignee"),
        reviewers=around.get("reviewers", ()),
        **fields,
    )


def _points(text: str) -> str:
    """Acceptance points that were put into one line with semicolons, one a line."""
    return text if "\n" in text else re.sub(r"\s*[;；]\s*", "\n", text)


def _person(text: str, lookups: Lookups) -> str:
    found = lookups.person(text.removeprefix("@"))
    if found is None:
        raise UserError("core.unknown_mention", name=text.removeprefix("@")[:60])
    return found


def _people(text: str, lookups: Lookups) -> tuple[str, ...]:
    parts = [p for p in re.split(r"[,，;；、/|\n]+|\s+(?=@)", text) if p.strip()]
    return tuple(dict.fromkeys(_person(p.strip(), lookups) for p in parts))


def _once(draft: StoryDraft, known: dict[tuple[str, str], Inline], line: int) -> None:
    """Refuse a story that is there already: most often the file was imported before."""
    key = (draft.title, draft.module)
    if key in known:
        raise UserError("story.import_twice", title=draft.title, where=known[key])
    known[key] = T("story.import_line", {"line": line})


def _about(name: str, error: Inline) -> Inline:
    return T("story.import_field", {"what": T(f"story.arg.{name}"), "reason": error})
