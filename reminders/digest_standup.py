"""The standup's part of a digest: what each said, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.messages import Block, Bullet, Bullets, Heading, Join, Para, T
from domain.people import Product
from domain.standup_words import in_words, questions
from domain.standups import Entry, settings_of
from reminders.lines import Wording


def standup_blocks(entries: Sequence[Entry], product: Product, wording: Wording) -> Iterable[Block]:
    """The answers in the order in which they came; the missing are named."""
    said = [e for e in entries if e.answered and not e.skipped]
    missing = [e for e in entries if not e.answered and not e.skipped]
    if not said and not missing:
        return
    yield Heading(T("digest.standup", {"n": len(said)}))
    asked = questions(settings_of(product))
    if said:
        rows = (Bullet(in_words(e, wording.who(e.person_id), asked)) for e in said)
        yield Bullets(tuple(rows))
    if missing:
        names = Join(tuple(wording.who(e.person_id) for e in missing), ", ")
        yield Para(T("digest.missing", {"who": names}), muted=True)
