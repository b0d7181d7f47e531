"""Serving the web application until the process is told to stop."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from domain.errors import OutsideError

PATIENCE = 5
"""Seconds that open requests get to finish when the process is told to stop."""


class Server(uvicorn.Server):
    """Uvicorn that says when it listens, and ends the live streams first when it stops.

    :param started: called with the port once connections are taken.
    :param closing: called when the process was told to stop.
    """

    def __init__(
        self, config: uvicorn.Config, ready: Callable[[int], None], closing: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._ready = ready
        self._closing = closing

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Listen, then say so."""
        await super().startup(sockets)  # pyright: ignore[reportArgumentType]
        if self.started:
            listening = [s for server in self.servers for s in server.sockets]
            self._ready(listening[0].getsockname()[1] if listening else self.config.port)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second SIGINT does not wait for open requests.

        Uvicorn's own way would end the process by the same signal as soon as it has stopped, and so
        before the background work is told to stop.
        """
        del frame
        self._closing()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def refuse_taken_port(host: str, port: int) -> None:
    """Say so in words when something else listens there, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OutsideError("cli.port_taken", host=host, port=str(port)) from error


def serve(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    ready: Callable[[int], None],
    closing: Callable[[], None],
) -> None:
    """Serve until SIGINT or SIGTERM. A taken port ends the process with uvicorn's message."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    _settle_memory()
    Server(config, ready, closing).run()


def _settle_memory() -> None:
    """Keep the garbage collector off what lives as long as the process: modules, mappings, routes.

    A full collection goes through 200,000 objects and holds up everybody for a fifth of a second.
    """
    gc.collect()
    gc.freeze()


_STOP = frozenset({signal.SIGINT, signal.SIGTERM})


def hold_signals() -> None:
    """Keep what tells the process to stop for :func:`wait_for_signal`.

    Call it before any thread is started: one that does not hold them back would end the process in
    the middle of its work.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)


def wait_for_signal() -> None:
    """Wait until the process is told to stop; :func:`hold_signals` comes first."""
    signal.sigwait(_STOP)
