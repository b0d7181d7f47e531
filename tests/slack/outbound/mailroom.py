"""A small company that is connected to a Slack team, with its outgoing mail in the test's hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.delivery import Delivery
from bot.documents import DocumentProducer
from bot.effects import document_effect
from bot.settings import load_settings
from bot.slack.api.tokens import Tokens
from bot.slack.outbound.surface import SlackSurface
from bot.slack.people.directory import Directory
from bot.vault import Vault
from domain.ids import new_id
from domain.people import Channel, Person
from storage.messaging import OutboxItem, OutboxStatus
from storage.platforms import Tenant
from storage.slack import PLATFORM, USER
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rooms import Channel as Room
from tests.fakes.slack.rooms import Message
from tests.harness import Team
from tests.idle import IdleEngine
from tests.outgoing import Outgoing


class MailRoom(Outgoing):
    """The company of ``tests.harness`` whose channel ``物流`` is a channel of Slack.

    :param slack: goes by the team's clock; has the team's people as ``po``, ``dev`` …
    """

    def __init__(self, folder: Path, slack: FakeSlack, team: Team) -> None:
        self.slack = slack
        self.team = team
        self.room: Room = slack.add_channel("wuliu", "po", "dev")
        variables = {
            **slack.environment,
            "DUBAN_DATA_DIR": str(folder),
            "DUBAN_SECRET_KEYS": "one-key",
            "DUBAN_BASE_URL": "https://duban.example.com",
        }
        settings = load_settings(variables)
        self.tokens = Tokens(team.store, settings.slack, Vault(settings.secret_keys), team.clock)
        self.directory = Directory(team.store, self.tokens, team.clock)
        self._bind()
        producer = DocumentProducer(team.services.holidays, folder / "templates", team.clock)
        self.surface = SlackSurface(
            team.store, self.tokens, self.directory, team.files, team.clock,
            settings.base_url, make=producer.make,
        )  # fmt: skip
        self.delivery = Delivery(
            team.store, IdleEngine(), team.clock, {"slack": self.surface},
            {"document": document_effect(team.store, team.files, producer, team.clock)},
            {"slack": self.directory.direct},
        )  # fmt: skip

    def _bind(self) -> None:
        """The company's channel and people are Slack's."""
        assert self.tokens.for_workspace(self.team.workspace.id) is not None
        with self.team.write() as uow:
            uow.channels.save(
                replace(self.team.channel, platform="slack", external_id=self.room.id)
            )
            for handle in ("po", "dev"):
                user = self.slack.team.user(handle).id
                team = self.slack.team.id
                uow.people.link(new_id(), self.team.id(handle), PLATFORM, team, USER, user)
            assert uow.tenants.of(PLATFORM) == Tenant(PLATFORM, self.slack.team.id, "Acme")

    def until_quiet(self, rounds: int = 40) -> None:
        """Send until nothing waits any more, however long the pauses are."""
        waiting: tuple[OutboxItem, ...] = ()
        for _ in range(rounds):
            self.delivery.drain()
            with self.team.read() as uow:
                far = self.team.clock.now() + timedelta(days=365)
                waiting = uow.outbox.pending(far, 1000)
            if not waiting:
                return
            pause = max(i.due_at for i in waiting) - self.team.clock.now()
            self.team.clock.advance(max(pause, timedelta(seconds=1)))
        raise AssertionError([(i.error, i.attempts) for i in waiting])

    def handle(self, key: str) -> Mapping[str, Any] | None:
        """Where the card of an object is."""
        with self.team.read() as uow:
            return uow.cards.handle(key, f"channel:{self.team.channel.id}")

    def channel(self) -> Channel:
        with self.team.read() as uow:
            return uow.channels.get(self.team.channel.id)

    def person(self, handle: str) -> Person:
        return self.team.people[handle]

    @property
    def messages(self) -> list[Message]:
        """What stands in the channel, threads included, by time."""
        return list(self.room.messages)

    def texts(self) -> list[str]:
        """The fallback texts of the channel's messages."""
        return [str(m["text"]) for m in self.messages]

    def errors(self, *rows: str) -> list[tuple[OutboxStatus, str | None]]:
        return [(self.row(r).status, self.row(r).error) for r in rows]


def drawn(message: Message) -> str:
    """Everything that a person reads in a message's blocks, a line each."""
    return "\n".join(_texts(message.get("blocks") or []))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [t for k, v in value.items() if k != "confirm" for t in _texts(v)]
    if isinstance(value, list):
        return [t for v in value for t in _texts(v)]
    return []
