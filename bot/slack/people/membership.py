"""What happens to the channels that Duban is in: joined, removed, archived, renamed, moved.

Events as in ``facts/slack.md`` section 6. Slack repeats deliveries, so each is remembered by its id
together with what it did, and only a real change is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from bot.slack.people import membership_cards as cards
from bot.slack.people.directory import Directory
from domain.clock import Clock
from domain.message_json import to_json
from domain.messages import Card
from domain.people import ARCHIVED, Channel, Product, Role
from storage.audit import AuditEntry
from storage.slack import PLATFORM, USER
from storage.uow import Store, UnitOfWork

Event = Mapping[str, Any]

JOINED = frozenset({"member_joined_channel"})
CLOSED = {
    "channel_archive": "archived",
    "group_archive": "archived",
    "channel_deleted": "deleted",
    "group_deleted": "deleted",
    "channel_left": "removed",
    "group_left": "removed",
    "member_left_channel": "removed",
}
OPENED = frozenset({"channel_unarchive", "group_unarchive"})
RENAMED = frozenset({"channel_rename", "group_rename"})
MOVED = frozenset({"channel_id_changed"})
PROFILE = frozenset({"user_change"})

HANDLED = JOINED | CLOSED.keys() | OPENED | RENAMED | MOVED | PROFILE
"""The types of event that :meth:`Membership.handle` takes."""

_OF_MEMBERS = frozenset({"member_joined_channel", "member_left_channel"})
"""Events that come for everybody in a channel and matter only when they are about Duban."""


class Membership:
    """Keeps our channels and people true to Slack's, and tells the owners what changed."""

    def __init__(self, store: Store, directory: Directory, clock: Clock) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock

    def handle(
        self, workspace_id: str, team: str, bot_user: str, event_id: str, event: Event
    ) -> bool:
        """Take one event; False when it is none of ours, or about somebody else.

        Call it from a worker thread.

        :param event: the inner ``event`` of the delivery; :param event_id: the delivery's id.
        :raises OutsideError: Slack had to be asked and did not answer; the event may come again.
        """
        kind = str(event.get("type"))
        if kind not in HANDLED or (kind in _OF_MEMBERS and event.get("user") != bot_user):
            return False
        if kind in PROFILE:
            self._directory.changed(workspace_id, cast("Event", event["user"]))
            return True
        if kind in JOINED:
            self._directory.channel(workspace_id, team, str(event["channel"]))
        self._once(workspace_id, event_id, lambda uow: self._change(uow, kind, event))
        return True

    def refresh(self, workspace_id: str, channel: Channel) -> Channel:
        """Compare a channel with what Slack says of it now: a send was refused, or the app is back.

        :raises OutsideError: Slack did not answer.
        """
        room = self._directory.room(workspace_id, channel.external_id)
        with self._store.write(workspace_id) as uow:
            if room is None or not room.open:
                return self._close(uow, uow.channels.get(channel.id), "removed", None)
            return self._open(uow, uow.channels.get(channel.id), None)

    def _once(self, workspace_id: str, event_id: str, work: Callable[[UnitOfWork], None]) -> None:
        with self._store.write(workspace_id) as uow:
            if uow.inbox.answer(event_id) is None:
                work(uow)
                uow.inbox.add(event_id, self._clock.now(), {})

    def _change(self, uow: UnitOfWork, kind: str, event: Event) -> None:
        if kind in MOVED:
            self._move(uow, str(event["old_channel_id"]), str(event["new_channel_id"]))
            return
        said = event["channel"]
        named = cast("Event", said) if isinstance(said, Mapping) else {"id": said}
        channel = uow.channels.by_external(PLATFORM, str(named["id"]))
        if channel is None or channel.person_id is not None:
            return
        actor = self._actor(uow, event)
        if kind in CLOSED:
            self._close(uow, channel, CLOSED[kind], actor)
        elif kind in RENAMED:
            self._rename(uow, channel, str(named.get("name") or channel.name))
        elif kind in JOINED:
            self._greet(uow, self._open(uow, channel, actor, say=False))
        else:
            self._open(uow, channel, actor)

    def _actor(self, uow: UnitOfWork, event: Event) -> str | None:
        """Who did it, as far as Slack says and we know them."""
        names = (event.get(key) for key in ("inviter", "actor_id", "user"))
        home, named = uow.tenants.of(PLATFORM), next((n for n in names if n), None)
        if home is None or not named:
            return None
        return uow.people.identify(PLATFORM, home.tenant, USER, str(named))

    def _greet(self, uow: UnitOfWork, channel: Channel) -> None:
        product = uow.products.get(channel.product_id) if channel.product_id else None
        payload = {"channel": channel.id, "card": to_json(cards.greeting(channel, product))}
        uow.queue(f"channel:{channel.id}", "post", payload, self._clock.now())

    def _close(self, uow: UnitOfWork, channel: Channel, why: str, actor: str | None) -> Channel:
        if channel.kind == ARCHIVED:
            return channel
        closed = replace(channel, kind=ARCHIVED)
        self._save(uow, channel, closed, why)
        self._tell(uow, channel, lambda p: cards.lost(why, channel, p), actor)
        return closed

    def _open(
        self, uow: UnitOfWork, channel: Channel, actor: str | None, *, say: bool = True
    ) -> Channel:
        if channel.kind != ARCHIVED:
            return channel
        opened = replace(channel, kind="channel")
        self._save(uow, channel, opened, "back")
        if say:
            self._tell(uow, opened, lambda p: cards.back(opened, p), actor)
        return opened

    def _rename(self, uow: UnitOfWork, channel: Channel, name: str) -> None:
        if name == channel.name:
            return
        fresh = replace(channel, name=name)
        self._save(uow, channel, fresh, "renamed")
        self._tell(uow, fresh, lambda p: cards.renamed(channel.name, fresh, p), None)

    def _move(self, uow: UnitOfWork, old: str, new: str) -> None:
        """A channel that became shared or private has another id; it stays the same channel."""
        channel, other = (uow.channels.by_external(PLATFORM, i) for i in (old, new))
        if channel is None:
            return
        if other is not None:  # something was said there before this event came
            uow.channels.save(replace(other, external_id=f"{new}:{other.id}", kind=ARCHIVED))
        self._save(uow, channel, replace(channel, external_id=new), "moved")

    def _save(self, uow: UnitOfWork, old: Channel, new: Channel, why: str) -> None:
        uow.channels.save(new)
        before, after = (
            {"kind": c.kind, "name": c.name, "external": c.external_id} for c in (old, new)
        )
        subject, now = f"channel:{new.id}", self._clock.now()
        uow.audit(
            AuditEntry(now, None, PLATFORM, "slack:channel:changed", subject, before, after, why)
        )

    def _tell(
        self,
        uow: UnitOfWork,
        channel: Channel,
        card: Callable[[Product], Card],
        actor: str | None,
    ) -> None:
        """Tell the product's owners, else the administrators; nobody of their own act.

        A channel without a product has nothing that could be missed.
        """
        if channel.product_id is None:
            return
        product = uow.products.get(channel.product_id)
        owners = uow.people.with_role(Role.PO, product.id) or uow.people.with_role(Role.ADMIN, None)
        for owner in owners:
            if owner.id != actor:
                payload = {"person": owner.id, "card": to_json(card(product))}
                uow.queue(f"person:{owner.id}", "post", payload, self._clock.now())
