"""What a review says about a story, in plain words for the history of the tracker.

It is read there by people who were not in the meeting: the outcome, who said what, where the
minutes are. Whoever brings it there is named by the tracker itself.
"""

from __future__ import annotations

from commands.context import Context
from commands.plain import said
from domain.errors import NotFoundError
from domain.reviews.outcome import Tally
from domain.reviews.state import Review
from domain.stories import Verdict

LONGEST = 2000
_LONGEST_WORD = 300


def outcome_comment(
    ctx: Context, review: Review, stand: Tally, verdict: Verdict, minutes_url: str
) -> str:
    """The comment on one story."""
    locale = ctx.workspace.locale
    head = said(
        locale, "review.comment.outcome",
        ref=review.ref, title=review.title, verdict=_word(locale, verdict),
    )  # fmt: skip
    lines = [head, *(_vote(ctx, v.person, v.verdict, v.comment) for v in stand.counted)]
    if stand.missing:
        absent = said(locale, "review.comment.and").join(name(ctx, p) for p in stand.missing)
        lines.append(said(locale, "review.comment.missing", people=absent))
    link = said(locale, "review.comment.minutes", url=minutes_url)
    text = "\n".join(lines)
    return f"{text[: LONGEST - len(link) - 1]}\n{link}"


def _vote(ctx: Context, person_id: str, verdict: Verdict, comment: str) -> str:
    locale = ctx.workspace.locale
    shown = {"who": name(ctx, person_id), "verdict": _word(locale, verdict)}
    words = " ".join(comment.split())[:_LONGEST_WORD]
    if not words:
        return said(locale, "review.comment.vote", **shown)
    return said(locale, "review.comment.vote_why", **shown, why=words)


def _word(locale: str, verdict: Verdict) -> str:
    return said(locale, f"review.verdict.{verdict.value}")


def name(ctx: Context, person_id: str) -> str:
    """How a person is called there."""
    try:
        return ctx.uow.people.get(person_id).name
    except NotFoundError:
        return said(ctx.workspace.locale, "review.former_member")
