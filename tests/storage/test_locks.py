from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.locks import ProcessLocks, process_locks
from tests.waiting import until

ROOT = Path(__file__).parents[2]
HOLDER = (
    "import sys; from storage.locks import process_locks;"
    "locks = process_locks(sys.argv[1]); print(locks.take('name'), flush=True); sys.stdin.read()"
)


@pytest.fixture
def mine(db_url: str) -> Iterator[ProcessLocks]:
    locks = process_locks(db_url)
    yield locks
    locks.close()


@pytest.fixture
def other(db_url: str) -> Iterator[ProcessLocks]:
    locks = process_locks(db_url)
    yield locks
    locks.close()


def test_a_lock_has_one_holder(mine: ProcessLocks, other: ProcessLocks) -> None:
    assert mine.take("a")
    assert mine.take("a")  # again by the same holder: still one lock
    assert not other.take("a")
    assert other.take("b")
    mine.release("a")
    assert other.take("a")


def test_giving_back_what_one_does_not_hold_changes_nothing(
    mine: ProcessLocks, other: ProcessLocks
) -> None:
    mine.take("a")
    other.release("a")
    assert not other.take("a")


def test_closing_gives_everything_back(mine: ProcessLocks, other: ProcessLocks) -> None:
    mine.take("a")
    mine.take("b")
    mine.close()
    assert other.take("a")
    assert other.take("b")


def test_a_process_that_is_killed_holds_nothing(db_url: str, mine: ProcessLocks) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, db_url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    assert not mine.take("name")
    holder.kill()
    holder.communicate()
    # The server notices the closed connection in its own time.
    until(lambda: mine.take("name"), "the lock of a dead process is still held")


def cut_off(url: str) -> None:
    """The server ends the connections of all locks; they are ended when this returns."""
    with psycopg.connect(url, autocommit=True) as admin:
        ended = admin.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE application_name = 'duban-locks'"
        ).fetchall()
    assert ended
    assert all(done for (done,) in ended)


@pytest.mark.postgres
def test_a_lost_connection_is_noticed_and_the_lock_taken_again(postgres_url: str) -> None:
    mine, other = process_locks(postgres_url), process_locks(postgres_url)
    assert mine.take("a")
    cut_off(postgres_url)
    assert not mine.keep()
    assert mine.keep()
    assert not other.take("a")
    mine.close()
    other.close()


@pytest.mark.postgres
def test_a_lock_that_went_to_another_is_told(postgres_url: str) -> None:
    mine, other = process_locks(postgres_url), process_locks(postgres_url)
    assert mine.take("a")
    cut_off(postgres_url)
    assert other.take("a")
    assert not mine.keep()
    assert not mine.keep()
    other.close()
    mine.close()
