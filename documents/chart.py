"""What a plan chart shows, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.calendar import WorkingCalendar


class State(StrEnum):
    """How a row stands on the chart's day."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase as a bar.

    :param last: the last day of it, included.
    :param percent: progress, 0 to 100.
    :param late: working days past its end while not done, 0 otherwise.
    """

    name: str
    owner: str
    first: date
    last: date
    percent: int
    state: State
    late: int = 0

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a phase ends before it starts")
        if not 0 <= self.percent <= 100:
            raise ValueError("progress is 0 to 100")


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    """A milestone as a diamond."""

    name: str
    owner: str
    day: date
    state: State
    late: int = 0


Row = PhaseRow | MilestoneRow


@dataclass(frozen=True, slots=True)
class Chart:
    """A plan chart.

    :param rows: from top to bottom.
    :param today: the day of the today line, in the team's zone.
    :param calendar: shades the days that are not worked.
    :param locale: ``zh`` or ``en``.
    :param note: shown small under the legend (a warning, where data is missing).
    """

    title: str
    subtitle: str
    rows: tuple[Row, ...]
    today: date
    calendar: WorkingCalendar
    locale: str
    note: str = ""

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and last day of all rows; None for a plan without dates."""
        if not self.rows:
            return None
        firsts = [r.first if isinstance(r, PhaseRow) else r.day for r in self.rows]
        lasts = [r.last if isinstance(r, PhaseRow) else r.day for r in self.rows]
        return min(firsts), max(lasts)
