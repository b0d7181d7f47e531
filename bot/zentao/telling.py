"""Telling of stories that ZenTao has given numbers to, as the command itself would have."""

from __future__ import annotations

from collections.abc import Sequence

from commands.context import Context, Services
from commands.registry import Registry
from commands.stories.creating import created, number_wish, sheet_created
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.people import Channel
from domain.requests import Request
from domain.stories import Story
from domain.tracking import ZENTAO, TrackerWrite
from storage.uow import UnitOfWork
from trackers.zentao.sync.settling import tell


class CommandTeller:
    """A ``Teller`` that speaks like the commands do."""

    def __init__(self, services: Services, registry: Registry, clock: Clock) -> None:
        self._services = services
        self._registry = registry
        self._clock = clock

    def created(self, uow: UnitOfWork, write: TrackerWrite, story: Story) -> None:
        """One story: its card where it was asked for, and a word to reviewers and assignee."""
        ctx = self._context(uow, write)
        number_wish(ctx, story)
        tell(uow, write, created(ctx, story), ctx.now)

    def sheet_created(
        self, uow: UnitOfWork, writes: Sequence[TrackerWrite], stories: Sequence[Story]
    ) -> None:
        """The stories of a sheet, once all of them are there."""
        sheet_created(self._context(uow, writes[0]), stories)

    def _context(self, uow: UnitOfWork, write: TrackerWrite) -> Context:
        now = self._clock.now()
        channel = _channel(uow, write)
        request = Request(
            event_id=f"{ZENTAO}:{write.id}",
            platform=ZENTAO,
            workspace=uow.workspace_id,
            channel=channel.id if channel else None,
            person=write.actor,
            received_at=now,
            thread=write.origin.thread,
        )
        me = uow.people.get(write.actor)
        product = uow.products.get(write.product_id)
        return Context(
            uow, request, now, me, channel, self._services, self._registry, about=product
        )


def _channel(uow: UnitOfWork, write: TrackerWrite) -> Channel | None:
    """Where it was asked for; None when that is gone by now."""
    try:
        return uow.channels.get(write.origin.channel) if write.origin.channel else None
    except NotFoundError:
        return None
