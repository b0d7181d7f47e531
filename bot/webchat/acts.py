"""What a person does in the chat becomes a request, and its answer becomes messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.webchat.access import active_person, conversation
from bot.webchat.call import Call, bad_field
from bot.webchat.forms import form_html
from bot.webchat.mentions import addressed, addressed_within, keep_mentions
from bot.webchat.posting import Shown, presenter
from bot.webchat.views import (
    Desk,
    Everybody,
    View,
    desk_of,
    message_views,
    new_views,
    small_desk,
)
from commands.dispatcher import Answer, Dispatcher, Hook
from commands.grammar import parse
from domain.clock import Clock
from domain.errors import ConflictError, ForbiddenError, NotFoundError
from domain.ids import new_id
from domain.messages import FileRef, Reply
from domain.people import Channel, Person
from domain.requests import Kind, Reaction, Request
from storage.chat import ChatMessage, MessageKind
from storage.uow import Store, UnitOfWork

MAX_TEXT = 10_000
MAX_FILES = 10
MAX_EMOJI = 16

First = Callable[[UnitOfWork], None]
"""Something to store with the work, before what it answers."""


class Acts:
    """Saying, commanding, submitting, reacting, editing, erasing."""

    def __init__(self, store: Store, dispatcher: Dispatcher, clock: Clock) -> None:
        self._store_of = store
        self._dispatcher = dispatcher
        self._clock = clock

    def say(self, call: Call) -> View:
        """Say something in a conversation: ``text``, ``thread``, ``files``, ``client_id``.

        A line that begins with ``/`` or a mention of Duban is a command, and so is every line in
        the conversation with Duban alone.
        """
        typed = call.text("text", most=MAX_TEXT).strip()
        with self._store_of.read(call.session.workspace) as uow:
            me, channel = self._where(uow, call)
            files = _files(uow, call, me)
            named = "@" in typed or "＠" in typed
            text = keep_mentions(typed, uow.people.all()) if named else typed
            thread = _thread(uow, call.optional("thread"), channel, me)
            command = self._command(text, channel)
            before = _left_behind(uow, call.event_id()) if command is not None else ()
            if not text and not files:
                raise bad_field("text")
            request = self._request(
                call,
                channel,
                thread,
                kind=Kind.MESSAGE if command is None else Kind.COMMAND,
                text=text if command is None else command,
                files=files,
                message_id=new_id(),
            )
            looks = not before and self._dispatcher.only_reads(request)
            answer = self._dispatcher.dispatch(request, view=uow) if looks else None
        return self._answer(request, me, said=text, before=before, answer=answer)

    def press(self, call: Call) -> View:
        """Press a button: ``command``, ``message`` (which carries the button), ``client_id``."""
        command = call.text("command", most=MAX_TEXT).strip()
        with self._store_of.read(call.session.workspace) as uow:
            me, channel = self._where(uow, call)
            on = visible_message(uow, call.text("message", most=26), me)
            if on.channel_id != channel.id:
                raise NotFoundError("web.no_message")
            asked = _thread(uow, call.optional("thread"), channel, me)
            before = _left_behind(uow, call.event_id())
        request = self._request(
            call, channel, on.thread_id or asked, text=command, message_id=on.id
        )
        return self._answer(request, me, before=before)

    def submit(self, call: Call) -> View:
        """Submit a form: ``command``, ``values``, ``files``, ``thread``, ``client_id``."""
        with self._store_of.read(call.session.workspace) as uow:
            me, channel = self._where(uow, call)
            files = _files(uow, call, me)
            people = uow.people.all()
            values = {k: keep_mentions(v, people) for k, v in call.values("values").items()}
            thread = _thread(uow, call.optional("thread"), channel, me)
        command = call.text("command", most=MAX_TEXT)
        request = self._request(
            call, channel, thread, kind=Kind.FORM, text=command, values=values, files=files
        )
        return self._answer(request, me)

    def react(self, call: Call) -> View:
        """Put an emoji on a message or take it off: ``emoji``, ``added``, ``client_id``."""
        emoji, added = call.text("emoji", most=MAX_EMOJI), call.flag("added")
        if not emoji or any(ch.isalnum() or ch.isspace() or ch in "<>&\"'/" for ch in emoji):
            raise bad_field("emoji")
        with self._store_of.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            on = visible_message(uow, call.path["message"], me)
            channel = uow.channels.get(on.channel_id)
        request = self._request(
            call,
            channel,
            on.thread_id,
            kind=Kind.REACTION,
            reaction=Reaction(on.id, emoji, added, on.text, on.author_id),
            message_id=on.id,
        )
        at = self._clock.now()

        def store(uow: UnitOfWork) -> None:
            uow.chat.react(on.id, me.id, emoji, at, added=added)

        return self._answer(request, me, first=store, touched=(on.id,))

    def edit(self, call: Call) -> View:
        """Replace the ``text`` of one's own message; what was recorded of it follows."""
        typed = call.text("text", most=MAX_TEXT).strip()
        if not typed:
            raise bad_field("text")
        with self._store_of.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            message = _own(uow, call.path["message"], me)
            if message.kind is not MessageKind.SAID:
                raise ForbiddenError("web.not_yours")
            if message.deleted_at is not None:
                raise NotFoundError("web.no_message")
            text = keep_mentions(typed, uow.people.all())
        at = self._clock.now()

        def store(uow: UnitOfWork) -> None:
            uow.chat.edit(message.id, text, at)

        return self._follow(call, me, message, Kind.EDIT, text, store)

    def erase(self, call: Call) -> View:
        """Take back one's own message, and what an open review recorded of it."""
        with self._store_of.read(call.session.workspace) as uow:
            me = active_person(uow, call.session.person)
            message = _own(uow, call.path["message"], me)
        at = self._clock.now()

        def store(uow: UnitOfWork) -> None:
            if message.deleted_at is None:
                uow.chat.erase(message.id, at)

        return self._follow(call, me, message, Kind.DELETE, "", store)

    # -- inside

    def _follow(
        self, call: Call, me: Person, message: ChatMessage, kind: Kind, text: str, store: First
    ) -> View:
        request = Request(
            event_id=f"web:{call.session.workspace}:{me.id}:{new_id()}",
            platform="web",
            workspace=call.session.workspace,
            channel=message.channel_id,
            person=me.id,
            received_at=self._clock.now(),
            kind=kind,
            text=text,
            thread=message.thread_id,
            message_id=message.id,
        )
        return self._answer(request, me, first=store, touched=(message.id,))

    def _where(self, uow: UnitOfWork, call: Call) -> tuple[Person, Channel]:
        me = active_person(uow, call.session.person)
        return me, conversation(uow, me, call.path["channel"])

    def _command(self, text: str, channel: Channel) -> str | None:
        """The command in a line, or None when it is said to people."""
        rest, meant = addressed(text)
        if meant or channel.kind == "direct" or rest.startswith(("/", "／")):
            return rest
        within = addressed_within(text)
        if within and parse(self._dispatcher.registry, within).command is not None:
            return within
        return None

    def _request(
        self,
        call: Call,
        channel: Channel,
        thread: str | None,
        *,
        kind: Kind = Kind.COMMAND,
        text: str = "",
        values: Mapping[str, str] | None = None,
        files: tuple[FileRef, ...] = (),
        reaction: Reaction | None = None,
        message_id: str | None = None,
    ) -> Request:
        return Request(
            event_id=call.event_id(),
            platform="web",
            workspace=call.session.workspace,
            channel=channel.id,
            person=call.session.person,
            received_at=self._clock.now(),
            kind=kind,
            text=text,
            thread=thread,
            values=values or {},
            files=files,
            reaction=reaction,
            message_id=message_id,
        )

    def _answer(
        self,
        request: Request,
        me: Person,
        *,
        said: str | None = None,
        first: First | None = None,
        touched: tuple[str, ...] = (),
        before: tuple[str, ...] = (),
        answer: Answer | None = None,
    ) -> View:
        """Dispatch and show what came of it, in the work's own transaction wherever there is one.

        Reading commands and errors have no transaction of their own; their answers get one.

        :param before: what an earlier delivery of the same request left behind.
        :param answer: to a request that only reads, if it was dispatched already.
        """
        if request.kind is Kind.COMMAND and before:
            return self._view(request, me, before, Answer(Reply(), request.event_id))
        shown, at = Shown(), self._clock.now()
        desk: Desk | None = None

        def storing(*, failed: bool) -> Hook:
            show = presenter(request, at, said=said, shown=shown, failed=failed)

            def hook(uow: UnitOfWork, reply: Reply) -> None:
                nonlocal desk
                if first is not None:
                    first(uow)
                show(uow, reply)
                desk = small_desk(uow, me.id, Everybody(self._store_of, request.workspace))

            return hook

        if answer is None:
            answer = self._dispatcher.dispatch(request, storing(failed=False))
        if answer.repeated:
            with self._store_of.read(request.workspace) as uow:
                before = _left_behind(uow, request.event_id)
            return self._view(request, me, before or touched, answer)
        if not shown.done:
            self._store(request, storing(failed=answer.failed), answer.reply)
        if desk is not None and shown.all_new and not touched and answer.reply.form is None:
            # As it was stored: looking for it again took 8 statements more.
            return _told(new_views(desk, shown, request.files), None, answer)
        return self._view(request, me, (*(m.id for m in shown.messages), *touched), answer)

    def _store(self, request: Request, hook: Hook, reply: Reply) -> None:
        try:
            with self._store_of.write(request.workspace) as uow:
                hook(uow, reply)
        except ConflictError:
            with self._store_of.write(request.workspace) as uow:
                hook(uow, reply)

    def _view(
        self, request: Request, me: Person, messages: tuple[str, ...], answer: Answer
    ) -> View:
        with self._store_of.read(request.workspace) as uow:
            desk = desk_of(uow, uow.people.get(me.id))
            found = uow.chat.many(messages)
            form = answer.reply.form
            html = form_html(uow, desk, request.channel, form) if form else None
            return _told(message_views(uow, desk, found), html, answer)


def _told(messages: list[View], form: str | None, answer: Answer) -> View:
    return {
        "messages": messages,
        "form": form,
        "failed": answer.failed,
        "repeated": answer.repeated,
    }


def _left_behind(uow: UnitOfWork, event_id: str) -> tuple[str, ...]:
    """The messages that an earlier delivery of the same request made."""
    return tuple(m.id for m in uow.chat.replies_of(event_id))


def _files(uow: UnitOfWork, call: Call, me: Person) -> tuple[FileRef, ...]:
    """The uploaded files that a call names; a file of somebody else does not exist for it."""
    found: list[FileRef] = []
    for file_id in call.texts("files", most=MAX_FILES):
        file = uow.files.get(file_id)
        if file is None or file.created_by != me.id:
            raise NotFoundError("web.no_file")
        found.append(FileRef(file.id, file.name, file.mime, file.size))
    return tuple(found)


def _thread(uow: UnitOfWork, root_id: str | None, channel: Channel, me: Person) -> str | None:
    """The thread's root, checked: a message of this channel that the person may see."""
    if root_id is None:
        return None
    root = visible_message(uow, root_id, me)
    if root.channel_id != channel.id:
        raise NotFoundError("web.no_message")
    return root.thread_id or root.id


def _own(uow: UnitOfWork, message_id: str, me: Person) -> ChatMessage:
    message = visible_message(uow, message_id, me)
    if message.author_id != me.id:
        raise ForbiddenError("web.not_yours")
    return message


def visible_message(uow: UnitOfWork, message_id: str, me: Person) -> ChatMessage:
    """The message, if it is there and this person may see it; ``NotFoundError`` otherwise."""
    message = uow.chat.get(message_id)
    if message is None or message.private_to not in (None, me.id):
        raise NotFoundError("web.no_message")
    conversation(uow, me, message.channel_id)
    return message
