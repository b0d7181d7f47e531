"""Addresses of documents for readers who have no seat here: the minutes that ZenTao links to.

The address is signed, so nobody finds a document without having been given its link; whoever has it
can read that one document and nothing else. ZenTao shows it to people who may see the story.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from domain.errors import NotFoundError
from domain.ports import FileStore
from storage.uow import Store

PATH = "/records/{token}"
_PURPOSE = b"record-link\0"
_TOKEN = re.compile(r"([0-9a-z]{26})\.([0-9a-z]{26})\.([\w-]{32})\Z", re.ASCII)
_HEADERS = {
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
    "x-robots-tag": "noindex",
}


class RecordLinks:
    """Makes and reads the addresses.

    :param keys: the first one signs, all of them are accepted.
    """

    def __init__(self, base_url: str, keys: Sequence[str]) -> None:
        self._base = base_url.rstrip("/")
        self._keys = tuple(keys)

    def url(self, workspace: str, file_id: str) -> str:
        """The address of a document; the same each time."""
        signature = _sign(self._keys[0], workspace, file_id)
        return f"{self._base}/records/{workspace}.{file_id}.{signature}"

    def read(self, token: str) -> tuple[str, str] | None:
        """Workspace and file of an address that we made, or None."""
        match = _TOKEN.match(token)
        if match is None:
            return None
        workspace, file_id, given = match.groups()
        for key in self._keys:
            if hmac.compare_digest(_sign(key, workspace, file_id), given):
                return workspace, file_id
        return None


def _sign(key: str, workspace: str, file_id: str) -> str:
    text = _PURPOSE + f"{workspace}.{file_id}".encode()
    digest = hmac.new(key.encode(), text, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def record_route(links: RecordLinks, store: Store, files: FileStore) -> Route:
    """``GET /records/<token>``: the document, or 404 for everything else."""

    def find(token: str) -> tuple[bytes, str, str] | None:
        known = links.read(token)
        if known is None:
            return None
        workspace, file_id = known
        with store.read(workspace) as uow:
            file = uow.files.get(file_id)
        if file is None:
            return None
        try:
            return files.get(file_id), file.mime, file.name
        except NotFoundError:
            return None

    async def show(request: Request) -> Response:
        found = await run_in_threadpool(find, str(request.path_params["token"]))
        if found is None:
            return PlainTextResponse("no such document", status_code=404)
        data, mime, name = found
        named = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(data, media_type=mime, headers={**_HEADERS, **named})

    return Route(PATH, show)
