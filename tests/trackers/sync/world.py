"""A team whose product lives in a ZenTao: what they say, what is sent, and what ZenTao has then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.cards.text import render_text
from bot.delivery import Delivery
from bot.webchat.access import ensure_direct
from bot.webchat.surface import WebSurface
from bot.zentao.abandoned import abandoned
from bot.zentao.link import server_of
from bot.zentao.people import Learned
from bot.zentao.telling import CommandTeller
from domain.ids import new_id
from domain.message_json import from_json, to_json
from domain.messages import Card
from domain.stories import Story
from domain.tracking import ZENTAO, ImportState, TrackerWrite, WriteState
from storage.database import Database
from storage.locks import process_locks
from storage.tracker_lane import KIND
from storage.uow import UnitOfWork
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.harness import Team
from tests.idle import IdleEngine
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.sync.bench import Bench, Teller
from trackers.zentao.sync.book import ACCOUNT, LiveBook
from trackers.zentao.sync.delivering import Delivering
from trackers.zentao.sync.sweeping import sweep
from trackers.zentao.sync.synchroniser import Synchroniser

VERSIONS = ("22.4", "18.10")
MINUTE = timedelta(minutes=1)
ACCOUNTS = (
    ("chenmin", "陈敏", "po"),
    ("lilei", "李雷", "dev"),
    ("zhaoqian", "赵倩", "qa"),
    ("outsider", "外部同事", "po"),
)
"""People in ZenTao; nobody here is the last one."""


class World:
    """The team, its ZenTao, and what runs between them, on one clock."""

    def __init__(self, database: Database, folder: Path, version: str = "22.4") -> None:
        self.team = Team(database, folder)
        self.clock = self.team.clock
        self.start = self.clock.now()
        self.pause = timedelta(minutes=3)
        self.fake = FakeZentao(version, clock=self.clock.now)
        for account, name, role in ACCOUNTS:
            self.fake.add_user(account, realname=name, role=role)
        self.product = self.fake.add_product("物流（禅道）")
        self.fake.start()
        book = LiveBook()
        self.client = Client(self.fake.url, BOT, BOT_PASSWORD, self.clock)
        learned = Learned(self.team.services.holidays)
        self.bench = Bench(
            store=self.team.store,
            workspace=self.team.workspace.id,
            zentao=ZentaoGateway(self.client, book),
            book=book,
            server=server_of(self.fake.url),
            teller=CommandTeller(self.team.services, self.team.registry, self.clock),
            clock=self.clock,
            plan_listeners=(learned.plan,),
            account_listeners=(learned.accounts,),
        )
        self.locks = process_locks(database.url)
        self.sync = Synchroniser(self.bench, self.locks)
        self.delivering = Delivering(self.bench)
        self.delivery = Delivery(
            self.team.store, IdleEngine(), self.clock,
            {"web": WebSurface(self.team.store, self.clock)},
            {KIND: lambda _, item: self.delivering.run(item)},
            {"web": ensure_direct}, outside=(KIND,), abandoned=abandoned(self.clock),
        )  # fmt: skip
        for handle, account in (("po", "chenmin"), ("dev", "lilei"), ("tester", "zhaoqian")):
            self.link(handle, account)

    def close(self) -> None:
        self.sync.close()
        self.client.close()
        self.fake.stop()

    def link(self, handle: str, account: str) -> None:
        with self.team.write() as uow:
            uow.people.link(
                new_id(), self.team.id(handle), ZENTAO, self.bench.server, ACCOUNT, account
            )

    def use_teller(self, teller: Teller) -> None:
        """Deliver with another one from now on."""
        self.delivering = Delivering(replace(self.bench, teller=teller))

    # -- time passes

    def keep(self, *, after: timedelta = MINUTE) -> None:
        """A while later the mirror is kept, until nothing more is due."""
        self.clock.advance(after)
        for _ in range(500):
            if not self.sync.run():
                return
        raise AssertionError("the mirror is never done")

    def deliver(self) -> None:
        """Everything that is due goes out, and what follows from it."""
        for _ in range(100):
            self.delivery.drain()
            with self.team.read() as uow:
                if not self._goes_out(uow):
                    return
        raise AssertionError("deliveries never end")

    def _goes_out(self, uow: UnitOfWork) -> bool:
        """Whether the first row of any lane may be sent now."""
        now = self.clock.now()
        lanes = {i.lane for i in uow.outbox.pending(now, 10_000)}
        first = (uow.outbox.next_in(lane) for lane in lanes)
        return any(i is not None and i.due_at <= now for i in first)

    def sweep(self) -> None:
        """The product's list is compared now, whenever it was compared last."""
        self.bench.renew_book()
        with self.team.read() as uow:
            item = uow.tracker_imports.get(self.team.product.id)
        assert item is not None
        sweep(self.bench, item)

    def bind(self) -> None:
        """Connect the product and import it."""
        self.keep()
        self.say("po", f"/setup tracker {self.product}")
        self.keep(after=timedelta(seconds=1))
        with self.team.read() as uow:
            item = uow.tracker_imports.get(self.team.product.id)
        assert item is not None
        assert item.state is ImportState.READY
        self.deliver()

    # -- people

    def say(self, handle: str, text: str) -> str:
        self.clock.advance(timedelta(seconds=1))
        return self.team.say(handle, text)

    def posted(self) -> list[str]:
        """The cards in the channel and its threads, oldest first, as the PO reads them."""
        reader = self.team.reader("po")
        with self.team.read() as uow:
            all_ = uow.chat.changes(0, self.team.id("po"), [self.team.channel.id], 10_000)
        cards = [m for m in sorted(all_, key=lambda m: m.number) if m.card is not None]
        return [render_text(from_json(m.card), reader) for m in cards]

    def told(self, handle: str) -> list[str]:
        """The cards in a person's own conversation, oldest first, as they read them."""
        reader = self.team.reader(handle)
        person = self.team.id(handle)
        with self.team.read() as uow:
            direct = uow.channels.direct("web", person)
            everything = uow.chat.changes(0, person, [direct.id], 10_000) if direct else ()
        return [render_text(from_json(m.card), reader) for m in everything if m.card is not None]

    def show_in_thread(self, number: int) -> None:
        """The story's card stands in the channel and is answered in a thread."""
        self._thread(f"story:{number}")

    def open_review_thread(self) -> None:
        """The open review's card stands in the channel and is answered in a thread."""
        with self.team.read() as uow:
            review = uow.reviews.open_in(self.team.channel.id)
        assert review is not None
        self._thread(f"review:{review.id}")

    def _thread(self, key: str) -> None:
        now = self.clock.now()
        with self.team.write() as uow:
            card = to_json(Card("卡片", key=key))
            payload = {"channel": self.team.channel.id, "card": card}
            uow.queue(f"channel:{self.team.channel.id}", "post", payload, now)
        self.deliver()

    # -- looking

    def story(self, number: int) -> Story:
        with self.team.read() as uow:
            return uow.stories.get(number)

    def writes(self, *states: WriteState) -> list[TrackerWrite]:
        with self.team.read() as uow:
            found = uow.tracker_writes.of_product(self.team.product.id, states or tuple(WriteState))
        return list(found)

    def waiting(self) -> int:
        return len(self.writes(WriteState.WAITING))
