"""How much the platform takes: calls a second, calls a month, messages a minute."""

from __future__ import annotations

import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from tests.fakes.dingtalk.refusal import Refusal

QPS = "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"
MONTH = "Forbidden.AccessDenied.ApiCountLimitForOrg"
OLD_MONTH, OLD_QPS, TOO_FAST = 90020, 90018, 130101
_CHINA = timezone(timedelta(hours=8))


class Limits:
    """The counters.

    :param clock: seconds since 1970 by the test's clock; months go by it.
    :ivar per_second: calls of one API a second (real seconds, whatever the clock says).
    :ivar monthly: API calls of the company a month; webhooks and tokens do not count.
    :ivar per_minute: messages by webhook to one conversation in a minute of ``tick``.
    :ivar mute_seconds: how long a webhook that was too fast takes nothing.
    :ivar tick: seconds by which a minute of messages is measured; the test's clock by default.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.tick = clock
        self.per_second = 20
        self.monthly = 10_000
        self.per_minute = 20
        self.mute_seconds = 600.0
        self.refused: Counter[str] = Counter()
        self._months: Counter[str] = Counter()
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)
        self._said: defaultdict[str, deque[float]] = defaultdict(deque)
        self._muted: dict[str, float] = {}

    @property
    def month(self) -> str:
        """The current month in China, like ``2026-11``."""
        return datetime.fromtimestamp(self._clock(), _CHINA).strftime("%Y-%m")

    @property
    def used(self) -> int:
        """The API calls of this month."""
        return self._months[self.month]

    @used.setter
    def used(self, calls: int) -> None:
        self._months[self.month] = calls

    def call(self, operation: str) -> None:
        """Count a call; ``Refusal`` when it is one too many."""
        now, recent = time.monotonic(), self._calls[operation]
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= self.per_second:
            self.refused[QPS] += 1
            raise Refusal(QPS, status=403, errcode=OLD_QPS)
        if self.used >= self.monthly:
            self.refused[MONTH] += 1
            raise Refusal(MONTH, "本月调用次数已用完", status=403, errcode=OLD_MONTH)
        recent.append(now)
        self._months[self.month] += 1

    def talk(self, conversation: str) -> None:
        """Count a message by webhook; ``Refusal`` when they come too fast, and for long after."""
        now, recent = self.tick(), self._said[conversation]
        while recent and recent[0] <= now - 60:
            recent.popleft()
        if now < self._muted.get(conversation, 0.0) or len(recent) >= self.per_minute:
            if len(recent) >= self.per_minute:
                self._muted[conversation] = now + self.mute_seconds
            self.refused[str(TOO_FAST)] += 1
            raise Refusal("TooFast", "send too fast, exceed 20 times per minute", errcode=TOO_FAST)
        recent.append(now)
