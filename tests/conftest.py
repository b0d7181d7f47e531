"""Fixtures for everybody: databases of both kinds, a bare environment, a closed network."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from storage.migrate import upgrade
from tests.machine import NotAvailableError, close_network, give_up, real_zentao, strip_environment
from tests.postgres import PostgresServer, start_server

if TYPE_CHECKING:
    from tests.harness import Team

TEST_SERVER = pytest.StashKey[str | None]()
REAL_ZENTAO = pytest.StashKey[Mapping[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    # How long an example may take says something about the machine only.
    settings.register_profile("duban", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("duban")
    zentao = config.stash[REAL_ZENTAO] = real_zentao()
    config.stash[TEST_SERVER] = strip_environment()
    close_network(but=zentao.get("url", ""))


@pytest.fixture(scope="session")
def zentao_server(pytestconfig: pytest.Config) -> Mapping[str, str]:
    """A real ZenTao: ``ZENTAO_URL``, ``ZENTAO_ACCOUNT``, ``ZENTAO_PASSWORD`` of the environment."""
    server = pytestconfig.stash[REAL_ZENTAO]
    if not server:
        pytest.skip("no real ZenTao: set ZENTAO_URL, ZENTAO_ACCOUNT, ZENTAO_PASSWORD")
    return server


@pytest.fixture(scope="session")
def _postgres_or_reason(pytestconfig: pytest.Config) -> Iterator[PostgresServer | str]:
    try:
        server = start_server(pytestconfig.stash[TEST_SERVER])
    except NotAvailableError as missing:
        yield str(missing)
        return
    yield server
    server.stop()


@pytest.fixture
def postgres_server(_postgres_or_reason: PostgresServer | str) -> PostgresServer:
    """The server of this run, for tests that need more than one database."""
    if isinstance(_postgres_or_reason, str):
        give_up(_postgres_or_reason)
    return _postgres_or_reason


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "migrated.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(_migrated_file: Path, tmp_path: Path) -> str:
    """A SQLite database of this test's own, migrated and empty."""
    file = tmp_path / "duban.sqlite"
    shutil.copyfile(_migrated_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A PostgreSQL database of this test's own, migrated and empty."""
    url = postgres_server.migrated()
    yield url
    postgres_server.give_back(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs on both kinds."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_db_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table; the test runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.empty()
    yield url
    server.drop(url)


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """The database as Duban sees it; the test runs on both kinds."""
    yield from _opened(db_url)


@pytest.fixture
def sqlite_db(sqlite_url: str) -> Iterator[Database]:
    """The database as Duban sees it, SQLite only."""
    yield from _opened(sqlite_url)


@pytest.fixture
def postgres_db(postgres_url: str) -> Iterator[Database]:
    """The database as Duban sees it, PostgreSQL only."""
    yield from _opened(postgres_url)


@pytest.fixture
def team(db: Database, tmp_path: Path) -> Team:
    """A small company that reads Chinese, over the real dispatcher; on both kinds."""
    from tests.harness import Team

    return Team(db, tmp_path / "files")


@pytest.fixture
def english_team(db: Database, tmp_path: Path) -> Team:
    """The same company, reading English."""
    from tests.harness import Team

    return Team(db, tmp_path / "files", locale="en")


@pytest.fixture
def chromium() -> str:
    """The path of a Chromium for tests in a browser."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    return give_up("Chromium: none of chromium, chromium-browser, google-chrome is on the path")


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()
