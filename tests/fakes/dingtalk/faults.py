"""What a test makes go wrong between the app and DingTalk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.faults import HOLD_SECONDS, Failing, Failings, Way

__all__ = ["HOLD_SECONDS", "Fault", "Faults", "Way"]


@dataclass(slots=True)
class Fault(Failing):
    """One thing that goes wrong with an operation; their names are in ``methods/__init__.py``.

    :param code: of the new API; ``errcode`` of the old one and the webhooks.
    """

    code: str = "ServiceUnavailable"
    errcode: int = -1


class Faults(Failings[Fault]):
    """The list of what goes wrong next."""

    def __init__(self) -> None:
        super().__init__(Fault)

    def gateway_timeout(self, operation: str, **more: Any) -> Fault:
        """Do the work and answer 504, as the platform's own gateway does after 3 seconds."""
        return self.fail(operation, status=504, **{"after": True, **more})

    def refuse(self, operation: str, code: str, **more: Any) -> Fault:
        """Answer with this code (``errcode`` for the old API and the webhooks)."""
        return self.make(operation, Way.REFUSE, code=code, **{"status": 400, **more})

    def hang(self, call: str, seconds: float, **more: Any) -> Fault:
        """Do the work and answer only after so many seconds."""
        return super().hang(call, seconds, **{"after": True, **more})
