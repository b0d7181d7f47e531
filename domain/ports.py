"""What the core asks of the outside, in the words of the domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from domain.messages import Card
from domain.stories import Ballot, ClosedReason, Stage, Story, StoryAction, StoryDraft, Verdict

Cell = str | int | float | bool | date | datetime | None
"""One cell of a spreadsheet."""


class Tracker(Protocol):
    """Where stories live: the built-in tracker or ZenTao, one contract suite for both.

    Every write takes the person who did it (``actor``, person id) and answers the story as it
    stands
    afterwards, read back. What the status machine does not allow raises ``UserError``
    (``story.…``);
    an unknown number raises ``NotFoundError``.
    """

    def story(self, number: int) -> Story:
        """The story at its current version."""
        ...

    def version(self, number: int, version: int) -> Story:
        """Title, spec and verify as of a version."""
        ...

    def stories(
        self, product_id: str, *, plan_id: str | None = None, include_closed: bool = False
    ) -> tuple[Story, ...]:
        """Stories of a product (of one plan), by number."""
        ...

    def create(self, draft: StoryDraft, actor: str) -> Story:
        """Create it: reviewing when it has reviewers, else draft."""
        ...

    def create_all(self, drafts: Sequence[StoryDraft], actor: str) -> tuple[Story, ...]:
        """Create many, in this order; when one is refused this raises and none is wanted."""
        ...

    def edit(self, number: int, fields: Mapping[str, Any], actor: str, comment: str = "") -> Story:
        """Edit title, spec, verify, priority, category … in place: no new version."""
        ...

    def submit_for_review(self, number: int, reviewers: Sequence[str], actor: str) -> Story:
        """Draft or changing → reviewing."""
        ...

    def recall(self, number: int, actor: str) -> Story:
        """Take back from review, or withdraw a change.

        Reviewing → draft (or changing, when a version was agreed before), without reviewers;
        changing → the version before, active.
        """
        ...

    def record_verdict(
        self,
        number: int,
        verdict: Verdict,
        comment: str,
        actor: str,
        *,
        ballots: Sequence[Ballot] = (),
    ) -> Story:
        """Apply the outcome of a review.

        Pass → active; clarify → draft (or changing); reject → closed; revert → active at the
        version before (refused on version 1).

        :param ballots: who said what; a tracker in which reviewers vote under their own names may
            cast them. The outcome is ``verdict`` all the same.
        """
        ...

    def change(
        self,
        number: int,
        *,
        title: str,
        spec: str,
        verify: str,
        reviewers: Sequence[str],
        comment: str,
        actor: str,
    ) -> Story:
        """A new version. With reviewers it goes to review, without it takes effect at once."""
        ...

    def set_stage(self, number: int, stage: Stage, actor: str, comment: str = "") -> Story:
        """Set the stage by hand (developed, tested, verified …)."""
        ...

    def assign(self, number: int, person_id: str | None, actor: str, comment: str = "") -> Story:
        """Give it to somebody."""
        ...

    def close(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """Close with a reason."""
        ...

    def activate(self, number: int, comment: str, actor: str) -> Story:
        """Reopen: back to the status before closing (reviewing → draft)."""
        ...

    def link_plan(self, number: int, plan_id: str | None, actor: str) -> Story:
        """Put it on a plan (or off every plan)."""
        ...

    def comment(self, number: int, text: str, actor: str) -> None:
        """Add a comment to the history."""
        ...

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to it, oldest first."""
        ...

    def changes_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions with an id above the cursor, oldest first."""
        ...


class FileStore(Protocol):
    """Where the bytes of files lie. A file id is written once and never changed."""

    def put(self, file_id: str, data: bytes) -> None:
        """Store, durably, before this returns."""
        ...

    def get(self, file_id: str) -> bytes:
        """The bytes; ``NotFoundError`` when there are none."""
        ...


class TableReader(Protocol):
    """Reads a spreadsheet."""

    def __call__(self, data: bytes, name: str) -> list[list[Cell]]:
        """The cells of the first sheet with content, row by row.

        ``UserError`` (``file.…``) when it is no xlsx or csv, or too large.
        """
        ...


class TemplateShelf(Protocol):
    """The company's own Word templates, to look at and to try out."""

    def check(self, kind: str, data: bytes, locale: str | None) -> None:
        """Fill it with samples; ``UserError`` (``document.template_…``) when it cannot be used."""
        ...

    def own(self) -> frozenset[tuple[str, str | None]]:
        """Kind and language (None: both) of those that a company put in place."""
        ...


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a message goes.

    :param channel: id of our channel (a direct conversation is one too).
    :param thread: the surface's thread id in it.
    :param in_place: the earlier card is edited where it is, however far up; where that cannot be,
        nothing happens: nobody is to be rung.
    """

    channel: str
    thread: str | None = None
    in_place: bool = False


class Retry(Exception):
    """Raised by a sender: not now, but after ``seconds``.

    :param reason: for the administrator, who sees what waits and why.
    :param patient: waiting is no fault of the message (a rate limit, a server away): it does not
        count among the tries that end in giving up.
    :param sent: whether it may have been done all the same (an answer that never came).
    """

    def __init__(
        self, seconds: float, reason: str, *, patient: bool = False, sent: bool = False
    ) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason
        self.patient = patient
        self.sent = sent


class GiveUp(Exception):
    """Raised by a sender: trying again will not help; the text says why and what to do."""


class Surface(Protocol):
    """Sends cards on one platform (from a worker thread)."""

    @property
    def outside(self) -> bool:
        """Whether sending leaves our own database: after a crash nobody knows if it happened."""
        ...

    def send(
        self,
        destination: Destination,
        card: Card,
        delivery_id: str,
        replaces: Mapping[str, Any] | None,
        *,
        doubtful: bool,
    ) -> Mapping[str, Any]:
        """Post the card, or edit the posted one whose handle is ``replaces``; answer its handle.

        ``delivery_id`` is the same on every try: the surface uses it not to post twice.
        ``doubtful``: an earlier try may have reached the platform (a crash, a time-out), so the
        surface looks before it posts again. Raises :class:`Retry` or :class:`GiveUp`.
        """
        ...


JobHandler = Callable[[Mapping[str, Any]], None]


class Engine(Protocol):
    """Runs background work: in order within a lane, each key once for ever."""

    def register(self, kind: str, handler: JobHandler) -> None:
        """Say who handles a kind; before :meth:`start`."""
        ...

    def start(self) -> None:
        """Begin to work."""
        ...

    def enqueue(self, key: str, kind: str, payload: Mapping[str, Any], lane: str) -> None:
        """Queue work; a key that was queued before is ignored."""
        ...

    def stop(self) -> None:
        """Finish what runs and stop."""
        ...
