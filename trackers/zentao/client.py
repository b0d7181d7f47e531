"""HTTP with one ZenTao account: one token, one request at a time, and a judgement on each answer.

A token dies when two requests use it at the same time (22.4), so a lock is held over each request.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from domain.clock import Clock
from domain.errors import NotFoundError
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoForbidden,
    ZentaoLogin,
    ZentaoRedirected,
    ZentaoRefused,
    ZentaoWeakPassword,
)
from trackers.zentao.session import Attempts
from trackers.zentao.wire import Body, Shape, complaint, read_body, record

V1 = "api.php/v1"
V2 = "api.php/v2"
_LOGIN = re.compile(r"user[-&]?(?:f=)?login", re.IGNORECASE)
_CHANGE_PASSWORD = re.compile(r"f=changePassword|my-changepassword", re.IGNORECASE)
_AWAY = frozenset({408, 425, 429, 502, 503, 504, 520, 521, 522, 523, 524})


class ZentaoMissing(NotFoundError):
    """The server has no such address or object (404)."""

    def __init__(self, path: str) -> None:
        super().__init__("zentao.missing", path=path)


@dataclass(frozen=True, slots=True)
class Call:
    """One request.

    :param path: below the base address, ``api.php/v1/stories/8``.
    :param privilege: what the account needs for it, ``story-change``: named when it lacks it.
    :param writes: it changes something, so that a lost answer leaves a doubt.
    """

    method: str
    path: str
    privilege: str = ""
    query: Mapping[str, str | int] | None = None
    body: Mapping[str, Any] | None = None
    open: bool = False

    @property
    def writes(self) -> bool:
        """Whether a lost answer leaves a doubt."""
        return self.method != "GET"


class Client:
    """A ZenTao server with one account.

    :param url: the address that people open ZenTao with, a sub-path included.
    :param language: in which ZenTao is to complain: ``zh-cn`` or ``en``.
    :param timeout: seconds that a request may take: ZenTao's own webhooks may need up to 30.
    :param transport: for tests that look at what is sent.
    """

    def __init__(
        self,
        url: str,
        account: str,
        password: str,
        clock: Clock,
        *,
        language: str = "zh-cn",
        timeout: float = 40.0,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.account = account
        self.base = url.rstrip("/")
        self._password = password
        self._clock = clock
        self._language = language
        self._lock = threading.RLock()
        self._token = ""
        self._attempts: Attempts = Attempts()
        self._http = httpx.Client(
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)),
            follow_redirects=False,
            transport=transport,
        )

    def __repr__(self) -> str:
        return f"Client({self.base!r}, {self.account!r})"

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def now(self) -> datetime:
        """The present instant, by our clock."""
        return self._clock.now()

    def get(self, path: str, privilege: str = "", **query: str | int) -> Any:
        """Read a document."""
        return self.call(Call("GET", path, privilege, query or None))

    def call(self, call: Call) -> Any:
        """Make a request and answer its document.

        A token that has died is replaced once. Everything else that is not a good answer raises.
        """
        with self._lock:
            if not call.open and not self._token:
                self._log_in()
            response = self._send(call)
            if not call.open and _wants_login(response):
                self._log_in()
                response = self._send(call)
                if _wants_login(response):
                    self._token = ""
                    raise ZentaoLogin(self.account, "", None)
        return self._judge(call, response)

    def is_called(self, account: str) -> None:
        """The account as the server writes it; another account than ours is not believed."""
        if account.casefold() == self.account.casefold():
            self.account = account

    def try_again(self) -> None:
        """Forget failed logins: somebody has put the password right."""
        with self._lock:
            self._attempts = Attempts()
            self._token = ""

    def _log_in(self) -> None:
        """Get a token, unless failures so far say to leave it for now."""
        now = self._clock.now()
        wait = self._attempts.waits(now)
        if wait:
            minutes = max(1, math.ceil(wait.total_seconds() / 60))
            until = self._attempts.until
            raise ZentaoLogin(self.account, self._attempts.reason, until, minutes)
        self._token = ""
        body = {"account": self.account, "password": self._password}
        response = self._send(Call("POST", f"{V1}/tokens", body=body, open=True))
        answer = read_body(response.text)
        token = record(answer.data).get("token")
        if isinstance(token, str) and token:
            self._token = token
            self._attempts = Attempts()
            return
        if response.status_code != HTTPStatus.BAD_REQUEST:
            self._judge(Call("GET", f"{V1}/tokens"), response)
            raise ZentaoBroken(f"HTTP {response.status_code}", doubtful=False)
        self._attempts = self._attempts.after_failure(now, complaint(answer.data) or "")
        raise ZentaoLogin(self.account, self._attempts.reason, None)

    def _send(self, call: Call) -> httpx.Response:
        headers = {"Cookie": f"lang={self._language}", "Accept": "application/json"}
        if self._token and not call.open:
            headers["Token"] = self._token
        try:
            response = self._http.request(
                call.method,
                f"{self.base}/{call.path}" if call.path else f"{self.base}/",
                params=call.query,
                json=call.body,
                headers=headers,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ZentaoAway(_reason(error), doubtful=False) from error
        except httpx.HTTPError as error:
            raise ZentaoAway(_reason(error), doubtful=call.writes) from error
        finally:
            # Each answer sets fresh cookies; sending them back would tie us to a web session.
            self._http.cookies.clear()
        return response

    def _judge(self, call: Call, response: httpx.Response) -> Any:
        """The document of a good answer; everything else raises."""
        status = response.status_code
        if status in _AWAY:
            raise ZentaoAway(f"HTTP {status}", doubtful=call.writes, seconds=_retry_after(response))
        if httpx.codes.is_redirect(status):
            raise self._redirected(response)
        if status in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}:
            raise ZentaoForbidden(call.privilege or call.path, self.account)
        if status == HTTPStatus.NOT_FOUND:
            raise ZentaoMissing(call.path)
        return self._document(call, status, read_body(response.text))

    def _document(self, call: Call, status: int, body: Body) -> Any:
        if body.shape is Shape.HALF:
            raise ZentaoAway("half an answer", doubtful=call.writes)
        if body.shape is Shape.JSON:
            reason = complaint(body.data)
            if reason is not None or httpx.codes.is_client_error(status):
                raise ZentaoRefused.because(reason or "")
            if httpx.codes.is_success(status):
                return body.data
        if body.shape is Shape.EMPTY and status == HTTPStatus.BAD_REQUEST:
            raise ZentaoRefused.because("")
        raise ZentaoBroken(f"HTTP {status}, {body.shape.value}", doubtful=call.writes)

    def _redirected(self, response: httpx.Response) -> Exception:
        target = response.headers.get("Location", "")
        if _CHANGE_PASSWORD.search(target):
            return ZentaoWeakPassword(self.account)
        return ZentaoRedirected(target.split("?")[0][:200])


def _wants_login(response: httpx.Response) -> bool:
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return True
    target = response.headers.get("Location", "")
    return httpx.codes.is_redirect(response.status_code) and bool(_LOGIN.search(target))


def _retry_after(response: httpx.Response) -> float:
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdigit() else 60.0


def _reason(error: httpx.HTTPError) -> str:
    """The kind of failure; the library's text may hold the address with what is in it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
