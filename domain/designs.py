"""Designs and their versions: who posted which link, and who confirmed that a design changed.

Lanhu tells nobody that a design is a new one, so every version here is an event of ours: a link
that somebody posted, and a person's word on whether it shows something new.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from domain import event_log
from domain.event_log import Unknown, Vocabulary
from domain.lanhu import DesignLink


@dataclass(frozen=True, slots=True)
class Posted:
    """A link to the design was posted.

    :param number: per product, 3 in ``D-3``; the same in all events of a design.
    :param stories: numbers of the stories that it was posted with.
    :param note: the words beside it, as typed.
    :param source: the surface's id of the message, or None when a command named it.
    :param asks: it looks like a new version, so a person is asked.
    """

    number: int
    product_id: str
    link: DesignLink
    stories: tuple[int, ...] = ()
    note: str = ""
    source: str | None = None
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody confirmed that the design changed.

    :param note: what is marked in it, as typed.
    :param changes: numbers of the change requests that it was put with (12 in ``CR-12``).
    """

    note: str = ""
    changes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Somebody said that nothing changed."""


Body = Posted | Confirmed | Unchanged | Unknown

WORDS = Vocabulary[Body](
    {
        "posted": Posted,
        "confirmed": Confirmed,
        "unchanged": Unchanged,
    }
)

Event = event_log.Event[Body]


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """One time that the design was posted.

    :param changed: True or False once somebody has said so; None where nobody was asked or nobody
        has answered.
    :param said_by: who said so.
    :param marked: what is marked in it, as typed by whoever confirmed.
    """

    link: DesignLink
    by: str | None
    at: datetime
    note: str = ""
    asks: bool = False
    changed: bool | None = None
    said_by: str | None = None
    said_at: datetime | None = None
    marked: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """A design as its events tell it.

    :param stories: numbers of the stories that it was posted with.
    :param versions: every posting, oldest first.
    """

    id: str
    number: int = 0
    product_id: str = ""
    stories: tuple[int, ...] = ()
    versions: tuple[DesignVersion, ...] = ()
    seq: int = 0

    @property
    def ref(self) -> str:
        """How people write it: ``D-3``."""
        return f"D-{self.number}"

    @property
    def link(self) -> DesignLink:
        """The link as posted last."""
        return self.versions[-1].link

    @property
    def waiting(self) -> DesignVersion | None:
        """The last posting, when a person was asked about it and nobody has answered."""
        last = self.versions[-1] if self.versions else None
        return last if last and last.asks and last.changed is None else None

    @property
    def last_change(self) -> DesignVersion | None:
        """The last posting of which somebody confirmed that it is a new design."""
        return next((v for v in reversed(self.versions) if v.changed), None)

    @property
    def note(self) -> str:
        """The last words that anybody wrote beside it: its name, where it has one."""
        return next((v.note for v in reversed(self.versions) if v.note), "")


def fold(design_id: str, log: Iterable[Event]) -> Design:
    """The design after these events. Total: an event that does not fit changes nothing."""
    design = Design(design_id)
    for event in log:
        design = replace(_apply(design, event), seq=event.seq)
    return design


def _apply(design: Design, event: Event) -> Design:
    match event.body:
        case Posted() as body:
            version = DesignVersion(body.link, event.actor, event.at, body.note, body.asks)
            return replace(
                design,
                number=design.number or body.number,
                product_id=design.product_id or body.product_id,
                stories=tuple(dict.fromkeys((*design.stories, *body.stories))),
                versions=(*design.versions, version),
            )
        case Confirmed(note=note) if design.versions:
            return _said(design, event, changed=True, marked=note)
        case Unchanged() if design.versions:
            return _said(design, event, changed=False, marked="")
        case _:
            return design


def _said(design: Design, event: Event, *, changed: bool, marked: str) -> Design:
    *before, last = design.versions
    said = replace(last, changed=changed, said_by=event.actor, said_at=event.at, marked=marked)
    return replace(design, versions=(*before, said))


def looks_changed(design: Design | None, link: DesignLink, *, says_so: bool) -> bool:
    """Whether a posting is a new version: another version number, or somebody's word for it.

    A design that is posted for the first time is no change.
    """
    if design is None or not design.versions:
        return False
    seen = {v.link.version for v in design.versions}
    return says_so or (bool(link.version) and link.version not in seen)
