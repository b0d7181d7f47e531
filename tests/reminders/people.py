"""A small world for the planner: Shanghai, China's calendar, a handful of people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from bot.holiday_data import LibraryHolidays
from domain.calendar import WorkingCalendar
from domain.people import Absence, Person, QuietHours
from domain.reminders import Anchor, Audience, Slot, Subject, SubjectKind
from reminders.planner import Setting

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar("CN", LibraryHolidays())


def person(id_: str, zone: str | None = None, quiet: tuple[time, time] | None = None) -> Person:
    return Person(id_, id_, id_.upper(), zone=zone, quiet=QuietHours(*quiet) if quiet else None)


def setting(
    *people: Person,
    calendar: WorkingCalendar = CHINA,
    zone: str = "Asia/Shanghai",
    channel: str | None = "room",
    absences: tuple[Absence, ...] = (),
    roles: dict[Audience, tuple[str, ...]] | None = None,
) -> Setting:
    """PO ``po`` and PM ``pm`` in the team's zone, and whoever else is given (they win)."""
    everybody = {p.id: p for p in (person("po"), person("pm"), person("dev"), *people)}
    away: dict[str, tuple[Absence, ...]] = {}
    for each in absences:
        away[each.person_id] = (*away.get(each.person_id, ()), each)
    return Setting(
        calendar,
        ZoneInfo(zone),
        channel,
        everybody,
        away,
        roles or {Audience.PO: ("po",), Audience.PM: ("pm",)},
    )


def phase(starts: str | None = None, ends: str | None = None, owner: str | None = "dev") -> Subject:
    anchors: dict[Anchor, date | datetime] = {}
    if starts:
        anchors[Anchor.START] = date.fromisoformat(starts)
    if ends:
        anchors[Anchor.END] = date.fromisoformat(ends)
    people = {Audience.OWNER: (owner,)} if owner else {}
    return Subject(SubjectKind.PHASE, "p1", "tms", "开发", anchors=anchors, people=people)


def milestone(due: str) -> Subject:
    anchors: dict[Anchor, date | datetime] = {Anchor.DUE: date.fromisoformat(due)}
    return Subject(SubjectKind.MILESTONE, "m1", "tms", "上线", anchors=anchors)


def action(due: str, owner: str | None = "dev") -> Subject:
    return Subject(
        SubjectKind.ACTION, "a1", "tms", "补齐异常流程", "A-1",
        anchors={Anchor.DUE: date.fromisoformat(due)},
        people={Audience.OWNER: (owner,)} if owner else {},
    )  # fmt: skip


def story(anchor: Anchor, since: datetime) -> Subject:
    return Subject(SubjectKind.STORY, "12", "tms", "电子回单", "S12", anchors={anchor: since})


def utc(text: str) -> datetime:
    """An instant from ``2026-09-30 01:00`` (UTC)."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """An instant from a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def shown(slots: tuple[Slot, ...], zone: str = "Asia/Shanghai") -> list[str]:
    """Each slot as ``rule recipient local-time``, in order of time."""
    rows = sorted(slots, key=lambda s: (s.at, s.rule, str(s.recipient)))
    return [
        f"{s.rule} {s.recipient} {s.at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for s in rows
    ]
