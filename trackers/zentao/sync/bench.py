"""What every piece of work between the mirror and ZenTao has at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.clock import Clock
from domain.settings import Votes
from domain.stories import Story
from domain.tracking import RemotePlan, TrackerWrite
from storage.uow import Store, UnitOfWork
from trackers.zentao.port import Zentao
from trackers.zentao.sync.book import LiveBook
from trackers.zentao.sync.voting import Lapsed, OwnViews, forget, nobody


class Teller(Protocol):
    """Tells people of new stories as the command that asked for them would have."""

    def created(self, uow: UnitOfWork, write: TrackerWrite, story: Story) -> None:
        """One story: its card where it was asked for, and a word to reviewers and assignee."""
        ...

    def sheet_created(
        self, uow: UnitOfWork, writes: Sequence[TrackerWrite], stories: Sequence[Story]
    ) -> None:
        """The stories of a sheet, once all of them are there."""
        ...


PlanListener = Callable[[UnitOfWork, RemotePlan | None, RemotePlan | None, datetime], None]
"""Hears what became of a plan in ZenTao: before, after (None: not there), now. It runs in the
transaction that keeps what was read."""


AccountListener = Callable[[UnitOfWork, datetime], None]
"""Hears that the accounts were read anew, in the transaction that keeps them."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One workspace and its ZenTao.

    :param zentao: HTTP: never inside a transaction. :param book: what ``zentao`` asks who is who.
    :param server: host and path of the server, the tenant of people's accounts.
    :param votes: how outcomes get into ZenTao where the product does not say otherwise.
    :param own: reviewers' own views; ``lapsed`` is told whose token is dead.
    """

    store: Store
    workspace: str
    zentao: Zentao
    book: LiveBook
    server: str
    teller: Teller
    clock: Clock
    plan_listeners: tuple[PlanListener, ...] = ()
    account_listeners: tuple[AccountListener, ...] = ()
    votes: Votes = Votes.LEDGER
    own: OwnViews = nobody
    lapsed: Lapsed = forget

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A consistent view."""
        return self.store.read(self.workspace)

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """A transaction."""
        return self.store.write(self.workspace)

    def now(self) -> datetime:
        """The present instant."""
        return self.clock.now()

    def renew_book(self) -> None:
        """Read anew who and what is who."""
        with self.read() as uow:
            self.book.renew(uow, self.server)
