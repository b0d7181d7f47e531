"""A plan as a calendar file: whole-day events that keep their identity, so an import updates."""

from __future__ import annotations

from datetime import UTC, date, timedelta

from icalendar import Calendar, Component, Event

from documents.chart import State
from documents.plan_view import PlanView, parts_in_order, state_of
from documents.svg import clean
from documents.texts import say
from domain.plans.model import Milestone, Phase

_DAY = timedelta(days=1)
_DOMAIN = "duban"


def plan_calendar(view: PlanView, locale: str) -> bytes:
    """The phases and milestones of a plan as RFC 5545 text.

    Events have the same UID for ever and the plan's revision as SEQUENCE, so a calendar that has
    them already moves them. They mark no time as busy and ring no alarm (Duban
    reminds). The same plan at the same revision gives the same bytes.
    """
    calendar = Calendar()
    _put(calendar, "prodid", "-//Duban//plan//ZH")
    _put(calendar, "version", "2.0")
    _put(calendar, "calscale", "GREGORIAN")
    _put(calendar, "method", "PUBLISH")
    _put(calendar, "x-wr-calname", clean(view.heading))
    for part in parts_in_order(view.plan):
        calendar.add_component(_event(view, part, locale))
    return calendar.to_ical()


def _event(view: PlanView, part: Phase | Milestone, locale: str) -> Event:
    kind = "milestone" if isinstance(part, Milestone) else "phase"
    event = Event()
    _put(event, "uid", f"{kind}-{part.id}@{_DOMAIN}")
    _put(event, "sequence", view.revision)
    _put(event, "dtstamp", view.revised_at.astimezone(UTC).replace(microsecond=0))
    _put(event, "last-modified", view.revised_at.astimezone(UTC).replace(microsecond=0))
    _put(event, "dtstart", part.span.starts)
    _put(event, "dtend", part.span.ends + _DAY)
    _put(event, "summary", _summary(view, part, locale))
    _put(event, "description", _description(view, part, locale))
    _put(event, "categories", [say(locale, f"document.plan.{kind}")])
    _put(event, "status", "CONFIRMED")
    _put(event, "transp", "TRANSPARENT")
    return event


def _put(component: Component, name: str, value: str | int | date | list[str]) -> None:
    """Add a property; the library escapes it. A plain date is written as ``VALUE=DATE``."""
    component.add(name, value)  # pyright: ignore[reportUnknownMemberType]


def _summary(view: PlanView, part: Phase | Milestone, locale: str) -> str:
    mark = "◆ " if isinstance(part, Milestone) else ""
    done = "✓ " if part.done else ""
    late = ""
    if state_of(part, view.today) is State.OVERDUE:
        late = f" ({say(locale, 'document.chart.overdue')})"
    return f"{done}{mark}{clean(view.product)}: {clean(part.name)}{late}"


def _description(view: PlanView, part: Phase | Milestone, locale: str) -> str:
    lines = [clean(view.heading)]
    if isinstance(part, Phase):
        if part.owner:
            lines.append(f"{say(locale, 'document.plan.owner')}: {clean(view.owner(part))}")
        lines.append(f"{say(locale, 'document.plan.progress')}: {part.progress}%")
        if part.gate:
            lines.append(f"{say(locale, 'document.plan.gate')}: {clean(part.gate)}")
    lines.append(f"{say(locale, 'document.plan.ends')}: {_last(part).isoformat()}")
    return "\n".join(lines)


def _last(part: Phase | Milestone) -> date:
    return part.span.ends
