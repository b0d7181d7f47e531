"""What people type to change a rule: ``offsets=-3,-1 hour=10:00 to=channel,owner from=2 off``."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from domain.dates import parse_time
from domain.errors import UserError
from domain.messages import Code, Inline, Join
from domain.reminders import Audience, Rule, RuleOverride

MOST_OFFSETS = 10
FURTHEST = 60
"""Working days from the anchor, at most."""

_EVERYBODY = (Audience.CHANNEL, Audience.OWNER, Audience.PO, Audience.PM)
_AUDIENCES = {
    "频道": Audience.CHANNEL, "负责人": Audience.OWNER, "产品经理": Audience.PO,
    "项目经理": Audience.PM, "主持人": Audience.CHAIR, "决定人": Audience.DECIDERS,
    "受影响的人": Audience.AFFECTED,
}  # fmt: skip
_NAMES = {
    "offsets": "offsets", "offset": "offsets", "天数": "offsets", "days": "offsets",
    "hour": "hour", "at": "hour", "时间": "hour", "几点": "hour",
    "to": "to", "audience": "to", "发给": "to", "from": "from", "重复": "from", "repeat": "from",
}  # fmt: skip
_OFF = frozenset({"off", "关闭", "关"})
_ON = frozenset({"on", "打开", "开"})


def allowed_audience(rule: Rule) -> tuple[Audience, ...]:
    """To whom a product may send a rule: its own audience and whoever every product has."""
    return tuple(dict.fromkeys((*rule.audience, *_EVERYBODY)))


def changed(rule: Rule, override: RuleOverride | None, text: str) -> RuleOverride:
    """The product's settings of a rule after what was typed; what is not named stays as it is.

    :param rule: as Duban brings it. :param override: what the product has set before.
    :raises UserError: ``reminders.bad_…``, which says what is allowed.
    """
    result = override or RuleOverride(rule.name)
    words = text.replace("＝", "=").replace("，", ",").replace("－", "-").split()
    if not words:
        raise UserError("reminders.bad_setting", text=text[:40])
    for word in words:
        result = _one(rule, result, word)
    return result


def _one(rule: Rule, result: RuleOverride, word: str) -> RuleOverride:
    folded = word.casefold()
    if folded in _OFF or folded in _ON:
        return replace(result, off=folded in _OFF)
    name, equals, value = word.partition("=")
    setting = _NAMES.get(name.casefold())
    if not equals or setting is None:
        raise UserError("reminders.bad_setting", text=word[:40])
    if setting == "offsets":
        return replace(result, offsets=_offsets(rule, value))
    if setting == "hour":
        return replace(result, hour=_hour(value))
    if setting == "from":
        return replace(result, repeat_from=_repeat(rule, value))
    return replace(result, audience=_audience(rule, value))


def _offsets(rule: Rule, value: str) -> tuple[int, ...]:
    if not rule.offsets:
        raise UserError("reminders.no_offsets", rule=rule.zh, line=Code("from=2"))
    parts = [p for p in value.split(",") if p]
    if not parts or len(parts) > MOST_OFFSETS:
        raise UserError("reminders.bad_offsets", text=value[:40], most=FURTHEST)
    numbers = [_number(p) for p in parts]
    if any(n is None or abs(n) > FURTHEST for n in numbers):
        raise UserError("reminders.bad_offsets", text=value[:40], most=FURTHEST)
    return tuple(sorted({n for n in numbers if n is not None}))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,3}", text) else None


def _hour(value: str) -> time:
    try:
        return parse_time(value)
    except UserError:
        raise UserError("reminders.bad_hour", text=value[:40]) from None


def _repeat(rule: Rule, value: str) -> int:
    number = _number(value)
    if rule.repeat_from is None or number is None or not 1 <= number <= FURTHEST:
        raise UserError("reminders.bad_repeat", text=value[:40], most=FURTHEST)
    return number


def _audience(rule: Rule, value: str) -> tuple[Audience, ...]:
    allowed = allowed_audience(rule)
    found = [_AUDIENCES.get(v) or _by_value(v.casefold()) for v in value.split(",") if v]
    if not found or any(a not in allowed for a in found):
        known: Inline = Join(tuple(a.value for a in allowed), ", ")
        raise UserError("reminders.bad_audience", text=value[:40], known=known)
    return tuple(dict.fromkeys(a for a in found if a is not None))


def _by_value(text: str) -> Audience | None:
    return Audience(text) if text in tuple(Audience) else None


def typed(override: RuleOverride) -> str:
    """A product's settings as one would type them, to be shown and to be gone back to."""
    parts: list[str] = []
    if override.offsets is not None:
        parts.append("offsets=" + ",".join(str(n) for n in override.offsets))
    if override.repeat_from is not None:
        parts.append(f"from={override.repeat_from}")
    if override.hour is not None:
        parts.append(f"hour={override.hour:%H:%M}")
    if override.audience is not None:
        parts.append("to=" + ",".join(a.value for a in override.audience))
    if override.off is not None:
        parts.append("off" if override.off else "on")
    return " ".join(parts)
