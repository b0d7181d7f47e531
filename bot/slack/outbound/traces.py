"""What an earlier try of a delivery has left in Slack."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from bot.slack.outbound.sending import EVENT, Line, No
from domain.ports import Retry

log = logging.getLogger("duban.slack")

PAGE = 200
MOST_PAGES = 100
"""In one place; 1,500 messages where Slack gives 15 at a time."""
MOST_LOOKS = 1000
"""How many looks are kept that Slack has broken off; there is one for each channel at most."""
NO_PAGE = 30.0
"""Seconds until a place is read again of which Slack refused a further page."""
_MARGIN = 3600.0
"""Seconds. Clocks differ: an hour before the delivery was made nothing of it can be there."""
_CLOCKS = 10.0
"""Seconds by which our clock and that of Slack may differ."""

Found = Mapping[str, Any]


@dataclass(slots=True)
class Traces:
    """Messages of one delivery by part (``card``, ``2``, ``history``), as time stamps.

    Files bear no mark of their delivery, but what goes to one channel goes there in order: those
    that Duban posted after the delivery's card are its own. (Where the card was only edited: those
    after the delivery was made.)

    :ivar since: when the delivery was made, in seconds since 1970.
    """

    since: float = 0.0
    parts: dict[str, str] = field(default_factory=dict[str, str])
    _files: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])

    def has_file(self, name: str, size: int) -> bool:
        """Whether a file was uploaded after the card."""
        after = float(self.parts.get("card", self.since))
        return any(n == name and s == size and float(ts) > after for ts, n, s in self._files)

    def note(self, message: Found, delivery_id: str, bot_user: str) -> None:
        """Take in a message, if it is of this delivery or has files of Duban's."""
        said = cast("Found", message.get("metadata") or {})
        payload = cast("Found", said.get("event_payload") or {})
        ts = str(message["ts"])
        if said.get("event_type") == EVENT and payload.get("id") == delivery_id:
            self.parts.setdefault(str(payload.get("part")), ts)
        if message.get("user") == bot_user:
            for file in cast("Sequence[Found]", message.get("files") or ()):
                self._files.append((ts, str(file.get("name")), int(file.get("size") or 0)))


@dataclass(slots=True)
class _Look:
    """How far one delivery was looked for.

    :ivar oldest: as far back (seconds since 1970) the delivery may have begun.
    :ivar places: the channel (``None``) and threads that are still to be read, the present one
        first. :ivar cursor: where the present one goes on. :ivar pages: how many of it were read.
    :ivar mark: stands in the reason for which the delivery waits.
    """

    traces: Traces
    oldest: float
    places: list[str | None]
    seen: set[str | None] = field(default_factory=set[str | None])
    cursor: str = ""
    pages: int = 0
    mark: str = field(default_factory=lambda: secrets.token_hex(4))

    def next_place(self) -> None:
        """The present one is read; the card's own thread comes last, once it is known."""
        self.seen.add(self.places.pop(0))
        self.cursor, self.pages = "", 0
        self.places = [place for place in self.places if place not in self.seen]
        card = self.traces.parts.get("card")
        if not self.places and card is not None and card not in self.seen:
            self.places.append(card)


class Looking:
    """Looks for what earlier tries have left; safe to share between threads.

    Some apps may read a few items a minute only (Slack limits apps that are distributed outside of
    its Marketplace). So a look that Slack breaks off goes on where it was at the next try, which
    only happens where nobody else has tried in between: the delivery still waits for the reason
    that this look gave it.
    """

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    def traces_of(
        self,
        line: Line,
        delivery_id: str,
        channel: str,
        threads: Sequence[str | None],
        bot_user: str,
        *,
        made_at: datetime,
        waited_for: str,
    ) -> Traces:
        """Look in the channel (``None``) and in threads, then in the card's thread if it is there.

        :param made_at: when the delivery was queued; :param waited_for: why it waited until now.
        :raises Retry: Slack cannot answer now: nothing is known yet, so nothing may be posted.
        """
        look = self._looks.pop(delivery_id, None)
        if look is None or look.mark not in waited_for:
            made = made_at.timestamp()
            oldest, found = max(0.0, made - _MARGIN), Traces(made - _CLOCKS)
            look = _Look(found, oldest, list(dict.fromkeys(threads)))
        try:
            while look.places:
                self._read(line, channel, look, delivery_id, bot_user)
        except Retry as later:
            self._keep(delivery_id, look)
            reason = f"{later.reason} (looking {look.mark})"
            raise Retry(later.seconds, reason, patient=True, sent=True) from later
        return look.traces

    def _keep(self, delivery_id: str, look: _Look) -> None:
        while len(self._looks) >= MOST_LOOKS:
            self._looks.pop(next(iter(self._looks)), None)
        self._looks[delivery_id] = look

    def _read(self, line: Line, channel: str, look: _Look, delivery_id: str, bot_user: str) -> None:
        """One page of the present place, as far back as the delivery may have begun."""
        thread = look.places[0]
        values: dict[str, Any] = {
            "channel": channel, "limit": PAGE, "include_all_metadata": True,
            "oldest": f"{look.oldest:.6f}",
        }  # fmt: skip
        if thread:
            values["ts"] = thread
        if look.cursor:
            values["cursor"] = look.cursor
        try:
            said = line.call(
                "conversations_replies" if thread else "conversations_history", **values
            )
        except No as no:
            log.warning("slack.not_looked", extra={"reason": no.code, "outbox": delivery_id})
            if look.pages:  # it could be read a moment ago: from the start again
                look.cursor, look.pages = "", 0
                raise Retry(NO_PAGE, f"Slack: {no.code}") from no
            # Without the right to read, or without the thread, there is nothing to be seen.
            look.next_place()
            return
        for message in cast("Sequence[Found]", said.get("messages") or ()):
            look.traces.note(message, delivery_id, bot_user)
        look.pages += 1
        look.cursor = str(
            cast("Found", said.get("response_metadata") or {}).get("next_cursor") or ""
        )
        if look.cursor and look.pages >= MOST_PAGES:
            log.error("slack.too_much_to_look_through", extra={"outbox": delivery_id})
            look.cursor = ""
        if not look.cursor:
            look.next_place()
