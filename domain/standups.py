"""Standup answers: what each member says once a working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.errors import UserError
from domain.people import Product

MAX_ANSWER = 2000
"""How many characters of an answer are kept."""

MAX_QUESTIONS = 6


class Part(StrEnum):
    """The three questions that Duban brings; their places in :attr:`Entry.answers`."""

    YESTERDAY = "yesterday"
    TODAY = "today"
    BLOCKERS = "blockers"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person said for a day.

    :param day: in the person's own zone.
    :param answers: in the order of the questions; the last question is the one about blockers.
    :param late: it came after that day's digest had named the person as missing.
    :param blocker_id: the action item that its blocker became.
    """

    id: str
    product_id: str
    person_id: str
    day: date
    answers: tuple[str, ...] = ()
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    edited_at: datetime | None = None
    skipped: bool = False
    late: bool = False
    blocker_id: str | None = None

    @property
    def answered(self) -> bool:
        """Whether there is something to read."""
        return self.answered_at is not None

    @property
    def today(self) -> str:
        """The plan for the day: the draft of the next entry's "yesterday"."""
        return self.answers[1] if len(self.answers) > 1 else ""

    @property
    def blockers(self) -> str:
        """What holds the person up; empty for nothing."""
        return self.answers[-1] if len(self.answers) > 2 else ""


@dataclass(frozen=True, slots=True)
class StandupSettings:
    """How a product holds its standup.

    :param questions: custom texts in place of the three that Duban brings, the last of them about
        what blocks; empty for Duban's own.
    :param chase: how long after the asking those who are missing are asked once more, in minutes.
    """

    questions: tuple[str, ...] = ()
    chase: int = 20


NOTHING = frozenset(
    {
        "",
        "无",
        "没有",
        "没",
        "暂无",
        "none",
        "no",
        "nothing",
        "-",
        "n/a",
        "na",
        "无阻塞",
        "no blockers",
    }
)
"""Ways to say that nothing blocks."""


def is_nothing(text: str) -> bool:
    """Whether an answer about blockers says that there is none."""
    return text.strip().rstrip("。.!！").casefold() in NOTHING


def settings_of(product: Product) -> StandupSettings:
    """The standup's settings of a product."""
    stored = dict(product.settings)
    questions = tuple(q for q in stored.get("standup_questions", "").split("\n") if q)
    return StandupSettings(questions, int(stored.get("standup_chase", StandupSettings().chase)))


def checked_questions(text: str) -> str:
    """Questions from one text, one a line or parted by ``|``, in stored form.

    :raises UserError: ``standup.bad_questions`` unless two to six of up to 200 characters.
    """
    lines = [q.strip() for q in text.replace("｜", "\n").replace("|", "\n").split("\n")]
    questions = [q for q in lines if q]
    if not 2 <= len(questions) <= MAX_QUESTIONS or any(len(q) > 200 for q in questions):
        raise UserError("standup.bad_questions", most=MAX_QUESTIONS)
    return "\n".join(questions)


def chase_time(asked: time, minutes: int) -> time:
    """When those who are missing are asked once more; at the latest at 23:59."""
    total = min(asked.hour * 60 + asked.minute + minutes, 23 * 60 + 59)
    return time(total // 60, total % 60)
