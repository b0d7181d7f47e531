"""Review meetings: the event streams, and the rows that lists and rules ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from domain.errors import NotFoundError
from domain.event_log import following
from domain.reviews.events import WORDS, Body, Event, Noted, Started
from domain.reviews.fold import advance, fold
from domain.reviews.state import Review, ReviewStatus
from storage.records import Events
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables.records import reviews as r

_REMEMBERED = 100
"""How many events back a message that comes twice is recognised."""


@dataclass(frozen=True, slots=True)
class OpenReview:
    """What is asked of an open review at every message in its channel."""

    id: str
    product_id: str
    thread: str | None


class Reviews(Repository):
    """Reviews of the workspace. A review is always what its events fold to."""

    def listening_in(self, channel_id: str) -> OpenReview | None:
        """The open review of a channel, without reading its log."""
        where = self._mine(
            r, (r.c.channel_id == channel_id) & (r.c.status == ReviewStatus.OPEN.value)
        )
        row = self._first(select(r.c.id, r.c.product_id, r.c.thread).where(where))
        return OpenReview(row.id, row.product_id, row.thread) if row else None

    def overhear(self, review: OpenReview, note: Noted, *, actor: str, at: datetime) -> bool:
        """Keep a line of the minutes; False when this message was kept already.

        It costs the same in a long meeting as in a short one: the log is not read.
        """
        events = self._beside(Events)
        stream = f"review:{review.id}"
        last = events.tail(stream, _REMEMBERED)
        if note.source and any(
            e.payload.get("source") == note.source for e in last if e.type == "noted"
        ):
            return False
        new = following(last[-1].seq, (note,), actor=actor, at=at)
        events.extend(stream, WORDS, new, product_id=review.product_id)
        return True

    def log(self, review_id: str) -> tuple[Event, ...]:
        """All events of a review, in order; empty when there is no such review."""
        return self._beside(Events).log(f"review:{review_id}", WORDS)

    def get(self, review_id: str) -> Review:
        """The review with this id; ``NotFoundError`` if none."""
        log = self.log(review_id)
        if not log:
            raise NotFoundError("review.unknown", ref=review_id)
        return fold(review_id, log)

    def record(self, review: Review, *bodies: Body, actor: str | None, at: datetime) -> Review:
        """Append events to a review and answer it as it stands then.

        :param review: as it was loaded; :meth:`new` for the first event. When somebody else
            appended in between this raises ``ConflictError``, and the use case is tried again.
            Opening a second review in a channel raises it too.
        :param actor: person id, or None for Duban itself.
        """
        product_id = review.product_id or next(
            b.product_id for b in bodies if isinstance(b, Started)
        )
        new = following(review.seq, bodies, actor=actor, at=at)
        self._beside(Events).extend(f"review:{review.id}", WORDS, new, product_id=product_id)
        after = advance(review, new)
        if after is None:
            after = fold(review.id, self.log(review.id))
        self._save(after)
        return after

    def _save(self, review: Review) -> None:
        values = {
            "product_id": review.product_id,
            "channel_id": review.channel,
            "number": review.number,
            "title": review.title,
            "thread": review.thread,
            "chair": review.chair,
            "status": review.status.value,
            "started_at": review.started_at,
            "closed_at": review.closed_at,
        }
        self._upsert(r, {"id": review.id}, values)
        self._beside(Schedule).touch("review", review.id, review.product_id)

    def open_in(self, channel_id: str) -> Review | None:
        """The open review of a channel."""
        where = self._mine(
            r, (r.c.channel_id == channel_id) & (r.c.status == ReviewStatus.OPEN.value)
        )
        return self._loaded(select(r.c.id).where(where))

    def by_number(self, product_id: str, number: int) -> Review | None:
        """Review number 5 (``R-5``) of a product."""
        where = self._mine(r, (r.c.product_id == product_id) & (r.c.number == number))
        return self._loaded(select(r.c.id).where(where))

    def last_ended(self, product_id: str) -> Review | None:
        """The review of a product that ended last."""
        ended = r.c.status == ReviewStatus.ENDED.value
        where = self._mine(r, (r.c.product_id == product_id) & ended)
        return self._loaded(
            select(r.c.id).where(where).order_by(r.c.closed_at.desc(), r.c.id.desc()).limit(1)
        )

    def drafts_in(self, channel_id: str) -> tuple[Review, ...]:
        """Reviews of a channel that nobody ended, oldest first."""
        where = self._mine(
            r, (r.c.channel_id == channel_id) & (r.c.status == ReviewStatus.DRAFT.value)
        )
        return self._folded(select(r.c.id).where(where).order_by(r.c.id))

    def running(self, product_id: str) -> tuple[Review, ...]:
        """Reviews of a product that are open or wait as drafts, oldest first."""
        states = (ReviewStatus.OPEN.value, ReviewStatus.DRAFT.value)
        where = self._mine(r, (r.c.product_id == product_id) & r.c.status.in_(states))
        return self._folded(select(r.c.id).where(where).order_by(r.c.id))

    def recent(self, product_id: str, limit: int = 10) -> tuple[Review, ...]:
        """The last reviews of a product, newest first."""
        where = self._mine(r, r.c.product_id == product_id)
        query = select(r.c.id).where(where).order_by(r.c.number.desc()).limit(limit)
        return self._folded(query)

    def _loaded(self, query: Select[Any]) -> Review | None:
        row = self._first(query)
        return self.get(row.id) if row else None

    def _folded(self, query: Select[Any]) -> tuple[Review, ...]:
        rows: list[Row[Any]] = list(self._all(query))
        return tuple(self.get(row.id) for row in rows)
