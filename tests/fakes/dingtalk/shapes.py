"""What the bodies of calls look like: names, kinds, what must be there. Unknown names are refused.

The names and kinds are those of the official generated models; ``tests/dingtalk/validity``
compares both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.fakes.dingtalk.refusal import Refusal


class Kind(StrEnum):
    """The kind of a plain value."""

    TEXT = "text"
    WHOLE = "whole"
    FLAG = "flag"
    TEXTS = "texts"  # a list of texts
    WORDS = "words"  # texts by name: all values of cards are texts
    THINGS = "things"  # anything by name


@dataclass(frozen=True, slots=True)
class Many:
    """A list of such objects."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Each:
    """Such objects by name."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Shape:
    """An object.

    :param required: names that must be there and not be empty.
    """

    fields: Mapping[str, Kind | Shape | Many | Each]
    required: frozenset[str] = frozenset()


def shape(*required: str, **fields: Kind | Shape | Many | Each) -> Shape:
    """A shape in which the named fields must be there."""
    return Shape(fields, frozenset(required))


_PLAIN: Mapping[Kind, type] = {Kind.TEXT: str, Kind.WHOLE: int, Kind.FLAG: bool}


def check(value: Any, wanted: Kind | Shape | Many | Each, name: str = "body") -> None:
    """``Refusal`` unless the value has this shape."""
    if isinstance(wanted, Kind):
        if not _is(value, wanted):
            raise Refusal(f"invalidParameter.{name}.invalid")
    elif isinstance(wanted, Many):
        _require(isinstance(value, list), name)
        for item in value:
            check(item, wanted.of, name)
    elif isinstance(wanted, Each):
        _require(isinstance(value, dict), name)
        for item in value.values():
            check(item, wanted.of, name)
    else:
        _object(value, wanted, name)


def _object(value: Any, wanted: Shape, name: str) -> None:
    _require(isinstance(value, dict), name)
    for key, item in value.items():
        if key not in wanted.fields:
            raise Refusal(f"invalidParameter.{key}.unknown", f"unknown field {name}.{key}")
        check(item, wanted.fields[key], key)
    for key in sorted(wanted.required):
        if value.get(key) in (None, "", [], {}):
            raise Refusal(f"invalidParameter.{key}.empty", f"{key} is empty")


def _is(value: Any, kind: Kind) -> bool:
    if kind is Kind.TEXTS:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if kind is Kind.WORDS:
        return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
    if kind is Kind.THINGS:
        return isinstance(value, dict)
    return isinstance(value, _PLAIN[kind]) and (kind is Kind.FLAG or not isinstance(value, bool))


def _require(good: bool, name: str) -> None:
    if not good:
        raise Refusal(f"invalidParameter.{name}.invalid")


def json_object(text: str, name: str) -> dict[str, Any]:
    """What a JSON text inside of JSON says; ``Refusal`` unless it is an object."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refusal(f"invalidParameter.{name}.invalid", f"{name} is no JSON text")
    return found
