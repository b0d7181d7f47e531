"""From DingTalk's ids to ours: a message becomes a request."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dingtalk.inbound.incoming import Said
from bot.dingtalk.inbound.typed import bare, mentions_of, placed, spaced, with_quoted
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.people.rooms import Heard
from commands.grammar import clean
from commands.registry import Registry
from domain.clock import Clock
from domain.people import Channel, Person
from domain.requests import Request
from storage.dingtalk import PLATFORM, SENDER, UNION
from storage.uow import Store


@dataclass(frozen=True, slots=True)
class Found:
    """Who said it, and where."""

    person: Person
    channel: Channel


class Resolver:
    """Makes requests; waits for the database, and for DingTalk where somebody unknown is named."""

    def __init__(
        self, store: Store, registry: Registry, directory: Directory, clock: Clock
    ) -> None:
        self._store = store
        self._registry = registry
        self._directory = directory
        self._clock = clock

    def place(self, workspace: str, heard: Said) -> Found:
        """Who said it and where, both made at first sight, and how the place is answered."""
        person = self._person(workspace, heard)
        staff = heard.sender.staff_id
        external = (staff or heard.group) if heard.direct else heard.group
        where = Heard(
            id=external,
            name="" if heard.direct else heard.title,
            direct=heard.direct,
            robot_code=heard.robot_code,
            webhook=heard.webhook,
            expires_at=heard.expires_at,
            at=self._clock.now(),
        )
        return Found(person, self._directory.conversation(workspace, where, person))

    def plain(self, workspace: str, heard: Said, found: Found, text: str = "") -> Request:
        """The request with a text that is ours already."""
        return Request(
            event_id=heard.key,
            platform=PLATFORM,
            workspace=workspace,
            channel=found.channel.id,
            person=found.person.id,
            received_at=self._clock.now(),
            text=text,
            message_id=heard.message_id,
        )

    def request(self, workspace: str, heard: Said, found: Found) -> Request:
        """The request as typed, with mentions by our ids.

        :raises UnclearMentions: it cannot be told who was meant where.
        """
        ids = self._mentioned(workspace, heard)
        mentions = mentions_of(heard.mentioned, ids, self._directory.names(workspace, ids))
        text = placed(bare(heard.text, mentions), mentions)
        line = spaced(self._registry, clean(text))
        line = with_quoted(self._registry, line, heard.quoted)
        return self.plain(workspace, heard, found, line)

    def _mentioned(self, workspace: str, heard: Said) -> dict[str, str]:
        """Our ids of those who were mentioned, by userId."""
        corp = heard.corp
        return {s: self._directory.person(workspace, corp, s).id for s in heard.mentioned}

    def _person(self, workspace: str, heard: Said) -> Person:
        who = heard.sender
        if who.staff_id:
            return self._directory.person(
                workspace, heard.corp, who.staff_id, who.nick, admin=who.admin
            )
        kind, external = (UNION, who.union_id) if who.union_id else (SENDER, who.sender_id)
        return self._directory.outsider(workspace, heard.corp, kind, external, who.nick)
