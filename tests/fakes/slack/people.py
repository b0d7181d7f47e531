"""A person of a workspace, as the platform knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo


@dataclass(slots=True)
class User:
    """One account.

    :param locale: like ``zh-CN``.
    :param tz: a zone name like ``Asia/Shanghai``.
    :param home_team: another workspace's id for somebody who comes by Slack Connect.
    """

    id: str
    team_id: str
    name: str
    real_name: str
    email: str = ""
    tz: str = "Asia/Shanghai"
    locale: str = "zh-CN"
    display_name: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    bot_id: str = ""
    home_team: str = ""
    updated: int = 0

    @property
    def is_stranger(self) -> bool:
        """Whether they belong to another organisation."""
        return bool(self.home_team)

    @property
    def shown(self) -> str:
        """The name that others see."""
        return self.display_name or self.real_name

    def as_json(self, *, email: bool, locale: bool, now: float) -> dict[str, Any]:
        """As ``users.info`` tells it.

        :param email: whether the token may see addresses.
        :param locale: whether the language was asked for.
        """
        profile = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.display_name,
            "display_name_normalized": self.display_name,
            "team": self.home_team or self.team_id,
        }
        if email and self.email:
            profile["email"] = self.email
        body: dict[str, Any] = {
            "id": self.id,
            "team_id": self.home_team or self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.deleted:
            return body
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        assert offset is not None
        body |= {
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()),
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": self.is_restricted or self.is_ultra_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }
        if self.is_stranger:
            body["is_stranger"] = True
        if locale:
            body["locale"] = self.locale
        return body
