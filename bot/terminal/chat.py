"""``duban chat``: type a line, read the answer and what others said meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.cards.text import render_text
from bot.cards.words import Reader, words
from bot.surfaces.names import Names
from bot.webchat.posting import Shown, presenter
from commands.dispatcher import Dispatcher
from commands.grammar import parse
from domain.clock import Clock
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.message_json import from_json
from domain.messages import Card, PersonRef, Reply, T
from domain.people import Channel, Person, Workspace
from domain.requests import Kind, Request
from locales import template
from storage.chat import ChatMessage
from storage.uow import Store, UnitOfWork

QUIT = ("/quit", "/exit", "/退出")
BACKLOG = 10
"""How many earlier messages are shown at first."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who talks, and where.

    :param names: of everybody, by id.
    """

    workspace: Workspace
    person: Person
    channel: Channel
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def reader(self) -> Reader:
        """How this person reads."""
        zone = self.person.zone or self.workspace.zone
        return Reader(self.person.locale, zone, self.person.id, self.names)


def take_seat(store: Store, handle: str | None, channel: str | None) -> Seat:
    """Find the person and the channel; ``UserError`` when there is no such one.

    :param handle: None takes the first administrator.
    :param channel: name; None takes the first channel with a product, else the first.
    """
    workspaces = store.workspaces()
    if not workspaces:
        raise NotFoundError("core.no_workspace")
    workspace = workspaces[0]
    with store.read(workspace.id) as uow:
        names = Names(store, workspace.id)
        return Seat(workspace, _person(uow, handle), _channel(uow, channel), names)


def _person(uow: UnitOfWork, handle: str | None) -> Person:
    person = uow.people.by_handle((handle or "admin").removeprefix("@"))
    if person is None:
        raise UserError("cli.no_person", person=handle or "admin")
    return person


def _channel(uow: UnitOfWork, name: str | None) -> Channel:
    channels = [c for c in uow.channels.all() if c.platform == "web"]
    if name is None:
        channels.sort(key=lambda c: c.product_id is None)
    else:
        channels = [c for c in channels if c.name == name]
    if not channels:
        raise UserError("cli.no_channel", channel=name or "")
    return channels[0]


class TerminalChat:
    """One person's conversation in a terminal.

    :param show: prints a text.
    """

    def __init__(
        self,
        seat: Seat,
        store: Store,
        dispatcher: Dispatcher,
        clock: Clock,
        show: Callable[[str], None],
    ) -> None:
        self._seat = seat
        self._store = store
        self._dispatcher = dispatcher
        self._clock = clock
        self._show = show
        self._seen = 0
        self._own: set[tuple[str, int]] = set()

    def run(self, lines: Iterable[str]) -> None:
        """Greet, then answer each line until there is none or one says to quit."""
        self._say(
            T(
                "cli.chat_hello",
                {
                    "person": PersonRef(self._seat.person.id, self._seat.person.name),
                    "channel": self._seat.channel.name,
                },
            )
        )
        self._news(BACKLOG)
        for line in lines:
            if line.strip().casefold() in QUIT:
                break
            if line.strip():
                self.type(line)
        self._say(T("cli.chat_bye"))

    def once(self, line: str) -> Reply:
        """Say one line and show its answer alone, not what was said here before."""
        with self._store.read(self._seat.workspace.id) as uow:
            self._seen = uow.chat.latest()
        return self.type(line)

    def type(self, line: str) -> Reply:
        """Say one line: a command when it names one, else a remark."""
        known = parse(self._dispatcher.registry, line).command is not None
        command = known or line.lstrip().startswith(("/", "／"))
        now = self._clock.now()
        request = Request(
            event_id=f"terminal:{new_id()}",
            platform="terminal",
            workspace=self._seat.workspace.id,
            channel=self._seat.channel.id,
            person=self._seat.person.id,
            received_at=now,
            kind=Kind.COMMAND if command else Kind.MESSAGE,
            text=line,
            message_id=new_id(),
        )
        hook = presenter(request, now, said=line, shown=Shown())
        answer = self._dispatcher.dispatch(request, hook)
        self._skip_own(request)
        text = render_text(answer.reply, self._seat.reader)
        if text:
            self._show(text)
        self._news()
        return answer.reply

    def _say(self, text: T) -> None:
        self._show(render_text(Card(text), self._seat.reader))

    def _skip_own(self, request: Request) -> None:
        """What this request stored was shown already."""
        with self._store.read(self._seat.workspace.id) as uow:
            own = uow.chat.replies_of(request.event_id)
        self._own = {(m.id, m.seq) for m in own}

    def _news(self, most: int = 200) -> None:
        """Print what was said and posted here since the last look."""
        with self._store.read(self._seat.workspace.id) as uow:
            page = uow.chat.page(self._seat.channel.id, self._seat.person.id, limit=most)
            names = {p.id: p.name for p in uow.people.all(with_inactive=True)}
        fresh = [m for m in page if m.seq > self._seen and (m.id, m.seq) not in self._own]
        self._seen = max([self._seen, *(m.seq for m in page)])
        for message in fresh:
            self._show(self._line(message, names))

    def _line(self, message: ChatMessage, names: dict[str, str]) -> str:
        who = names.get(message.author_id or "") or template(self._seat.reader.locale, "web.duban")
        if message.card is not None:
            return f"{who}:\n{render_text(from_json(message.card), self._seat.reader)}"
        return f"{who}: {words(message.text, self._seat.reader)}"
