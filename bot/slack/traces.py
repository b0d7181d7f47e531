"""What an earlier try of a delivery has left in Slack."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from bot.slack.sending import EVENT, Line, No
from domain.ports import Retry

log = logging.getLogger("duban.slack")

PAGE = 200
MOST_PAGES = 10
_MARGIN_MS = 3_600_000
"""Clocks differ: an hour before the delivery was made nothing of it can be there."""
_CLOCKS = 10.0
"""Seconds by which our clock and that of Slack may differ."""
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

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


def traces_of(
    line: Line, delivery_id: str, channel: str, threads: Sequence[str | None], bot_user: str
) -> Traces:
    """Look in the channel (``None``) and in threads, then in the thread of the card if it is there.

    :raises Retry: Slack cannot answer now.
    """
    out = Traces(_made_ms(delivery_id) / 1000 - _CLOCKS)
    seen: set[str | None] = set()
    places = list(threads)
    while places:
        place = places.pop(0)
        if place in seen:
            continue
        seen.add(place)
        for message in _messages(line, channel, place, delivery_id):
            out.note(message, delivery_id, bot_user)
        if not places and "card" in out.parts:
            places.append(out.parts["card"])
    return out


def _messages(line: Line, channel: str, thread: str | None, delivery_id: str) -> Iterator[Found]:
    """What stands there, as far back as the delivery may have begun."""
    values: dict[str, Any] = {"channel": channel, "limit": PAGE, "include_all_metadata": True}
    method = "conversations_history"
    if thread:
        method = "conversations_replies"
        values["ts"] = thread
    begun = _made_ms(delivery_id) - _MARGIN_MS
    for number in range(MOST_PAGES):
        try:
            said = line.call(method, **values)
        except No as no:
            # Without the right to read, or without the thread, there is nothing to be seen.
            log.warning("slack.not_looked", extra={"reason": no.code, "outbox": delivery_id})
            return
        except Retry:
            if number:  # a few items a minute is all that some apps may read
                return
            raise
        messages = cast("Sequence[Found]", said.get("messages") or ())
        yield from messages
        cursor = cast("Found", said.get("response_metadata") or {}).get("next_cursor")
        oldest = min((float(str(m["ts"])) for m in messages), default=0.0)
        if not cursor or (not thread and oldest * 1000 < begun):
            return
        values["cursor"] = cursor


def _made_ms(delivery_id: str) -> int:
    """When an id was made, in milliseconds since 1970 (see ``domain.ids``); 0 if it is not ours."""
    value = 0
    for ch in delivery_id[:10]:
        at = _ALPHABET.find(ch)
        if at < 0:
            return 0
        value = value * 32 + at
    return value
