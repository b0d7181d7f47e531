"""A story's fields from what people type: in forms, on a line, in a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from commands.args import FieldErrors
from commands.stories.words import category_of, priority_of
from domain.errors import DubanError, UserError
from domain.messages import Inline
from domain.story_fields import checked_fields


def read_fields(typed: Mapping[str, str]) -> dict[str, Any]:
    """The values of the story's own fields among what was typed.

    An empty text means the default (priority 3, ``feature``, no estimate) and an empty title is
    refused. Raises :class:`FieldErrors` with what is wrong with each.
    """
    out: dict[str, Any] = {}
    errors: dict[str, Inline] = {}
    for name, text in typed.items():
        if name not in _READERS:
            continue
        try:
            out.update(checked_fields({name: _READERS[name](text.strip())}))
        except DubanError as error:
            errors[name] = error.text
    if errors:
        raise FieldErrors(errors)
    return out


def _lines(text: str) -> str:
    """Forms send the line ends of the web; a difference in them is no edit."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _priority(text: str) -> int:
    if not text:
        return 3
    found = priority_of(text)
    if found is None:
        raise UserError("story.field.priority", text=text[:20])
    return found


def _category(text: str) -> str:
    if not text:
        return "feature"
    found = category_of(text)
    if found is None:
        raise UserError("story.field.category", text=text[:40])
    return found


def _estimate(text: str) -> float:
    try:
        return float(text.casefold().removesuffix("h").removesuffix("小时") or 0)
    except ValueError:
        raise UserError("story.field.estimate", text=text[:20]) from None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "title": str,
    "spec": _lines,
    "verify": _lines,
    "priority": _priority,
    "category": _category,
    "module": str,
    "estimate": _estimate,
}
