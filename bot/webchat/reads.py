"""What the page asks for, and what it changes without a command."""

from __future__ import annotations

from dataclasses import replace

from bot.webchat.access import (
    active_person,
    conversation,
    conversations,
    ensure_direct,
    ensure_pair,
)
from bot.webchat.acts import visible_message
from bot.webchat.call import Call, bad_field
from bot.webchat.views import View, channel_view, desk_of, message_views, person_view
from domain.clock import Clock
from domain.errors import ForbiddenError
from domain.people import Person
from locales import LOCALES, catalogue
from storage.uow import Store, UnitOfWork

PAGE = 50


class Reads:
    """Directory, conversations, messages, read marks, edits of one's own messages."""

    def __init__(self, store: Store, clock: Clock, *, demo: bool) -> None:
        self._store = store
        self._clock = clock
        self._demo = demo

    def me(self, call: Call) -> View:
        """Who the browser is, everybody else, and the page's texts in the person's language."""
        self._with_direct(call)
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            desk = desk_of(uow, me)
            texts = catalogue(me.locale)
            return {
                "me": {**person_view(me), "locale": me.locale, "zone": desk.zone},
                "workspace": desk.workspace.name,
                "people": [person_view(p) for p in desk.people.values()],
                "csrf": call.session.csrf,
                "demo": self._demo,
                "seq": uow.chat.latest(),
                "texts": {k[4:]: v for k, v in texts.items() if k.startswith("web.")},
            }

    def channels(self, call: Call) -> View:
        """The conversations, with how much is unread in each."""
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            unread = uow.chat.unread(me.id)
            products = {p.id: p.name for p in uow.products.all()}
            return {
                "channels": [
                    channel_view(
                        c,
                        me.id,
                        unread.get(c.id, 0),
                        uow.chat.read_up_to(me.id, c.id),
                        products.get(c.product_id or ""),
                    )
                    for c in conversations(uow, me)
                ]
            }

    def messages(self, call: Call) -> View:
        """A page of a conversation: the newest, or those ``before`` a number."""
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            channel = conversation(uow, me, call.path["channel"])
            before = call.asked("before")
            found = uow.chat.page(channel.id, me.id, before=before, limit=PAGE + 1)
            shown = found[-PAGE:]
            return {
                "messages": message_views(uow, desk_of(uow, me), shown),
                "more": len(found) > PAGE,
            }

    def thread(self, call: Call) -> View:
        """A thread: its root, then the replies."""
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            root = visible_message(uow, call.path["message"], me)
            found = uow.chat.thread(root.thread_id or root.id, me.id)
            return {"messages": message_views(uow, desk_of(uow, me), found)}

    def mark_read(self, call: Call) -> View:
        """Everything up to ``number`` was seen."""
        number = call.number("number")
        with self._store.write(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            channel = conversation(uow, me, call.path["channel"])
            uow.chat.mark_read(me.id, channel.id, min(number, uow.chat.latest()))
        return {}

    def open_pair(self, call: Call) -> View:
        """The conversation with ``person``."""
        with self._store.write(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            other = uow.people.get(call.text("person", most=26))
            if me.external:
                raise ForbiddenError("web.guests_only_duban")
            return {"channel": ensure_pair(uow, me, other).id}

    def language(self, call: Call) -> View:
        """Read in another language from now on: ``locale`` is zh or en."""
        locale = call.text("locale", most=8)
        if locale not in LOCALES:
            raise bad_field("locale")
        with self._store.write(call.session.workspace) as uow:
            uow.people.save(replace(active_person(uow, call.session.person), locale=locale))
        return {}

    def _one(self, uow: UnitOfWork, me: Person, message_id: str) -> View:
        message = uow.chat.get(message_id)
        found = [message] if message else []
        return {"messages": message_views(uow, desk_of(uow, me), found)}

    def _with_direct(self, call: Call) -> None:
        """Everybody has a conversation with Duban from the first visit on."""
        with self._store.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            if uow.channels.direct("web", me.id) is not None:
                return
        with self._store.write(call.session.workspace) as uow:
            ensure_direct(uow, me)
