"""Duban's side of Slack as it really is, before the stand-in platform; the outbox is only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from prometheus_client import CollectorRegistry
from slack_sdk import WebClient

from bot.cards.text import render_text
from bot.cards.words import Reader, words
from bot.core import Core, build_core
from bot.first_run import ensure_workspace
from bot.settings import load_settings
from bot.slack.blocks import card_message
from bot.slack.platform import SlackPlatform
from bot.surfaces.names import Names
from bot.vault import Vault
from domain.ids import new_id
from domain.message_json import from_json
from domain.messages import Card
from domain.people import Person, Product, Role, RoleGrant
from domain.reviews.state import EntryKind
from storage.messaging import OutboxItem
from storage.uow import UnitOfWork
from tests.fakes.slack import FakeSlack, Seen
from tests.fakes.telling import ACK_SECONDS
from tests.slack.boltapp import served
from tests.waiting import until
from web.app import create_app

ROLES = {
    "po": (Role.PO, Role.ADMIN),
    "dev": (Role.DEVELOPER,),
    "tester": (Role.TESTER,),
}
ROOM = "logistics"


class Stage:
    """A team in Slack with the product ``tms`` bound to the channel ``logistics``."""

    def __init__(self, slack: FakeSlack, database_url: str, folder: Path, **more: str) -> None:
        environment = {
            "DUBAN_DATA_DIR": str(folder),
            "DUBAN_DATABASE_URL": database_url,
            "DUBAN_BASE_URL": "http://127.0.0.1:8000",
            "DUBAN_SECRET_KEYS": "a key of these tests",
            **slack.environment,
            **more,
        }
        self.slack = slack
        self.core: Core = build_core(load_settings(environment))
        self.core.intake.patience = ACK_SECONDS  # a busy machine may need more than in truth
        self.store = self.core.store
        ensure_workspace(self.store, "zh", self.core.clock.now())
        self.workspace = self.store.workspaces()[0]
        self.platform = SlackPlatform(self.core, Vault(self.core.settings.secret_keys))
        self.product = Product(new_id(), "tms", "物流运输管理系统")
        self.people: dict[str, Person] = {}
        self._furnish()

    def _furnish(self) -> None:
        assert self.platform.tokens.for_team(self.slack.team.id) is not None
        for name in ROLES:
            user = self.slack.add_user(name, {"po": "陈敏", "dev": "李雷"}.get(name, name))
            self.people[name] = self.platform.directory.person(
                self.workspace.id, self.slack.team.id, user.id
            )
        room = self.slack.add_channel(ROOM, *ROLES)
        channel = self.platform.directory.channel(
            self.workspace.id, self.slack.team.id, room.id, name=ROOM
        )
        with self.store.write(self.workspace.id) as uow:
            uow.products.add(self.product)
            uow.channels.save(replace(channel, product_id=self.product.id))
            for name, roles in ROLES.items():
                for role in roles:
                    product = None if role is Role.ADMIN else self.product.id
                    grant = RoleGrant(self.people[name].id, role, product)
                    uow.people.grant(grant, new_id())
        self.channel = channel

    # -- what is to be sent

    def queued(self, kind: str = "post") -> list[OutboxItem]:
        """What waits in the outbox, oldest first."""
        with self.store.read(self.workspace.id) as uow:
            items = uow.outbox.pending(self.core.clock.now(), 10_000)
        return [i for i in items if i.kind == kind]

    def posts(self) -> list[str]:
        """The cards that wait to be posted in the channel, as text."""
        return [self.text(i) for i in self.queued() if i.payload.get("channel") == self.channel.id]

    def told(self, name: str) -> list[str]:
        """The cards that wait to be sent to a person alone, as text."""
        lane = f"person:{self.people[name].id}"
        return [self.text(i) for i in self.queued() if i.lane == lane]

    def text(self, item: OutboxItem) -> str:
        """A row's card as text."""
        names = Names(self.store, self.workspace.id)
        reader = Reader("zh", self.workspace.zone, "", names)
        return render_text(from_json(item.payload["card"]), reader)

    def post(self, card: Card, *, thread: str | None = None, room: str = ROOM) -> str:
        """Post a card as Duban, as the surface would; the ``ts`` of its message."""
        message = card_message(card, Reader("zh", "Asia/Shanghai"), {})
        client = WebClient(self.slack.bot_token, base_url=self.slack.api_url)
        answer = client.chat_postMessage(
            channel=self.slack.channel(room).id,
            text=message.text,
            blocks=message.blocks,
            thread_ts=thread,
        )
        return str(answer["ts"])

    def seen(self, name: str, room: str = ROOM) -> list[str]:
        """What somebody sees in a channel."""
        return [m["text"] for m in self.slack.seen_by(name, room)]

    def stories(self) -> list[str]:
        """The titles of all stories."""
        with self.store.read(self.workspace.id) as uow:
            return [s.title for s in uow.stories.of_product(self.product.id)]

    def deliver_often(self, name: str, command: str, text: str, times: int) -> list[Seen]:
        """One slash command, delivered several times as it is."""
        person = self.slack.person(name)
        fields, _ = person._command(command, text, ROOM)
        return [self.slack.run(self.slack.outbound.command(fields)) for _ in range(times)]

    def writes(self) -> Callable[[], int]:
        """Says how many transactions have been committed since."""
        count = [0]
        before = self.store.after_commit

        def counting(uow: UnitOfWork) -> None:
            count[0] += 1
            if before is not None:
                before(uow)

        self.store.after_commit = counting
        return lambda: count[0]

    def heard(self) -> list[str]:
        """What the minutes of the open review hold."""
        return self._entries(EntryKind.NOTE)

    def decisions(self) -> list[str]:
        """What the open review has decided."""
        return self._entries(EntryKind.DECISION)

    def _entries(self, kind: EntryKind) -> list[str]:
        with self.store.read(self.workspace.id) as uow:
            review = uow.reviews.open_in(self.channel.id)
        assert review is not None
        return [e.text for e in review.of_kind(kind)]

    def settle(self) -> None:
        """Wait until no event is on its way and nothing goes on after an acknowledgment."""
        self.slack.settle()
        self.until(lambda: not self.platform.busy)

    def until(self, true: Callable[[], bool]) -> None:
        """Wait for something that is about to be so."""
        until(true)


def _words(text: object, locale: str) -> str:
    return words(text, Reader(locale, "UTC"))  # type: ignore[arg-type]


@contextmanager
def playing(stage: Stage) -> Iterator[Stage]:
    """The stage, with Slack connected to it as the settings say."""
    if stage.slack.app.socket_mode:
        stage.platform.start()
        try:
            stage.until(lambda: stage.slack.sockets.greeted > 0)
            yield stage
        finally:
            _end(stage)
        return
    web = create_app(
        stage.platform.routes(),
        words=_words,
        hosts=("127.0.0.1",),
        registry=CollectorRegistry(),
    )
    with served(web) as url:
        stage.slack.app.request_url = f"{url}/slack/events"
        try:
            yield stage
        finally:
            stage.settle()
    _end(stage)


def _end(stage: Stage) -> None:
    stage.platform.stop()
    stage.core.intake.close()
    stage.store.database.close()
