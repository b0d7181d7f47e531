"""Typed events as plain data and back.

An event body is a frozen dataclass of simple fields. What is stored carries no class names: the
type of an event is a word that its family maps to a class, so a renamed class never orphans a
record.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any


def encode(body: Any) -> dict[str, Any]:
    """The fields of an event body, ready for JSON."""
    return {f.name: _plain(getattr(body, f.name)) for f in dataclasses.fields(body)}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(v) for v in typing.cast("tuple[Any, ...]", value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return encode(value)
    return value


def decode(body_type: type[Any], payload: Mapping[str, Any]) -> Any:
    """An event body from its stored fields.

    Fields that the record does not have take their default (the record is older than the field);
    fields that the class does not know any more are passed over.
    """
    hints = _hints(body_type)
    return body_type(**{k: _typed(hints[k], v) for k, v in payload.items() if k in hints})


@cache
def _hints(body_type: type[Any]) -> dict[str, Any]:
    known = typing.get_type_hints(body_type)
    return {f.name: known[f.name] for f in dataclasses.fields(body_type)}


def _typed(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        inner = next(a for a in typing.get_args(hint) if a is not type(None))
        return None if value is None else _typed(inner, value)
    if origin is tuple:
        args = typing.get_args(hint)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_typed(args[0], v) for v in value)
        return tuple(_typed(a, v) for a, v in zip(args, value, strict=True))
    if isinstance(hint, type):
        return _from_plain(hint, value)
    return value


def _from_plain(hint: type[Any], value: Any) -> Any:
    if dataclasses.is_dataclass(hint):
        return decode(hint, value)
    if issubclass(hint, StrEnum):
        return hint(value)
    if issubclass(hint, datetime | date):
        return hint.fromisoformat(value)
    return value
