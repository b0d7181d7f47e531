"""The table of reminder rules in the reference, written from the rules themselves."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

from bot.cards.words import Reader, words
from domain.messages import T
from domain.reminders import Rule
from domain.standups import StandupSettings
from locales import LOCALES
from reminders.rules import ROUND_RULES, RULES

PATHS = {"zh": "docs/reference/reminders.zh-CN.md", "en": "docs/reference/reminders.md"}
BEGIN = "<!-- rules: python -m bot.manual -->"
END = "<!-- /rules -->"


def rule_table(locale: str) -> str:
    """Every rule in a language: what it is about, when, to whom, how late it may still come."""
    say = _Words(locale)
    head = ("rule", "when", "to", "late")
    lines = [_row(*(say(f"manual.rule.{name}") for name in head)), _row(*("---" for _ in head))]
    lines += [_row(_name(r), _when(r, say), _to(r, say), _late(r, say)) for r in RULES]
    return "\n".join(lines)


def with_table(page: str, locale: str) -> str:
    """The page with a fresh table between its marks; ``ValueError`` when it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no place for the table of rules")
    return f"{before}{BEGIN}\n{rule_table(locale)}\n{END}{after}"


def write_tables(root: Path) -> None:
    """Renew the table in the pages of all languages below a folder."""
    for locale in LOCALES:
        path = root / PATHS[locale]
        page = with_table(path.read_text(encoding="utf-8"), locale)
        path.write_text(page, encoding="utf-8")


class _Words:
    """Texts of one language."""

    def __init__(self, locale: str) -> None:
        self._reader = Reader(locale, "UTC")

    def __call__(self, key: str, **params: str | int) -> str:
        return words(T(key, dict(params)), self._reader)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _name(rule: Rule) -> str:
    return f"`{rule.name}` {rule.zh}"


def _when(rule: Rule, say: _Words) -> str:
    anchor = say(f"manual.anchor.{rule.anchor.value}")
    parts: list[str] = []
    if rule.offsets:
        parts.append(f"{_days(rule, anchor, say)} {_clock(rule.hour)}")
    parts += [say("manual.rule.minutes", n=n, anchor=anchor) for n in rule.minutes]
    if rule.same_day is not None:
        parts.append(say("manual.rule.same_day", anchor=anchor, at=_clock(rule.same_day)))
    if rule.name in ROUND_RULES:
        parts.append(say(f"manual.rule.{rule.name}", n=StandupSettings().chase))
    elif rule.repeat_from is not None:
        n, at = rule.repeat_from, _clock(rule.hour)
        parts.append(say("manual.rule.daily", n=n, anchor=anchor, at=at))
    if rule.any_day:
        parts.append(say("manual.rule.any_day"))
    return say("manual.rule.semicolon").join(parts)


def _days(rule: Rule, anchor: str, say: _Words) -> str:
    comma = say("manual.rule.comma")
    parts: list[str] = []
    for key, days in (
        ("before", [-n for n in rule.offsets if n < 0]),
        ("on_day", [n for n in rule.offsets if n == 0]),
        ("after", [n for n in rule.offsets if n > 0]),
    ):
        if days:
            shown = comma.join(str(n) for n in days)
            parts.append(say(f"manual.rule.{key}", days=shown, anchor=anchor, n=max(days)))
    return comma.join(parts)


def _to(rule: Rule, say: _Words) -> str:
    people = say("manual.rule.comma").join(say(f"manual.audience.{a.value}") for a in rule.audience)
    if rule.escalation is None:
        return people
    to = say(f"manual.audience.{rule.escalation.to.value}")
    late = say("manual.rule.escalates", n=rule.escalation.after, to=to)
    return f"{people}{say('manual.rule.semicolon')}{late}"


def _late(rule: Rule, say: _Words) -> str:
    minutes = rule.catch_up // timedelta(minutes=1)
    if minutes % 60:
        return say("manual.rule.some_minutes", n=minutes)
    return say("manual.rule.some_hours", n=minutes // 60)


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
