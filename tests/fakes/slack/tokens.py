"""Tokens and what they may do."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.refusal import Refusal

ALL_SCOPES = frozenset(
    [
        "app_mentions:read",
        "bookmarks:write",
        "canvases:write",
        "channels:history",
        "channels:join",
        "channels:read",
        "channels:write.topic",
        "chat:write",
        "chat:write.customize",
        "chat:write.public",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write.topic",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "pins:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        "users:read.email",
    ]
)


@dataclass(slots=True)
class Token:
    """One token.

    :param kind: ``bot`` or ``app``.
    :param team: workspace id; of an app token the one where the app was made.
    :param expires: seconds since 1970 with token rotation, else None.
    """

    value: str
    kind: str
    team: str
    scopes: frozenset[str]
    expires: float | None = None
    refresh: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Installation:
    """The app in one workspace."""

    team: str
    bot_user: str
    bot_id: str
    token: Token
    installer: str = ""
    active: bool = True


@dataclass(slots=True)
class Keys:
    """All tokens that were ever given out."""

    tokens: dict[str, Token] = field(default_factory=dict[str, Token])

    def add(self, token: Token) -> Token:
        """Give one out."""
        self.tokens[token.value] = token
        return token

    def check(self, value: str, now: float) -> Token:
        """The token; ``not_authed``, ``invalid_auth``, ``token_revoked``, ``token_expired``."""
        if not value:
            raise Refusal("not_authed")
        token = self.tokens.get(value)
        if token is None:
            raise Refusal("invalid_auth")
        if token.revoked:
            raise Refusal("token_revoked")
        if token.expires is not None and now >= token.expires:
            raise Refusal("token_expired")
        return token


def need(token: Token, *scopes: str) -> None:
    """Refuse with ``missing_scope`` unless the token has one of the scopes."""
    if scopes and not token.scopes & set(scopes):
        raise Refusal(
            "missing_scope", needed=",".join(scopes), provided=",".join(sorted(token.scopes))
        )
