"""When a card becomes an interactive one, when it is updated, and when it is posted anew."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dingtalk.api.errors import DingtalkError, Refused, UsedUp
from bot.dingtalk.cards.drawing import Filled, filled, interactive
from bot.dingtalk.cards.handles import state_of
from bot.dingtalk.cards.posting import CardPosting
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.place import Place
from domain.clock import Clock
from domain.messages import Card
from locales import template

log = logging.getLogger("duban.dingtalk")

IN_SIGHT = 300.0
"""Seconds in which a card is taken to be in sight of somebody who asks for it by a command."""
NOTICED = 3600.0
"""The same for a group that is told of a new status: an update rings nowhere."""
MOST_PEOPLE = 20

Handle = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card that is there.

    :param rest: further messages in markdown that belong below it.
    """

    handle: dict[str, Any]
    title: str = ""
    rest: tuple[str, ...] = ()


class Interactive:
    """Sends cards by the template, one for each object, updated in place while it is in sight."""

    def __init__(
        self, posting: CardPosting, directory: Directory, clock: Clock, base_url: str
    ) -> None:
        self._posting = posting
        self._directory = directory
        self._clock = clock
        self._base_url = base_url

    def send(
        self, place: Place, card: Card, delivery: str, earlier: Handle, *, doubtful: bool
    ) -> Drawn | None:
        """Post or update; None where it has to be markdown.

        That is: a card with nothing to press that never changes, an outsider, a template that is
        not there, calls that are kept for what must go.

        Raises ``Away`` and ``TooFast``.
        """
        if not interactive(card) or (place.direct and not place.staff):
            return None
        shown = filled(card, place.reader, base_url=self._base_url)
        try:
            return self._updated(place, card, shown, earlier) or self._posted(
                place, shown, delivery, earlier, doubtful=doubtful
            )
        except (Refused, UsedUp) as no:
            log.warning("dingtalk.no_card", extra={"reason": str(no)[:200]})
            return None

    def redraw(self, place: Place, card: Card, track: str) -> None:
        """Draw a delivered card anew, wherever it is; where that fails it is only out of date.

        Raises ``Away`` and ``TooFast``.
        """
        try:
            self._posting.update(place, filled(card, place.reader, base_url=self._base_url), track)
        except (Refused, UsedUp) as no:
            log.info("dingtalk.not_redrawn", extra={"reason": str(no)[:200]})

    def _updated(self, place: Place, card: Card, shown: Filled, earlier: Handle) -> Drawn | None:
        """The earlier card drawn anew; None when there is none, or nobody would notice."""
        track = str(earlier.get("track") or "")
        if not track or not self._in_sight(place, card, track, earlier):
            return None
        try:
            self._posting.update(place, shown, track)
        except Refused as no:
            log.info("dingtalk.card_gone", extra={"reason": no.code})
            return None
        return Drawn(dict(earlier))

    def _in_sight(self, place: Place, card: Card, track: str, earlier: Handle) -> bool:
        if place.on == track:
            return True
        age = self._seconds() - float(earlier.get("at") or 0)
        if place.asked:
            return age < IN_SIGHT
        return age < NOTICED or earlier.get("state") == state_of(card)

    def _posted(
        self, place: Place, shown: Filled, delivery: str, earlier: Handle, *, doubtful: bool
    ) -> Drawn:
        at = {} if place.direct else self._mentions(place, shown, earlier)
        self._posting.post(place, shown, delivery, at, doubtful=doubtful)
        old = str(earlier.get("track") or "")
        if old and old != delivery:
            self._retire(place, old, shown)
        handle = {
            "way": "card",
            "track": delivery,
            "at": self._seconds(),
            "people": list(shown.people),
        }
        return Drawn(handle, shown.title, shown.rest)

    def _mentions(self, place: Place, shown: Filled, earlier: Handle) -> dict[str, str]:
        """Whom the card calls: names by userId; who was called by an earlier one is not again."""
        users, names = self._directory.users(place.workspace), place.reader.names
        called = place.called(shown.people, earlier.get("people") or ())
        fresh = [p for p in called if p in users][:MOST_PEOPLE]
        return {users[p]: names.get(p, users[p]) for p in fresh}

    def _retire(self, place: Place, track: str, shown: Filled) -> None:
        """The earlier card points to the new one; where that fails it is only out of date."""
        moved = template(place.reader.locale, "dingtalk.card_moved")
        try:
            self._posting.retire(place, track, shown.title, moved)
        except DingtalkError as error:
            log.info("dingtalk.not_retired", extra={"reason": str(error)[:200]})

    def _seconds(self) -> float:
        return self._clock.now().timestamp()
