"""Named locks that a process holds as long as it lives, whatever way it dies."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import URL, Connection, text

from storage.database import normal_url


class ProcessLocks(Protocol):
    """Locks of one process. Not for use by several threads at once."""

    def take(self, name: str) -> bool:
        """Take a lock; ``False`` when another holder has it. Never waits."""
        ...

    def release(self, name: str) -> None:
        """Give a lock back; nothing happens when it is not held."""
        ...

    def keep(self) -> bool:
        """Make sure that what was taken is still held, taking it again where it was lost.

        ``False`` when something could not be taken again (another has it now, or the server is
        away): try later.
        """
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


def process_locks(url: str | URL) -> ProcessLocks:
    """Locks that all processes on this database share: files beside SQLite, else advisory locks."""
    parsed = normal_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _FileLocks(Path(str(parsed.database)))
    return _AdvisoryLocks(parsed)


def lock_for_transaction(connection: Connection, name: str) -> None:
    """Wait until no other transaction holds the lock; it ends with this one.

    On SQLite nothing is needed: it lets in one writing transaction at a time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _number(name)})


class _FileLocks:
    """``flock`` on files beside the database; the kernel lets go when the process ends."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._held: dict[str, int] = {}

    def take(self, name: str) -> bool:
        if name in self._held:
            return True
        path = self._database.with_name(f"{self._database.name}.{name}.lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            return False
        self._held[name] = handle
        return True

    def release(self, name: str) -> None:
        handle = self._held.pop(name, None)
        if handle is not None:
            os.close(handle)  # the file stays: removing it would race with who opens it

    def keep(self) -> bool:
        return True

    def close(self) -> None:
        for name in list(self._held):
            self.release(name)


class _AdvisoryLocks:
    """Session-level advisory locks on a connection of their own; the server lets go with it."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection | None = None
        self._held: set[str] = set()

    def take(self, name: str) -> bool:
        if name in self._held:
            return True
        if not self._lock(name):
            return False
        self._held.add(name)
        return True

    def release(self, name: str) -> None:
        if name in self._held:
            self._held.discard(name)
            self._connected().execute("SELECT pg_advisory_unlock(%s)", [_number(name)])

    def keep(self) -> bool:
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
            lost = [name for name in self._held if not self._lock(name)]
        except psycopg.Error:
            self._drop()
            return False
        return not lost

    def close(self) -> None:
        self._held.clear()
        self._drop()

    def _lock(self, name: str) -> bool:
        row = self._connected().execute("SELECT pg_try_advisory_lock(%s)", [_number(name)])
        return row.fetchone() == (True,)

    def _connected(self) -> psycopg.Connection:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._address, autocommit=True, connect_timeout=10, application_name="duban-locks"
            )
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _number(name: str) -> int:
    # Advisory locks have numbers of 64 bits, shared by all programs on the database.
    digest = hashlib.sha256(f"duban:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
