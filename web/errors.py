"""Every API error in one shape: ``{"error": {"kind", "message", "hint", "reference"}}``."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import DubanError, ErrorKind, NotFoundError
from domain.messages import Inline, T
from locales import LOCALES

log = logging.getLogger("duban.web")

Words = Callable[[Inline, str], str]
"""Puts a text into a language (``zh`` or ``en``)."""

_STATUS = {
    ErrorKind.USER: 422,
    ErrorKind.PERMISSION: 403,
    ErrorKind.CONFLICT: 409,
    ErrorKind.OUTSIDE: 503,
}
_KINDS = {
    400: "user", 401: "sign_in", 403: "permission", 404: "not_found", 405: "method",
    413: "too_large", 415: "user", 421: "user", 422: "user", 429: "too_many",
}  # fmt: skip


class ApiError(Exception):
    """An error with a status of its own.

    :param key: the text in ``locales``; :param params: its parameters.
    """

    def __init__(
        self,
        status: int,
        key: str,
        /,
        headers: Mapping[str, str] | None = None,
        **params: Inline | int,
    ) -> None:
        super().__init__(key)
        self.status = status
        self.text = T(key, params)
        self.headers = dict(headers or {})


class Errors:
    """Answers errors, in the language of the browser.

    :param words: renders texts; the composition root passes it in.
    """

    def __init__(self, words: Words) -> None:
        self._words = words

    def handlers(self) -> dict[Any, Callable[[Request, Any], Response]]:
        """What the application catches, and with what."""
        return {
            ApiError: self.api,
            DubanError: self.duban,
            HTTPException: self.http,
            Exception: self.bug,
        }

    def api(self, request: Request, error: ApiError) -> Response:
        """An error that a route raised."""
        kind = _KINDS.get(error.status, "user")
        return self._answer(request, error.status, kind, error.text, headers=error.headers)

    def duban(self, request: Request, error: DubanError) -> Response:
        """An error of the core."""
        missing = isinstance(error, NotFoundError)
        status = 404 if missing else _STATUS[error.kind]
        kind = "not_found" if missing else error.kind.value
        return self._answer(request, status, kind, error.text, hint=error.hint)

    def http(self, request: Request, error: HTTPException) -> Response:
        """An error of the framework: no such address, a method that it does not take."""
        kind = _KINDS.get(error.status_code, "user")
        text = T(f"web.http_{error.status_code}" if error.status_code in _KINDS else "web.http_400")
        return self._answer(request, error.status_code, kind, text, headers=error.headers)

    def bug(self, request: Request, error: Exception) -> Response:
        """Anything else: a reference for the person, the trace for the log."""
        reference = secrets.token_hex(4)
        log.error("web.bug", exc_info=error, extra={"reference": reference})
        text = T("core.bug", {"reference": reference})
        return self._answer(request, 500, "bug", text, reference=reference)

    def _answer(
        self,
        request: Request,
        status: int,
        kind: str,
        text: Inline,
        *,
        hint: Inline | None = None,
        reference: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        locale = language(request)
        shown = self._words(hint, locale) if hint is not None else None
        body = {
            "kind": kind,
            "message": self._words(text, locale),
            "hint": shown,
            "reference": reference,
        }
        return JSONResponse({"error": body}, status, dict(headers or {}))


def language(request: Request) -> str:
    """The first language that the browser wants and Duban speaks; Chinese otherwise."""
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.split(";")[0].strip().lower().split("-")[0]
        if tag in LOCALES:
            return tag
    return LOCALES[0]
