"""An engine of background work that does nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.ports import JobHandler


class IdleEngine:
    """Runs nothing: the test says when the outbox is drained."""

    def register(self, kind: str, handler: JobHandler) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None: ...
