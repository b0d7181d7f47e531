"""Deliveries of the outbox to Slack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.way import PLAIN, Way
from bot.slack.api.tokens import Tokens
from bot.slack.blocks.message import Message, card_messages
from bot.slack.outbound.canvas import Canvases, MakeDocument
from bot.slack.outbound.place import Place, Places
from bot.slack.outbound.posting import Posted, Posting, before_of, changed, state_of
from bot.slack.outbound.refusals import Refusals
from bot.slack.outbound.sending import Line, No
from bot.slack.outbound.traces import Looking, Traces
from bot.slack.outbound.upload import Uploads, files_of, without_files
from bot.slack.people.directory import Directory
from bot.slack.people.membership import Membership
from bot.surfaces.pacing import Pace, Strain
from documents.fonts import ChartFont, chart_font
from domain.clock import Clock
from domain.errors import OutsideError
from domain.messages import Card
from domain.ports import Destination, FileStore, Retry
from storage.uow import Store

log = logging.getLogger("duban.slack")

NO_ACCESS = 300.0
"""Seconds until it is looked again whether Duban was installed anew."""

Handle = Mapping[str, Any]


class SlackSurface:
    """Slack as a place where cards are sent; from worker threads, one delivery at a time each.

    A card of an object (``key``) has one message, edited in place; its thread holds its further
    pages and one line for each change of its title or status. Where the message is too far up to
    be noticed, or somebody asks for a card in which nothing has changed, it is posted anew and the
    earlier one points to it; in its own thread they get a copy. Files are uploaded right below.

    Every message bears the id of its delivery; a doubtful delivery is looked up before anything
    is posted again.

    :param base_url: where addresses inside Duban lead.
    :param make: makes the minutes for canvases; None: no canvases.
    :param font: the font of drawings.
    """

    outside = True

    def __init__(
        self,
        store: Store,
        tokens: Tokens,
        directory: Directory,
        files: FileStore,
        clock: Clock,
        base_url: str,
        *,
        make: MakeDocument | None = None,
        font: Callable[[], ChartFont] = chart_font,
        way: Way = PLAIN,
    ) -> None:
        self._store = store
        self._tokens = tokens
        self._directory = directory
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._places = Places(store, way)
        self._uploads = Uploads(files, font)
        self._canvases = Canvases(store, make)
        self._refusals = Refusals(store, tokens, Membership(store, directory, clock), clock)
        self._looking = Looking()
        self._pace = Pace()
        self._strain = Strain()

    def send(
        self,
        destination: Destination,
        card: Card,
        delivery_id: str,
        replaces: Handle | None,
        *,
        doubtful: bool,
    ) -> Handle:
        """Post the card or edit the object's earlier one; the answer is its handle.

        Raises ``Retry`` and ``GiveUp`` as ``domain.ports.Surface`` says.
        """
        place = self._places.of(destination, delivery_id)
        line = self._line(place, done=doubtful)
        try:
            if destination.in_place:
                return self._redraw(line, place, card, delivery_id, replaces or {})
            return self._send(line, place, card, delivery_id, replaces, doubtful=doubtful)
        except No as no:
            raise self._refusals.of(place, no, delivery_id, done=line.done) from no

    def _line(self, place: Place, *, done: bool) -> Line:
        wait = self._pace.wait(place.external)
        if wait:
            raise Retry(wait, "Slack: one message a second", patient=True, sent=done)
        try:
            client = self._tokens.client(place.workspace)
        except OutsideError as error:
            raise Retry(NO_ACCESS, str(error), sent=done) from error
        return Line(client, place.workspace, self._pace, self._strain, done=done)

    def _send(
        self,
        line: Line,
        place: Place,
        card: Card,
        delivery_id: str,
        replaces: Handle | None,
        *,
        doubtful: bool,
    ) -> Handle:
        earlier = replaces if replaces and replaces.get("ts") else None
        place = self._opened(line, place, needed=doubtful)
        traces = Traces()
        if doubtful:
            traces = self._look(line, place, delivery_id, earlier)
        pages = self._pages(place, card)
        posting = Posting(line, place, delivery_id, pages, traces)
        if earlier is not None and posting.unanswered(earlier) and posting.below(earlier):
            posting.post()  # a copy: the card itself is what its thread hangs on
            return earlier
        posted = self._card(posting, card, earlier, traces)
        if place.channel.person_id and posted.channel != place.external:
            self._directory.adopt(place.workspace, place.channel, posted.channel)
        uploaded = self._files(line, place, card, posted, earlier, traces)
        self._canvases.send(line, place, posted.channel, posted.thread, delivery_id, traces)
        return {
            "channel": posted.channel,
            "ts": posted.ts,
            "thread": posted.thread,
            **({"rest": posted.rest} if posted.rest else {}),
            **({"files": uploaded} if uploaded else {}),
            **({"state": state_of(card), "drawn": posting.drawn} if card.key else {}),
        }

    def _redraw(
        self, line: Line, place: Place, card: Card, delivery_id: str, earlier: Handle
    ) -> Handle:
        """Edit the card where it is, and say nothing in its thread; one that is gone stays gone."""
        posting = Posting(line, place, delivery_id, self._pages(place, card), Traces())
        if earlier.get("ts"):
            posting.edit(earlier)
        return {**earlier, "state": state_of(card), "drawn": posting.drawn}

    def _pages(self, place: Place, card: Card) -> tuple[Message, ...]:
        users = self._directory.users(place.workspace)
        return card_messages(card, place.reader, users, base_url=self._base_url, files=False)

    def _card(self, posting: Posting, card: Card, earlier: Handle | None, traces: Traces) -> Posted:
        if earlier is None:
            return posting.post()
        before = before_of(earlier)
        posted = None
        edits = "card" not in traces.parts and not posting.unanswered(earlier)
        if edits and posting.seen(earlier, self._clock.now().timestamp()):
            posted = posting.edit(earlier)
        if posted is None:
            posted = posting.post()
            posting.point(earlier, posted, card.title)
        elif before is not None and changed(before, card):
            posting.tell(posted, before, card)
        return posted

    def _opened(self, line: Line, place: Place, *, needed: bool) -> Place:
        """The place with the id of the conversation itself, where one has to look into it."""
        if not needed or not place.channel.person_id or place.external[:1] not in "UW":
            return place
        said = line.call("conversations_open", users=place.external)
        found = str(said["channel"]["id"])
        self._directory.adopt(place.workspace, place.channel, found)
        return place.at(found)

    def _look(self, line: Line, place: Place, delivery_id: str, earlier: Handle | None) -> Traces:
        access = self._tokens.for_workspace(place.workspace)
        bot_user = access.bot_user if access else ""
        threads: list[str | None] = [place.thread]
        if earlier is not None:
            threads.append(str(earlier.get("thread") or earlier["ts"]))
        if place.thread is not None:
            threads.append(None)  # the thread may have been gone
        with self._store.read(place.workspace) as uow:
            row = uow.outbox.get(delivery_id)
        if row is None:  # nothing was queued under this id: it cannot have been tried before
            return Traces()
        return self._looking.traces_of(
            line, delivery_id, place.external, threads, bot_user,
            made_at=row.created_at, waited_for=row.error or "",
        )  # fmt: skip

    def _files(
        self,
        line: Line,
        place: Place,
        card: Card,
        posted: Posted,
        earlier: Handle | None,
        traces: Traces,
    ) -> list[str]:
        """Upload the card's files below it; those of an edited card once."""
        refs = files_of(card)
        known: set[str] = set()
        if earlier is not None and not posted.anew:
            known = {str(f) for f in earlier.get("files") or ()}
        fresh = [r for r in refs if r.file_id not in known]
        thread = place.thread if posted.anew else posted.thread
        try:
            self._uploads.send(line, fresh, posted.channel, thread, place.reader, traces)
        except No as no:
            if not without_files(no):
                raise
            self._refusals.no_files(place, no)
        return [r.file_id for r in refs]
