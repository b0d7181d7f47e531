"""What the platform answers when it does not do what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refusal(Exception):
    """``ok: false`` with a code; everything that is asked of the platform may end like this.

    :param messages: what goes into ``response_metadata.messages``.
    :param status: HTTP status; 200 for nearly all.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: Sequence[str] = (),
        status: int = 200,
        headers: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.body: dict[str, Any] = {"ok": False, "error": code, **more}
        if messages:
            self.body["response_metadata"] = {"messages": list(messages)}


class CannotDo(Exception):
    """The person's own client would not let them do this (a command in a thread, a dead button)."""
