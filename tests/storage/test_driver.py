"""Hot statements on the driver itself: the same rows, types and errors as SQLAlchemy's own road."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from domain.errors import ConflictError
from domain.ids import new_id
from domain.people import Person
from storage.database import Database
from storage.messaging import OutboxItem
from tests.harness import MONDAY, Team


def _engine(database: Database) -> object:
    return next(v for v in vars(database).values() if hasattr(v, "dispatch"))


def _item(team: Team) -> OutboxItem:
    with team.write() as uow:
        payload = {"a": [1, None, "督办"], "b": {"c": 1.5}}
        item_id = uow.queue("lane", "post", payload, MONDAY)
        uow.outbox.begin(item_id, MONDAY)
        item = uow.outbox.get(item_id)
    assert item is not None
    return item


def test_a_row_is_the_same_on_both_roads(team: Team) -> None:
    direct = _item(team)
    seen: list[str] = []

    def look(*args: object) -> None:
        seen.append(str(args[2]))

    engine = _engine(team.store.database)
    event.listen(engine, "before_cursor_execute", look)
    try:
        watched = _item(team)
    finally:
        event.remove(engine, "before_cursor_execute", look)
    assert any("INSERT INTO outbox" in s for s in seen), "who watches sees every statement"
    assert any("UPDATE outbox" in s for s in seen)
    assert (direct.payload, direct.begun_at) == (watched.payload, watched.begun_at)
    assert direct.begun_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def test_a_taken_value_is_a_conflict(team: Team) -> None:
    with pytest.raises(ConflictError), team.write() as uow:
        uow.people.add(Person(new_id(), "po", "Another"))
    with team.read() as uow:
        assert [p.handle for p in uow.people.all()].count("po") == 1


def test_a_conflict_in_a_savepoint_leaves_the_transaction_alive(team: Team) -> None:
    with team.write() as uow:
        uow.people.add(Person(new_id(), "before", "B"))
        with pytest.raises(Exception, match=r"po|unique|UNIQUE"), uow.savepoint():
            uow.people.add(Person(new_id(), "po", "Another"))
        uow.people.add(Person(new_id(), "after", "A"))
    with team.read() as uow:
        assert uow.people.by_handle("before") is not None
        assert uow.people.by_handle("after") is not None


def test_a_naive_time_is_refused(team: Team) -> None:
    with pytest.raises(ValueError, match=r"zone|aware|naive"), team.write() as uow:
        uow.inbox.add("e1", datetime(2026, 11, 23), {"x": 1})  # noqa: DTZ001


def test_nothing_is_found(team: Team) -> None:
    with team.read() as uow:
        assert uow.outbox.get("none") is None
        assert uow.people.addresses("none", "slack") == ()
