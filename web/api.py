"""``POST /api/v1/commands``: scripts speak the grammar that people type."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from commands.dispatcher import Dispatcher, Hook
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Reply
from domain.people import Channel, Person, Workspace
from domain.requests import Request
from storage.uow import Store, UnitOfWork
from web.errors import ApiError
from web.limits import RateLimit, json_body

Render = Callable[[Reply, Person, Workspace], str]
"""The reply as plain text for a person."""

Show = Callable[[Request], Hook]
"""Stores what the channel's people see of a request, with its work."""

MAX_TEXT = 10_000
_KEY = re.compile(r"[\x21-\x7e]{1,100}\Z")


@dataclass(frozen=True, slots=True)
class _Caller:
    person: Person
    workspace: Workspace


class CommandApi:
    """The one address for scripts.

    :param render: replies as text; :param show: what the channel sees, or None for nothing.
    """

    def __init__(
        self,
        store: Store,
        dispatcher: Dispatcher,
        clock: Clock,
        render: Render,
        limit: RateLimit,
        show: Show | None = None,
    ) -> None:
        self._store = store
        self._dispatcher = dispatcher
        self._clock = clock
        self._render = render
        self._limit = limit
        self._show = show

    def routes(self) -> list[Route]:
        """The routes."""
        return [Route("/api/v1/commands", self.post, methods=["POST"])]

    async def post(self, http: HttpRequest) -> Response:
        """Run one command as the token's person.

        ``Idempotency-Key`` makes a repeated call a no-op with the same answer.
        """
        caller = await run_sync(self._caller, http.headers.get("authorization", ""))
        self._limit.take(caller.person.id)
        body = await json_body(http)
        key = http.headers.get("idempotency-key") or new_id()
        if not _KEY.match(key):
            raise ApiError(422, "web.bad_field", name="Idempotency-Key")
        return JSONResponse(await run_sync(self._run, caller, body, key))

    def _run(self, caller: _Caller, body: dict[str, Any], key: str) -> dict[str, Any]:
        text, thread = _text(body, "text"), _optional(body, "thread")
        if not text or len(text) > MAX_TEXT:
            raise ApiError(422, "web.bad_field", name="text")
        with self._store.read(caller.workspace.id) as uow:
            channel = self._channel(uow, _optional(body, "channel"), caller.person)
        request = Request(
            event_id=f"api:{caller.workspace.id}:{caller.person.id}:{key}",
            platform="api",
            workspace=caller.workspace.id,
            channel=channel.id if channel else None,
            person=caller.person.id,
            received_at=self._clock.now(),
            text=text,
            thread=thread,
        )
        show = self._show(request) if self._show and channel and channel.platform == "web" else None
        answer = self._dispatcher.dispatch(request, show)
        return {
            "reply": {
                "text": self._render(answer.reply, caller.person, caller.workspace),
                "cards": [to_json(c) for c in answer.reply.cards],
                "form": to_json(answer.reply.form),
            },
            "failed": answer.failed,
            "request_id": key,
        }

    def _caller(self, header: str) -> _Caller:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _sign_in()
        digest = hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()
        for workspace in self._store.workspaces():
            with self._store.read(workspace.id) as uow:
                found = uow.tokens.by_hash(digest, self._clock.now())
                person = uow.people.get(found.person_id) if found else None
            if person is not None and person.active:
                return _Caller(person, workspace)
        raise _sign_in()

    def _channel(self, uow: UnitOfWork, name: str | None, person: Person) -> Channel | None:
        """By id or by name; a conversation of other people does not exist for the caller."""
        if name is None:
            return None
        channel = uow.channels.by_name("web", name)
        if channel is None:
            channel = uow.channels.get(name)
        if channel.kind != "channel" and channel.person_id != person.id:
            raise NotFoundError("setup.unknown_channel", channel=name)
        return channel


def _sign_in() -> ApiError:
    return ApiError(401, "web.http_401", {"www-authenticate": "Bearer"})


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise ApiError(422, "web.bad_field", name=name)
    return value.strip()


def _optional(body: dict[str, Any], name: str) -> str | None:
    return None if body.get(name) is None else _text(body, name)
