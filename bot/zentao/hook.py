"""``POST /hooks/zentao/<secret>``: ZenTao says that something happened.

ZenTao signs nothing, and waits for our answer inside the request of whoever works there. So the
word in the address is the only proof, nothing in the body is believed, and the answer comes before
anything is done: the hint only brings the next look forward.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

PATH = "/hooks/zentao/{secret}"
_PURPOSE = b"zentao-hook"


def hook_secret(key: str) -> str:
    """The unguessable word of the address, the same as long as the secret key is."""
    digest = hmac.new(key.encode(), _PURPOSE, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


def hook_url(base_url: str, keys: Sequence[str]) -> str:
    """The address to enter as a webhook in ZenTao (type “其他”, all products)."""
    return f"{base_url.rstrip('/')}/hooks/zentao/{hook_secret(keys[0])}"


def hook_route(keys: Sequence[str], hint: Callable[[], None]) -> Route:
    """The route; every key's word opens it, so that keys can be changed without a gap.

    :param hint: called in a worker thread, after the answer.
    """
    secrets = [hook_secret(key) for key in keys]

    async def heard(request: Request) -> Response:
        given = str(request.path_params["secret"]).encode()
        if not any(hmac.compare_digest(given, each.encode()) for each in secrets):
            return PlainTextResponse("no such hook", status_code=404)
        return PlainTextResponse("ok", background=BackgroundTask(run_in_threadpool, hint))

    return Route(PATH, heard, methods=["POST"])
