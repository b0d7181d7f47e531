"""Predecessors: from what a sheet says to the phases of the draft.

They are written as names, as numbers of the number column (or of the row's place in the table),
with or without a lag: ``开发``, ``开发 (-3)``, ``3``, ``3FS+2 days``. Several are separated by
commas.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from domain.dates.text import normalise, shown
from domain.messages import T
from domain.plan_import.draft import DraftLink, RowProblem
from domain.plan_import.rows import BETWEEN, Row

_SEPARATOR = re.compile(r"[,，、;；\n]+")
_NOTHING = frozenset({"", "-", "—", "/", "无", "none", "n/a"})
_UNIT = r"(?:个?工作日|天|日|d|days?|wd|working days?|edays?)?"
_LAGGED = re.compile(
    rf"(?P<name>.*?) ?[(\[] ?(?P<lag>[+-] ?[0-9]{{1,3}}) ?{_UNIT} ?[)\]]"
    rf"|(?P<number>[0-9.]+?) ?(?P<kind>fs|ss|ff|sf)? ?(?P<lag2>[+-] ?[0-9]{{1,3}})? ?{_UNIT}"
)


class Links:
    """The predecessors of every row, and the problems in them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.problems: list[RowProblem] = []
        self._index = {
            row.line: index for index, row in enumerate(row for row in rows if not row.milestone)
        }
        self._by_number = {normalise(row.number): row for row in rows}
        self._by_name: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._by_name[normalise(row.name)].append(row)
        self._by_task: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if BETWEEN in row.name:
                self._by_task[normalise(row.name.rpartition(BETWEEN)[2])].append(row)
        self._before = {row.line: self._read(row) for row in rows}

    def index(self, row: Row) -> int:
        """A phase's place among the draft's phases."""
        return self._index[row.line]

    def of(self, row: Row) -> tuple[DraftLink, ...]:
        """The phases before a row. A milestone in between stands for what it waits for."""
        found: dict[int, DraftLink] = {}
        seen = {row.line}
        pending = list(self._before[row.line])
        while pending:
            before, lag = pending.pop(0)
            if not before.milestone:
                found.setdefault(before.line, DraftLink(self._index[before.line], lag))
            elif before.line not in seen:
                seen.add(before.line)
                pending += [(each, lag + further) for each, further in self._before[before.line]]
        return tuple(found.values())

    def _read(self, row: Row) -> list[tuple[Row, int]]:
        found: list[tuple[Row, int]] = []
        for word in _SEPARATOR.split(row.after):
            if normalise(word) in _NOTHING:
                continue
            link = self._one(row, word.strip())
            if link is not None:
                found.append(link)
        return found

    def _one(self, row: Row, word: str) -> tuple[Row, int] | None:
        plain = normalise(word)
        candidates, lag = self._by_name.get(plain, []), 0
        match = _LAGGED.fullmatch(plain)
        if not candidates and match is not None:
            if match["kind"] not in {None, "fs"}:
                return self._fail(row, "plan.import.link_kind", word)
            lag = int((match["lag"] or match["lag2"] or "0").replace(" ", ""))
            candidates = self._named(match["name"] or match["number"])
        elif not candidates:
            candidates = self._named(plain)
        if not candidates:
            return self._fail(row, "plan.import.no_predecessor", word)
        if len(candidates) > 1:
            return self._fail(row, "plan.import.many_predecessors", word)
        if candidates[0].line == row.line:
            return self._fail(row, "plan.import.own_predecessor", word)
        return candidates[0], lag

    def _named(self, plain: str) -> list[Row]:
        """By name, or else by number; within ``phase - task`` the task alone is enough."""
        if plain in self._by_name:
            return self._by_name[plain]
        if plain in self._by_number:
            return [self._by_number[plain]]
        return self._by_task.get(plain, [])

    def _fail(self, row: Row, key: str, word: str) -> None:
        self.problems.append(RowProblem(row.line, T(key, {"text": shown(word)})))
