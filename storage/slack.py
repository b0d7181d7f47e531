"""What Slack granted to a workspace, and what it said last about its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from domain.ids import new_id
from storage.repository import Repository
from storage.tables import core
from storage.tables import platforms as t

PLATFORM = "slack"
USER = "user"
"""The kind of a person's identity: their id in the Slack team."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Duban's app in one Slack team.

    :param token: the bot's token, sealed; None: the one of the settings.
    :param refresh: what gets the next token, sealed; usable once. None: the token does not expire.
    :param scopes: what was granted, in alphabetical order.
    :param installed_by: the Slack id of who installed it; empty for a token of the settings.
    :param ended_at: when Slack took the app away.
    """

    team: str
    app: str
    bot_user: str
    bot: str
    scopes: tuple[str, ...]
    installed_by: str
    installed_at: datetime
    token: str | None = field(default=None, repr=False)
    refresh: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack describes them.

    :param handle: their short name in Slack.
    :param locale: ``zh`` or ``en``; None when Slack did not say.
    :param zone: IANA name; None when Slack did not say or there is no such zone.
    :param external: a guest, a bot, or a person of another company.
    :param admin: administers or owns the Slack team.
    """

    handle: str
    name: str
    locale: str | None
    zone: str | None
    email: str | None
    external: bool
    admin: bool
    deleted: bool


class Slack(Repository):
    """The workspace's side of Slack."""

    def installation(self) -> Installation | None:
        """The app in the workspace's Slack team, ended or not."""
        row = self._row(t.slack_installations)
        if row is None:
            return None
        return Installation(
            team=row.team,
            app=row.app,
            bot_user=row.bot_user,
            bot=row.bot,
            scopes=tuple(row.scopes.split()),
            installed_by=row.installed_by,
            installed_at=row.installed_at,
            token=row.token,
            refresh=row.refresh,
            expires_at=row.expires_at,
            ended_at=row.ended_at,
        )

    def install(self, installation: Installation) -> None:
        """Keep what was granted, in place of what was granted before."""
        known = self._row(t.slack_installations)
        values = _values(installation)
        if known is None:
            self._insert(t.slack_installations, {"id": new_id(), **values})
        else:
            self._update(t.slack_installations, t.slack_installations.c.id == known.id, values)

    def end(self, at: datetime, installed_at: datetime) -> bool:
        """The app is gone: its tokens are forgotten.

        False when it was gone before, or installed anew: what was found out about an installation
        says nothing about a later one.

        :param installed_at: which installation is meant.
        """
        gone = {"token": None, "refresh": None, "expires_at": None, "ended_at": at}
        return self._update(t.slack_installations, _living(installed_at), gone) > 0

    def begin_refresh(self, refresh: str, now: datetime, until: datetime) -> bool:
        """Whether the caller may use this refresh token, which works only once.

        Nobody else gets it before ``until``; False when somebody has it, or it was used.
        """
        i = t.slack_installations.c
        free = i.refreshing_until.is_(None) | (i.refreshing_until <= now)
        where = (i.refresh == refresh) & free
        return self._update(t.slack_installations, where, {"refreshing_until": until}) == 1

    def renew(
        self, token: str, refresh: str, expires_at: datetime, *, installed_at: datetime
    ) -> bool:
        """Keep the token that was got for the last one; both are sealed.

        False when the app was installed anew or removed while Slack was asked: the new
        installation's token stays, the one that was got here is of no use any more.

        :param installed_at: the installation whose token was renewed. (Its refresh token would not
            do to tell: that may have been sealed with another key meanwhile.)
        """
        values = {
            "token": token,
            "refresh": refresh,
            "expires_at": expires_at,
            "refreshing_until": None,
        }
        return self._update(t.slack_installations, _living(installed_at), values) == 1

    def reseal(self, token: str | None, refresh: str | None, *, instead_of: str | None) -> bool:
        """Keep the same token under another key; False when it was replaced meanwhile."""
        i = t.slack_installations.c
        values = {"token": token, "refresh": refresh}
        return self._update(t.slack_installations, i.token == instead_of, values) == 1

    # -- people

    def profile(self, slack_id: str) -> Profile | None:
        """What Slack said last about a person."""
        row = self._row(t.slack_profiles, slack_id=slack_id)
        return Profile(**row.profile) if row else None

    def save_profile(self, slack_id: str, profile: Profile, seen_at: datetime) -> None:
        """Remember what Slack says."""
        said = {name: getattr(profile, name) for name in Profile.__slots__}
        known = self._row(t.slack_profiles, slack_id=slack_id)
        if known is None:
            values = {"slack_id": slack_id, "profile": said, "seen_at": seen_at}
            self._insert(t.slack_profiles, {"id": new_id(), **values})
            return
        where = t.slack_profiles.c.slack_id == slack_id
        self._update(t.slack_profiles, where, {"profile": said, "seen_at": seen_at})

    def users(self, team: str) -> Mapping[str, str]:
        """The Slack ids of people by person id; of several ids of one person the oldest."""
        i = core.identities.c
        where = (i.platform == PLATFORM) & (i.tenant == team) & (i.kind == USER)
        query = (
            select(i.person_id, i.external_id)
            .where(self._mine(core.identities, where))
            .order_by(i.id.desc())
        )
        return {r.person_id: r.external_id for r in self._all(query)}


def _living(installed_at: datetime) -> ColumnElement[bool]:
    """This very installation, unless it has ended."""
    i = t.slack_installations.c
    return i.ended_at.is_(None) & (i.installed_at == installed_at)


def _values(i: Installation) -> dict[str, Any]:
    return {
        "team": i.team,
        "app": i.app,
        "bot_user": i.bot_user,
        "bot": i.bot,
        "scopes": " ".join(i.scopes),
        "token": i.token,
        "refresh": i.refresh,
        "expires_at": i.expires_at,
        "refreshing_until": None,
        "installed_by": i.installed_by,
        "installed_at": i.installed_at,
        "ended_at": i.ended_at,
    }
