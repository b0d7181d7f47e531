"""What can happen on the way to a story's closure. Each event is one line of its log."""

from __future__ import annotations

from dataclasses import dataclass

from domain import event_log
from domain.event_log import Unknown, Vocabulary


@dataclass(frozen=True, slots=True)
class Requested:
    """Somebody asked for the closure."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Ticked:
    """These acceptance points hold, and no others (the whole list, as they read).

    :param version: of the story that was looked at.
    """

    version: int
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    """Something that is missing does not have to be there.

    :param key: see :class:`domain.closures.evidence.Missing`.
    """

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The product owner has accepted the story at this version."""

    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """The project manager agrees that the story at this version can be closed."""

    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Sent back to the developers. Ticks, waivers and verification are void."""

    reason: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed in the tracker."""

    version: int


@dataclass(frozen=True, slots=True)
class Reopened:
    """Opened again in the tracker; everything before it is void."""

    reason: str


@dataclass(frozen=True, slots=True)
class Undone:
    """An earlier event is taken back, as if it had never been.

    :param seq: its number.
    """

    seq: int


Body = (
    Requested | Ticked | Waived | Verified | Agreed | Refused | Closed | Reopened | Undone | Unknown
)  # fmt: skip

WORDS = Vocabulary[Body](
    {
        "requested": Requested,
        "ticked": Ticked,
        "waived": Waived,
        "verified": Verified,
        "agreed": Agreed,
        "refused": Refused,
        "closed": Closed,
        "reopened": Reopened,
        "undone": Undone,
    }
)

Event = event_log.Event[Body]
