"""What happens to the app and to the workspace: tokens, membership, channels, people."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.people import User
from tests.fakes.slack.rooms import Channel
from tests.fakes.slack.team import Team
from tests.fakes.slack.world import World


class Administration:
    """Changes that somebody makes outside of conversations, with the events that follow."""

    world: World
    team: Team

    def _in(self, team: Team | None) -> Team:
        return team or self.team

    def revoke(self, team: Team | None = None, *, told: bool = True) -> None:
        """Revoke the bot's token."""
        home = self._in(team)
        made = self.world.installations[home.id]
        made.token.revoked = True
        if told:
            self._emit(home, type="tokens_revoked", tokens={"oauth": [], "bot": [made.bot_user]})

    def uninstall(self, team: Team | None = None) -> None:
        """Remove the app from a workspace: two events, the token is of no use."""
        home = self._in(team)
        made = self.world.installations[home.id]
        made.token.revoked, made.active = True, False
        self._emit(home, type="tokens_revoked", tokens={"oauth": [], "bot": [made.bot_user]})
        self._emit(home, type="app_uninstalled")

    def reinstall(self, team: Team | None = None) -> str:
        """Install it again; the new token."""
        return self.world.install(self._in(team)).token.value

    def invite_bot(self, channel: str, by: str, team: Team | None = None) -> Channel:
        """Add the bot to a channel."""
        home = self._in(team)
        room, bot = home.channel(channel), self.world.installations[home.id].bot_user
        if bot not in room.members:
            room.members.append(bot)
        self._emit(
            home, type="member_joined_channel", user=bot, channel=room.id,
            channel_type=room.id[0], team=home.id, inviter=home.user(by).id,
        )  # fmt: skip
        return room

    def remove_bot(self, channel: str, by: str, team: Team | None = None) -> Channel:
        """Take the bot out of a channel."""
        home = self._in(team)
        room, bot = home.channel(channel), self.world.installations[home.id].bot_user
        room.members.remove(bot)
        left = "channel_left" if room.kind == "channel" else "group_left"
        self._emit(home, type=left, channel=room.id, actor_id=home.user(by).id)
        if room.kind == "channel":
            self._emit(
                home, type="member_left_channel", user=bot, channel=room.id,
                channel_type=room.id[0], team=home.id,
            )  # fmt: skip
        return room

    def archive(self, channel: str, by: str) -> Channel:
        """Archive a channel: nobody is in it afterwards who could post."""
        room = self.team.channel(channel)
        room.is_archived = True
        kind = "channel_archive" if room.kind == "channel" else "group_archive"
        self._emit(self.team, type=kind, channel=room.id, user=self.team.user(by).id)
        return room

    def unarchive(self, channel: str, by: str) -> Channel:
        """Open it again."""
        room = self.team.channel(channel)
        room.is_archived = False
        kind = "channel_unarchive" if room.kind == "channel" else "group_unarchive"
        self._emit(self.team, type=kind, channel=room.id, user=self.team.user(by).id)
        return room

    def rename(self, channel: str, name: str) -> Channel:
        """Give a channel another name; the id stays."""
        room = self.team.channel(channel)
        room.name = name
        kind = "channel_rename" if room.kind == "channel" else "group_rename"
        self._emit(
            self.team, type=kind, channel={"id": room.id, "name": name, "created": room.created}
        )
        return room

    def delete_channel(self, channel: str) -> None:
        """Delete a channel for good."""
        room = self.team.channel(channel)
        del self.team.channels[room.id]
        self._emit(self.team, type="channel_deleted", channel=room.id)

    def change_id(self, channel: str) -> Channel:
        """Give a channel another id, as when it is converted."""
        room = self.team.channel(channel)
        old, room.id = room.id, self.world.marks.id("C")
        del self.team.channels[old]
        self.team.channels[room.id] = room
        self._emit(self.team, type="channel_id_changed", old_channel_id=old, new_channel_id=room.id)
        return room

    def hire(self, name: str, real_name: str = "", **more: Any) -> User:
        """Somebody joins the workspace."""
        user = self.team.add_user(name, real_name, **more)
        self._emit(self.team, type="team_join", user=self._told(user))
        return user

    def change_user(self, name: str, **changes: Any) -> User:
        """Change a person (zone, language, name, ``deleted`` …)."""
        user = self.team.user(name)
        for key, value in changes.items():
            setattr(user, key, value)
        user.updated = int(self.world.clock())
        self._emit(self.team, type="user_change", user=self._told(user))
        return user

    def _told(self, user: User) -> dict[str, Any]:
        made = self.world.installations[self.team.id]
        email = "users:read.email" in made.token.scopes
        return user.as_json(email=email, locale=True, now=self.world.clock())

    def _emit(self, home: Team, /, **inner: Any) -> None:
        self.world.emit(home.id, {**inner, "event_ts": self.world.marks.ts()})
