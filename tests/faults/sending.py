"""A send in a process of its own that the harness kills at a chosen step.

The step is counted from outside of Duban, by listening to the database driver: before and after
each statement, and before each commit. ``SIGKILL`` leaves the process no last word.
"""

from __future__ import annotations

import os
import signal
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Engine, event, select

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.delivery import Delivery
from bot.holiday_data import LibraryHolidays
from bot.webchat.access import ensure_direct
from bot.webchat.surface import WebSurface
from domain.actions import ActionItem, ItemKind
from domain.clock import ManualClock
from domain.ids import new_id
from domain.message_json import from_json
from domain.messages import Reply
from domain.plans import Milestone, Phase, Plan
from reminders.tick import Services, tick
from storage.database import Database
from storage.tables.chat import messages
from storage.uow import Store
from tests.harness import Team
from tests.idle import IdleEngine
from tests.reminders.people import local

NINE = local("2026-11-24 09:00")
READER = Reader("zh", "Asia/Shanghai")
HOLIDAYS = LibraryHolidays()


def prepare(url: str, folder: Path) -> str:
    """A team to which much falls due at nine on Tuesday; the answer is its workspace."""
    database = Database(url)
    now = local("2026-11-23 12:00")
    team = Team(database, folder, start=now)
    with team.write() as uow:
        for number, (who, text) in enumerate(
            (("dev", "甲一"), ("dev", "甲二"), ("tester", "乙一"), ("pm", "丙一")), 1
        ):
            uow.actions.save(
                ActionItem(
                    new_id(), number, team.product.id, ItemKind.ACTION, text, "", team.id(who),
                    date(2026, 11, 25), now, None,
                )
            )  # fmt: skip
        phase = Phase(new_id(), "丁阶段", date(2026, 11, 9), date(2026, 11, 25), team.id("dev"))
        plan = Plan(
            new_id(), team.product.id, "v1", (phase,),
            (Milestone(new_id(), "戊里程碑", date(2026, 11, 24)),),
        )  # fmt: skip
        uow.plans.add(plan, by=None, at=now)
    services = Services(HOLIDAYS)
    tick(team.store, team.workspace.id, services, now)
    drain(database, ManualClock(now))
    database.close()
    return team.workspace.id


def drain(database: Database, clock: ManualClock) -> None:
    """Send what is queued."""
    store = Store(database, clock=clock)
    surfaces = {"web": WebSurface(store, clock)}
    Delivery(store, IdleEngine(), clock, surfaces, {}, {"web": ensure_direct}).drain()


def work(url: str, workspace: str, at: datetime) -> None:
    """One tick and everything that it sends."""
    database = Database(url, pool_size=2)
    clock = ManualClock(at)
    tick(Store(database, clock=clock), workspace, Services(HOLIDAYS), at)
    drain(database, clock)
    database.close()


def work_until_killed(url: str, workspace: str, at: datetime, step: int) -> None:
    """The same, killed at a step; a step beyond the last one lets it end."""
    left = step

    def count(*_args: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, count)
    work(url, workspace, at)


def said(database: Database) -> dict[str, list[str]]:
    """What stands in each place of the chat, as text, by the place's name."""
    with database.read() as connection:
        rows = connection.execute(select(messages).order_by(messages.c.number)).all()
    store = Store(database)
    (workspace,) = store.workspaces()
    found: dict[str, list[str]] = {}
    with store.read(workspace.id) as uow:
        for row in rows:
            name = uow.channels.get(row.channel_id).name
            text = render_text(Reply((from_json(row.card),)), READER)
            found.setdefault(name, []).append(text)
    return found
