"""What a backup looks like: a ``.tar.gz`` of rows as lines of JSON, files as they are, a manifest.

The rows do not depend on the database they came from, so a backup of SQLite can be restored into
PostgreSQL and the other way round.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    LargeBinary,
    Numeric,
    TableClause,
    column,
    table,
)
from sqlalchemy.types import NullType, TypeEngine

from storage.types import Json, UtcDateTime

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
TABLES = "tables/"
_CHUNK = 1 << 20


class Kind(StrEnum):
    """How a column's values are written in JSON."""

    PLAIN = "plain"
    JSON = "json"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    NUMBER = "number"
    BYTES = "bytes"


_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.PLAIN: NullType(),
    Kind.JSON: Json(),
    Kind.BOOLEAN: Boolean(),
    Kind.DATE: Date(),
    Kind.INSTANT: UtcDateTime(),
    Kind.NUMBER: Numeric(),
    Kind.BYTES: LargeBinary(),
}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of the archive."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table: its columns with their kinds, and how many rows there are."""

    columns: Mapping[str, Kind]
    rows: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in an archive.

    :param created_at: when, as ISO text in UTC.
    :param revision: the schema's revision that the rows belong to.
    :param tables: in an order in which no row refers to a later table.
    :param members: every other file of the archive, by path.
    """

    created_at: str
    revision: str
    tables: Mapping[str, TableInfo]
    members: Mapping[str, Member]
    format: int = FORMAT

    def to_json(self) -> str:
        """As stored in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def manifest_from_json(text: str) -> Manifest:
    """The manifest; whatever is not one is a ``ValueError``, ``KeyError`` or ``TypeError``."""
    data = json.loads(text)
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}")
    return Manifest(
        created_at=data["created_at"],
        revision=data["revision"],
        tables={
            name: TableInfo(
                {column: Kind(kind) for column, kind in info["columns"].items()}, int(info["rows"])
            )
            for name, info in data["tables"].items()
        },
        members={
            path: Member(str(member["sha256"]), int(member["size"]))
            for path, member in data["members"].items()
        },
    )


def kind_of(declared: Column[Any]) -> Kind:
    """How the values of a column are written."""
    for kind, kind_type in _TYPES.items():
        if kind is not Kind.PLAIN and isinstance(declared.type, type(kind_type)):
            # Float is a Numeric for SQLAlchemy, but a plain number for JSON.
            floating = kind is Kind.NUMBER and declared.type.python_type is float
            return Kind.PLAIN if floating else kind
    return Kind.PLAIN


def as_table(name: str, info: TableInfo) -> TableClause:
    """A table to insert into, by the columns of the archive, not by today's declaration."""
    return table(name, *(column(c, _TYPES[kind]) for c, kind in info.columns.items()))


def dump_row(values: Iterable[Any], kinds: Iterable[Kind]) -> str:
    """One row as one line; values and kinds in the same order."""
    row = [_to_json(value, kind) for value, kind in zip(values, kinds, strict=True)]
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def load_row(line: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The row of a line."""
    row = json.loads(line)
    return {
        name: _from_json(value, kind)
        for (name, kind), value in zip(kinds.items(), row, strict=True)
    }


def _to_json(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    match kind:
        case Kind.INSTANT | Kind.DATE:
            return value.isoformat()
        case Kind.NUMBER:
            return str(value)
        case Kind.BYTES:
            return base64.b64encode(value).decode()
        case _:
            return value


def _from_json(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    match kind:
        case Kind.INSTANT:
            return datetime.fromisoformat(value)
        case Kind.DATE:
            return date.fromisoformat(value)
        case Kind.NUMBER:
            return Decimal(value)
        case Kind.BYTES:
            return base64.b64decode(value)
        case _:
            return value


def copy_hashed(source: IO[bytes], target: IO[bytes] | None = None) -> Member:
    """Read to the end, writing to ``target`` on the way; answers the content's hash and size."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        if target is not None:
            target.write(chunk)
    return Member(digest.hexdigest(), size)


def describe(path: Path) -> Member:
    """Hash and size of a file."""
    with path.open("rb") as source:
        return copy_hashed(source)
