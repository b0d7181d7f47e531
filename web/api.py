"""``POST /api/v1/commands``: scripts speak the grammar that people type."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from commands.dispatcher import Answer, Dispatcher, Hook
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.ids import new_id
from domain.people import Channel, Person, Workspace
from domain.requests import Request
from storage.uow import Store, TokenView, UnitOfWork
from web.errors import ApiError
from web.limits import RateLimit, json_body

Render = Callable[[Answer, Person, Workspace], str]
"""The answer's reply for a person as JSON: an object of its text, its cards and its form."""

Show = Callable[[Request], Hook]
"""Stores what the channel's people see of a request, with its work."""

MAX_TEXT = 10_000
_KEY = re.compile(r"[\x21-\x7e]{1,100}\Z")


class CommandApi:
    """The one address for scripts.

    :param render: replies as JSON; :param show: what the channel sees, or None for nothing.
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
        digest = _token_digest(http.headers.get("authorization", ""))
        body = await json_body(http)
        key = http.headers.get("idempotency-key") or new_id()
        if not _KEY.match(key):
            raise ApiError(422, "web.bad_field", name="Idempotency-Key")
        answer = await run_sync(self._run, digest, body, key)
        return Response(answer, media_type="application/json")

    def _run(self, digest: str, body: dict[str, Any], key: str) -> str:
        with self._store.read_by_token(digest, self._clock.now()) as found:
            if found is None or not found.person.active:
                raise _sign_in()
            self._limit.take(found.person.id)
            request, channel = self._request(found, body, key)
            looks = self._dispatcher.only_reads(request)
            answer = self._dispatcher.dispatch(request, view=found.uow) if looks else None
        if answer is None:
            seen = self._show is not None and channel is not None and channel.platform == "web"
            show = self._show(request) if self._show is not None and seen else None
            answer = self._dispatcher.dispatch(request, show)
        reply = self._render(answer, found.person, found.workspace)
        failed = "true" if answer.failed else "false"
        return f'{{"reply":{reply},"failed":{failed},"request_id":{json.dumps(key)}}}'

    def _request(
        self, caller: TokenView, body: dict[str, Any], key: str
    ) -> tuple[Request, Channel | None]:
        uow, person = caller.uow, caller.person
        text, thread = _text(body, "text"), _optional(body, "thread")
        if not text or len(text) > MAX_TEXT:
            raise ApiError(422, "web.bad_field", name="text")
        channel = self._channel(uow, _optional(body, "channel"), person)
        if thread is not None and channel is not None and channel.platform == "web":
            _check_thread(uow, thread, channel, person)
        request = Request(
            event_id=f"api:{caller.workspace.id}:{person.id}:{key}",
            platform="api",
            workspace=caller.workspace.id,
            channel=channel.id if channel else None,
            person=person.id,
            received_at=self._clock.now(),
            text=text,
            thread=thread,
        )
        return request, channel

    def _channel(self, uow: UnitOfWork, name: str | None, person: Person) -> Channel | None:
        """By id or by name; what the caller may not see in the chat does not exist here either."""
        if name is None:
            return None
        channel = uow.channels.by_name("web", name)
        if channel is None:
            channel = uow.channels.get(name)
        shared = channel.kind == "channel" and not person.external
        if not shared and channel.person_id != person.id:
            raise NotFoundError("setup.unknown_channel", channel=name)
        return channel


def _check_thread(uow: UnitOfWork, thread: str, channel: Channel, person: Person) -> None:
    root = uow.chat.get(thread)
    if root is None or root.channel_id != channel.id or root.private_to not in (None, person.id):
        raise NotFoundError("web.no_message")


def _token_digest(header: str) -> str:
    """The SHA-256 of the token in the header; ``ApiError`` 401 when there is none."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _sign_in()
    return hashlib.sha256(token.strip().encode("utf-8", "replace")).hexdigest()


def _sign_in() -> ApiError:
    return ApiError(401, "web.http_401", {"www-authenticate": "Bearer"})


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise ApiError(422, "web.bad_field", name=name)
    return value.strip()


def _optional(body: dict[str, Any], name: str) -> str | None:
    return None if body.get(name) is None else _text(body, name)
