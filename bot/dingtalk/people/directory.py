"""Who is who and where is where between DingTalk and Duban."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.dingtalk.again import write_again
from bot.dingtalk.people.arrivals import Arrival, come_back, follow, known, welcome
from bot.dingtalk.people.homes import Homes
from bot.dingtalk.people.profiles import colleague_of
from bot.dingtalk.people.rooms import Heard, find, hear, open_direct
from domain.clock import Clock
from domain.errors import DubanError, NotFoundError, OutsideError
from domain.people import Channel, Person
from domain.ports import Retry
from storage.dingtalk import PLATFORM, UNION, USER
from storage.messaging import OutboxItem
from storage.uow import Store, UnitOfWork

KEPT = timedelta(seconds=10)
"""How long :meth:`Directory.users` answers from memory."""

READ_AGAIN = 600.0
"""Seconds until DingTalk is asked again about somebody, when it was away or the calls are kept."""

ReadUser = Callable[[str, str], Mapping[str, Any]]
"""Asks DingTalk about a person: workspace and userId → ``result`` of ``topapi/v2/user/get``.

Raises ``NotFoundError`` when there is nobody with this id, ``OutsideError`` when it cannot be
asked now.
"""

_R = TypeVar("_R")


class Directory:
    """Finds our person and channel for DingTalk's ids, and makes them at first contact.

    All methods but :meth:`direct` read the database; call them from a worker thread. Somebody who
    writes is known from their message alone; DingTalk is asked about them once, later.
    """

    def __init__(self, store: Store, homes: Homes, read: ReadUser, clock: Clock) -> None:
        self._store = store
        self._homes = homes
        self._read = read
        self._clock = clock
        self._users: dict[tuple[str, str], tuple[datetime, Mapping[str, str]]] = {}

    def person(
        self, workspace_id: str, corp: str, staff_id: str, nick: str = "", *, admin: bool = False
    ) -> Person:
        """The person of the company with this userId, made when we meet them for the first time.

        :param nick: their name as the message shows it. Without one DingTalk is asked, and when
            that fails they go by their id until it works.
        :param admin: the message says that they administer the company.
        """
        found = self.known(workspace_id, corp, staff_id)
        if found is not None:
            return found
        said: Mapping[str, Any] = {} if nick else self._ask(workspace_id, staff_id)
        name = nick or str(said.get("name") or "")
        person = self._meet(workspace_id, Arrival(corp, USER, staff_id, name, admin))
        if said:
            self._take(workspace_id, staff_id, said)
        return person

    def outsider(
        self, workspace_id: str, corp: str, kind: str, external_id: str, nick: str
    ) -> Person:
        """Somebody of another company, or of none: known, but without rights.

        :param kind: ``union`` where the message tells their unionId, else ``sender``.
        """
        with self._store.read(workspace_id) as uow:
            found = known(uow, corp, kind, external_id)
        return found or self._meet(workspace_id, Arrival(corp, kind, external_id, nick))

    def known(self, workspace_id: str, corp: str, staff_id: str) -> Person | None:
        """The person of the company with this userId, if we met them."""
        with self._store.read(workspace_id) as uow:
            return known(uow, corp, USER, staff_id)

    def conversation(self, workspace_id: str, heard: Heard, person: Person) -> Channel:
        """The channel in which something was said, and how it is answered, written down."""
        with self._store.read(workspace_id) as uow:
            found = find(uow, heard)
        return found or self._write(workspace_id, lambda uow: hear(uow, heard, person))

    def direct(self, uow: UnitOfWork, person: Person) -> Channel | None:
        """The person's conversation with Duban; None when they cannot be reached in DingTalk."""
        return open_direct(uow, person)

    def users(self, workspace_id: str) -> Mapping[str, str]:
        """The userId of everybody who has one, by person id; kept in memory for a moment."""
        return self._ids(workspace_id, USER)

    def unions(self, workspace_id: str) -> Mapping[str, str]:
        """The unionId of everybody of whom it is known, by person id."""
        return self._ids(workspace_id, UNION)

    def corp(self, workspace_id: str) -> str:
        """The workspace's company; empty as long as nothing came from DingTalk."""
        return self._homes.corp(workspace_id)

    def names(self, workspace_id: str, people: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
        """The names by which people may be written in a message, longest first.

        :param people: person ids by userId.
        """
        out: dict[str, tuple[str, ...]] = {}
        if not people:
            return out
        with self._store.read(workspace_id) as uow:
            for staff_id, person_id in people.items():
                colleague = uow.dingtalk.colleague(staff_id)
                said = {uow.people.get(person_id).name, colleague.name if colleague else ""}
                out[staff_id] = tuple(sorted(said - {""}, key=len, reverse=True))
        return out

    def read_person(self, workspace_id: str, item: OutboxItem) -> None:
        """The outbox effect: ask DingTalk about somebody once, and take over what it says."""
        staff_id = str(item.payload["staff"])
        with self._store.read(workspace_id) as uow:
            colleague = uow.dingtalk.colleague(staff_id)
        if (
            colleague is not None
            and colleague.read_at is not None
            and not item.payload.get("again")
        ):
            return
        try:
            said = self._read(workspace_id, staff_id)
        except NotFoundError:
            return  # not in the application's sight: what their messages say is all there is
        except OutsideError as error:
            raise Retry(READ_AGAIN, error.key, patient=True) from error
        self._take(workspace_id, staff_id, said)

    def _take(self, workspace_id: str, staff_id: str, said: Mapping[str, Any]) -> None:
        corp = self._homes.corp(workspace_id)
        fresh = colleague_of(staff_id, said, self._clock.now())

        def take(uow: UnitOfWork) -> None:
            person = known(uow, corp, USER, staff_id)
            if person is not None:
                person = come_back(uow, person, self._clock.now())
                follow(uow, corp, person, fresh, self._clock.now())

        self._write(workspace_id, take)
        self._users.pop((workspace_id, UNION), None)

    def _ask(self, workspace_id: str, staff_id: str) -> Mapping[str, Any]:
        try:
            return self._read(workspace_id, staff_id)
        except DubanError:
            return {}

    def _meet(self, workspace_id: str, arrival: Arrival) -> Person:
        def meet(uow: UnitOfWork) -> Person:
            met = known(uow, arrival.tenant, arrival.kind, arrival.external_id)
            return met or welcome(uow, arrival, self._clock.now())

        person = self._write(workspace_id, meet)
        self._users.pop((workspace_id, USER), None)
        return person

    def _ids(self, workspace_id: str, kind: str) -> Mapping[str, str]:
        now, kept = self._clock.now(), self._users.get((workspace_id, kind))
        if kept is not None and now < kept[0]:
            return kept[1]
        with self._store.read(workspace_id) as uow:
            home = uow.tenants.of(PLATFORM)
            found = uow.dingtalk.ids(home.tenant if home else "", kind)
        self._users[(workspace_id, kind)] = (now + KEPT, found)
        return found

    def _write(self, workspace_id: str, work: Callable[[UnitOfWork], _R]) -> _R:
        """One transaction, tried again when two deliveries met the same thing at once."""
        return write_again(self._store, workspace_id, work)
