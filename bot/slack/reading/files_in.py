"""Files that come with a message, a command or a form: fetched from Slack, kept as ours."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import httpx

from bot.slack.api.tokens import Access
from bot.slack.api.webapi import WebApi
from bot.slack.reading.incoming import SharedFile
from bot.surfaces.received import MAX_FILE, Received
from bot.webchat.files import safe_name
from domain.clock import Clock
from domain.errors import OutsideError, UserError
from domain.messages import FileRef
from domain.ports import FileStore
from storage.uow import Store

TIMEOUT = 30.0
"""Seconds without any byte from Slack."""


class FilesIn:
    """Takes files over, each once: the same Slack file has the same id here.

    Bytes come from Slack's hosts only, over TLS, without following redirects: the token that is
    sent along belongs nowhere else.
    """

    def __init__(self, store: Store, files: FileStore, api: WebApi, clock: Clock) -> None:
        self._received = Received(store, files, clock)
        self._api = api

    def take(
        self, access: Access, person_id: str, shared: Sequence[SharedFile]
    ) -> tuple[FileRef, ...]:
        """The files as ours; waits for Slack, so for worker threads.

        :raises UserError: a file is too large or of a kind that is not taken (``slack.file_…``).
        :raises OutsideError: Slack does not give it out now.
        """
        return tuple(self._one(access, person_id, each) for each in shared)

    def _one(self, access: Access, person_id: str, shared: SharedFile) -> FileRef:
        file_id = _our_id(access, shared)
        known = self._received.known(access.workspace_id, file_id)
        if known is not None:
            return known
        name = safe_name(shared.name)
        if shared.size > MAX_FILE:
            raise _too_large(name)
        data = self._fetch(access, shared, name)
        return self._received.keep(
            access.workspace_id, person_id, file_id, shared.name, data, unfit="slack.file_kind"
        )

    def _fetch(self, access: Access, shared: SharedFile, name: str) -> bytes:
        if not self._api.is_slack(shared.url):
            raise UserError("slack.file_elsewhere", name=name or "?")
        headers = {"authorization": f"Bearer {access.token}"}
        data = bytearray()
        try:
            with httpx.stream("GET", shared.url, headers=headers, timeout=TIMEOUT) as answer:
                if answer.status_code != 200 or _is_page(answer, name):
                    # Slack sends its sign-in page to tokens without the scope files:read.
                    raise OutsideError("slack.file_refused", name=name or "?")
                for chunk in answer.iter_bytes():
                    data += chunk
                    if len(data) > MAX_FILE:
                        raise _too_large(name)
        except httpx.HTTPError as error:
            raise OutsideError("slack.away") from error
        return bytes(data)


def _is_page(answer: httpx.Response, name: str) -> bool:
    html = answer.headers.get("content-type", "").startswith("text/html")
    return html and not name.lower().endswith((".html", ".htm"))


def _too_large(name: str) -> UserError:
    return UserError("slack.file_large", name=name or "?", limit=f"{MAX_FILE // (1024 * 1024)} MB")


def _our_id(access: Access, shared: SharedFile) -> str:
    digest = hashlib.sha256(f"{access.team}:{shared.id}".encode()).hexdigest()
    return f"slack{digest[:21]}"
