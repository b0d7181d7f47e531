"""Figures as a table: what was measured, the floor beside it, the ratio and the aim."""

from __future__ import annotations

import statistics
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table.

    :param ours: our figure, in the unit of the row; :param floor: that of the bare work, if any.
    :param aim: the largest ratio that is good enough; ``at_least`` turns it round.
    """

    name: str
    unit: str
    ours: float
    floor: float | None = None
    aim: float | None = None
    at_least: bool = False

    @property
    def ratio(self) -> float | None:
        """Ours over the floor."""
        return self.ours / self.floor if self.floor else None

    @property
    def verdict(self) -> str:
        """``ok``, ``MISS``, or nothing where there is no aim."""
        if self.ratio is None or self.aim is None:
            return ""
        good = self.ratio >= self.aim if self.at_least else self.ratio <= self.aim
        return "ok" if good else "MISS"


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table."""
    print(f"\n{title}")
    cells = [("", "unit", "Duban", "floor", "ratio", "aim", "")]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        cells.append((
            row.name, row.unit, _number(row.ours), _number(row.floor), _number(row.ratio),
            "" if row.aim is None else f"{sign} {row.aim:g}", row.verdict,
        ))  # fmt: skip
    widths = [max(_width(line[n]) for line in cells) for n in range(len(cells[0]))]
    for line in cells:
        first = line[0] + " " * (widths[0] - _width(line[0]))
        rest = (text.rjust(width) for text, width in zip(line[1:], widths[1:], strict=True))
        print("  ".join((first, *rest)).rstrip(), flush=True)


def interleaved(
    variants: Mapping[str, Callable[[], float]], rounds: int = ROUNDS
) -> dict[str, float]:
    """The median of each variant, measured in turns: A B A B, so that noise meets all alike."""
    found: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, measure in variants.items():
            found[name].append(measure())
    return {name: statistics.median(values) for name, values in found.items()}


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)
