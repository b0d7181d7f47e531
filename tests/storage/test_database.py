from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from domain.errors import ConflictError, ErrorKind, StorageError, UserError
from storage.database import Database, normal_url
from storage.errors import conflict_as
from tests.waiting import until

WAIT = 90  # seconds until a test that hangs fails instead

metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, unique=True),
    Column("count", Integer, nullable=False, default=0),
)
remarks = Table("remarks", metadata, Column("note", Integer, ForeignKey("notes.id")))


@pytest.fixture
def notes_db(db: Database) -> Database:
    with db.write() as conn:
        metadata.create_all(conn)
    return db


def names(db: Database) -> list[Any]:
    with db.read() as conn:
        return list(conn.scalars(select(notes.c.name).order_by(notes.c.id)))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d", id="short name"),
        pytest.param("postgresql://u@h/d", "postgresql+psycopg://u@h/d", id="usual name"),
        pytest.param("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d", id="our driver"),
        pytest.param("sqlite:////data/duban.sqlite", "sqlite:////data/duban.sqlite", id="file"),
    ],
)
def test_addresses_that_mean_a_database(url: str, expected: str) -> None:
    assert normal_url(url).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://u@h/d", id="other database"),
        pytest.param("postgresql+asyncpg://u@h/d", id="other driver"),
        pytest.param("sqlite://", id="in memory"),
        pytest.param("sqlite:///:memory:", id="in memory, said aloud"),
        pytest.param("duban.sqlite", id="a path"),
        pytest.param("", id="nothing"),
        pytest.param("postgresql://u:secret@h:port/d", id="a port in words"),
    ],
)
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(UserError, match=r"storage\.bad_address") as refused:
        Database(url)
    assert "secret" not in str(refused.value)


def test_making_one_opens_nothing(tmp_path: Path) -> None:
    Database(f"sqlite:///{tmp_path / 'later' / 'x.sqlite'}").close()
    assert not (tmp_path / "later").exists()


def test_a_block_that_ends_is_committed(notes_db: Database) -> None:
    with notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="kept"))
    assert names(notes_db) == ["kept"]


def test_a_block_that_raises_leaves_nothing(notes_db: Database) -> None:
    with pytest.raises(KeyError), notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="lost"))
        raise KeyError
    assert names(notes_db) == []
    with notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="the next writer is free"))
    assert names(notes_db) == ["the next writer is free"]


def test_a_savepoint_may_fail_alone(notes_db: Database) -> None:
    with notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="outer"))
        with pytest.raises(IntegrityError), conn.begin_nested():
            conn.execute(insert(notes).values(id=2, name="inner"))
            conn.execute(insert(notes).values(id=1, name="twice"))
        conn.execute(insert(notes).values(id=3, name="after"))
    assert names(notes_db) == ["outer", "after"]


def test_readers_see_only_what_is_committed(notes_db: Database) -> None:
    with notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="first"))
        assert names(notes_db) == []
    assert names(notes_db) == ["first"]


def test_a_reader_sees_one_state_to_its_end(notes_db: Database) -> None:
    with notes_db.read() as reader:
        count = select(func.count()).select_from(notes)
        assert reader.scalar(count) == 0
        with notes_db.write() as writer:
            writer.execute(insert(notes).values(id=1, name="new"))
        assert reader.scalar(count) == 0
    assert names(notes_db) == ["new"]


def test_a_reader_cannot_write(notes_db: Database) -> None:
    with pytest.raises(StorageError), notes_db.read() as conn:
        conn.execute(insert(notes).values(id=1, name="x"))
    assert names(notes_db) == []


def test_a_connection_that_only_read_can_write_next(notes_db: Database) -> None:
    for number in range(12):  # more often than there are connections in the pool
        assert len(names(notes_db)) == number
        with notes_db.write() as conn:
            conn.execute(insert(notes).values(id=number, name=str(number)))


def test_two_writers_at_once_lose_nothing(notes_db: Database) -> None:
    with notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="counter", count=0))
    together = threading.Barrier(4)

    def add() -> None:
        together.wait(WAIT)
        for _ in range(25):
            with notes_db.write() as conn:
                conn.execute(update(notes).values(count=notes.c.count + 1))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add) for _ in range(4)]:
            done.result(WAIT)
    with notes_db.read() as conn:
        assert conn.scalar(select(notes.c.count)) == 100


def test_a_waiting_writer_goes_on_after_the_first(notes_db: Database) -> None:
    order: list[str] = []
    inside, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with notes_db.write() as conn:
            conn.execute(insert(notes).values(id=1, name="contested"))
            inside.set()
            assert go_on.wait(WAIT)
            order.append("first")

    def second() -> None:
        with notes_db.write() as conn, conflict_as("test.taken", name="contested"):
            conn.execute(insert(notes).values(id=2, name="contested"))

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slow)
        assert inside.wait(WAIT)
        late = pool.submit(second)
        go_on.set()
        first.result(WAIT)
        with pytest.raises(ConflictError) as caught:
            late.result(WAIT)
    assert caught.value.key == "test.taken"
    assert caught.value.params == {"name": "contested"}
    assert names(notes_db) == ["contested"]


def test_a_connection_goes_to_whoever_has_waited_longest(db: Database) -> None:
    narrow = Database(db.url, pool_size=1)
    order: list[str] = []

    def waiting() -> None:
        with narrow.read():
            order.append("who waited")

    with ThreadPoolExecutor(1) as pool:
        with narrow.read():
            first = pool.submit(waiting)
            until(lambda: len(narrow._reading._waiting) == 1)
        with narrow.read():  # at once again: a plain pool hands it out to the same thread
            order.append("who came back")
        first.result(WAIT)
    narrow.close()
    assert order == ["who waited", "who came back"]


def test_a_taken_value_is_a_conflict_without_further_words(notes_db: Database) -> None:
    with pytest.raises(ConflictError) as caught, notes_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="a"))
        conn.execute(insert(notes).values(id=1, name="b"))
    assert caught.value.key == "storage.conflict"
    assert isinstance(caught.value.__cause__, IntegrityError)


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param(insert(remarks).values(note=7), id="reference to nothing"),
        pytest.param(insert(notes).values(id=1, name="x", count=None), id="missing value"),
    ],
)
def test_other_violations_are_bugs_and_stay_what_they_are(
    notes_db: Database, statement: Any
) -> None:
    with pytest.raises(IntegrityError), notes_db.write() as conn:
        conn.execute(statement)


def test_one_thread_cannot_wait_for_itself(sqlite_db: Database) -> None:
    with (
        sqlite_db.write(),
        pytest.raises(RuntimeError, match="open in this thread"),
        sqlite_db.write(),
    ):
        pass


def test_a_full_disk_is_told_and_nothing_is_half_stored(sqlite_db: Database) -> None:
    with sqlite_db.write() as conn:
        metadata.create_all(conn)
    with sqlite_db.write() as conn:
        pages = conn.exec_driver_sql("PRAGMA page_count").scalar_one()
        conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StorageError) as caught, sqlite_db.write() as conn:
        conn.execute(insert(notes).values(id=1, name="small"))
        conn.execute(insert(notes).values(id=2, name="x" * 1_000_000))
    assert caught.value.key == "storage.full"
    assert caught.value.kind is ErrorKind.OUTSIDE
    assert caught.value.__cause__ is not None
    assert names(sqlite_db) == []
    with sqlite_db.write() as conn:  # room again: the same process goes on
        conn.exec_driver_sql("PRAGMA max_page_count=1000000")
        conn.execute(insert(notes).values(id=1, name="small"))
    assert names(sqlite_db) == ["small"]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(b"this is not a database, " * 100)
    db = Database(f"sqlite:///{file}")
    with pytest.raises(StorageError) as caught, db.read() as conn:
        conn.execute(text("SELECT count(*) FROM sqlite_master"))
    db.close()
    assert caught.value.key == "storage.unavailable"


def test_sqlite_is_durable_and_does_not_block_readers(sqlite_db: Database) -> None:
    with sqlite_db.write() as conn:
        settings = [
            conn.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


@pytest.mark.postgres
def test_a_server_that_is_away_is_told(postgres_url: str) -> None:
    away = normal_url(postgres_url).set(port=1)
    db = Database(away)
    with pytest.raises(StorageError) as caught, db.read() as conn:
        conn.execute(text("SELECT 1"))
    db.close()
    assert caught.value.key == "storage.unavailable"


@pytest.mark.postgres
def test_a_lost_connection_costs_one_error_at_most(postgres_db: Database) -> None:
    with pytest.raises(StorageError) as caught, postgres_db.write() as conn:
        conn.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert caught.value.key == "storage.unavailable"
    with postgres_db.write() as conn:
        assert conn.scalar(text("SELECT 1")) == 1


@pytest.mark.postgres
def test_a_deadlock_is_a_conflict_so_the_use_case_is_tried_again(postgres_db: Database) -> None:
    with postgres_db.write() as conn:
        metadata.create_all(conn)
        conn.execute(insert(notes), [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}])
    both = threading.Barrier(2)

    def cross(first: int, second: int) -> None:
        with postgres_db.write() as conn:
            conn.execute(update(notes).where(notes.c.id == first).values(count=first))
            both.wait(WAIT)
            conn.execute(update(notes).where(notes.c.id == second).values(count=first))

    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(cross, 1, 2), pool.submit(cross, 2, 1)]
        errors = [run.exception(WAIT) for run in runs]
    assert sorted(type(error).__name__ for error in errors) == ["ConflictError", "NoneType"]


@pytest.mark.postgres
def test_postgres_answers_in_utc(postgres_db: Database) -> None:
    with postgres_db.read() as conn:
        assert conn.scalar(text("SHOW timezone")) == "UTC"
