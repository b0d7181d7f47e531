"""How far a delivery of several messages came: what is out is not sent again after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.clock import Clock
from storage.dingtalk_sent import SentCard
from storage.uow import Store


@dataclass(slots=True)
class Progress:
    """The steps of one delivery that are done.

    :ivar steps: names of steps (``page:2``, ``file:<id>``) with what each left behind.
    """

    store: Store
    clock: Clock
    workspace: str
    channel: str
    delivery: str
    steps: dict[str, str] = field(default_factory=dict[str, str])

    def load(self) -> None:
        """Read what an earlier try wrote."""
        with self.store.read(self.workspace) as uow:
            known = uow.dingtalk_sent.card(self._track)
        if known is not None:
            said: Mapping[str, Any] = known.content
            self.steps = {str(k): str(v) for k, v in dict(said.get("steps") or {}).items()}

    def done(self, step: str, left: str = "") -> None:
        """A step is done; this is durable when it returns."""
        self.steps[step] = left
        content = {"steps": dict(self.steps)}
        card = SentCard(self._track, self.channel, self.delivery, content, self.clock.now())
        with self.store.write(self.workspace) as uow:
            uow.dingtalk_sent.save_card(card)

    @property
    def _track(self) -> str:
        return f"delivery:{self.delivery}"
