"""Settings of what Duban is connected to: Slack, DingTalk, ZenTao, Lanhu.

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
from domain.settings import Votes

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
        "dingtalk_client_id",
        "dingtalk_client_secret",
        "dingtalk_robot_code",
        "dingtalk_api_base_url",
        "dingtalk_oapi_base_url",
        "dingtalk_card_template",
        "dingtalk_event_token",
        "dingtalk_event_aes_key",
        "dingtalk_monthly_calls",
        "dingtalk_ding",
        "zentao_url",
        "zentao_account",
        "zentao_password",
        "zentao_votes",
        "lanhu_hosts",
    }
)
SLACK_API = "https://slack.com/api/"
DINGTALK_API = "https://api.dingtalk.com"
DINGTALK_OAPI = "https://oapi.dingtalk.com"
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


class Ding(StrEnum):
    """How an escalation may be pressed on somebody as a DING; SMS and calls are charged."""

    OFF = "off"
    APP = "app"
    SMS = "sms"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class DingtalkSettings:
    """How to reach DingTalk; empty texts are not set.

    :param robot_code: for an application's own robot the same as ``client_id``.
    :param api_base_url: of the new API, without a slash at the end; ``oapi_base_url`` of the old.
    :param card_template: id of the interactive card's template (``….schema``) in the company.
    :param event_token: with ``event_aes_key``: events come by HTTP, encrypted.
    :param monthly_calls: how many API calls a month the company has.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    robot_code: str = ""
    api_base_url: str = DINGTALK_API
    oapi_base_url: str = DINGTALK_OAPI
    card_template: str = ""
    event_token: str = field(default="", repr=False)
    event_aes_key: str = field(default="", repr=False)
    monthly_calls: int = 10_000
    ding: Ding = Ding.OFF

    @property
    def on(self) -> bool:
        """Whether Duban is connected to DingTalk at all."""
        return bool(self.client_id and self.client_secret)


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


def dingtalk_settings(value: Value) -> DingtalkSettings:
    """DingTalk's part; what cannot be raises ``UserError``."""
    client = value("DINGTALK_CLIENT_ID", "")
    secret = value("DINGTALK_CLIENT_SECRET", "")
    if bool(client) != bool(secret):
        name = "DINGTALK_CLIENT_SECRET" if client else "DINGTALK_CLIENT_ID"
        raise UserError("cli.missing_part", name=name, system="DingTalk")
    calls = value("DINGTALK_MONTHLY_CALLS", "10000")
    if not calls.isdecimal() or not int(calls):
        raise UserError("cli.bad_number", name="DINGTALK_MONTHLY_CALLS", value=calls)
    ding = value("DINGTALK_DING", Ding.OFF.value)
    if ding not in tuple(Ding):
        raise UserError("cli.bad_choice", name="DINGTALK_DING", value=ding,
                        known=", ".join(Ding))  # fmt: skip
    urls = {
        name: _url(name, value(name, default)).rstrip("/")
        for name, default in (
            ("DINGTALK_API_BASE_URL", DINGTALK_API),
            ("DINGTALK_OAPI_BASE_URL", DINGTALK_OAPI),
        )
    }
    return DingtalkSettings(
        client_id=client,
        client_secret=secret,
        robot_code=value("DINGTALK_ROBOT_CODE", "") or client,
        api_base_url=urls["DINGTALK_API_BASE_URL"],
        oapi_base_url=urls["DINGTALK_OAPI_BASE_URL"],
        card_template=value("DINGTALK_CARD_TEMPLATE", ""),
        event_token=value("DINGTALK_EVENT_TOKEN", ""),
        event_aes_key=value("DINGTALK_EVENT_AES_KEY", ""),
        monthly_calls=int(calls),
        ding=Ding(ding),
    )


def zentao_settings(value: Value) -> ZentaoSettings | None:
    """ZenTao's part, or None; a part of it alone raises ``UserError``."""
    names = ("ZENTAO_URL", "ZENTAO_ACCOUNT", "ZENTAO_PASSWORD")
    given = {n: value(n, "") for n in names}
    if not any(given.values()):
        return None
    missing = next((n for n in names if not given[n]), None)
    if missing is not None:
        raise UserError("cli.missing_part", name=missing, system="ZenTao")
    votes = value("ZENTAO_VOTES", Votes.LEDGER.value)
    if votes not in tuple(Votes):
        raise UserError("cli.bad_choice", name="ZENTAO_VOTES", value=votes,
                        known=", ".join(Votes))  # fmt: skip
    url = _root(_url("ZENTAO_URL", given["ZENTAO_URL"]))
    return ZentaoSettings(url, given["ZENTAO_ACCOUNT"], given["ZENTAO_PASSWORD"], Votes(votes))


def lanhu_hosts(value: Value) -> tuple[str, ...]:
    """The hosts whose links are designs, in lower case."""
    hosts = value("LANHU_HOSTS", "lanhuapp.com").lower().split(",")
    return tuple(h.strip() for h in hosts if h.strip())


def _root(url: str) -> str:
    """The address of the installation in one that was copied from a browser's page of it.

    ``http://host/zentao/my.html`` and ``http://host/zentao/index.php?m=my`` are ``…/zentao``.
    """
    parts = urlsplit(url)
    above: list[str] = []
    for name in parts.path.split("/"):
        if name.endswith((".html", ".php")):
            break
        above.append(name)
    return f"{parts.scheme}://{parts.netloc}{'/'.join(above)}".rstrip("/")


def _url(name: str, text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good:
        raise UserError("cli.bad_url", name=name, url=text)
    return text.strip()
