"""An event loop in a thread of its own, for a connection that is kept beside the web server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any


class LoopThread:
    """Serves in its own event loop until it is told to end.

    :param name: of the thread.
    :param serve: runs until the event is set that it is given, and tidies up then.
    :param patience: seconds that are waited for it when it ends.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[[asyncio.Event], Coroutine[Any, Any, None]],
        patience: float,
    ) -> None:
        self._name = name
        self._serve = serve
        self._patience = patience
        self._thread: threading.Thread | None = None
        self._begun = threading.Event()
        self._told: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None

    def start(self) -> None:
        """Begin to serve; returns at once. What serves already goes on."""
        if self._thread is None:
            self._begun.clear()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Have it end, and wait for that. It can be started again."""
        if self._thread is None:
            return
        if self._begun.wait(self._patience) and self._told is not None:
            loop, ended = self._told
            with suppress(RuntimeError):  # it has ended by itself, and its loop is closed
                loop.call_soon_threadsafe(ended.set)
        self._thread.join(self._patience)
        self._thread = None

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            ended = asyncio.Event()
            self._told = runner.get_loop(), ended
            self._begun.set()
            runner.run(self._serve(ended))
