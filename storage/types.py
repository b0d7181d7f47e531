"""Column types that refuse what cannot be stored without loss."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import DateTime, Dialect, String, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from domain.clock import require_aware

_TEXT_LENGTH = len("2026-01-31T08:30:00.000000Z")


class _Reading(Protocol):
    def __call__(self, value: Any) -> datetime | None: ...


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware date-times of any zone go in, aware UTC comes out.

    A naive date-time is refused with ``ValueError`` (SQLAlchemy shows it as ``StatementError``).
    On SQLite it is text of fixed width, so that comparing text compares instants; on PostgreSQL
    it is ``timestamptz``. Both keep microseconds.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` where there is one, text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(_TEXT_LENGTH))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """From Python to the database."""
        if value is None:
            return None
        return require_aware(value) if dialect.name == "postgresql" else utc_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From the database to Python."""
        return _instant(value)

    def result_processor(self, dialect: Dialect, coltype: object) -> _Reading:
        """The same without SQLAlchemy's call around it: a reminder that is due reads five."""
        return _instant


class Json(TypeDecorator[Any]):
    """A JSON value; ``None`` is SQL's NULL, never JSON's.

    NaN and infinities are refused with ``ValueError``. PostgreSQL keeps no order of keys, so
    whoever hashes a value must write it in a canonical form first.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``jsonb`` where there is one, text elsewhere."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any:
        """From Python to the database."""
        if value is None or dialect.name == "postgresql":
            return value  # JSONB writes it with ``dump_json``, see storage.database
        return dump_json(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any:
        """From the database to Python."""
        if value is None or dialect.name == "postgresql":
            return value
        return json.loads(value)


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    return datetime.fromisoformat(value) if type(value) is str else value.astimezone(UTC)


def utc_text(instant: datetime) -> str:
    """An aware instant as text of fixed width; PostgreSQL reads it as the same instant."""
    return require_aware(instant).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def dump_json(value: Any) -> str:
    """JSON as we store it: compact, in UTF-8, without the numbers that JSON does not know."""
    return _ENCODER.encode(value)
