"""Reading ZenTao's answers, whose HTTP status means little.

Good is: one JSON document, not empty, without an ``error`` and without a failed ``result`` or
``status``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast


class Shape(StrEnum):
    """What a body is."""

    JSON = "json"
    EMPTY = "empty"
    GLUED = "glued"  # several documents one after the other: a failure, then somebody else's data
    HALF = "half"  # the beginning of a document
    OTHER = "other"  # an HTML page of an error, a proxy or a login


@dataclass(frozen=True, slots=True)
class Body:
    """A body that was read.

    :param data: the document, for :attr:`Shape.JSON` only.
    """

    shape: Shape
    data: Any = None


def read_body(text: str) -> Body:
    """What a body holds."""
    rest = text.strip().lstrip("\ufeff")
    if not rest:
        return Body(Shape.EMPTY)
    if rest[0] not in '{["-0123456789tfn':
        return Body(Shape.OTHER)
    try:
        data, end = json.JSONDecoder().raw_decode(rest)
    except json.JSONDecodeError:
        return Body(Shape.HALF if rest[0] in "{[" else Shape.OTHER)
    if rest[end:].strip():
        return Body(Shape.GLUED if rest[end:].lstrip()[0] in "{[" else Shape.OTHER)
    return Body(Shape.JSON, data)


def complaint(data: Any) -> str | None:
    """ZenTao's sentence when a document says that the call failed; None when it does not.

    ``""`` when it failed without a word.
    """
    if not isinstance(data, Mapping):
        return None
    answer = cast("Mapping[str, Any]", data)
    if "error" in answer:
        return sentence(answer["error"])
    failed = answer.get("result") == "fail" or answer.get("status") in {"fail", "failed", "error"}
    if not failed:
        return None
    return sentence(answer.get("message", answer.get("reason", "")))


def sentence(value: Any) -> str:
    """The sentences in a complaint of any of its forms: a text, a list, an object of either."""
    if isinstance(value, Mapping):
        return _joined(cast("Mapping[str, Any]", value).values())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _joined(cast("Sequence[Any]", value))
    return str(value).strip() if value not in (None, False) else ""


def _joined(values: Iterable[Any]) -> str:
    return " ".join(x for x in (sentence(v) for v in values) if x)


def rows(value: Any) -> tuple[Mapping[str, Any], ...]:
    """The objects of a list; ZenTao writes one keyed by id as an object, and as ``[]`` if empty."""
    if isinstance(value, Mapping):
        value = list(cast("Mapping[str, Any]", value).values())
    if not isinstance(value, list):
        return ()
    found = cast("list[Any]", value)
    return tuple(cast("Mapping[str, Any]", x) for x in found if isinstance(x, Mapping))


def record(value: Any) -> Mapping[str, Any]:
    """An object; nothing for anything else."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
