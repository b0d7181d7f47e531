"""A person as Slack describes them (``users.info``, ``user_change``), in our words.

Fields as in ``facts/slack.md`` sections 8 and 11: ``tz``, ``locale`` (asked for with
``include_locale``), ``is_restricted`` and ``is_ultra_restricted`` for guests, ``is_stranger`` and a
foreign ``team_id`` for people of other companies in shared channels.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.slack import Profile

_NO_HANDLE = re.compile(r"[^\w.-]+")
_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
_ADMIN = ("is_admin", "is_owner", "is_primary_owner")
LONGEST_NAME = 80
LONGEST_HANDLE = 30
"""Characters, so that a number fits behind it."""


def profile_of(user: Mapping[str, Any], team: str, *, seen_in: str = "") -> Profile:
    """What Slack says about a person, seen from our team.

    :param team: the team in which Duban is installed; people of others are external.
    :param seen_in: the person's team as a delivery names it, in case Slack says no more.
    """
    inner = cast("Mapping[str, Any]", user.get("profile") or {})
    external = any(user.get(mark) for mark in _GUEST) or not _of_team(user, team, seen_in or team)
    deleted = bool(user.get("deleted"))
    handle = _handle(str(user.get("name") or "")) or str(user.get("id", "")).casefold()
    names = (inner.get("real_name"), user.get("real_name"), inner.get("display_name"))
    name = next((n for n in (_name(each) for each in names) if n), handle)
    return Profile(
        handle=handle,
        name=name,
        locale=_locale(user.get("locale")),
        zone=_zone(user.get("tz")),
        email=str(inner.get("email") or "") or None,
        external=external,
        admin=any(user.get(mark) for mark in _ADMIN) and not external and not deleted,
        deleted=deleted,
    )


def _of_team(user: Mapping[str, Any], team: str, seen_in: str) -> bool:
    """In an enterprise a person belongs to several teams, which Slack lists."""
    teams = cast("Mapping[str, Any]", user.get("enterprise_user") or {}).get("teams") or ()
    return str(user.get("team_id") or seen_in) == team or team in teams


def _handle(name: str) -> str:
    return _NO_HANDLE.sub("", name).casefold()[:LONGEST_HANDLE]


def _name(text: Any) -> str:
    return " ".join(str(text or "").split()).lstrip("@＠")[:LONGEST_NAME]


def _locale(text: Any) -> str | None:
    if not text:
        return None
    return "zh" if str(text).casefold().startswith("zh") else "en"


def _zone(name: Any) -> str | None:
    try:
        return ZoneInfo(str(name)).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
