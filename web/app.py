"""The web application: routes of every part under one roof of headers, hosts and errors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from web.errors import Errors, Words
from web.health import Measured
from web.security import CleanAddresses, KnownHosts, SecurityHeaders


def create_app(
    routes: Sequence[BaseRoute],
    *,
    words: Words,
    hosts: Collection[str],
    registry: CollectorRegistry,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> ASGIApp:
    """The application.

    :param words: renders the texts of errors.
    :param hosts: names under which browsers may reach us.
    :param registry: where requests are counted; one application per registry.
    """
    inner = Starlette(
        routes=list(routes), exception_handlers=Errors(words).handlers(), lifespan=lifespan
    )
    # Around the framework, not inside it: its answer to a bug gets the headers and is counted too.
    return Measured(SecurityHeaders(KnownHosts(CleanAddresses(inner), hosts)), registry)
