"""What may stand in a story's fields."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

from domain.errors import UserError
from domain.messages import T

MAX_TITLE = 255
MAX_MODULE = 100
MAX_TEXT = 50_000
MAX_ESTIMATE = 10_000.0
PRIORITIES = (1, 2, 3, 4)
CATEGORIES = ("feature", "interface", "performance", "safe", "experience", "improve", "other")
"""ZenTao's categories."""

TEXT_FIELDS = frozenset({"title", "spec", "verify"})
"""What a version of a story says; on an agreed story only a change may alter it."""

EDITABLE = frozenset({*TEXT_FIELDS, "priority", "category", "module", "estimate"})
"""What an edit may set."""


def checked_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields in the form in which they are kept.

    What people can get wrong raises ``UserError`` (``story.field.…``); a name that is no editable
    field is a programming error and raises ``ValueError``.
    """
    unknown = fields.keys() - EDITABLE
    if unknown:
        raise ValueError(f"no editable fields of a story: {sorted(unknown)}")
    return {name: _checked(name, value) for name, value in fields.items()}


def _checked(name: str, value: Any) -> Any:
    match name:
        case "title":
            return _title(str(value))
        case "priority":
            return _priority(value)
        case "category":
            return _category(str(value))
        case "estimate":
            return _estimate(value)
        case "module":
            return _limited(name, " ".join(str(value).split()), MAX_MODULE)
        case _:
            return _limited(name, str(value).strip(), MAX_TEXT)


def _title(text: str) -> str:
    title = " ".join(text.split())
    if not title:
        raise UserError("story.field.no_title")
    return _limited("title", title, MAX_TITLE)


def _limited(name: str, text: str, limit: int) -> str:
    if len(text) > limit:
        raise UserError("story.field.too_long", what=T(f"story.arg.{name}"), n=limit)
    return text


def _priority(value: Any) -> int:
    if value not in PRIORITIES:
        raise UserError("story.field.priority", text=str(value)[:20])
    return int(value)


def _category(value: str) -> str:
    if value not in CATEGORIES:
        raise UserError("story.field.category", text=value[:40])
    return value


def _estimate(value: Any) -> float:
    number = float(cast("float", value))
    if not math.isfinite(number) or not 0 <= number <= MAX_ESTIMATE:
        raise UserError("story.field.estimate", text=str(value)[:20])
    return number
