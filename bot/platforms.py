"""What the composition root asks of a chat platform, and of other systems outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from starlette.routing import BaseRoute

from bot.delivery import Effect
from domain.people import Channel, Person
from domain.ports import Surface
from storage.uow import UnitOfWork


class Part(Protocol):
    """Something outside that Duban is connected to."""

    def routes(self) -> Sequence[BaseRoute]:
        """The addresses that it posts to, if any."""
        ...

    def effects(self) -> Mapping[str, Effect]:
        """What its own outbox rows ask for, by kind; each leaves our database."""
        ...

    def start(self) -> None:
        """Begin to listen, where no web server does it for us. Called where no event loop runs."""
        ...

    def stop(self) -> None:
        """End what :meth:`start` began, after answering what was taken."""
        ...

    def tick(self, now: datetime) -> None:
        """Periodic work; safe at any time, in any number of processes. It must not wait."""
        ...


class Platform(Part, Protocol):
    """A chat platform that Duban is connected to."""

    @property
    def name(self) -> str:
        """As in ``Channel.platform``."""
        ...

    @property
    def surface(self) -> Surface:
        """Sends cards there."""
        ...

    def direct(self, uow: UnitOfWork, person: Person) -> Channel | None:
        """The person's conversation with Duban there, made when there is none yet.

        None when they cannot be reached there.
        """
        ...
