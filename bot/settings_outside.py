"""Settings of what Duban is connected to: Slack, ZenTao, Lanhu.

Each value comes from an environment variable (``SLACK_BOT_TOKEN``) or from the same name in lower
case in the TOML file (``slack_bot_token``); empty means not set. Secrets never show in a ``repr``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from domain.errors import UserError

Value = Callable[[str, str], str]
"""The value of a name (upper case), or the default."""

NAMES = frozenset(
    {
        "slack_bot_token",
        "slack_signing_secret",
        "slack_app_token",
        "slack_client_id",
        "slack_client_secret",
        "slack_api_base_url",
        "slack_command_prefix",
        "slack_umbrella",
        "zentao_url",
        "zentao_account",
        "zentao_password",
        "zentao_votes",
        "lanhu_hosts",
    }
)
SLACK_API = "https://slack.com/api/"
_WORD = re.compile(r"[a-z0-9_-]{0,20}\Z")


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """How to reach Slack; empty texts are not set.

    :param api_base_url: ends with a slash.
    :param prefix: stands before every command's name (``duban-`` makes ``/duban-review``).
    :param umbrella: the command under which every other one works (``po``), without prefix.
    """

    bot_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    api_base_url: str = SLACK_API
    prefix: str = ""
    umbrella: str = "po"

    @property
    def on(self) -> bool:
        """Whether Duban is connected to Slack at all."""
        return self.http or self.socket

    @property
    def http(self) -> bool:
        """Whether Slack posts to us (it signs what it posts)."""
        return bool(self.signing_secret) and (bool(self.bot_token) or self.oauth)

    @property
    def socket(self) -> bool:
        """Whether we connect to Slack (no public address is needed)."""
        return bool(self.app_token) and (bool(self.bot_token) or self.oauth)

    @property
    def oauth(self) -> bool:
        """Whether several Slack workspaces may install Duban."""
        return bool(self.client_id and self.client_secret)


class Votes(StrEnum):
    """Who votes in ZenTao when a review ends: a vote there counts for the calling account only."""

    LEDGER = "ledger"  # the record here, and one comment there
    TOKENS = "tokens"  # each reviewer by their own account
    SUPER = "super"  # Duban's account is a super reviewer


@dataclass(frozen=True, slots=True)
class ZentaoSettings:
    """The ZenTao of the first workspace.

    :param url: without a slash at the end; may have a path.
    """

    url: str
    account: str
    password: str = field(repr=False)
    votes: Votes = Votes.LEDGER


def slack_settings(value: Value) -> SlackSettings:
    """Slack's part; what cannot be raises ``UserError``."""
    base = _url("SLACK_API_BASE_URL", value("SLACK_API_BASE_URL", SLACK_API)).rstrip("/") + "/"
    prefix = value("SLACK_COMMAND_PREFIX", "").removeprefix("/")
    umbrella = value("SLACK_UMBRELLA", "po").removeprefix("/")
    for name, word in (("SLACK_COMMAND_PREFIX", prefix), ("SLACK_UMBRELLA", umbrella)):
        if not _WORD.match(word) or (name == "SLACK_UMBRELLA" and not word):
            raise UserError("cli.bad_word", name=name, word=word)
    return SlackSettings(
        bot_token=value("SLACK_BOT_TOKEN", ""),
        signing_secret=value("SLACK_SIGNING_SECRET", ""),
        app_token=value("SLACK_APP_TOKEN", ""),
        client_id=value("SLACK_CLIENT_ID", ""),
        client_secret=value("SLACK_CLIENT_SECRET", ""),
        api_base_url=base,
        prefix=prefix,
        umbrella=umbrella,
    )


def zentao_settings(value: Value) -> ZentaoSettings | None:
    """ZenTao's part, or None; a part of it alone raises ``UserError``."""
    names = ("ZENTAO_URL", "ZENTAO_ACCOUNT", "ZENTAO_PASSWORD")
    given = {n: value(n, "") for n in names}
    if not any(given.values()):
        return None
    missing = next((n for n in names if not given[n]), None)
    if missing is not None:
        raise UserError("cli.missing_setting", name=missing)
    votes = value("ZENTAO_VOTES", Votes.LEDGER.value)
    if votes not in tuple(Votes):
        raise UserError("cli.bad_votes", value=votes)
    url = _url("ZENTAO_URL", given["ZENTAO_URL"]).rstrip("/")
    return ZentaoSettings(url, given["ZENTAO_ACCOUNT"], given["ZENTAO_PASSWORD"], Votes(votes))


def lanhu_hosts(value: Value) -> tuple[str, ...]:
    """The hosts whose links are designs, in lower case."""
    hosts = value("LANHU_HOSTS", "lanhuapp.com").lower().split(",")
    return tuple(h.strip() for h in hosts if h.strip())


def _url(name: str, text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise UserError("cli.bad_url", name=name, url=text)
    return text.strip()
