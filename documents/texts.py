"""Texts of documents: the same catalogue as the chat's, resolved for the one who reads the file."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import locales


def say(locale: str, key: str, /, **params: str | int) -> str:
    """The text of a key in a language, its placeholders filled. ``n`` chooses the singular."""
    count = params.get("n")
    text = locales.template(locale, key, count if isinstance(count, int) else None)
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def weekday(locale: str, day: date) -> str:
    """The short name of the weekday."""
    return say(locale, f"document.weekday.{day.isoweekday()}")


def full_day(locale: str, day: date | None) -> str:
    """A day in full with its weekday; a dash for none."""
    if day is None:
        return "—"
    return say(locale, "document.day", day=day.isoformat(), weekday=weekday(locale, day))


def moment(locale: str, at: datetime | None, zone: ZoneInfo) -> str:
    """An instant by the wall clock of a zone, to the minute; a dash for none."""
    if at is None:
        return "—"
    local = at.astimezone(zone)
    return f"{full_day(locale, local.date())} {local:%H:%M}"
