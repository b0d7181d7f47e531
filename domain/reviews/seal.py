"""The canonical form of a review's record, and the hash that seals it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from domain.event_json import encode
from domain.reviews.events import Ended, Event
from domain.reviews.fold import fold
from domain.reviews.outcome import tally
from domain.reviews.state import Review


def canonical(review: Review) -> bytes:
    """The record as bytes that are the same on every machine and in every later version of Duban.

    It holds what was said and decided, not how the meeting stands now (status, endings, reminders).
    """
    record: dict[str, Any] = {
        "review": review.id,
        "number": review.number,
        "version": review.version,
        "product": review.product_id,
        "title": review.title,
        "chair": review.chair,
        "rule": review.rule.value,
        "started": review.started_at.isoformat() if review.started_at else None,
        "joined": list(review.joined),
        "invited": list(review.invited),
        "excused": [list(x) for x in review.excused],
        "agenda": [{**encode(i), "outcome": tally(review, i).outcome} for i in review.agenda],
        "topics": [encode(x) for x in review.topics],
        "entries": [encode(x) for x in review.entries],
    }
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def digest(review: Review) -> str:
    """The SHA-256 of the canonical record, in hexadecimal."""
    return hashlib.sha256(canonical(review)).hexdigest()


def broken_seals(review_id: str, log: Sequence[Event]) -> tuple[int, ...]:
    """The numbers of the ending events whose seal does not fit what stands before them.

    There are none, unless somebody changed the log behind Duban's back.
    """
    return tuple(
        event.seq
        for index, event in enumerate(log)
        if isinstance(event.body, Ended)
        and event.body.digest != digest(fold(review_id, log[:index]))
    )
