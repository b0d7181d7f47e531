"""What databases report, in Duban's words."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from domain.errors import ConflictError, DubanError, StorageError
from domain.messages import Inline

FAILURES = (DBAPIError, sqlite3.Error, psycopg.Error)
"""What a statement may raise: SQLAlchemy's errors, and the drivers' own (see storage.driver)."""

FULL = "storage.full"
UNAVAILABLE = "storage.unavailable"
BUSY = "storage.busy"
CONFLICT = "storage.conflict"

_SQLITE_DUPLICATE = frozenset(
    {
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        sqlite3.SQLITE_CONSTRAINT_ROWID,
    }
)
_SQLITE_KEYS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: UNAVAILABLE,
    sqlite3.SQLITE_IOERR: UNAVAILABLE,
    sqlite3.SQLITE_CANTOPEN: UNAVAILABLE,
    sqlite3.SQLITE_CORRUPT: UNAVAILABLE,
    sqlite3.SQLITE_NOTADB: UNAVAILABLE,
    sqlite3.SQLITE_PERM: UNAVAILABLE,
}
_POSTGRES_DUPLICATE = frozenset({"23505", "23P01"})
# Serialization failure and deadlock: somebody else was first, trying again is right.
_POSTGRES_CONFLICT = frozenset({"40001", "40P01"})
_POSTGRES_KEYS = {
    "53100": FULL,
    "53300": BUSY,
    "55P03": BUSY,
    "57014": BUSY,
    "25006": UNAVAILABLE,
}
# Connection lost, out of resources, shutting down, not allowed in: nothing that a person did.
_POSTGRES_UNAVAILABLE_CLASSES = ("08", "28", "53", "57P", "58", "3D")


def is_duplicate(error: BaseException) -> bool:
    """Whether a statement failed because a unique value is taken already."""
    original = getattr(error, "orig", error)
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", None) in _SQLITE_DUPLICATE
    return getattr(original, "sqlstate", None) in _POSTGRES_DUPLICATE


def translate(error: Exception) -> DubanError | None:
    """Duban's error for a database's, or ``None`` where it can only be a bug of ours."""
    if isinstance(error, PoolTimeoutError):
        return StorageError(BUSY)
    if not isinstance(error, FAILURES):
        return None
    if is_duplicate(error):
        return ConflictError(CONFLICT)
    original: object = getattr(error, "orig", error)
    if isinstance(original, sqlite3.Error):
        code = getattr(original, "sqlite_errorcode", None)
        key = _SQLITE_KEYS.get(code & 0xFF) if isinstance(code, int) else None
        return StorageError(key) if key else None
    return _translate_postgres(error, getattr(original, "sqlstate", None))


def _translate_postgres(error: Exception, state: str | None) -> DubanError | None:
    if state in _POSTGRES_CONFLICT:
        return ConflictError(CONFLICT)
    if state is None:
        return StorageError(UNAVAILABLE) if _lost(error) else None
    key = _POSTGRES_KEYS.get(state)
    if key is None and state.startswith(_POSTGRES_UNAVAILABLE_CLASSES):
        key = UNAVAILABLE
    return StorageError(key) if key else None


def _lost(error: Exception) -> bool:
    # A server that cannot be reached has no chance to send a code.
    invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
    return invalidated or type(getattr(error, "orig", error)).__name__ in {
        "OperationalError",
        "ConnectionTimeout",
        "AdminShutdown",
    }


def from_os(error: OSError) -> StorageError:
    """Duban's error for one of the file system."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return StorageError(FULL)
    name = Path(str(error.filename)).name if error.filename else "?"
    return StorageError("storage.file_failed", name=name, reason=error.strerror or repr(error))


@contextmanager
def translated() -> Generator[None]:
    """Raise Duban's errors for the database's inside the block, the original as cause."""
    try:
        yield
    except (*FAILURES, PoolTimeoutError) as error:
        known = translate(error)
        if known is None:
            raise
        raise known from error
    except StatementError as error:
        # A value that a column type refused (a naive date-time): show the refusal itself.
        if isinstance(error.orig, ValueError):
            raise error.orig from error
        raise


@contextmanager
def conflict_as(key: str, hint: Inline | None = None, /, **params: Inline | int) -> Generator[None]:
    """Raise ``ConflictError(key)`` when a statement in the block finds its unique value taken.

    The transaction cannot go on after that on PostgreSQL: let the error pass and roll back.
    """
    try:
        yield
    except FAILURES as error:
        if not is_duplicate(error):
            raise
        raise ConflictError(key, hint, **params) from error
