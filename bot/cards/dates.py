"""Days and instants in full, as each language writes them."""

from __future__ import annotations

from datetime import date, datetime

_ZH_DAYS = "一二三四五六日"
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, locale: str) -> str:
    """``2026年12月31日（周四）`` or ``Thu, 31 Dec 2026``; never depends on the machine's locale."""
    if locale == "zh":
        return f"{day.year}年{day.month}月{day.day}日（周{_ZH_DAYS[day.weekday()]}）"
    return f"{_EN_DAYS[day.weekday()]}, {day.day} {_EN_MONTHS[day.month - 1]} {day.year}"


def moment_words(at: datetime, locale: str) -> str:
    """The day in full and the wall-clock time; ``at`` must be in the reader's zone already."""
    clock = f"{at.hour:02}:{at.minute:02}"
    joint = " " if locale == "zh" else ", "
    return f"{day_words(at.date(), locale)}{joint}{clock}"


def size_words(size: int) -> str:
    """A file's size in bytes as people read it: ``812 B``, ``14 KB``, ``2.3 MB``."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)} KB"
    return f"{size / (1024 * 1024):.1f} MB"
