"""The one way out: outbox rows become messages and files, in order per lane, each once.

A job of the engine only says "look at this lane": the rows are the truth. A job therefore does no
harm when it runs twice, late, or on another process after a crash.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.waker import Waker
from domain.clock import Clock
from domain.errors import ConflictError, DubanError, NotFoundError, OutsideError
from domain.message_json import from_json
from domain.messages import Card, Tone
from domain.people import Channel, Person
from domain.ports import Destination, Engine, GiveUp, Retry, Surface
from storage.messaging import OutboxItem
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.delivery")

JOB = "lane"
REDRAW = "redraw"
"""The kind of a row that draws a person's card anew where it is, see ``Context.redraw``."""
MOST_TRIES = 12
"""With the growing pauses between them this is about an hour."""
LONGEST_PAUSE = 600.0
BATCH = 200
FIRST_TRY = "0"

Effect = Callable[[str, OutboxItem], Card | None]
"""Does what a row of some kind asks for (workspace, row). A card it answers is posted where the row
came from. It must be safe to run twice."""

Abandoned = Callable[[UnitOfWork, OutboxItem], None]
"""Hears that a row is given up, in the transaction that notes it: whoever waits for it is told."""

Opener = Callable[[UnitOfWork, Person], Channel | None]
"""Opens a conversation with a person on one platform; None when they cannot be reached there."""


@dataclass(frozen=True, slots=True)
class _Posted:
    """What a surface answered, and which object's card it is."""

    handle: Mapping[str, Any]
    card_key: str | None
    where: str


class Delivery:
    """Sends what is in the outbox.

    :param surfaces: by platform; a person is told on the first one where they can be reached.
    :param openers: by platform: opens a conversation with somebody who has none yet.
    :param effects: by kind of row, for all kinds but ``post``.
    :param outside: the kinds whose effect leaves our own database, so that after a crash nobody
        knows whether it happened (``OutboxItem.doubtful``).
    :param abandoned: by kind: what must be settled when a row of it is given up.
    """

    def __init__(
        self,
        store: Store,
        engine: Engine,
        clock: Clock,
        surfaces: Mapping[str, Surface],
        effects: Mapping[str, Effect],
        openers: Mapping[str, Opener],
        *,
        outside: Collection[str] = (),
        abandoned: Mapping[str, Abandoned] | None = None,
    ) -> None:
        self._store = store
        self._engine = engine
        self._clock = clock
        self._surfaces = surfaces
        self._effects = effects
        self._openers = openers
        self._outside = frozenset(outside)
        self._abandoned = abandoned or {}
        self._waker = Waker(self._look)
        engine.register(JOB, self.run_lane)

    def start(self) -> None:
        """Begin to wake the engine for what transactions queue."""
        self._waker.start()

    def stop(self) -> None:
        """Wake the engine for what is left, and end."""
        self._waker.stop()

    def after_commit(self, uow: UnitOfWork) -> None:
        """Note what a transaction queued, without waiting.

        Telling the engine costs a commit of its own, which must not stand between a person and
        their answer. What is lost here by a crash the next sweep finds.
        """
        for item_id, lane, _ in uow.queued:
            self._waker.wake((uow.workspace_id, item_id, lane, FIRST_TRY))

    def _look(self, job: tuple[str, str, str, str]) -> None:
        workspace, item_id, lane, try_ = job
        payload = {"workspace": workspace, "lane": lane}
        self._engine.enqueue(f"{item_id}.{try_}", JOB, payload, f"{workspace}:{lane}")

    def sweep(self) -> int:
        """Wake the engine for every row that is due: after a crash, a restart, or a pause."""
        now, count = self._clock.now(), 0
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                items = uow.outbox.pending(now, BATCH)
            for item in items:
                first = item.due_at <= item.created_at
                try_ = FIRST_TRY if first else _later_try(item.due_at)
                self._look((workspace.id, item.id, item.lane, try_))
            count += len(items)
        return count

    def run_lane(self, payload: Mapping[str, Any]) -> None:
        """Send a lane's rows, oldest first, until one must wait or none is left."""
        workspace, lane = str(payload["workspace"]), str(payload["lane"])
        while True:
            with self._store.read(workspace) as uow:
                item = uow.outbox.next_in(lane)
            if item is None or item.due_at > self._clock.now():
                return
            if not self._attempt(workspace, item):
                return

    def drain(self) -> None:
        """Send everything that is due, in this thread: for tests and for the terminal."""
        now = self._clock.now()
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                lanes = dict.fromkeys(i.lane for i in uow.outbox.pending(now, 10_000))
            for lane in lanes:
                self.run_lane({"workspace": workspace.id, "lane": lane})

    def _attempt(self, workspace: str, item: OutboxItem) -> bool:
        """One try; whether the lane may go on."""
        try:
            posted = self._do(workspace, item)
        except Retry as later:
            return self._later(workspace, item, later)
        except GiveUp as reason:
            return self._give_up(workspace, item, str(reason))
        except Exception as error:
            log.exception("delivery.failed", extra={"outbox": item.id})
            return self._later(
                workspace, item, Retry(_pause(item.attempts), repr(error)[:500], sent=True)
            )
        with self._store.write(workspace) as uow:
            uow.outbox.done(item.id, self._clock.now(), posted.handle if posted else None)
            if posted and posted.card_key:
                uow.cards.save(posted.card_key, posted.where, posted.handle)
        return True

    def _do(self, workspace: str, item: OutboxItem) -> _Posted | None:
        if item.kind == "post":
            return self._post(workspace, item, from_json(item.payload["card"]))
        if item.kind == REDRAW:
            return self._redraw(workspace, item, from_json(item.payload["card"]))
        if item.kind not in self._effects:
            reason = f"nothing that is connected here does {item.kind}"
            raise Retry(LONGEST_PAUSE, reason, patient=True)
        if item.kind in self._outside:
            self._begin(workspace, item)
        try:
            card = self._effects[item.kind](workspace, item)
        except (ConflictError, OutsideError):
            raise  # the disk, the database: not what was asked for is wrong, so it is tried again
        except DubanError as error:
            card = Card(error.text, tone=Tone.BAD)
        return self._post(workspace, item, card) if card is not None else None

    def _post(self, workspace: str, item: OutboxItem, card: Card) -> _Posted:
        channel = self._channel(workspace, item.payload)
        surface = self._surfaces.get(channel.platform)
        if surface is None:
            raise GiveUp(f"no surface for {channel.platform}")
        where = f"channel:{channel.id}"
        replaces = None
        if card.key:
            with self._store.read(workspace) as uow:
                replaces = uow.cards.handle(card.key, where)
        destination = Destination(channel.id, item.payload.get("thread"))
        if surface.outside:
            self._begin(workspace, item)
        handle = surface.send(destination, card, item.id, replaces, doubtful=item.doubtful)
        return _Posted(handle, card.key, where)

    def _redraw(self, workspace: str, item: OutboxItem, card: Card) -> _Posted | None:
        """Draw a card that somebody was sent alone anew; None where they have none that can be."""
        for platform, surface in self._surfaces.items():
            with self._store.read(workspace) as uow:
                channel = uow.channels.direct(platform, str(item.payload["person"]))
                where = f"channel:{channel.id}" if channel else ""
                handle = uow.cards.handle(card.key or "", where) if channel else None
            if channel is not None and handle is not None:
                there = Destination(channel.id, in_place=True)
                handle = surface.send(there, card, item.id, handle, doubtful=item.doubtful)
                return _Posted(handle, card.key, where)
        return None

    def _begin(self, workspace: str, item: OutboxItem) -> None:
        """Write that a try begins: what crashes in the middle of it is not simply repeated."""
        with self._store.write(workspace) as uow:
            uow.outbox.begin(item.id, self._clock.now())

    def _channel(self, workspace: str, payload: Mapping[str, Any]) -> Channel:
        """The row's channel, or the person's direct conversation, made when there is none yet.

        A channel that is gone leaves the person; where both are gone there is nobody to tell.
        """
        with self._store.read(workspace) as uow:
            try:
                if payload.get("channel"):
                    return uow.channels.get(str(payload["channel"]))
            except NotFoundError:
                pass
            try:
                person = uow.people.get(str(payload.get("person")))
            except NotFoundError as error:
                raise GiveUp("the channel or person does not exist any more") from error
            channel, reachable = self._known_direct(uow, person)
        if channel is not None:
            return channel
        with self._store.write(workspace) as uow:
            opened = (self._openers[p](uow, person) for p in reachable)
            channel = next((c for c in opened if c is not None), None)
        if channel is None:
            raise GiveUp("this person cannot be reached on any platform")
        return channel

    def _known_direct(self, uow: UnitOfWork, person: Person) -> tuple[Channel | None, list[str]]:
        """The conversation on the first platform where there is one, or may be opened."""
        reachable: list[str] = []
        for platform in self._surfaces:
            known = uow.channels.direct(platform, person.id)
            if known is not None and not reachable:
                return known, []
            if platform in self._openers and (
                platform == "web" or uow.people.addresses(person.id, platform)
            ):
                reachable.append(platform)
        return None, reachable

    def _later(self, workspace: str, item: OutboxItem, later: Retry) -> bool:
        if not later.patient and item.attempts + 1 >= MOST_TRIES:
            return self._give_up(workspace, item, later.reason)
        due_at = self._clock.now() + timedelta(seconds=later.seconds)
        doubtful = later.sent or item.doubtful  # what an earlier try left open is open still
        with self._store.write(workspace) as uow:
            uow.outbox.retry(
                item.id, due_at, later.reason, doubtful=doubtful, counts=not later.patient
            )
        self._waker.wake((workspace, item.id, item.lane, _later_try(due_at)), later.seconds)
        return False

    def _give_up(self, workspace: str, item: OutboxItem, reason: str) -> bool:
        log.error("delivery.given_up", extra={"outbox": item.id})
        try:
            with self._store.write(workspace) as uow:
                uow.outbox.give_up(item.id, reason)
                if (settle := self._abandoned.get(item.kind)) is not None:
                    settle(uow, item)
        except Exception:  # the lane goes on in any case
            log.exception("delivery.not_settled", extra={"outbox": item.id})
            with self._store.write(workspace) as uow:
                uow.outbox.give_up(item.id, reason)
        return True


def _later_try(due_at: datetime) -> str:
    """Names one try of a row: the engine takes each of them, and the same one once."""
    return str(int(due_at.timestamp() * 1000))


def _pause(attempts: int) -> float:
    """Seconds to wait: doubling, with jitter so that many rows do not come back at once."""
    return min(LONGEST_PAUSE, 2.0**attempts) * random.uniform(0.5, 1.5)  # noqa: S311 (no secret)
