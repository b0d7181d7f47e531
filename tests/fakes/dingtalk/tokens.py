"""Access tokens: the same one while it lives, refused when it is old."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.dingtalk.marks import Marks
from tests.fakes.dingtalk.refusal import Refusal

TOKEN_SECONDS = 7200
INVALID, EXPIRED, BAD_SECRET = 40014, 42001, 40089


@dataclass(slots=True)
class Keys:
    """The tokens of one app, for the new API and the old one apart."""

    marks: Marks
    seconds: int = TOKEN_SECONDS
    _given: dict[str, tuple[str, float]] = field(default_factory=dict[str, tuple[str, float]])
    issued: list[str] = field(default_factory=list[str])

    def give(self, kind: str, now: float) -> tuple[str, int]:
        """The token (``new`` or ``old``) and the seconds that it still lives."""
        value, until = self._given.get(kind, ("", 0.0))
        if now >= until:
            value, until = self.marks.word(f"{kind}-token-"), now + self.seconds
            self._given[kind] = (value, until)
            self.issued.append(value)
        return value, int(until - now)

    def expire(self) -> None:
        """No token given out so far is good any more."""
        self._given.clear()

    def check(self, kind: str, value: str, now: float) -> None:
        """``Refusal`` unless this is the token that was given out and lives."""
        known, until = self._given.get(kind, ("", 0.0))
        if value and value == known and now < until:
            return
        old = EXPIRED if value in self.issued else INVALID
        raise Refusal("InvalidAuthentication", "不合法的access_token", status=401, errcode=old)
