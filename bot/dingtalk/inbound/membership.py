"""What happens to groups and people: joined, removed, disbanded, renamed, left the company.

The names and fields of events are as documented for the stream (facts, section 2.4) and as seen;
what is missing leaves everything as it is, and the next message puts it right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from bot.dingtalk.again import write_again
from bot.dingtalk.inbound import membership_cards as cards
from bot.dingtalk.inbound.incoming import Event, text_of
from bot.dingtalk.people.arrivals import READ, known, leave
from bot.dingtalk.people.homes import Homes
from bot.dingtalk.people.rooms import CHANNEL, Heard, add_group
from domain.clock import Clock
from domain.message_json import to_json
from domain.messages import Card
from domain.people import ARCHIVED, Channel, Product, Role
from storage.audit import AuditEntry
from storage.dingtalk import PLATFORM, USER
from storage.uow import Store, UnitOfWork

JOINED, REMOVED, DISBANDED = "im_cool_app_install", "im_cool_app_uninstall", "chat_disband"
RENAMED, LEFT, CHANGED = "chat_update_title", "user_leave_org", "user_modify_org"


class Membership:
    """Keeps our channels and people true to DingTalk's; each event once."""

    def __init__(self, store: Store, homes: Homes, clock: Clock) -> None:
        self._store = store
        self._homes = homes
        self._clock = clock
        self._acts: Mapping[str, Callable[[UnitOfWork, str, Event], None]] = {
            JOINED: lambda uow, _, event: self._joined(uow, event),
            REMOVED: lambda uow, _, event: self._closed(uow, event, "removed"),
            DISBANDED: lambda uow, _, event: self._closed(uow, event, "disbanded"),
            RENAMED: lambda uow, _, event: self._renamed(uow, event),
            LEFT: self._left,
            CHANGED: self._changed,
        }

    def handle(self, event: Event) -> bool:
        """Take one event, in a worker thread; False when it is none of ours."""
        act = self._acts.get(event.kind)
        workspace = self._homes.workspace(event.corp) if act is not None else None
        if act is None or workspace is None:
            return False
        key = f"dingtalk-event:{event.id}"[:255]

        def take(uow: UnitOfWork) -> None:
            if uow.inbox.answer(key) is None:
                act(uow, event.corp, event)
                uow.inbox.add(key, self._clock.now(), {})

        write_again(self._store, workspace, take)
        return True

    def _joined(self, uow: UnitOfWork, event: Event) -> None:
        group = text_of(event.data, "openConversationId")
        if not group:
            return
        channel = uow.channels.by_external(PLATFORM, group)
        if channel is None:
            robot = text_of(event.data, "robotCode")
            heard = Heard(group, "", False, robot, None, None, self._clock.now())
            channel = add_group(uow, heard)
        elif channel.kind == ARCHIVED:
            opened = replace(channel, kind=CHANNEL)
            self._save(uow, channel, opened, "back")
            self._tell(uow, opened, lambda p: cards.back(opened, p))
            channel = opened
        product = uow.products.get(channel.product_id) if channel.product_id else None
        payload = {"channel": channel.id, "card": to_json(cards.greeting(channel, product))}
        uow.queue(f"channel:{channel.id}", "post", payload, self._clock.now())

    def _closed(self, uow: UnitOfWork, event: Event, why: str) -> None:
        channel = self._channel(uow, event)
        if channel is None or channel.kind == ARCHIVED:
            return
        self._save(uow, channel, replace(channel, kind=ARCHIVED), why)
        self._tell(uow, channel, lambda p: cards.lost(why, channel, p))

    def _renamed(self, uow: UnitOfWork, event: Event) -> None:
        channel, title = self._channel(uow, event), text_of(event.data, "title")
        if channel is not None and title and title != channel.name:
            self._save(uow, channel, replace(channel, name=title), "renamed")

    def _left(self, uow: UnitOfWork, corp: str, event: Event) -> None:
        for staff in _staff(event.data):
            person = known(uow, corp, USER, staff)
            if person is not None:
                leave(uow, person, self._clock.now())

    def _changed(self, uow: UnitOfWork, corp: str, event: Event) -> None:
        for staff in _staff(event.data):
            if known(uow, corp, USER, staff) is not None:
                payload = {"staff": staff, "again": True}
                uow.queue(f"dingtalk:{staff}"[:96], READ, payload, self._clock.now())

    def _channel(self, uow: UnitOfWork, event: Event) -> Channel | None:
        group = text_of(event.data, "openConversationId")
        channel = uow.channels.by_external(PLATFORM, group) if group else None
        return channel if channel is not None and channel.person_id is None else None

    def _save(self, uow: UnitOfWork, old: Channel, new: Channel, why: str) -> None:
        uow.channels.save(new)
        before, after = ({"kind": c.kind, "name": c.name} for c in (old, new))
        subject, now = f"channel:{new.id}", self._clock.now()
        action = "dingtalk:channel:changed"
        uow.audit(AuditEntry(now, None, PLATFORM, action, subject, before, after, why))

    def _tell(self, uow: UnitOfWork, channel: Channel, card: Callable[[Product], Card]) -> None:
        """Tell the product's owners, else the administrators."""
        if channel.product_id is None:
            return
        product = uow.products.get(channel.product_id)
        owners = uow.people.with_role(Role.PO, product.id) or uow.people.with_role(Role.ADMIN, None)
        for owner in owners:
            payload = {"person": owner.id, "card": to_json(card(product))}
            uow.queue(f"person:{owner.id}", "post", payload, self._clock.now())


def _staff(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The userIds of an event: a list, or one alone."""
    said = data.get("userId")
    listed = cast("list[object]", said) if isinstance(said, list) else [said]
    return tuple(str(s) for s in listed if isinstance(s, str | int) and str(s))
