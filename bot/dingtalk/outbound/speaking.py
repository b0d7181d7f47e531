"""How much Duban may say in a conversation, counted in the database: all processes say it together.

DingTalk takes twenty messages a minute from one robot and mutes whoever sends more for ten minutes
(facts, section 6). Each message costs one small write, beside a call of a hundred milliseconds.
"""

from __future__ import annotations

import logging
import math
from datetime import timedelta

from bot.dingtalk.again import write_again
from bot.dingtalk.place import Place
from domain.clock import Clock
from storage.dingtalk import Said
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dingtalk")

PER_MINUTE = 18
"""Messages a minute to one conversation; DingTalk takes 20 and mutes whoever sends more. Two are
kept for a clock that differs, and for what is under way as a minute ends."""
FOLD_FROM = 10
"""Below so many left in this minute, what waits is folded into one message."""
MUTED = timedelta(minutes=10)
SPAN = 60
STRETCH = 3
"""Seconds whose messages are counted together: a few numbers, however much is said."""


class Speaking:
    """What conversations still take. From worker threads.

    :ivar most: messages a minute to one conversation.
    :ivar fold_from: below so many left, they are scarce.
    """

    def __init__(self, store: Store, clock: Clock, most: int = PER_MINUTE) -> None:
        self._store = store
        self._clock = clock
        self.most = most
        self.fold_from = FOLD_FROM

    def take(self, place: Place) -> float:
        """Count one message more if there is room for it: 0, else the seconds until there is."""

        def taken(uow: UnitOfWork) -> float:
            known = uow.dingtalk.said(place.channel.id, locked=True)
            counts = self._recent(known)
            if sum(counts.values()) >= self.most:
                return self._until_free(counts)
            number = self._number()
            counts[number] = counts.get(number, 0) + 1
            uow.dingtalk.save_said(place.channel.id, Said(counts, known.muted_until))
            return 0.0

        return write_again(self._store, place.workspace, taken)

    def scarce(self, place: Place) -> bool:
        """Whether so few messages may go now that each should say as much as it can."""
        with self._store.read(place.workspace) as uow:
            said = sum(self._recent(uow.dingtalk.said(place.channel.id)).values())
        return self.most - said < self.fold_from

    def muted(self, place: Place) -> bool:
        """Whether the conversation's webhook takes nothing now."""
        with self._store.read(place.workspace) as uow:
            until = uow.dingtalk.said(place.channel.id).muted_until
        return until is not None and self._clock.now() < until

    def mute(self, place: Place) -> None:
        """DingTalk says that the webhook was too fast: it takes nothing for ten minutes."""

        def muted(uow: UnitOfWork) -> None:
            known = uow.dingtalk.said(place.channel.id, locked=True)
            said = Said(self._recent(known), self._clock.now() + MUTED)
            uow.dingtalk.save_said(place.channel.id, said)

        write_again(self._store, place.workspace, muted)

    def over(self, place: Place) -> None:
        """The webhook has ended before its time: whatever is said next brings another one."""
        with self._store.write(place.workspace) as uow:
            uow.dingtalk.forget_webhook(place.channel.id, place.webhook)

    def _recent(self, said: Said) -> dict[int, int]:
        """The counts of the last minute; what another clock wrote for later is not believed."""
        number = self._number()
        first = number - math.ceil(SPAN / STRETCH)
        return {n: count for n, count in said.counts.items() if first <= n <= number + 1}

    def _until_free(self, counts: dict[int, int]) -> float:
        gone = (min(counts) + 1) * STRETCH + SPAN
        return max(0.1, gone - self._clock.now().timestamp())

    def _number(self) -> int:
        return int(self._clock.now().timestamp()) // STRETCH
