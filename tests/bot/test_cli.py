"""Every ``duban`` command in a process of its own: what it says, and its exit code."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import stat
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from domain.people import Workspace
from storage.database import Database
from storage.uow import Store, UnitOfWork
from tests.faults.processes import Duban, Script, forks

pytestmark = pytest.mark.slow


class Terminal:
    """Types ``duban …`` on one data folder and keeps what it printed."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        self._environment = environment
        self._processes: list[Duban] = []
        self.printed = ""

    def run(self, *arguments: str, **environment: str) -> int | None:
        """Run to the end; the exit code."""
        process = self.start(*arguments, **environment)
        code = process.ended()
        self.printed = process.printed()
        assert "Traceback" not in self.printed
        return code

    def start(self, *arguments: str, **environment: str) -> Duban:
        """Start only."""
        process = Duban(forks(), self.data, **(self._environment | environment))
        process.output = self.data.with_suffix(f".{len(self._processes)}.out")
        self._processes.append(process)
        return process.start(*arguments)

    def end(self) -> None:
        """End what still runs."""
        for process in self._processes:
            process.kill()

    @contextmanager
    def stored(self) -> Generator[tuple[Workspace, UnitOfWork]]:
        """The one workspace, and what is in it."""
        with closing(Database(f"sqlite:///{self.data / 'duban.sqlite'}")) as database:
            store = Store(database)
            (workspace,) = store.workspaces()
            with store.read(workspace.id) as uow:
                yield workspace, uow

    @property
    def sqlite(self) -> closing[sqlite3.Connection]:
        """The database's file, opened behind Duban's back."""
        return closing(sqlite3.connect(self.data / "duban.sqlite", isolation_level=None))


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("cli") / "data"
    terminal = Terminal(data, LANG="en_GB.UTF-8")
    assert terminal.run("migrate") == 0, terminal.printed
    for line in ("/team add lily Lily", "/team role @lily admin"):
        assert terminal.run("chat", line) == 0, terminal.printed
    return data


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal where nothing was done yet, in English."""
    terminal = Terminal(tmp_path / "data", LANG="en_GB.UTF-8")
    yield terminal
    terminal.end()


@pytest.fixture
def terminal(_migrated: Path, empty: Terminal) -> Terminal:
    """A terminal on a database with two administrators and two entries in the audit."""
    shutil.copytree(_migrated, empty.data)
    return empty


@pytest.mark.parametrize(
    ("lang", "said", "workspace", "person", "channel"),
    [
        pytest.param("zh_CN.UTF-8", "数据库已是", "我的团队", "管理员", "大厅", id="Chinese"),
        pytest.param("en_GB.UTF-8", "at this version", "My team", "admin", "Lobby", id="English"),
        pytest.param("C", "at this version", "My team", "admin", "Lobby", id="neither"),
    ],
)
def test_a_new_folder_gets_a_workspace(
    empty: Terminal, lang: str, said: str, workspace: str, person: str, channel: str
) -> None:
    assert empty.run("migrate", LANG=lang) == 0
    assert said in empty.printed
    assert empty.run("migrate", LANG="de_DE") == 0  # again: nothing new
    with empty.stored() as (made, uow):
        assert (made.name, made.zone, made.country) == (workspace, "Asia/Shanghai", "CN")
        (one,) = uow.people.all()
        (room,) = uow.channels.all()
    assert (one.handle, one.name.casefold()[: len(person)]) == ("admin", person)
    assert (room.name, room.locale) == (channel, made.locale)
    assert stat.S_IMODE((empty.data / "secret.key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("web",), id="web"),
        pytest.param(("worker",), id="worker"),
        pytest.param(("backup",), id="backup"),
        pytest.param(("audit", "verify"), id="audit"),
    ],
)
def test_what_needs_a_database_says_how_to_get_one(
    empty: Terminal, arguments: tuple[str, ...]
) -> None:
    assert empty.run(*arguments) == 1
    assert empty.printed == "The database is not at this version. Run duban migrate first.\n"


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        pytest.param(("run",), {"DUBAN_PORT": "x"}, 'The port "x" will not do', id="port"),
        pytest.param(("run",), {"DUBAN_HOST": "0.0.0.0"}, "will not listen on 0.0.0.0", id="host"),
        pytest.param(("web",), {"DUBAN_HOST": "::"}, "will not listen on ::", id="IPv6 host"),
        pytest.param(
            ("run",), {"DUBAN_HOST": "0.0.0.0", "LANG": "zh_CN"}, "0.0.0.0", id="host in Chinese"
        ),
        pytest.param(
            ("migrate",), {"DUBAN_CONFIG": "gone.toml"}, "file gone.toml cannot be read", id="file"
        ),
        pytest.param(
            ("migrate",), {"DUBAN_DATABASE_URL": "mysql://u:pw@h/d"}, "address", id="database"
        ),
        pytest.param(
            ("migrate",),
            {"DUBAN_DATABASE_URL": "postgresql://u:pw@127.0.0.1:1/d"},
            "The database cannot be reached",
            id="database that is away",
        ),
        pytest.param(("token", "create", "--person", "@ghost"), {}, "@ghost", id="token"),
        pytest.param(("chat", "--as", "ghost", "hi"), {}, "handle @ghost", id="who chats"),
        pytest.param(("chat", "--channel", "hell", "hi"), {}, 'no channel "hell"', id="where"),
        pytest.param(("demo", "remove"), {}, "The sample product is not loaded", id="no sample"),
        pytest.param(("restore", "gone.tar.gz"), {}, "no backup file gone.tar.gz", id="no backup"),
    ],
)
def test_what_cannot_be_is_said_in_words(
    terminal: Terminal, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    assert terminal.run(*arguments, **environment) == 1
    assert said in terminal.printed
    assert "pw" not in terminal.printed
    assert len(terminal.printed.splitlines()) == 1


@pytest.mark.parametrize("arguments", [(), ("frobnicate",), ("demo", "burn"), ("token", "create")])
def test_a_wrong_command_line_shows_the_usage(empty: Terminal, arguments: tuple[str, ...]) -> None:
    assert empty.run(*(arguments or ("",))) == 2
    assert "usage: duban" in empty.printed


def test_the_help_is_in_the_terminals_language(empty: Terminal) -> None:
    assert empty.run("--help", DUBAN_LANG="zh", LANG="en_GB.UTF-8") == 0
    assert "督办" in empty.printed
    assert empty.run("--help", LC_ALL="en_GB.UTF-8", LANG="zh_CN.UTF-8") == 0
    assert "restore from a backup" in empty.printed


def test_a_taken_port_is_told_before_anything_starts(terminal: Terminal) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        assert terminal.run("run", DUBAN_PORT=port) == 1
    assert terminal.printed.startswith(f"127.0.0.1:{port} cannot be used")


def test_the_sample_is_loaded_once_and_removed_once(terminal: Terminal) -> None:
    assert terminal.run("demo", "load") == 0
    assert "Open the channel" in terminal.printed
    assert terminal.run("demo", "load") == 1
    assert terminal.run("chat", "/team") == 0
    assert "@Wang Lei" in terminal.printed
    assert terminal.run("audit", "verify") == 0
    assert terminal.run("demo", "remove") == 0
    assert terminal.run("demo", "remove") == 1
    with terminal.stored() as (_, uow):
        assert uow.products.all() == ()
        assert {p.handle for p in uow.people.all()} == {"admin", "lily"}


def test_one_line_is_answered_and_the_exit_code_is_kept(terminal: Terminal) -> None:
    assert terminal.run("chat", "--as", "@lily", "/team", "zone", "Europe/Berlin") == 0
    assert "Europe/Berlin" in terminal.printed
    with terminal.stored() as (_, uow):
        lily = uow.people.by_handle("lily")
    assert lily is not None
    assert lily.zone == "Europe/Berlin"
    assert terminal.run("chat", "/frobnicate") == 0
    assert "frobnicate" in terminal.printed


def test_a_token_speaks_for_its_person_and_only_its_hash_is_kept(terminal: Terminal) -> None:
    assert terminal.run("token", "create", "--person", "lily", "--note", "ci") == 0
    hint, token = terminal.printed.splitlines()
    assert hint == "The token is shown this once:"
    assert token.startswith("duban_")
    with terminal.sqlite as connection:
        dump = "\n".join(connection.iterdump())
    assert token not in dump
    server = terminal.start("run").listening()
    said = Script(token).said(server.url, "/team zone Asia/Tokyo")
    assert "Asia/Tokyo" in said
    assert Script(f"{token}x").ask(server.url, "/team").status_code == 401
    assert Script(token).ask(server.url, "/help", "a b").status_code == 422
    assert server.stop() == 0
    assert token not in server.printed()
    assert "Asia/Tokyo" not in server.printed()


def test_a_backup_brings_back_what_was(terminal: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "safe" / "one.tar.gz"
    assert terminal.run("backup", str(target)) == 0
    assert str(target.stat().st_size) in terminal.printed
    assert terminal.run("backup", str(target)) == 1
    assert "already" in terminal.printed
    assert terminal.run("chat", "/team add max Max") == 0
    assert terminal.run("restore", str(target)) == 1
    assert "--force" in terminal.printed
    assert terminal.run("restore", str(target), "--force") == 0
    with terminal.stored() as (_, uow):
        assert {p.handle for p in uow.people.all()} == {"admin", "lily"}
    assert terminal.run("audit", "verify") == 0


def test_a_backup_without_a_name_goes_into_the_data_folder(terminal: Terminal) -> None:
    assert terminal.run("backup") == 0
    (made,) = (terminal.data / "backups").iterdir()
    assert str(made) in terminal.printed
    other = Terminal(terminal.data.with_name("other"), LANG="en_GB.UTF-8")
    assert other.run("restore", str(made)) == 0
    with other.stored() as (workspace, _):
        assert workspace.name == "My team"


def test_a_damaged_backup_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    target = tmp_path / "one.tar.gz"
    assert terminal.run("backup", str(target)) == 0
    target.write_bytes(target.read_bytes()[:-200])
    assert terminal.run("restore", str(target), "--force") == 1
    assert "damaged" in terminal.printed
    assert terminal.run("chat", "/help") == 0


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        pytest.param("UPDATE audit SET why = 'x' WHERE seq = 1", "changed", id="changed"),
        pytest.param("UPDATE audit SET actor = NULL WHERE seq = 1", "changed", id="nobody did it"),
        pytest.param("DELETE FROM audit WHERE seq = 1", "missing", id="removed"),
    ],
)
@pytest.mark.parametrize(("lang", "word"), [("en_GB", "audit chain breaks"), ("zh_CN", "审计链")])
def test_a_changed_audit_is_found(
    terminal: Terminal, sql: str, problem: str, lang: str, word: str
) -> None:
    assert terminal.run("audit", "verify") == 0
    assert terminal.printed == "The audit chain holds: 2 entries.\n"
    with terminal.sqlite as connection:
        assert connection.execute(sql).rowcount == 1
    assert terminal.run("audit", "verify", LANG=lang) == 2
    assert word in terminal.printed
    assert problem in terminal.printed


def test_a_worker_ends_when_it_is_told_to(terminal: Terminal) -> None:
    assert terminal.start("worker").working().stop() == 0
