"""One server process: ``python -m benchmarks.server <kind> [url] [folder] [commands] [API]``.

Kinds: ``bare``, ``insert``, ``bolt``, ``bolt-insert`` (the floors), and ``duban``; with the address
of Slack's Web API it is connected to Slack, and leaves background work to another process.

It prints its port once it listens, and stops with SIGTERM.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import replace
from pathlib import Path

import structlog

from benchmarks import bolt
from benchmarks.floors import bare, one_insert
from bot.app import Duban, build_asgi
from bot.core import Core, build_core
from bot.logs import configure_logs
from bot.serve import serve
from bot.settings import Settings
from bot.settings_outside import SlackSettings
from commands.catalog import build_registry
from commands.dispatcher import Dispatcher
from commands.registry import Command
from domain.clock import SystemClock
from domain.messages import Reply, T
from web.limits import RateLimit


def main(
    kind: str, url: str = "", folder: str = "", commands: str = "0", slack_api: str = ""
) -> None:
    """Serve until told to stop."""
    if kind != "duban":
        floor = bolt.bare if kind.startswith("bolt") else bare
        app = floor(one_insert(url) if kind.endswith("insert") else None)
        serve(app, "127.0.0.1", 0, ready=_ready, closing=_nothing)
        return
    configure_logs(as_json=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.getLogger().setLevel(logging.ERROR)
    duban = Duban(_core(url, Path(folder), int(commands), slack_api), work=not slack_api)
    duban.start()
    # One person sends all of it here, so the limit per person is out of the way.
    limit = RateLimit(duban.core.clock, per_minute=10**9, burst=10**9)
    try:
        serve(build_asgi(duban, limit), "127.0.0.1", 0, ready=_ready, closing=duban.hub.close)
    finally:
        duban.stop()


def _core(url: str, folder: Path, commands: int, slack_api: str) -> Core:
    settings = Settings("127.0.0.1", 0, "http://127.0.0.1", folder, url, ("bench",))
    if slack_api:  # installed by OAuth already
        connected = SlackSettings(
            signing_secret=bolt.SECRET,
            client_id="1.2",
            client_secret="bench",
            api_base_url=slack_api,
        )
        settings = replace(settings, slack=connected)
    core = build_core(settings, SystemClock())
    if not commands:
        return core
    registry = build_registry()
    if commands == 1:
        registry.commands[:] = [c for c in registry.commands if c.name == "help"]
    for number in range(commands - len(registry.commands)):
        extra = Command(f"extra{number}", f"附加{number}", T("help.help"))
        extra.sub("run", "执行")(lambda _ctx, _args: Reply())
        registry.add(extra)
    dispatcher = Dispatcher(core.store, registry, core.services, core.clock)
    return replace(core, dispatcher=dispatcher)


def _ready(port: int) -> None:
    print(f"port {port}", flush=True)


def _nothing() -> None:
    pass


if __name__ == "__main__":
    main(*sys.argv[1:])
