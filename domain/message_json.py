"""Cards and replies as JSON and back, for the outbox, the message store and scripts.

Every value is ``{"_": "<type>", …}``; plain strings and numbers stand for themselves. A type that
is not in :data:`_TYPES` is refused, so stored data can never name a class of its own choosing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast

from domain import messages as m

_TYPES: dict[str, type[Any]] = {
    t.__name__: t
    for t in (
        m.T, m.PersonRef, m.Day, m.Moment, m.Link, m.Strong, m.Code, m.Join, m.Para, m.Heading,
        m.Fields, m.Bullets, m.Bullet, m.Grid, m.Bar, m.FileRef, m.Action, m.Card, m.Option,
        m.FormField, m.Form, m.Reply,
    )
}  # fmt: skip
_ENUMS: dict[str, type[StrEnum]] = {
    "tone": m.Tone,
    "style": m.Style,
    "kind": m.FieldKind,
}
_NOTHING = (None, (), "")
_NAMES: dict[type[Any], tuple[str, ...]] = {
    t: tuple(f.name for f in dataclasses.fields(t)) for t in _TYPES.values()
}


def to_json(value: object) -> Any:
    """The value as JSON-ready data. Fields that hold ``None`` or nothing are left out."""
    kind = type(value)
    if kind is str or value is None:
        return value
    # The kinds that a card is full of, by what they are: asking what they are like costs ten times.
    if kind is tuple:
        return [to_json(v) for v in cast("tuple[object, ...]", value)]
    if kind is dict:
        return {str(k): to_json(v) for k, v in cast("dict[object, object]", value).items()}
    names = _NAMES.get(kind)
    if names is None:
        return _plain(value)
    out: dict[str, Any] = {"_": kind.__name__}
    for name in names:
        part = getattr(value, name)
        if part:  # what a message is made of is true; asking whether it equals nothing is slow
            out[name] = part if type(part) is str else to_json(part)
        elif part not in _NOTHING:
            out[name] = to_json(part)
    return out


def _plain(value: object) -> Any:
    """What is no part of the message model itself: numbers, words of enums, dates, collections."""
    match value:
        case tuple() | list():
            return [to_json(v) for v in cast("tuple[object, ...]", value)]
        case StrEnum():
            return value.value
        case str() | int() | float():
            return value
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            items = cast("Mapping[object, object]", value).items()
            return {str(k): to_json(v) for k, v in items}
        case _:
            raise TypeError(f"{type(value).__name__} is not part of a message")


def from_json(data: Any) -> Any:
    """The value that :func:`to_json` wrote. Unknown types and fields raise ``ValueError``."""
    if isinstance(data, list):
        return tuple(from_json(v) for v in cast("list[Any]", data))
    if not isinstance(data, dict):
        return data
    known = cast("dict[str, Any]", data)
    name = known.get("_")
    if name is None:
        return {k: from_json(v) for k, v in known.items()}
    cls = _TYPES.get(str(name))
    if cls is None:
        raise ValueError(f"unknown message part {name!r}")
    try:
        return cls(
            **{k: _field(cls, k, v) for k, v in known.items() if k != "_"} | _absent(cls, known)
        )
    except TypeError as error:
        raise ValueError(f"bad message part {name!r}: {error}") from error


def _absent(cls: type[Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Required fields that were left out because they were empty."""
    out: dict[str, Any] = {}
    for f in dataclasses.fields(cls):
        if (
            f.name not in known
            and f.default is dataclasses.MISSING
            and f.default_factory is dataclasses.MISSING
        ):
            out[f.name] = () if "tuple" in str(f.type) else ""
    return out


def _field(cls: type[Any], name: str, data: Any) -> Any:
    if cls is m.Day and name == "day":
        return date.fromisoformat(data)
    if cls is m.Moment and name == "at":
        return datetime.fromisoformat(data)
    if name in _ENUMS and isinstance(data, str):
        return _ENUMS[name](data)
    return from_json(data)
