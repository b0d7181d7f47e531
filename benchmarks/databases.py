"""Fresh, migrated databases of both kinds, gone when the run ends."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from storage.migrate import upgrade
from tests.machine import NotAvailableError
from tests.postgres import PostgresServer, start_server

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases in a temporary folder and on a server that is started at the first need."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="duban-bench-"))
        self._count = itertools.count()
        self._server: PostgresServer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def kinds(self) -> tuple[str, ...]:
        """What this machine has: SQLite always, PostgreSQL mostly."""
        try:
            self._start()
        except NotAvailableError as missing:
            print(f"without PostgreSQL: {missing}")
            return KINDS[:1]
        return KINDS

    def folder(self) -> Path:
        """A new empty folder."""
        path = self._folder / f"folder-{next(self._count)}"
        path.mkdir()
        return path

    def fresh(self, kind: str) -> str:
        """The address of a new database."""
        if kind == "postgresql":
            return self._start().migrated()
        url = f"sqlite:///{self.folder() / 'duban.sqlite'}"
        upgrade(url)
        return url

    def _start(self) -> PostgresServer:
        if self._server is None:
            self._server = start_server(os.environ.get("DUBAN_TEST_POSTGRES_URL"))
        return self._server
