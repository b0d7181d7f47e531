"""Who is who and where is where between Slack and Duban."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.slack.api.asking import Refused, ask
from bot.slack.api.tokens import NotConnectedError, Tokens
from bot.slack.people.arrivals import follow, known, welcome
from bot.slack.people.profiles import profile_of
from bot.slack.people.rooms import (
    UNNAMED,
    Room,
    add_direct,
    add_room,
    is_direct,
    open_direct,
    room_of,
)
from domain.clock import Clock
from domain.errors import ConflictError, NotFoundError, OutsideError
from domain.people import Channel, Person
from storage.platforms import Tenant
from storage.slack import PLATFORM, Profile
from storage.uow import Store, UnitOfWork

KEPT = timedelta(seconds=10)
"""How long :meth:`Directory.users` answers from memory."""

_R = TypeVar("_R")


class Directory:
    """Finds our person and channel for Slack's ids, and makes them at first contact.

    All methods read the database; for what is not known yet they ask Slack, once. Call them from a
    worker thread.
    """

    def __init__(self, store: Store, tokens: Tokens, clock: Clock) -> None:
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._homes: dict[str, Tenant] = {}
        self._users: dict[str, tuple[datetime, Mapping[str, str]]] = {}

    def person(self, workspace_id: str, team: str, user: str) -> Person:
        """The person with this Slack id, made when we meet them for the first time.

        :param team: the team as the delivery names it; somebody of another team than the
            workspace's is external.
        :raises OutsideError: Slack could not be asked; nobody is made, so nobody gets rights.
        :raises NotFoundError: Slack knows nobody with this id.
        """
        home = self._home(workspace_id)
        with self._store.read(workspace_id) as uow:
            found = known(uow, home.tenant, user)
        if found is not None:
            return found
        profile = self._profile(workspace_id, home.tenant, user, seen_in=team)

        def meet(uow: UnitOfWork) -> Person:
            met = known(uow, home.tenant, user)
            return met or welcome(uow, home, user, profile, self._clock.now())

        person = self._write(workspace_id, meet)
        self._users.pop(workspace_id, None)
        return person

    def changed(self, workspace_id: str, user: Mapping[str, Any]) -> Person | None:
        """Slack says that somebody's profile changed (``user_change``); None for a stranger."""
        home, slack_id = self._home(workspace_id), str(user["id"])
        with self._store.read(workspace_id) as uow:
            if known(uow, home.tenant, slack_id) is None:
                return None
        # The event does not carry the language, so the profile is asked for in full.
        profile = self._profile(workspace_id, home.tenant, slack_id)

        def take(uow: UnitOfWork) -> Person | None:
            met = known(uow, home.tenant, slack_id)
            return follow(uow, met, slack_id, profile, self._clock.now()) if met else None

        return self._write(workspace_id, take)

    def channel(
        self,
        workspace_id: str,
        team: str,
        channel_id: str,
        *,
        name: str = "",
        kind: str = "",
        user: str = "",
    ) -> Channel:
        """The channel with this Slack id, made when it is new (bound to no product).

        :param name: as the delivery names it; a new name of a known channel is taken over.
        :param kind: Slack's ``channel_type`` (``channel``, ``group``, ``im``, ``mpim``) if known.
        :param user: for a direct conversation, the Slack id of the person.
        :raises OutsideError: as :meth:`person`, for a direct conversation.
        """
        with self._store.read(workspace_id) as uow:
            found = uow.channels.by_external(PLATFORM, channel_id)
        if found is not None:
            return self._renamed(workspace_id, found, name)
        direct = is_direct(channel_id, kind or name)
        room = Room(channel_id, "" if name in UNNAMED else name, direct, user)
        if (direct and not user) or (not direct and not room.name):
            room = self.room(workspace_id, channel_id) or room
        if room.direct and room.user:
            person = self.person(workspace_id, team, room.user)
            return self._write(workspace_id, lambda uow: add_direct(uow, person, channel_id))

        def meet(uow: UnitOfWork) -> Channel:
            return uow.channels.by_external(PLATFORM, channel_id) or add_room(uow, room)

        return self._write(workspace_id, meet)

    def room(self, workspace_id: str, channel_id: str) -> Room | None:
        """What Slack says about a conversation; None when it does not show it to Duban.

        :raises OutsideError: Slack could not be asked.
        """
        try:
            client = self._tokens.client(workspace_id)
            said = ask(client, "conversations.info", channel=channel_id).data
        except Refused:
            return None
        return room_of(said["channel"])

    def users(self, workspace_id: str) -> Mapping[str, str]:
        """Slack's id of everybody who has one, by person id; kept in memory for a moment."""
        now, kept = self._clock.now(), self._users.get(workspace_id)
        if kept is not None and now < kept[0]:
            return kept[1]
        with self._store.read(workspace_id) as uow:
            home = uow.tenants.of(PLATFORM)
            found = uow.slack.users(home.tenant if home else "")
        self._users[workspace_id] = (now + KEPT, found)
        return found

    def direct(self, uow: UnitOfWork, person: Person) -> Channel | None:
        """The person's conversation with Duban in Slack; None when they have no account there."""
        return open_direct(uow, person)

    def adopt(self, workspace_id: str, channel: Channel, external_id: str) -> None:
        """Slack has told the id of a conversation that went by its person's id until now."""
        if channel.external_id == external_id:
            return

        def take(uow: UnitOfWork) -> None:
            person = uow.people.get(channel.person_id or "")
            add_direct(uow, person, external_id)

        self._write(workspace_id, take)

    def _renamed(self, workspace_id: str, channel: Channel, name: str) -> Channel:
        if name in UNNAMED or name == channel.name or channel.person_id is not None:
            return channel

        def rename(uow: UnitOfWork) -> Channel:
            known = uow.channels.get(channel.id)
            uow.channels.save(replace(known, name=name))
            return replace(known, name=name)

        return self._write(workspace_id, rename)

    def _home(self, workspace_id: str) -> Tenant:
        """The workspace's Slack team; it never changes, so it is read once."""
        home = self._homes.get(workspace_id)
        if home is None:
            self._tokens.for_workspace(workspace_id)  # the settings' token is learned by this
            with self._store.read(workspace_id) as uow:
                home = uow.tenants.of(PLATFORM)
            if home is None:
                raise NotConnectedError
            self._homes[workspace_id] = home
        return home

    def _profile(self, workspace_id: str, team: str, user: str, *, seen_in: str = "") -> Profile:
        client = self._tokens.client(workspace_id)
        try:
            said = ask(client, "users.info", user=user, include_locale=True).data
        except Refused as no:
            if no.code in ("user_not_found", "user_not_visible", "users_not_found"):
                raise NotFoundError("slack.unknown_user") from no
            raise OutsideError("slack.who_refused", reason=no.code) from no
        return profile_of(said["user"], team, seen_in=seen_in)

    def _write(self, workspace_id: str, work: Callable[[UnitOfWork], _R]) -> _R:
        """One transaction, tried again when two deliveries met the same thing at once."""
        try:
            with self._store.write(workspace_id) as uow:
                return work(uow)
        except ConflictError:
            with self._store.write(workspace_id) as uow:
                return work(uow)
