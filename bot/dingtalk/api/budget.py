"""The company's calls of a month: counted, shown, and kept for what must go.

Facts, section 10: 10,000 a month on the free edition, for all applications of the company together.
Replies by a conversation's webhook and the stream are not counted, nor are tokens.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.dingtalk.api.apis import Need
from bot.dingtalk.api.errors import UsedUp
from domain.clock import Clock
from domain.errors import ConflictError
from domain.message_json import to_json
from domain.messages import Card, Para, T, Tone
from domain.people import Role
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dingtalk")

MARKS = (0.8, 0.9, 1.0)
"""The parts of a month's calls at which the administrators are told."""
REFUSED_FOR = timedelta(hours=1)
"""So long nothing is asked of DingTalk after it said itself that the calls are used up."""
_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Standing:
    """How a month's calls stand.

    :param month: ``2026-11``, as DingTalk counts: in China.
    :param apis: calls by API.
    """

    month: str
    used: int
    limit: int
    apis: Mapping[str, int]

    @property
    def part(self) -> float:
        """How much is used, as a part of all."""
        return self.used / self.limit


class Budget:
    """Counts calls in the database, so that all processes share one count.

    :param monthly: how many calls a month the company has.
    """

    def __init__(self, store: Store, clock: Clock, monthly: int) -> None:
        self._store = store
        self._clock = clock
        self._monthly = monthly
        self._refused: dict[str, datetime] = {}

    def standing(self, workspace: str) -> Standing:
        """How this month stands."""
        month = self._month()
        with self._store.read(workspace) as uow:
            apis = uow.dingtalk_sent.counted(month)
        return Standing(month, sum(apis.values()), self._monthly, apis)

    def check(self, workspace: str, need: Need) -> None:
        """Whether a call of this need may be made; raises ``UsedUp``."""
        refused = self._refused.get(workspace)
        if refused is not None and self._clock.now() < refused + REFUSED_FOR:
            raise UsedUp("DingTalk says that the month's calls are used up")
        standing = self.standing(workspace)
        if standing.part >= need.value:
            raise UsedUp(f"{standing.used} of {standing.limit} calls used in {standing.month}")

    def spend(self, workspace: str, api: str) -> None:
        """Count a call that is about to be made."""
        month = self._month()
        with self._store.write(workspace) as uow:
            uow.dingtalk_sent.count(month, api)
            used = sum(uow.dingtalk_sent.counted(month).values())
            mark = next((m for m in MARKS if used == max(1, int(self._monthly * m))), None)
            if mark is not None:
                self._say(uow, month, mark, used)

    def refused(self, workspace: str) -> None:
        """DingTalk itself says that the calls are used up."""
        known = self._refused.get(workspace)
        self._refused[workspace] = self._clock.now()
        if known is not None:
            return
        log.error("dingtalk.calls_used_up", extra={"workspace": workspace})
        month = self._month()
        try:
            with self._store.write(workspace) as uow:
                used = sum(uow.dingtalk_sent.counted(month).values())
                self._say(uow, month, 1.0, used)
        except ConflictError:
            log.info("dingtalk.told_before", extra={"month": month})

    def renewal(self) -> datetime:
        """When the next month begins."""
        now = self._clock.now().astimezone(_CHINA)
        year, month = (now.year + 1, 1) if now.month == 12 else (now.year, now.month + 1)
        return datetime(year, month, 1, tzinfo=_CHINA)

    def _month(self) -> str:
        return self._clock.now().astimezone(_CHINA).strftime("%Y-%m")

    def _say(self, uow: UnitOfWork, month: str, mark: float, used: int) -> None:
        """Tell the administrators, once for each month and mark."""
        shown = {"used": used, "limit": self._monthly, "month": month}
        key = "dingtalk.calls_gone" if mark >= 1 else "dingtalk.calls_low"
        card = Card(T(key, shown), (Para(T("dingtalk.calls_advice")),), tone=Tone.WARN)
        now = self._clock.now()
        for person in uow.people.with_role(Role.ADMIN, None):
            payload = {"person": person.id, "card": to_json(card)}
            dedupe = f"dingtalk-calls:{month}:{int(mark * 100)}:{person.id}"
            uow.queue(f"person:{person.id}", "post", payload, now, dedupe=dedupe)
