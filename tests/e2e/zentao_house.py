"""A company with its ZenTao, wired as the program wires itself, on one clock that stands still."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.app import Duban
from bot.cards.text import render_text
from bot.core import Core
from bot.intake import Intake
from bot.services import build_services
from bot.settings import Settings
from bot.settings_outside import ZentaoSettings
from commands.dispatcher import Dispatcher
from domain.message_json import from_json
from domain.settings import Votes
from domain.tracking import WriteState
from storage.database import Database
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.harness import Team
from tests.idle import IdleEngine
from tests.waiting import until
from trackers.zentao.text import to_text

KEYS = ("key-for-tests",)
PASSWORD = "Secret-2026!"
ACCOUNTS = (
    ("po", "chenmin", "陈敏", "po"),
    ("pm", "wangqiang", "王强", "pm"),
    ("dev", "lilei", "李雷", "dev"),
    ("tester", "zhaoqian", "赵倩", "qa"),
)
"""Handle here, account and name and role in ZenTao."""


class House:
    """The team, the whole program, and a ZenTao of some version."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        version: str,
        *,
        locale: str = "zh",
        votes: Votes = Votes.LEDGER,
    ) -> None:
        self.team = Team(database, folder, locale)
        self.clock = self.team.clock
        self.fake = FakeZentao(version, clock=self.clock.now)
        self.fake.settings.language = "en" if locale == "en" else "zh-cn"
        for handle, account, name, role in ACCOUNTS:
            address = f"{account}@example.com"
            self.fake.add_user(account, PASSWORD, realname=name, role=role, email=address)
            self._give_address(handle, address)
        self.product = self.fake.add_product("物流运输管理系统")
        self.fake.start()
        self.duban = Duban(self._core(database, folder, votes), engine=IdleEngine())

    def _give_address(self, handle: str, address: str) -> None:
        """The same e-mail address here and there: that is what tells who is who."""
        with self.team.write() as uow:
            person = uow.people.get(self.team.id(handle))
            uow.people.save(replace(person, email=address))
            workspace = uow.people.workspace()
            uow.people.save_workspace(replace(workspace, locale=self.team.channel.locale), {})

    def _core(self, database: Database, folder: Path, votes: Votes) -> Core:
        settings = Settings(
            host="127.0.0.1",
            port=8000,
            base_url="http://127.0.0.1:8000",
            data_dir=folder,
            database_url=database.url,
            secret_keys=KEYS,
            zentao=ZentaoSettings(self.fake.url, BOT, BOT_PASSWORD, votes),
        )
        team = self.team
        team.services = build_services(
            team.files, settings.base_url, settings.templates_dir, settings.lanhu_hosts, KEYS
        )
        team.dispatcher = Dispatcher(team.store, team.registry, team.services, self.clock)
        intake = Intake(team.store, team.dispatcher, self.clock)
        return Core(
            settings, self.clock, team.store, team.files, team.services, team.dispatcher, intake
        )

    def close(self) -> None:
        self.duban.stop()
        self.fake.stop()

    # -- time

    def keep(self, after: timedelta = timedelta(minutes=1)) -> None:
        """A while later the mirror has been looked after, and everything due is sent."""
        self.clock.advance(after)

        def kept() -> bool:
            self.duban.tick(self.clock.now())
            return self._is_fresh()

        try:
            until(kept)
        except AssertionError as error:
            raise AssertionError(self._state()) from error
        self.send()

    def _state(self) -> str:
        with self.team.read() as uow:
            return f"{uow.tracker_feed.get()} {uow.tracker_imports.all()} at {self.clock.now()}"

    def _is_fresh(self) -> bool:
        with self.team.read() as uow:
            feed = uow.tracker_feed.get()
            imports = uow.tracker_imports.all()
        ready = all(i.ready_at is not None and i.swept_at is not None for i in imports)
        return feed is not None and feed.fresh_at == self.clock.now() and ready

    def send(self) -> None:
        """Everything that is due goes out, and what follows from it."""
        for _ in range(20):
            self.duban.delivery.drain()
            with self.team.read() as uow:
                due = uow.outbox.pending(self.clock.now(), 1000)
            if not due:
                return
        raise AssertionError("deliveries never end")

    # -- people

    def say(self, handle: str, text: str) -> str:
        """Type a line, have everything sent, and read the reply."""
        self.clock.advance(timedelta(seconds=5))
        said = self.team.say(handle, text)
        self.send()
        return said

    def posted(self) -> list[str]:
        """The cards in the channel, oldest first, as the PO reads them."""
        reader = self.team.reader("po")
        with self.team.read() as uow:
            everything = uow.chat.changes(0, self.team.id("po"), [self.team.channel.id], 10_000)
        return [render_text(from_json(m.card), reader) for m in everything if m.card is not None]

    def told(self, handle: str) -> list[str]:
        """The cards in a person's own conversation, oldest first, as they read them."""
        reader, person = self.team.reader(handle), self.team.id(handle)
        with self.team.read() as uow:
            direct = uow.channels.direct("web", person)
            everything = uow.chat.changes(0, person, [direct.id], 10_000) if direct else ()
        return [render_text(from_json(m.card), reader) for m in everything if m.card is not None]

    # -- looking

    def open_writes(self) -> list[str]:
        """What is not settled between the two, and why."""
        states = tuple(s for s in WriteState if s is not WriteState.DONE)
        with self.team.read() as uow:
            found = uow.tracker_writes.of_product(self.team.product.id, states)
        return [f"{w.ref} {w.act} {w.state} {w.problem}" for w in found]

    def history(self, number: int) -> list[str]:
        """The story's history as ZenTao shows it: who, what, and the words beside."""
        names = {a.name: a.row["realname"] for a in self.fake.state.people.accounts.values()}
        return [
            f"{names.get(a.actor, a.actor)} · {a.action}{f' ({a.extra})' if a.extra else ''}"
            + "".join(f"\n    {line}" for line in to_text(a.comment).splitlines() if line)
            for a in self.fake.actions(number)
        ]
