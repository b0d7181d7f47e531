"""What the platform answers when it does not do what was asked."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An error; everything that is asked of the platform may end like this.

    :param code: of the new API (``invalidParameter.robotCode.empty``).
    :param errcode: of the old API and the webhooks, which answer 200 with it.
    """

    def __init__(
        self, code: str, message: str = "", *, status: int = 400, errcode: int = 40035, **more: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.errcode = errcode
        self.message = message or code
        self.more = more

    def new(self, request: str) -> dict[str, Any]:
        """The body in the new API."""
        return {
            "code": self.code, "message": self.message, "requestid": request, **self.more,
        }  # fmt: skip

    def old(self, request: str) -> dict[str, Any]:
        """The body in the old API."""
        return {"errcode": self.errcode, "errmsg": self.message, "request_id": request}


class CannotDo(Exception):
    """The person's own client would not let them do this (write in a group they are not in)."""
