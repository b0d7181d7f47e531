"""A log of events: its lines, the words that they are stored under, and what was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from domain.event_json import decode, encode

Body = TypeVar("Body")
Body_co = TypeVar("Body_co", covariant=True)


# Without slots: a frozen generic class with them cannot be made as ``Event[Body]`` in Python 3.11.
@dataclass(frozen=True)
class Event(Generic[Body_co]):
    """One line of a log.

    :param seq: its number in the log, from 1.
    :param actor: person id, or None for Duban itself.
    """

    seq: int
    actor: str | None
    at: datetime
    body: Body_co


@dataclass(frozen=True, slots=True)
class Undone:
    """An earlier event counts no more.

    :param target: its number in the log.
    """

    target: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """An event of a newer Duban; it is kept and changes nothing here."""

    type: str


class Vocabulary(Generic[Body]):
    """The words that a family's events are stored under. They never change.

    :param types: word → the class of the event. :class:`Unknown` is none of them, but one of the
        family's bodies: a word that this Duban does not know becomes it.
    """

    def __init__(self, types: Mapping[str, type[Any]]) -> None:
        self.types = types
        self._words = {body: word for word, body in types.items()}

    def word_of(self, body: Body) -> str:
        """The word that an event is stored under."""
        return body.type if isinstance(body, Unknown) else self._words[type(body)]

    def payload_of(self, body: Body) -> dict[str, Any]:
        """The event's fields, ready for JSON."""
        return encode(body)

    def body_of(self, word: str, payload: Mapping[str, Any]) -> Body:
        """The event from what was stored."""
        known = self.types.get(word)
        body: Any = decode(known, payload) if known else Unknown(word)
        return body


def following(
    seq: int, bodies: Iterable[Body], *, actor: str | None, at: datetime
) -> list[Event[Body]]:
    """The lines that come after line number ``seq`` (0: at the beginning of the log).

    :param actor: person id, or None for Duban itself.
    """
    return [Event(number, actor, at, body) for number, body in enumerate(bodies, seq + 1)]


def undone(
    log: Iterable[Event[Any]], undoable: tuple[type[Any], ...], *, sealed_by: type[Any]
) -> frozenset[int]:
    """The numbers of the events that were taken back.

    Only earlier ones can be, only of the undoable kinds, and none that came before an event of the
    kind that seals.
    """
    open_: set[int] = set()
    gone: set[int] = set()
    for event in log:
        if isinstance(event.body, Undone) and event.body.target in open_:
            gone.add(event.body.target)
        elif isinstance(event.body, sealed_by):
            open_.clear()
        elif isinstance(event.body, undoable):
            open_.add(event.seq)
    return frozenset(gone)
