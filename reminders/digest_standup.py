"""The standup's part of a digest: what each said, and who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.messages import Block, Bullet, Bullets, Heading, Inline, Join, Para, T
from domain.people import Product
from domain.standups import Entry, is_nothing, settings_of
from reminders.lines import Wording
from reminders.standup import questions


def standup_blocks(entries: Sequence[Entry], product: Product, wording: Wording) -> Iterable[Block]:
    """The answers in the order in which they came; blockers stand out; the missing are named."""
    said = [e for e in entries if e.answered and not e.skipped]
    missing = [e for e in entries if not e.answered and not e.skipped]
    if not said and not missing:
        return
    yield Heading(T("digest.standup", {"n": len(said)}))
    asked = questions(settings_of(product))
    if said:
        yield Bullets(tuple(Bullet(_answers(e, asked, wording)) for e in said))
    if missing:
        names = Join(tuple(wording.who(e.person_id) for e in missing), ", ")
        yield Para(T("digest.missing", {"who": names}), muted=True)


def _answers(entry: Entry, asked: Sequence[Inline], wording: Wording) -> Inline:
    last = len(asked) - 1
    parts: list[Inline] = [wording.who(entry.person_id)]
    for place, (question, answer) in enumerate(zip(asked, entry.answers, strict=False)):
        if not answer.strip() or (place == last and is_nothing(answer)):
            continue
        key = "standup.said_blocker" if place == last else "standup.said"
        parts.append(T(key, {"question": question, "answer": answer}))
    if entry.edited_at is not None:
        parts.append(T("standup.edited"))
    if entry.late:
        parts.append(T("standup.was_late"))
    return Join(tuple(parts), " ")
