"""No query of any repository crosses a workspace: each is watched while it runs."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
from sqlalchemy import Connection, event

from storage.database import Database
from storage.tables import metadata
from storage.uow import Store, UnitOfWork
from tests.harness import MONDAY, Team

SCOPED = {t.name for t in metadata.tables.values() if "workspace_id" in t.c}


def test_every_table_belongs_to_a_workspace() -> None:
    assert {t.name for t in metadata.tables.values()} - SCOPED == {"workspaces"}


def _tables(statement: str) -> set[str]:
    found = re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+\"?([a-z_]+)", statement, re.IGNORECASE)
    return set(found) & SCOPED


def _written(statement: str) -> str:
    """Where an INSERT, UPDATE or DELETE must name the workspace."""
    verb = statement.lstrip()[:6].upper()
    if verb == "INSERT":
        return statement
    return statement.partition(" WHERE ")[2] if verb in ("UPDATE", "DELETE") else ""


@pytest.fixture
def watched(team: Team) -> tuple[list[str], list[str]]:
    """All statements on scoped tables, and those that do not name the workspace."""
    loose: list[str] = []
    seen: list[str] = []

    def look(
        conn: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        statement = " ".join(statement.split())  # SQLAlchemy breaks lines before FROM and WHERE
        tables = _tables(statement)
        if tables and statement.lstrip()[:6].upper() in ("SELECT", "UPDATE", "DELETE", "INSERT"):
            seen.append(statement)
            if "workspace_id" not in statement.partition(" FROM ")[2] + _written(statement):
                loose.append(statement)

    engines = _engines(team.store.database)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", look)
    return seen, loose


def _engines(database: Database) -> list[Any]:
    return [v for v in vars(database).values() if hasattr(v, "dispatch")]


def _call(method: Any) -> None:
    """Call a repository's method with arguments of plausible types, whatever it answers."""
    values: list[Any] = []
    for parameter in list(inspect.signature(method).parameters.values()):
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.default is not parameter.empty:
            continue
        kind = str(parameter.annotation)
        values.append(_value(kind))
    method(*values)


def _value(kind: str) -> Any:
    if "datetime" in kind:
        return MONDAY
    if "date" in kind:
        return MONDAY.date()
    if "int" in kind:
        return 1
    if "Mapping" in kind or "dict" in kind:
        return {}
    if "Sequence" in kind or "list" in kind or "tuple" in kind or "Collection" in kind:
        return []
    return "x"


def test_no_statement_forgets_the_workspace(
    team: Team, watched: tuple[list[str], list[str]]
) -> None:
    engines = _engines(team.store.database)
    assert engines, "the test must see what the database is asked"
    called = 0
    with team.read() as uow:
        for name in _repositories(uow):
            repository = getattr(uow, name)
            for member, _ in inspect.getmembers(repository, inspect.ismethod):
                if member.startswith("_"):
                    continue
                with team.write() as fresh:
                    bound = getattr(getattr(fresh, name), member)
                    try:
                        with fresh.savepoint():
                            _call(bound)
                    except Exception:  # noqa: BLE001 (values are made up; the SQL is judged)
                        pass
                called += 1
    seen, loose = watched
    assert called > 60
    assert len(seen) > 100
    assert loose == []


def _repositories(uow: UnitOfWork) -> list[str]:
    members = inspect.getmembers_static(type(uow))
    return [n for n, v in members if type(v).__name__ == "cached_property"]


def test_another_workspace_sees_nothing(team: Team) -> None:
    team.say("po", "/team add xm 小明")
    other = team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
    )
    with team.store.read(other.id) as uow:
        assert uow.people.all() == ()
        assert uow.products.all() == ()
        assert uow.channels.all() == ()
        assert uow.audit_log.verify() == (0, None)
        assert uow.outbox.pending(MONDAY) == ()


def test_a_store_lists_every_workspace(team: Team) -> None:
    other = team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
    )
    assert {w.id for w in Store(team.store.database).workspaces()} == {team.workspace.id, other.id}
