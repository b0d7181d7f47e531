"""One call of the page, already signed in and read: plain values, checked as they are taken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from web.errors import ApiError
from web.sessions import Session

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


@dataclass(frozen=True, slots=True)
class Call:
    """What a route gets.

    :param path: parts of the address; :param query: its query; :param body: the JSON object sent.
    """

    session: Session
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def text(self, name: str, *, most: int, default: str | None = None) -> str:
        """A text of the body of at most ``most`` characters; ``ApiError`` 422 otherwise."""
        value = self.body.get(name, default)
        if not isinstance(value, str) or len(value) > most or "\x00" in value:
            raise bad_field(name)
        return value

    def optional(self, name: str, *, most: int = 64) -> str | None:
        """A text or nothing."""
        return None if self.body.get(name) is None else self.text(name, most=most)

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self.body.get(name)
        if not isinstance(value, bool):
            raise bad_field(name)
        return value

    def number(self, name: str) -> int:
        """A whole number of the body, not negative."""
        value = self.body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
            raise bad_field(name)
        return value

    def texts(self, name: str, *, most: int) -> tuple[str, ...]:
        """A list of at most ``most`` short texts."""
        value: Any = self.body.get(name, [])
        if not isinstance(value, list) or len(cast("list[Any]", value)) > most:
            raise bad_field(name)
        items = cast("list[Any]", value)
        if not all(isinstance(v, str) and len(v) <= 64 for v in items):
            raise bad_field(name)
        return tuple(cast("list[str]", items))

    def values(self, name: str) -> Mapping[str, str]:
        """The values of a form: names and texts."""
        value: Any = self.body.get(name)
        if not isinstance(value, dict) or len(cast("dict[str, Any]", value)) > 60:
            raise bad_field(name)
        pairs = cast("dict[str, Any]", value)
        if not all(isinstance(v, str) and len(v) <= 20_000 for v in pairs.values()):
            raise bad_field(name)
        return pairs

    def asked(self, name: str) -> int | None:
        """A whole number of the query, or nothing."""
        value = self.query.get(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise bad_field(name)
        return int(value)

    def event_id(self) -> str:
        """The id of this delivery, from the browser's ``client_id``: the same twice is one act."""
        client = self.text("client_id", most=64)
        if not _CLIENT_ID.match(client):
            raise bad_field("client_id")
        return f"web:{self.session.workspace}:{self.session.person}:{client}"


def bad_field(name: str) -> ApiError:
    """A field of a request is missing or cannot be."""
    return ApiError(422, "web.bad_field", name=name)
