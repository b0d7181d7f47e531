"""The tick: with much pending and nothing due, and with ten thousand reminders due at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, delete, insert, text, update

from benchmarks.databases import Databases
from benchmarks.report import Row, interleaved, milliseconds, show
from benchmarks.seed import NOW, Company, company
from domain.ids import new_id
from reminders.tick import BATCH, Look, Services, tick
from reminders.world import World
from storage.tables.core import outbox
from storage.tables.records import action_items
from storage.tables.reminders import ledger, schedule
from storage.types import utc_text

YESTERDAY = NOW - timedelta(hours=23)
AT_ONCE = 10_000
FEW = 20
PENDING = (1000, 1_000_000)
_PENDING_ROWS = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
        INSERT INTO schedule (workspace_id, subject_kind, subject_id, product_id, next_at, owed_at)
        SELECT :workspace, 'action', 'pending' || i, :product, :at, :at FROM n""",
    "postgresql": """
        INSERT INTO schedule (workspace_id, subject_kind, subject_id, product_id, next_at, owed_at)
        SELECT :workspace, 'action', 'pending' || i, :product, cast(:at AS timestamptz),
               cast(:at AS timestamptz)
        FROM generate_series(1, :count) AS i""",
}


def run(databases: Databases) -> None:
    """Measure and print."""
    for kind in databases.kinds():
        show(f"tick, {kind}", [*_pending(databases, kind), *_at_once(databases, kind)])


def _pending(databases: Databases, kind: str) -> list[Row]:
    made = {n: _with_items(databases, kind, FEW) for n in PENDING}
    for count, each in made.items():
        _fill(each, count)
    quiet = {f"quiet {n}": partial(_quiet, each) for n, each in made.items()}
    few = {f"few {n}": partial(_few, each) for n, each in made.items()}
    for work in (*quiet.values(), *few.values()):
        work()
    found = interleaved({**quiet, **few}, rounds=5)
    for each in made.values():
        each.store.database.close()
    return [
        Row(f"{name}, 1,000,000 : 1,000 pending", "ms", found[f"{key} 1000000"],
            found[f"{key} 1000"], 1.2)
        for key, name in (("quiet", "nothing due"), ("few", f"{FEW} due"))
    ]  # fmt: skip


def _at_once(databases: Databases, kind: str) -> list[Row]:
    made = _with_items(databases, kind, AT_ONCE)
    found = interleaved({
        "ours": partial(_record, made),
        "floor": partial(_bare_claim, made),
        "whole": partial(_whole, made),
    })  # fmt: skip
    made.store.database.close()
    return [
        Row(f"{AT_ONCE:,} due at once, recorded", "ms", found["ours"], found["floor"], 2.0),
        Row("… and their messages queued", "ms", found["whole"], found["floor"]),
    ]


def _with_items(databases: Databases, kind: str, count: int) -> Company:
    """A product with action items that are all due tomorrow, so that reminders fall due now."""
    made = company(databases.fresh(kind), databases.folder(), each=0)
    product, owner = made.products[0].id, made.people["dev"]
    rows = [
        {
            "id": new_id(), "workspace_id": made.workspace.id, "product_id": product,
            "number": n, "kind": "action", "text": "补齐异常流程", "source": "", "owner": owner,
            "due": date(2026, 11, 25), "created_at": YESTERDAY,
        }
        for n in range(1, count + 1)
    ]  # fmt: skip
    with made.store.write(made.workspace.id) as uow:
        uow.schedule.touch_new("action", [str(r["id"]) for r in rows], product)
    with made.store.database.write() as connection:
        connection.execute(insert(action_items), rows)
    tick(made.store, made.workspace.id, Services(made.services.holidays), YESTERDAY)
    return made


def _fill(made: Company, count: int) -> None:
    values = {
        "workspace": made.workspace.id, "product": made.products[0].id, "count": count,
        "at": utc_text(datetime(2030, 1, 1, tzinfo=UTC)),
    }  # fmt: skip
    with made.store.database.write() as connection:
        connection.execute(text(_PENDING_ROWS[made.store.database.dialect]), values)
        connection.execute(text("ANALYZE"))


def _quiet(made: Company) -> float:
    services = Services(made.services.holidays)
    ask = partial(tick, made.store, made.workspace.id, services, YESTERDAY)
    return milliseconds(lambda: [ask() for _ in range(20)]) / 20


def _few(made: Company) -> float:
    return sum(_whole(made) for _ in range(5)) / 5


def _again(made: Company) -> None:
    """Make the items due once more."""
    with made.store.database.write() as connection:
        connection.execute(delete(ledger))
        connection.execute(delete(outbox))
        s = schedule.c
        items = (s.subject_kind == "action") & (s.next_at < datetime(2030, 1, 1, tzinfo=UTC))
        connection.execute(update(schedule).where(items).values(next_at=NOW, owed_at=NOW))


def _whole(made: Company) -> float:
    _again(made)
    services = Services(made.services.holidays)
    reports: list[Any] = []
    spent = milliseconds(lambda: reports.append(tick(made.store, made.workspace.id, services, NOW)))
    assert reports[0].sent >= FEW, reports
    return spent


def _record(made: Company) -> float:
    _again(made)

    def work() -> None:
        looked = BATCH
        while looked:
            with made.store.write(made.workspace.id) as uow:
                looked = Look(World(uow, made.services.holidays, NOW), NOW).batch().looked

    spent = milliseconds(work)
    _check(made)
    return spent


def _check(made: Company) -> None:
    with made.store.database.read() as connection:
        count = connection.execute(text("SELECT count(*) FROM ledger")).scalar()
    assert count is not None
    assert count >= AT_ONCE, count


def _bare_claim(made: Company) -> float:
    """The same rows by three statements a batch, without looking at what they are about."""
    _again(made)

    def work() -> None:
        claimed = BATCH
        while claimed:
            with made.store.database.write() as connection:
                claimed = _claim(connection, made)

    spent = milliseconds(work)
    _check(made)
    return spent


def _claim(connection: Connection, made: Company) -> int:
    """Take a batch, insert its ledger rows, move it on: one statement each."""
    sqlite = connection.dialect.name == "sqlite"
    mark = "?" if sqlite else "%s"
    locked = "" if sqlite else " FOR UPDATE SKIP LOCKED"
    due = connection.exec_driver_sql(
        f"SELECT subject_id FROM schedule WHERE workspace_id = {mark} AND next_at <= {mark}"
        f" ORDER BY next_at LIMIT {BATCH}{locked}",
        (made.workspace.id, utc_text(NOW)),
    ).all()
    if not due:
        return 0
    ids = [i for (i,) in due]
    rows = [(new_id(), i, f"action_due:action:{i}") for i in ids]
    later, last = utc_text(NOW + timedelta(days=1)), (made.workspace.id, "action")
    if sqlite:
        connection.exec_driver_sql(_insert(made, "VALUES ({0}, {1}, {2})", "?", "?", "?"), rows)
        chosen, names = f"IN ({', '.join('?' * len(ids))})", tuple(ids)
    else:
        arrays = "unnest(%s::text[], %s::text[], %s::text[]) AS r(a, b, c)"
        source = f"SELECT {{0}}, {{1}}, {{2}} FROM {arrays} WHERE true"
        columns = tuple([row[n] for row in rows] for n in range(3))
        connection.exec_driver_sql(_insert(made, source, "a", "b", "c"), columns)
        chosen, names = "= ANY(%s)", (ids,)
    connection.exec_driver_sql(
        f"UPDATE schedule SET next_at = {mark}, owed_at = {mark}"
        f" WHERE workspace_id = {mark} AND subject_kind = {mark} AND subject_id {chosen}",
        (later, later, *last, *names),
    )
    return len(due)


def _insert(made: Company, source: str, *parts: str) -> str:
    """The INSERT of ledger rows that differ in id, subject and key only."""
    now = utc_text(NOW)
    fixed = {
        "workspace_id": made.workspace.id, "rule": "action_due", "subject_kind": "action",
        "product_id": made.products[0].id, "recipient_kind": "person",
        "recipient_id": made.people["dev"], "occurrence": "2026-11-24", "slot_at": now,
        "send_at": now, "state": "pending", "why": "{}", "created_at": now,
    }  # fmt: skip
    values = ", ".join(f"'{value}'" for value in fixed.values()) + ", FALSE"
    chosen = source.format(parts[0], parts[1], f"{parts[2]}, {values}")
    return (
        f"INSERT INTO ledger (id, subject_id, key, {', '.join(fixed)}, urgent) {chosen}"
        " ON CONFLICT (workspace_id, key) DO NOTHING"
    )
