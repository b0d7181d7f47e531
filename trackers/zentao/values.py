"""Single values of ZenTao's answers, whose form differs from call to call."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from trackers.zentao.wire import record

UNDATED = "2030-01-01"
"""The day that ZenTao's form stores for “to be decided”."""

_MOMENT = "%Y-%m-%d %H:%M:%S"


def account(value: Any) -> str:
    """An account: v2 gives its name, v1 an object, and null for nobody, unknown or several."""
    if isinstance(value, str):
        return value.strip()
    found = record(value).get("account")
    return found if isinstance(found, str) else ""


def accounts(value: Any) -> tuple[str, ...]:
    """Accounts in a list or in ZenTao's comma text (``,pobot,po2``)."""
    if isinstance(value, str):
        return tuple(x.strip() for x in value.split(",") if x.strip())
    if not isinstance(value, list):
        return ()
    return tuple(x for x in (account(v) for v in cast("list[Any]", value)) if x)


def refs(value: Any) -> tuple[str, ...]:
    """Ids in any form: ``3``, ``"3"``, ``",3,4,"``, a list; zero and nothing are none."""
    items = cast("list[Any]", value) if isinstance(value, list) else str(value or "").split(",")
    return tuple(x for x in (str(v).strip() for v in items) if x not in {"", "0"})


def number(value: Any) -> int:
    """A whole number; 0 for what is none."""
    try:
        return int(str(value).strip())
    except ValueError:
        return 0


def hours(value: Any) -> float:
    """An estimate: a number, ``"2.00"`` or ``"2.00h"``."""
    found = re.match(r"\s*(\d+(?:\.\d+)?)", str(value if value is not None else ""))
    return float(found[1]) if found else 0.0


def instant(value: Any, zone: ZoneInfo) -> datetime | None:
    """A moment in UTC; None for an empty one.

    With a ``Z`` it is UTC (v1), without it is the server's wall clock (v2, plans, actions).
    """
    text = str(value or "").strip()
    if not text or text.startswith("0000"):
        return None
    try:
        if text.endswith("Z"):
            return datetime.fromisoformat(text.removesuffix("Z") + "+00:00").astimezone(UTC)
        return datetime.strptime(text, _MOMENT).replace(tzinfo=zone).astimezone(UTC)
    except ValueError:
        return _bare_day(text, zone)


def _bare_day(text: str, zone: ZoneInfo) -> datetime | None:
    found = day(text)
    return (
        datetime(found.year, found.month, found.day, tzinfo=zone).astimezone(UTC) if found else None
    )


def day(value: Any) -> date | None:
    """A day; None for an empty or undated one (``2030-01-01``, ``待定``)."""
    text = str(value or "").strip()[:10]
    if not text or text == UNDATED or text.startswith("0000"):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stored_day(value: date | None) -> str:
    """A day as ZenTao stores it."""
    return value.isoformat() if value else UNDATED
