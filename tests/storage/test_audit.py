"""The audit chain holds, says where it was tampered with, and survives concurrency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update

from storage.audit import AuditEntry
from storage.tables import core as t
from tests.harness import MONDAY, Team


def _entry(number: int) -> AuditEntry:
    return AuditEntry(MONDAY, None, "test", "probe:thing:done", f"probe:{number}", None, {"n": 1})


def _write(team: Team, count: int) -> None:
    for number in range(count):
        with team.write() as uow:
            uow.audit(_entry(number))


def test_the_chain_holds(team: Team) -> None:
    _write(team, 5)
    with team.read() as uow:
        assert uow.audit_log.verify() == (5, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("why", "forged", id="reason"),
        pytest.param("actor", "somebody", id="who"),
        pytest.param("subject", "probe:9", id="what"),
        pytest.param("new", {"n": 2}, id="new value"),
    ],
)
def test_a_changed_entry_is_found(team: Team, field: str, value: object) -> None:
    _write(team, 5)
    with team.store.database.write() as connection:
        connection.execute(update(t.audit).where(t.audit.c.seq == 3).values({field: value}))
    with team.read() as uow:
        _, broken = uow.audit_log.verify()
    assert broken is not None
    assert (broken.seq, broken.problem) == (3, "changed")


@pytest.mark.parametrize(
    ("seq", "found_at"),
    [pytest.param(2, 2, id="in the middle"), pytest.param(5, 5, id="at the end")],
)
def test_a_missing_entry_is_found(team: Team, seq: int, found_at: int) -> None:
    _write(team, 5)
    with team.store.database.write() as connection:
        connection.execute(delete(t.audit).where(t.audit.c.seq == seq))
    with team.read() as uow:
        _, broken = uow.audit_log.verify()
    assert broken is not None
    assert (broken.seq, broken.problem) == (found_at, "missing")


def test_many_at_once_make_one_chain(team: Team) -> None:
    def write(number: int) -> None:
        with team.write() as uow:
            uow.audit(_entry(number))

    _write(team, 1)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with team.read() as uow:
        assert uow.audit_log.verify() == (41, None)


def test_nothing_is_written_for_a_transaction_that_failed(team: Team) -> None:
    with pytest.raises(RuntimeError), team.write() as uow:
        uow.audit(_entry(1))
        raise RuntimeError("no")
    with team.read() as uow:
        assert uow.audit_log.verify() == (0, None)
