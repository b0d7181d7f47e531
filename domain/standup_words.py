"""A standup entry in words, the same in the digest, in ``/standup now`` and in the reply."""

from __future__ import annotations

from collections.abc import Sequence

from domain.messages import Inline, Join, T
from domain.standups import Entry, Part, StandupSettings, is_nothing


def questions(settings: StandupSettings) -> tuple[Inline, ...]:
    """The questions in order; the team's own words are shown as typed."""
    return settings.questions or tuple(T(f"standup.part.{p.value}") for p in Part)


def in_words(entry: Entry, who: Inline, asked: Sequence[Inline]) -> Inline:
    """Who said what to each question; blockers stand out, nothing is left out but nothings."""
    last = len(asked) - 1
    parts: list[Inline] = [who]
    for place, (question, said) in enumerate(zip(asked, entry.answers, strict=False)):
        if said.strip() and not (place == last and is_nothing(said)):
            key = "standup.said_blocker" if place == last else "standup.said"
            parts.append(T(key, {"question": question, "answer": said}))
    line: list[Inline] = [Join(tuple(parts), " · ")]
    if entry.edited_at is not None:
        line.append(T("standup.edited"))
    if entry.late:
        line.append(T("standup.was_late"))
    return Join(tuple(line), " ")
