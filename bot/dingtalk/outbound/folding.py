"""Many messages at once become one: a group takes twenty a minute, and nobody reads fifty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dingtalk.forms.card_queue import is_row
from bot.dingtalk.outbound.media import files_of
from bot.dingtalk.place import Place
from bot.dingtalk.text.markdown import TITLE, Markdown
from bot.dingtalk.text.pages import BYTES, CHARACTERS, fits
from domain.clock import Clock
from domain.message_json import from_json
from domain.messages import Card
from locales import template
from storage.messaging import OutboxItem
from storage.uow import Store

LOOK = 100
"""So many rows are looked at."""


@dataclass(frozen=True, slots=True)
class Follower:
    """A row that is sent together with the one before it."""

    item: OutboxItem
    card: Card


class Folding:
    """Takes the rows that wait behind a delivery along with it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def behind(self, place: Place) -> tuple[Follower, ...]:
        """The plain messages that wait right behind this delivery for the same conversation.

        It ends at the first one that has to go alone: a file, work to do, an unclear earlier try.
        """
        if place.item is None:
            return ()
        with self._store.read(place.workspace) as uow:
            rows = uow.outbox.behind(place.item, LOOK)
        out: list[Follower] = []
        for row in rows:
            if row.kind != "post" or row.doubtful or not _same(row.payload, place.item.payload):
                break
            card = from_json(row.payload["card"])
            if files_of(card) or is_row(row.payload):
                break
            out.append(Follower(row, card))
        return tuple(out)

    def begin(self, place: Place, followers: Sequence[Follower]) -> None:
        """Note that a try begins for all of them."""
        with self._store.write(place.workspace) as uow:
            for follower in followers:
                uow.outbox.begin(follower.item.id, self._clock.now())

    def failed(self, place: Place, followers: Sequence[Follower], why: str, *, sent: bool) -> None:
        """They go again, each for itself or folded anew.

        :param sent: they may be out all the same.
        """
        now = self._clock.now()
        with self._store.write(place.workspace) as uow:
            for f in followers:
                uow.outbox.retry(f.item.id, now, why, doubtful=sent, counts=False)

    def done(
        self, place: Place, followers: Sequence[Follower], handles: Sequence[Mapping[str, Any]]
    ) -> None:
        """They are sent, each with its handle."""
        now, where = self._clock.now(), f"channel:{place.channel.id}"
        with self._store.write(place.workspace) as uow:
            for follower, handle in zip(followers, handles, strict=True):
                uow.outbox.done(follower.item.id, now, handle)
                if follower.card.key:
                    uow.cards.save(follower.card.key, where, handle)


def folded(shown: Sequence[Markdown], locale: str) -> tuple[Markdown, int]:
    """As many as fit into one message, and how many they are; at least the first."""
    parts = list(shown[0].parts)
    count = 1
    for markdown in shown[1:]:
        more = [*parts, *markdown.parts]
        if not fits("\n\n".join(more), CHARACTERS - 600, BYTES - 1500):
            break
        parts, count = more, count + 1
    if count == 1:
        return shown[0], 1
    people = dict.fromkeys(p for m in shown[:count] for p in m.people)
    words = template(locale, "dingtalk.folded").format(n=count, title=shown[0].title)
    title = words if len(words) <= TITLE else words[: TITLE - 1] + "…"
    return Markdown(title, tuple(parts), tuple(people)), count


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows go to the same conversation."""
    if one.get("channel") or other.get("channel"):
        return one.get("channel") == other.get("channel")
    return one.get("person") == other.get("person")
