"""How a call to DingTalk fails: five ways, because each asks for something else."""

from __future__ import annotations


class DingtalkError(Exception):
    """A call did not do what it was to do."""


class Refused(DingtalkError):
    """DingTalk understood and said no.

    :ivar code: its word for the reason (``invalidParameter.robotCode.empty``, ``310000``).
    :ivar needed: the permissions that the application lacks, if that is it.
    """

    def __init__(self, code: str, message: str = "", needed: str = "") -> None:
        super().__init__(f"{code} {message}".strip())
        self.code = code
        self.message = message
        self.needed = needed


class Away(DingtalkError):
    """It could not be reached, or answered nothing of use.

    :ivar sent: whether the call may have worked all the same (facts, section 10: the gateway
        answers 504 after three seconds, whatever becomes of the call).
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class TooFast(DingtalkError):
    """Too many calls or messages at once. Nothing was done.

    :ivar seconds: to wait.
    """

    def __init__(self, seconds: float, code: str = "") -> None:
        super().__init__(f"{code or 'pace'}: wait {seconds:.1f} s")
        self.seconds = seconds
        self.code = code


class UsedUp(DingtalkError):
    """The company's calls of this month are used up, or the rest is kept for what must go."""
