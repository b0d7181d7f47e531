from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.webchat.world import ChatServer, chat_server


@pytest.fixture
def chat(db: Database, tmp_path: Path) -> Iterator[ChatServer]:
    """The chat of a small team, on both kinds of database."""
    with chat_server(db, tmp_path / "files") as server:
        yield server


@pytest.fixture
def lite(sqlite_db: Database, tmp_path: Path) -> Iterator[ChatServer]:
    """The same on SQLite alone, for what no database decides."""
    with chat_server(sqlite_db, tmp_path / "files") as server:
        yield server
