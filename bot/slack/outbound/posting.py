"""Posting a card and editing it in place, with its further pages and its history in the thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.cards.words import words
from bot.slack.blocks.escape import calm, link
from bot.slack.blocks.message import Message
from bot.slack.blocks.sheet import context
from bot.slack.outbound.place import Place
from bot.slack.outbound.sending import Line, No, log, metadata
from bot.slack.outbound.traces import Traces
from domain.message_json import from_json, to_json
from domain.messages import Card, Inline, T
from domain.ports import Retry

NEAR = 15
"""An object's card is edited in place while at most this many messages follow it. Further up
nobody would notice: an edit makes nothing unread in Slack. (The web chat has the same rule.)"""
IN_SIGHT = 5
"""The same where somebody asked by a command, or by a button of another message: Slack does not
show the command, and an edit further up would look as if nothing had happened."""
RECENT = 300.0
"""Seconds in which it is taken to be near without counting, which costs a call."""

CARD, HISTORY = "card", "history"

_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
_NO_THREAD = frozenset({"thread_not_found", "invalid_thread_ts", "cannot_reply_to_message"})
_BAD_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})

Handle = Mapping[str, Any]
"""Where a card is: ``channel``, ``ts``, the ``thread`` in which it is answered, ``rest`` (its
further pages), ``state`` (what its history is told by), ``drawn`` (by which it is known whether
anything in it has changed) and ``files`` (ids that were uploaded)."""


@dataclass(slots=True)
class Posted:
    """Where the card is now.

    :ivar anew: it was posted, not edited.
    """

    channel: str
    ts: str
    thread: str
    rest: list[str] = field(default_factory=list[str])
    anew: bool = True


class Posting:
    """One delivery of one card.

    :param pages: the card as messages; all but the first go into the thread.
    """

    def __init__(
        self, line: Line, place: Place, delivery_id: str, pages: Sequence[Message], traces: Traces
    ) -> None:
        self._line = line
        self._place = place
        self._delivery = delivery_id
        self._pages = pages
        self._traces = traces

    def post(self) -> Posted:
        """Post it; what an earlier try has posted already stays."""
        first = self._pages[0]
        known = self._traces.parts.get(CARD)
        if known is not None:
            channel = self._place.external
            out = Posted(channel, known, self._place.thread or known)
        else:
            try:
                out = self._first(first, self._place.thread)
            except No as no:
                if no.code not in _NO_THREAD or not self._place.thread:
                    raise
                out = self._first(first, None)
        self._rest(out, [])
        return out

    def edit(self, handle: Handle) -> Posted | None:
        """Edit the card in place; None where it is not there any more, or cannot be edited."""
        channel, ts = str(handle["channel"]), str(handle["ts"])
        try:
            self._update(channel, ts, self._pages[0])
        except No as no:
            if no.code in _GONE:
                return None
            raise
        out = Posted(channel, ts, str(handle.get("thread") or ts), anew=False)
        self._rest(out, [str(t) for t in handle.get("rest") or ()])
        return out

    @cached_property
    def drawn(self) -> str:
        """The same for pages that look the same."""
        shown = json.dumps([[page.text, page.blocks] for page in self._pages], sort_keys=True)
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    def unanswered(self, handle: Handle) -> bool:
        """Whether who asked for the card would see nothing happen if it was edited."""
        place = self._place
        return place.wanted and place.on != handle["ts"] and handle.get("drawn") == self.drawn

    def below(self, handle: Handle) -> bool:
        """Whether it was asked for among the answers to the earlier card."""
        ts = str(handle["ts"])
        return self._place.thread == ts and str(handle.get("thread") or ts) == ts

    def seen(self, handle: Handle, now: float) -> bool:
        """Whether who looks at the place of this delivery sees the earlier card change.

        :param now: seconds since 1970.
        """
        ts, thread = str(handle["ts"]), str(handle.get("thread") or "")
        if self._place.thread in (ts, thread) or self._place.on == ts:
            return True
        if thread and thread != ts:
            return False
        asked = self._place.asker is not None
        if not asked and now - float(ts) < RECENT:
            return True
        most = IN_SIGHT if asked and self._place.thread is None else NEAR
        try:
            said = self._line.call(
                "conversations_history", channel=str(handle["channel"]), oldest=ts, limit=most + 1
            )
        except (No, Retry):
            return True  # it cannot be counted now; an edit is never wrong
        return len(said.get("messages") or ()) <= most

    def point(self, handle: Handle, to: Posted, title: Inline) -> None:
        """Turn the earlier card into a pointer to the new one; where Slack refuses, it stays."""
        key = "slack.moved_only" if handle.get("drawn") == self.drawn else "slack.moved"
        try:
            said = self._line.call("chat_getPermalink", channel=to.channel, message_ts=to.ts)
            there = link(str(said["permalink"]), words(T("slack.moved_link"), self._place.reader))
            shown = calm(words(T(key, {"title": title, "link": _HOLE}), self._place.reader))
            text = shown.replace(calm(_HOLE), there)
            self._update(str(handle["channel"]), str(handle["ts"]), Message(text, context(text)))
        except (No, Retry) as error:
            log.warning("slack.no_pointer", extra={"reason": str(error)})

    def tell(self, posted: Posted, before: Card, after: Card) -> None:
        """A line in the thread when the card's title or status has changed."""
        if HISTORY in self._traces.parts:
            return
        shown = calm(words(_change(before, after), self._place.reader))
        self._line.post(
            "chat_postMessage",
            channel=posted.channel,
            thread_ts=posted.thread,
            **_message(Message(shown, context(shown))),
            metadata=metadata(self._delivery, HISTORY),
        )

    # -- inside

    def _first(self, message: Message, thread: str | None) -> Posted:
        said = self._say(self._place.external, message, thread, CARD)
        ts = str(said["ts"])
        return Posted(str(said["channel"]), ts, thread or ts)

    def _rest(self, out: Posted, known: list[str]) -> None:
        """Further pages: edited where they are, posted where they are new, deleted if too many."""
        for number, message in enumerate(self._pages[1:], 2):
            at = number - 2
            found = known[at] if at < len(known) else self._traces.parts.get(str(number))
            if found is None:
                found = str(self._say(out.channel, message, out.thread, str(number))["ts"])
            elif at < len(known):
                found = self._page(out, found, message, number)
            out.rest.append(found)
        for ts in known[len(self._pages) - 1 :]:
            try:
                self._line.call("chat_delete", channel=out.channel, ts=ts)
            except No as no:
                log.warning("slack.page_stays", extra={"reason": no.code})

    def _page(self, out: Posted, ts: str, message: Message, number: int) -> str:
        """Edit a further page, or post it again if it is gone."""
        try:
            self._update(out.channel, ts, message)
        except No as no:
            if no.code not in _GONE:
                raise
            return str(self._say(out.channel, message, out.thread, str(number))["ts"])
        return ts

    def _say(
        self, channel: str, message: Message, thread: str | None, part: str
    ) -> Mapping[str, Any]:
        values = {"thread_ts": thread} if thread else {}
        marks = metadata(self._delivery, part)
        try:
            return self._line.post(
                "chat_postMessage", channel=channel, metadata=marks, **values, **_message(message)
            )
        except No as no:
            if no.code not in _BAD_BLOCKS:
                raise
            log.error("slack.bad_blocks", extra={"outbox": self._delivery, "reason": no.code})
        return self._line.post(
            "chat_postMessage",
            channel=channel,
            metadata=marks,
            **values,
            **_message(Message(message.text, [])),
        )

    def _update(self, channel: str, ts: str, message: Message) -> None:
        values = {"channel": channel, "ts": ts, "text": message.text, "parse": "none"}
        try:
            self._line.call("chat_update", blocks=message.blocks, **values)
        except No as no:
            if no.code not in _BAD_BLOCKS:
                raise
            log.error("slack.bad_blocks", extra={"outbox": self._delivery, "reason": no.code})
            self._line.call("chat_update", blocks=[], **values)


_HOLE = "\u2060"


def state_of(card: Card) -> dict[str, Any]:
    """What a card's history is told by: a tally or a new line in it changes nothing of this."""
    return {"title": to_json(card.title), "status": to_json(card.status)}


def before_of(handle: Handle) -> Card | None:
    """The title and status that were shown last; None where nobody noted them."""
    state = handle.get("state")
    if not state:
        return None
    return Card(from_json(state["title"]), status=from_json(state["status"]))


def _change(before: Card, after: Card) -> Inline:
    if before.status != after.status and before.status is not None and after.status is not None:
        shown = {"title": after.title, "before": before.status, "after": after.status}
        return T("slack.history_status", shown)
    return T("slack.history_title", {"title": after.title})


def changed(before: Card | None, after: Card) -> bool:
    """Whether the thread should say that something happened."""
    if before is None or before == Card(after.title, status=after.status):
        return False
    return before.title != after.title or None not in (before.status, after.status)


def _message(message: Message) -> dict[str, Any]:
    """A message for ``chat.postMessage``: nothing in it is linked or unfurled by Slack itself."""
    out: dict[str, Any] = {
        "text": message.text,
        "parse": "none",
        "link_names": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }
    return out | ({"blocks": message.blocks} if message.blocks else {})
