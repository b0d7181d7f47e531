"""Wakes the browsers that wait for news, as soon as a transaction with news is committed."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass

from anyio.to_thread import run_sync

from bot.webchat.settings import ChatSettings
from storage.uow import Store, UnitOfWork


@dataclass(eq=False, slots=True)
class _Waiter:
    workspace: str
    loop: asyncio.AbstractEventLoop
    event: asyncio.Event


class Hub:
    """Who waits for changes of the chat in this process.

    What this process commits wakes them at once (:meth:`after_commit`); what other processes commit
    is found by asking the database once a second, one question for everybody who waits.
    """

    def __init__(self, store: Store, settings: ChatSettings) -> None:
        self._store = store
        self._poll = settings.poll.total_seconds()
        self._lock = threading.Lock()
        self._waiters: set[_Waiter] = set()
        self._asked: dict[str, tuple[float, asyncio.Task[int]]] = {}
        self.closed = False

    def after_commit(self, uow: UnitOfWork) -> None:
        """Call it after each commit, from any thread."""
        if uow.chat_changed:
            self._wake(uow.workspace_id)

    def close(self) -> None:
        """End every wait for good: the server stops."""
        self.closed = True
        self._wake(None)

    async def wait(self, workspace: str, after: int, seconds: float) -> bool:
        """Wait until there may be a change above ``after``; False when there was none in time."""
        loop = asyncio.get_running_loop()
        waiter = _Waiter(workspace, loop, asyncio.Event())
        with self._lock:
            self._waiters.add(waiter)
        try:
            until = loop.time() + seconds
            while not self.closed and loop.time() < until:
                if await self._latest(workspace) > after:
                    return True
                try:
                    async with asyncio.timeout(min(self._poll, until - loop.time())):
                        await waiter.event.wait()
                except TimeoutError:
                    continue
                return True
            return False
        finally:
            with self._lock:
                self._waiters.discard(waiter)

    async def _latest(self, workspace: str) -> int:
        """The number of the last change, asked at most once per poll interval."""
        now = asyncio.get_running_loop().time()
        asked = self._asked.get(workspace)
        if asked is None or now - asked[0] >= self._poll / 2:
            asked = (now, asyncio.create_task(run_sync(self._ask, workspace)))
            self._asked[workspace] = asked
        return await asyncio.shield(asked[1])

    def _ask(self, workspace: str) -> int:
        with self._store.read(workspace) as uow:
            return uow.chat.latest()

    def _wake(self, workspace: str | None) -> None:
        with self._lock:
            waiters = [w for w in self._waiters if workspace in (None, w.workspace)]
        for waiter in waiters:
            if not waiter.loop.is_closed():
                waiter.loop.call_soon_threadsafe(waiter.event.set)
