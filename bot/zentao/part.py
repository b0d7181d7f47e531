"""ZenTao as a part of Duban: effects, the mirror's thread, and the address for hooks.

The settings name one ZenTao: it is the first workspace's.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import datetime

from starlette.routing import BaseRoute

from bot.core import Core
from bot.delivery import Effect
from bot.settings_outside import ZentaoSettings
from bot.vault import Vault
from bot.zentao.hook import hook_route
from bot.zentao.link import make_bench, make_own_tokens
from bot.zentao.own_tokens import OwnTokens
from bot.zentao.people import Learned
from bot.zentao.plan_effect import PlanEffect
from bot.zentao.worker import Worker
from domain.messages import Card
from domain.ports import Retry
from storage.locks import process_locks
from storage.messaging import OutboxItem
from storage.tracker_lane import KIND
from trackers.zentao.port import Zentao
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.delivering import Delivering
from trackers.zentao.sync.synchroniser import Synchroniser

UNCONNECTED = 600.0
"""Seconds until it is looked again whether a workspace is connected."""


class ZentaoPart:
    """Keeps the first workspace's products in step with ZenTao.

    :param vault: opens the sealed tokens of reviewers.
    """

    def __init__(self, core: Core, settings: ZentaoSettings, vault: Vault) -> None:
        self._core = core
        self._settings = settings
        self._vault = vault
        self._lock = threading.Lock()
        self._bench: Bench | None = None
        self._own: OwnTokens | None = None
        self._synchroniser: Synchroniser | None = None
        self._worker = Worker(self._piece, self._close)

    def routes(self) -> Sequence[BaseRoute]:
        """Where ZenTao's webhooks are heard."""
        return (hook_route(self._core.settings.secret_keys, self.hint),)

    def effects(self) -> Mapping[str, Effect]:
        """Writes of stories, and dates of plans."""
        plans = PlanEffect(self._core.store, self._core.clock, self._zentao)
        return {KIND: self._deliver, "tracker_plan": plans}

    def start(self) -> None:
        """Nothing listens: hooks come by the web server, the rest is asked for."""

    def stop(self) -> None:
        """End the mirror's thread after what it is at, and let go of the connections."""
        self._worker.stop()
        with self._lock:
            if self._bench is not None:
                self._bench.zentao.let_go()
            if self._own is not None:
                self._own.close()

    def tick(self, now: datetime) -> None:
        """Wake the mirror's thread; it knows what is due."""
        del now
        self._worker.wake()

    def hint(self) -> None:
        """A hook was called: the next look comes at once, whichever process looks."""
        bench = self.bench()
        if bench is not None:
            with bench.write() as uow:
                uow.tracker_feed.hint(bench.now())
        self._worker.wake()

    def bench(self) -> Bench | None:
        """The connection; None while there is no workspace yet."""
        with self._lock:
            if self._bench is None:
                workspaces = self._core.store.workspaces()
                if not workspaces:
                    return None
                core = self._core
                learned = Learned(core.services.holidays)
                self._own = make_own_tokens(core, self._settings, workspaces[0], self._vault)
                self._bench = make_bench(
                    core,
                    self._settings,
                    workspaces[0],
                    plan_listeners=(learned.plan,),
                    account_listeners=(learned.accounts,),
                    own=self._own,
                )
            return self._bench

    def _zentao(self, workspace: str) -> Zentao | None:
        bench = self._of(workspace)
        return bench.zentao if bench else None

    def _of(self, workspace: str) -> Bench | None:
        bench = self.bench()
        return bench if bench is not None and bench.workspace == workspace else None

    def _deliver(self, workspace: str, item: OutboxItem) -> Card | None:
        bench = self._of(workspace)
        if bench is None:
            reason = "this workspace is not connected to ZenTao here"
            raise Retry(UNCONNECTED, reason, patient=True)  # as where nothing here does its kind
        Delivering(bench).run(item)
        return None

    def _piece(self) -> bool:
        """One piece of the mirror's work, in its own thread."""
        bench = self.bench()
        if bench is None:
            return False
        if self._synchroniser is None:
            locks = process_locks(self._core.settings.database_url)
            self._synchroniser = Synchroniser(bench, locks)
        return self._synchroniser.run()

    def _close(self) -> None:
        if self._synchroniser is not None:
            self._synchroniser.close()
