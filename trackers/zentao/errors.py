"""What can go wrong with ZenTao, in our family of errors.

ZenTao's own sentences are for people and in the server's language: they are shown as they are and
never decide anything.
"""

from __future__ import annotations

from datetime import datetime

from domain.errors import ConflictError, ForbiddenError, NotFoundError, OutsideError, UserError
from domain.messages import Inline


class ZentaoAway(OutsideError):
    """The server cannot be reached, is too slow, or broke off its answer: try again later.

    :ivar seconds: when to try again. :ivar doubtful: the request may have been carried out.
    """

    def __init__(self, reason: str, *, doubtful: bool, seconds: float = 60.0) -> None:
        super().__init__("zentao.away", reason=reason)
        self.seconds = seconds
        self.doubtful = doubtful


class ZentaoBroken(OutsideError):
    """The server answered with an error of its own (500, half a document, glued documents).

    :ivar doubtful: the request may have been carried out.
    """

    def __init__(self, reason: str, *, doubtful: bool) -> None:
        super().__init__("zentao.broken", reason=reason)
        self.doubtful = doubtful


class ZentaoLogin(OutsideError):
    """ZenTao does not let the account in.

    :ivar until: no login is tried before, lest ZenTao locks the account; None when the next call
        may try.
    """

    def __init__(self, account: str, reason: str, until: datetime | None, minutes: int = 0) -> None:
        key = "zentao.login_paused" if until else "zentao.login_failed"
        super().__init__(key, account=account, reason=reason, n=minutes)
        self.until = until


class ZentaoRefused(UserError):
    """ZenTao does not take it; its sentence is shown as it is.

    :ivar reason: the sentence.
    """

    def __init__(self, reason: str, *, key: str = "zentao.refused", **params: Inline | int) -> None:
        super().__init__(key, reason=reason, **params)
        self.reason = reason

    @classmethod
    def because(cls, reason: str) -> ZentaoRefused:
        """With its sentence, or saying that it gave none."""
        return cls(reason) if reason else cls("", key="zentao.refused_mute")


class ZentaoIgnored(ZentaoRefused):
    """ZenTao answered that all is well, but reading back shows something else."""

    def __init__(self, ref: str, what: Inline) -> None:
        super().__init__("", key="zentao.ignored", ref=ref, what=what)


class ZentaoForbidden(ForbiddenError):
    """The account lacks a privilege (or may not see the product).

    :ivar privilege: ZenTao's name for it, ``story-change``.
    """

    def __init__(self, privilege: str, account: str) -> None:
        super().__init__("zentao.forbidden", privilege=privilege, account=account)
        self.privilege = privilege


class ZentaoWeakPassword(OutsideError):
    """ZenTao's second API is closed to the account until it gets a stronger password."""

    def __init__(self, account: str) -> None:
        super().__init__("zentao.weak_password", account=account)


class ZentaoRedirected(OutsideError):
    """The server sends us elsewhere (another address, a proxy's login): the address is wrong."""

    def __init__(self, target: str) -> None:
        super().__init__("zentao.redirected", target=target)


class ZentaoGone(NotFoundError):
    """The story is deleted, never was, or is hidden from the account: ZenTao does not say which."""

    def __init__(self, ref: str, account: str) -> None:
        super().__init__("zentao.gone", ref=ref, account=account)


class ZentaoForeign(UserError):
    """The story belongs to a ZenTao product that is not bound to one of ours: hands off."""

    def __init__(self, ref: str, product: str) -> None:
        super().__init__("zentao.foreign", ref=ref, product=product)


class ZentaoConflict(ConflictError):
    """Somebody changed the story in ZenTao between our reading and our writing."""

    def __init__(self, ref: str) -> None:
        super().__init__("zentao.conflict", ref=ref)
