"""Deliveries of the outbox to DingTalk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.api.errors import Away, DingtalkError, UsedUp
from bot.dingtalk.cards.answering import Answering
from bot.dingtalk.cards.handles import state_of
from bot.dingtalk.cards.interactive import Drawn, Interactive
from bot.dingtalk.cards.posting import CardPosting, Handler, by_stream
from bot.dingtalk.forms.card_queue import is_row
from bot.dingtalk.forms.cards import FormCards
from bot.dingtalk.outbound.ding import Dings
from bot.dingtalk.outbound.errand import API, Errand
from bot.dingtalk.outbound.folding import Folding, Follower, folded
from bot.dingtalk.outbound.media import Media, files_of
from bot.dingtalk.outbound.progress import Progress
from bot.dingtalk.outbound.refusals import Refusals
from bot.dingtalk.outbound.speaking import Speaking
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.place import Place, Places
from bot.dingtalk.text.escape import calm
from bot.dingtalk.text.markdown import Markdown, render_markdown
from bot.dingtalk.text.pages import Page, pages_of
from bot.settings_outside import Ding
from documents.fonts import ChartFont, chart_font
from domain.clock import Clock
from domain.messages import Card, FileRef, Link, T
from domain.ports import Destination, FileStore
from locales import template
from storage.uow import Store

log = logging.getLogger("duban.dingtalk")

DINGED = "ding"
MOST_PEOPLE = 20
"""Whom one message mentions at the most."""
QUIET = 3600.0
"""Seconds in which a group is not told again of a card whose title and status are the same."""
RECALLED = 24 * 3600.0
"""Seconds in which an earlier message of the same card is taken back when it is posted anew."""

Handle = Mapping[str, Any]
"""Where a card is: ``way`` and ``keys`` (by which it is taken back), ``at`` (seconds since 1970),
``state`` (title and status), ``people`` (who was mentioned) and ``files`` (ids, posted)."""


class DingtalkSurface:
    """DingTalk as a place where cards are sent; from worker threads, one delivery at a time each.

    A message of DingTalk bears no mark and can not be looked up, so a try whose answer was lost is
    repeated with a line that says so. What is known to be out is never sent again. A card of an
    object that is posted anew takes the earlier one back where that is possible.

    :param base_url: where addresses inside Duban lead.
    :param template: id of the interactive card's template; empty: everything is markdown.
    :param heard: who hears of presses on cards; :param answering: which cards are being answered.
    :param ding: how escalations are pressed on people.
    :param font: the font of drawings.
    """

    outside = True

    def __init__(
        self,
        store: Store,
        client: DingtalkClient,
        directory: Directory,
        files: FileStore,
        clock: Clock,
        base_url: str,
        *,
        template: str = "",
        heard: Handler = by_stream,
        answering: Answering | None = None,
        ding: Ding = Ding.OFF,
        font: Callable[[], ChartFont] = chart_font,
    ) -> None:
        self._store = store
        self._client = client
        self._directory = directory
        self._clock = clock
        self._base_url = base_url.rstrip("/")
        self._places = Places(store, client.robot_code, clock)
        self._media = Media(client, files, font)
        self._refusals = Refusals(store, clock)
        self._folding = Folding(store, clock)
        self._dings = Dings(client, ding)
        posting = (
            CardPosting(client, store, clock, template, heard, answering) if template else None
        )
        self._interactive = (
            Interactive(posting, directory, clock, self._base_url) if posting else None
        )
        self._forms = FormCards(store, clock, directory, posting, self._base_url)
        self._speaking = Speaking(store, clock)

    def send(
        self,
        destination: Destination,
        card: Card,
        delivery_id: str,
        replaces: Handle | None,
        *,
        doubtful: bool,
    ) -> Handle:
        """Post the card; the answer is its handle.

        Raises ``Retry`` and ``GiveUp`` as ``domain.ports.Surface`` says.
        """
        place = self._places.of(destination, delivery_id)
        if place.item is not None and is_row(place.item.payload):
            return self._form(place, place.item.payload, delivery_id, doubtful=doubtful)
        if destination.in_place:
            return self._redraw(place, card, delivery_id, replaces or {})
        progress = Progress(
            self._store, self._clock, place.workspace, place.channel.id, delivery_id
        )
        if doubtful or (place.item is not None and place.item.error):
            progress.load()
        errand = Errand(self._client, place, self._speaking)
        try:
            handle = self._send(errand, place, card, replaces, progress, doubtful=doubtful)
        except DingtalkError as error:
            unsure = errand.done and not progress.steps
            raise self._refusals.of(place, error, delivery_id, done=unsure) from error
        self._refusals.fine(place.workspace)
        if self._dings.wanted(place, card) and DINGED not in progress.steps:
            progress.done(DINGED)  # before it is sent: never twice
            self._dings.send(place, card)
        return handle

    def _form(self, place: Place, payload: Handle, delivery: str, *, doubtful: bool) -> Handle:
        """Deliver a form, or what became of one, as an interactive card."""
        try:
            track = self._forms.send(place, payload, delivery, doubtful=doubtful)
        except DingtalkError as error:
            raise self._refusals.of(place, error, delivery, done=False) from error
        return {"way": "card", "track": track, "at": self._seconds()} if track else {}

    def _redraw(self, place: Place, card: Card, delivery: str, earlier: Handle) -> Handle:
        """Draw an interactive card anew; a message in markdown stays as it is."""
        if self._interactive is None or not earlier.get("track"):
            return dict(earlier)
        try:
            self._interactive.redraw(place, card, str(earlier["track"]))
        except DingtalkError as error:
            raise self._refusals.of(place, error, delivery, done=False) from error
        return {**earlier, "state": state_of(card)}

    def _send(
        self,
        errand: Errand,
        place: Place,
        card: Card,
        replaces: Handle | None,
        progress: Progress,
        *,
        doubtful: bool,
    ) -> Handle:
        if self._interactive is not None:
            drawn = self._interactive.send(
                place, card, progress.delivery, replaces or {}, doubtful=doubtful
            )
            if drawn is not None:
                unsure = doubtful and "card" in progress.steps
                return self._beside(
                    errand, place, card, replaces or {}, progress, drawn, unsure=unsure
                )
        if self._quiet(place, card, replaces) and not doubtful:
            return dict(replaces or {})
        if not doubtful and not files_of(card) and self._speaking.scarce(place):
            followers = self._folding.behind(place)
            together, taken = self._together(place, card, followers)
            if taken:
                return self._fold(errand, place, card, together, taken)
        shown = self._shown(place, card)
        keys, unsure = self._pages(
            errand, place, shown, replaces, progress, files=len(files_of(card)), doubtful=doubtful
        )
        earlier = replaces or {}
        files = self._files(errand, place, card, earlier, progress, unsure=unsure)
        self._take_back(errand, earlier)
        return self._handle(card, shown, keys, files)

    def _beside(
        self,
        errand: Errand,
        place: Place,
        card: Card,
        earlier: Handle,
        progress: Progress,
        drawn: Drawn,
        *,
        unsure: bool,
    ) -> Handle:
        """What one interactive card has no room for: further pages, and files."""
        if "card" not in progress.steps and (drawn.rest or files_of(card)):
            progress.done("card")
        for number, text in enumerate(drawn.rest, 2):
            if f"page:{number}" not in progress.steps:
                page = Page(drawn.title, text)
                errand.page(self._again(page, place) if unsure else page, ())
                unsure = False
                progress.done(f"page:{number}")
        files = self._files(errand, place, card, earlier, progress, unsure=unsure)
        self._take_back(errand, earlier)
        return {**drawn.handle, "state": state_of(card), **({"files": files} if files else {})}

    def _files(
        self,
        errand: Errand,
        place: Place,
        card: Card,
        earlier: Handle,
        progress: Progress,
        *,
        unsure: bool,
    ) -> list[str]:
        """Post the card's files below it; those of an object's earlier card once.

        :param unsure: the first one may be there already; a file cannot say so itself.
        """
        known = {str(f) for f in earlier.get("files") or ()}
        refs = files_of(card)
        for ref in refs:
            step = f"file:{ref.file_id}"
            if ref.file_id in known or step in progress.steps:
                continue
            if unsure:
                errand.page(self._again(Page(ref.name, calm(ref.name)), place), ())
                unsure = False
            try:
                self._media.send(errand, place, ref)
            except UsedUp:
                if not errand.hooked:
                    raise
                errand.page(self._instead(place, ref), ())
            progress.done(step)
        return [r.file_id for r in refs]

    def _instead(self, place: Place, ref: FileRef) -> Page:
        """Where a file is when no call is left for it; this goes by the webhook."""
        url = f"{self._base_url}/files/{ref.file_id}"
        said = T("dingtalk.file_there", {"file": Link(ref.name, url)})
        shown = render_markdown(Card(said), place.reader)
        return Page(shown.title, shown.text)

    def _quiet(self, place: Place, card: Card, replaces: Handle | None) -> bool:
        """Whether a card need not be said again: nobody asked, and only its details changed.

        It can not be edited in place, and a group that is told of every vote reads none: who voted
        gets a line that says so.
        """
        if replaces is None or not card.key or place.asked or place.direct:
            return False
        recent = self._seconds() - float(replaces.get("at") or 0) < QUIET
        return recent and replaces.get("state") == state_of(card)

    def _pages(
        self,
        errand: Errand,
        place: Place,
        shown: Markdown,
        replaces: Handle | None,
        progress: Progress,
        *,
        files: int,
        doubtful: bool,
    ) -> tuple[list[str], bool]:
        """Send the pages: the keys by which the API takes them back, and whether doubt is left."""
        with_ids, bare, staff = self._paged(errand, place, shown, replaces)
        keys: list[str] = []
        unsure, steps = doubtful, len(with_ids) + files
        for number, page in enumerate(with_ids):
            step = f"page:{number}"
            if step in progress.steps:
                keys.append(progress.steps[step])
                continue
            both = (page, bare[number])
            if unsure:
                both = (self._again(both[0], place), self._again(both[1], place))
                unsure = False
            sent = errand.page(both[0], staff if number == 0 else (), both[1])
            keys.append(sent.key)
            if steps > 1:
                progress.done(step, sent.key)
        return [k for k in keys if k], unsure

    def _paged(
        self, errand: Errand, place: Place, shown: Markdown, replaces: Handle | None
    ) -> tuple[tuple[Page, ...], tuple[Page, ...], tuple[str, ...]]:
        """The pages with the ids of who is mentioned, the same without, and those ids."""
        left_out = calm(template(place.reader.locale, "dingtalk.left_out"))
        bare = pages_of(shown, "", left_out)
        staff: tuple[str, ...] = ()
        if errand.mentions and shown.people:
            users = self._directory.users(place.workspace)
            called = place.called(shown.people, (replaces or {}).get("people") or ())
            fresh = (users.get(p, "") for p in called)
            staff = tuple(s for s in fresh if s)[:MOST_PEOPLE]
        if not staff:
            return bare, bare, ()
        # The ids must stand in the text; clients draw them as names, or in grey.
        tagged = pages_of(shown, " ".join(f"@{s}" for s in staff), left_out)
        return (tagged, bare, staff) if len(tagged) == len(bare) else (bare, bare, ())

    def _again(self, page: Page, place: Place) -> Page:
        note = calm(template(place.reader.locale, "dingtalk.again"))
        return Page(page.title, f"> {note}\n\n{page.text}")

    def _together(
        self, place: Place, card: Card, followers: Sequence[Follower]
    ) -> tuple[tuple[Markdown, ...], tuple[Follower, ...]]:
        """The card with as many of those behind it as one message takes: the whole, each one."""
        each = [self._shown(place, c) for c in (card, *(f.card for f in followers))]
        whole, count = folded(each, place.reader.locale)
        return (whole, *each[:count]), tuple(followers[: count - 1])

    def _fold(
        self,
        errand: Errand,
        place: Place,
        card: Card,
        together: Sequence[Markdown],
        taken: Sequence[Follower],
    ) -> Handle:
        """Send what waits behind this card together with it.

        Such a message is not taken back when one of its cards changes.
        """
        self._folding.begin(place, taken)
        with_ids, bare, staff = self._paged(errand, place, together[0], None)
        try:
            for number, page in enumerate(with_ids):
                errand.page(page, staff if number == 0 else (), bare[number])
        except DingtalkError as error:
            unsure = errand.done or (isinstance(error, Away) and error.sent)
            self._folding.failed(place, taken, str(error), sent=unsure)
            raise
        log.info("dingtalk.folded", extra={"messages": len(taken) + 1})
        handles = [
            self._handle(f.card, shown, [], [])
            for f, shown in zip(taken, together[2:], strict=True)
        ]
        self._folding.done(place, taken, handles)
        return self._handle(card, together[1], [], [])

    def _shown(self, place: Place, card: Card) -> Markdown:
        return render_markdown(card, place.reader, base_url=self._base_url, tap=place.direct)

    def _take_back(self, errand: Errand, earlier: Handle) -> None:
        """The earlier message of an object's card, as long as it is not too old."""
        keys = [str(k) for k in earlier.get("keys") or ()]
        if keys and self._seconds() - float(earlier.get("at") or 0) < RECALLED:
            errand.recall(keys)

    def _handle(
        self, card: Card, shown: Markdown, keys: Sequence[str], files: Sequence[str]
    ) -> Handle:
        handle: dict[str, Any] = {"at": self._seconds()}
        if keys and card.key:
            handle |= {"way": API, "keys": list(keys)}
        if card.key:
            handle |= {"state": state_of(card), "people": list(shown.people)}
        if files:
            handle["files"] = list(files)
        return handle

    def _seconds(self) -> float:
        return self._clock.now().timestamp()
