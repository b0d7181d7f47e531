"""Handing requests from an adapter's event loop to the dispatcher, inside the platform's deadline.

The work runs in a worker thread. When it takes long, the request is stored first, the adapter
acknowledges, and the answer follows: what was acknowledged happens, even if the process dies.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.surfaces.outward import post_cards, queue_reply, tell_asker
from commands.dispatcher import Answer, Dispatcher, Hook
from domain.clock import Clock
from domain.messages import Card, Reply
from domain.request_json import request_from_json, request_to_json
from domain.requests import Request
from storage.messaging import OutboxItem
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.intake")

PATIENCE = 1.5
"""Seconds that work may take before it is acknowledged without an answer (deadlines are 3 s)."""
THREADS = 4
"""How many use cases run at once. With more of them the event loop, which has to acknowledge, waits
for its turn among them: of 300 commands at once on two busy cores some missed 3 s with 8 or 16."""
READERS = 2
"""How many commands that record nothing run beside them: a look does not wait behind writes."""
RUSH = 10 * THREADS
"""So many requests at once are a rush: the last of them would wait longest, and the platform has
counted since before we saw it."""
RUSH_PATIENCE = 0.3
"""Seconds that work may take in a rush."""
KIND = "request"
"""The kind of the outbox row that keeps a request which was acknowledged first."""
_AGAIN_AFTER = timedelta(seconds=20)
"""After this time a stored request is run again, unless it was done by then."""

Then = Callable[[Answer], None]
"""What is done with an answer in the thread in which it was made; it must not raise."""

Late = Callable[[Answer], Awaitable[None]]
"""Brings an answer to the asker after the acknowledgment."""

Resume = Callable[[Request], None]
"""Runs a stored request and shows all that comes of it, in a worker thread; safe to run twice."""


class Intake:
    """Runs requests for adapters.

    :param threads: how many use cases may run at once.
    :ivar patience: seconds that work may take before it is acknowledged without an answer, where
        the adapter says nothing else.
    """

    def __init__(
        self, store: Store, dispatcher: Dispatcher, clock: Clock, threads: int = THREADS
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._clock = clock
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="duban-intake")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="duban-reading")
        self._keeping = _Keeping(store, clock)
        self.patience = PATIENCE
        self._in_hand = 0
        self._running: set[asyncio.Task[None]] = set()
        self._resumes: dict[str, Resume] = {}

    def resume_by(self, platform: str, resume: Resume) -> None:
        """Let a platform itself resume its requests whose process died: it can show forms."""
        self._resumes[platform] = resume

    async def handle(
        self,
        request: Request,
        hook: Hook | None,
        late: Late,
        patience: float | None = None,
        then: Then | None = None,
    ) -> Answer | None:
        """The answer; or None when it will be given to ``late``, and may be acknowledged now.

        :param then: what the adapter makes of the answer, in the same worker thread: handing over
            to another one costs as much as a small command.

        Raises what storing raises when the request can be neither done in time nor stored: then
        it must not be acknowledged.
        """
        loop = asyncio.get_running_loop()
        threads = self._readers if self._dispatcher.only_reads(request) else self._threads
        work = loop.run_in_executor(threads, self._work, request, hook, then)
        self._in_hand += 1
        try:
            usual = self.patience if patience is None else patience
            rush = self._in_hand > RUSH
            done, _ = await asyncio.wait({work}, timeout=RUSH_PATIENCE if rush else usual)
        finally:
            self._in_hand -= 1
        if done:
            return work.result()
        item_id = await asyncio.wrap_future(self._keeping.keep(request))
        if work.done():
            self._keeping.drop(request, item_id)
            return work.result()
        task = asyncio.create_task(self._follow(request, work, item_id, late))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return None

    async def settle(self) -> None:
        """Wait for the answers that are still to be given."""
        while self._running:
            await asyncio.gather(*self._running, return_exceptions=True)

    def close(self) -> None:
        """Take no more work; what runs ends by itself."""
        self._threads.shutdown(wait=False)
        self._readers.shutdown(wait=False)
        self._keeping.close()

    def effect(self, workspace: str, item: OutboxItem) -> Card | None:
        """The outbox effect: run a stored request whose process died in the middle.

        Once it was done, by whomever, the inbox knows it, and only the row is closed.
        """
        request = request_from_json(item.payload["request"])
        resume = self._resumes.get(request.platform)
        if resume is not None:
            resume(request)
            return None
        queued: list[Reply] = []

        def hook(uow: UnitOfWork, reply: Reply) -> None:
            queued.append(reply)
            queue_reply(request, self._clock)(uow, reply)

        answer = self._dispatcher.dispatch(request, hook)
        alone = answer.failed or answer.reply.private or request.channel is None
        if alone or not (queued or answer.repeated):
            with self._store.write(workspace) as uow:
                if alone:
                    tell_asker(uow, request, answer.reply, self._clock)
                else:
                    post_cards(uow, request, answer.reply.cards, self._clock)
        return None

    async def _follow(
        self, request: Request, work: asyncio.Future[Answer], item_id: str, late: Late
    ) -> None:
        answer = await work
        try:
            await late(answer)
        except Exception:  # the platform would not take it: the asker is told another way
            log.exception("intake.late", extra={"event": request.event_id})
            await asyncio.to_thread(self._tell, request, answer)
        self._keeping.drop(request, item_id)

    def _work(self, request: Request, hook: Hook | None, then: Then | None) -> Answer:
        answer = self._dispatcher.dispatch(request, hook)
        if then is not None:
            then(answer)
        return answer

    def _tell(self, request: Request, answer: Answer) -> None:
        with self._store.write(request.workspace) as uow:
            if answer.reply.private or answer.failed:
                tell_asker(uow, request, answer.reply, self._clock)


class _Keeping:
    """Stores requests that are slow and closes those that are done, many in one transaction.

    In a rush many become slow at once: a commit for each would make the last of them miss the
    platform's deadline.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="duban-keeping")
        self._lock = threading.Lock()
        self._waiting: list[tuple[Request, Future[str]]] = []
        self._done: list[tuple[str, str]] = []

    def keep(self, request: Request) -> Future[str]:
        """The id of the row that will hold the request, once it is committed."""
        kept: Future[str] = Future()
        with self._lock:
            self._waiting.append((request, kept))
        self._thread.submit(self._write_all)
        return kept

    def drop(self, request: Request, item_id: str) -> None:
        """The request was done: close its row, soon. Run again it would do no harm."""
        with self._lock:
            self._done.append((request.workspace, item_id))
        self._thread.submit(self._write_all)

    def close(self) -> None:
        """Write what is left, and take no more."""
        self._thread.shutdown(wait=True)

    def _write_all(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, []
            done, self._done = self._done, []
        for workspace in dict.fromkeys((*(r.workspace for r, _ in waiting), *(w for w, _ in done))):
            mine = [w for w in waiting if w[0].workspace == workspace]
            self._write(workspace, mine, [i for w, i in done if w == workspace])

    def _write(
        self, workspace: str, waiting: list[tuple[Request, Future[str]]], done: list[str]
    ) -> None:
        now = self._clock.now()
        try:
            with self._store.write(workspace) as uow:
                ids = [self._queue(uow, request, now) for request, _ in waiting]
                for item_id in done:
                    uow.outbox.done(item_id, now, None)
        except Exception as error:  # noqa: BLE001 (whoever waits gets it)
            log.warning("intake.not_kept", extra={"reason": type(error).__name__})
            for _, kept in waiting:
                kept.set_exception(error)
            return
        for (_, kept), item_id in zip(waiting, ids, strict=True):
            kept.set_result(item_id)

    def _queue(self, uow: UnitOfWork, request: Request, now: datetime) -> str:
        lane, payload = f"{KIND}:{request.event_id}"[:96], {"request": request_to_json(request)}
        return uow.queue(lane, KIND, payload, now, due_at=now + _AGAIN_AFTER)
