"""The one card of a review: agenda with live tally, who is here, what was decided."""

from __future__ import annotations

from commands.context import Context
from commands.reviews.family import names, plain_names, verdict_text, who
from commands.tracker.mirror import age_note
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Fields,
    Heading,
    Inline,
    Join,
    Moment,
    Para,
    Reply,
    Strong,
    Style,
    T,
    Tone,
)
from domain.reviews.events import Outcome
from domain.reviews.outcome import Tally, tally
from domain.reviews.state import AgendaItem, Entry, EntryKind, Review, ReviewStatus
from domain.stories import Verdict

_TONES = {
    ReviewStatus.OPEN: Tone.INFO,
    ReviewStatus.DRAFT: Tone.WARN,
    ReviewStatus.ENDED: Tone.GOOD,
    ReviewStatus.CANCELLED: Tone.PLAIN,
}
_MANY = 12
"""So many stories have their verdict buttons; a longer agenda is voted on by typing or in parts."""


def review_card(ctx: Context, review: Review) -> Card:
    """The card of a review as it stands."""
    blocks: list[Block] = [_facts(ctx, review)]
    if review.running:
        blocks += age_note(ctx)
    if review.agenda or review.topics:
        blocks += [
            Heading(T("review.card.agenda", {"n": len(review.agenda)})),
            _agenda(ctx, review),
        ]
    elif review.running:
        blocks.append(Para(T("review.card.no_agenda", {"line": Code("/review agenda add S12")})))
    blocks += _entries(ctx, review, EntryKind.DECISION)
    blocks += _entries(ctx, review, EntryKind.ACTION)
    blocks += _entries(ctx, review, EntryKind.QUESTION)
    blocks += _foot(ctx, review)
    return Card(
        T("review.card.title", {"ref": review.ref, "title": review.title}),
        tuple(blocks),
        _actions(review),
        status=T(f"review.status.{review.status.value}"),
        tone=_TONES[review.status],
        key=f"review:{review.id}",
        stage=_stage(review),
    )


def _stage(review: Review) -> str:
    """Which outcomes stand, and where votes are still missing: ``S1=pass S2=reject…``."""
    stands = ((item.ref, tally(review, item)) for item in review.agenda)
    return " ".join(
        f"{ref}={stand.outcome.value}{'…' if stand.missing else ''}"
        for ref, stand in stands
        if stand.outcome is not None
    )


def _facts(ctx: Context, review: Review) -> Fields:
    pairs: list[tuple[Inline, Inline]] = [
        (T("review.card.chair"), who(ctx, review.chair)),
        (T("review.card.rule"), T(f"review.rule.{review.rule.value}")),
    ]
    if review.started_at:
        pairs.append((T("review.card.started"), Moment(review.started_at)))
    if review.joined:
        pairs.append((T("review.card.here"), names(ctx, review.joined)))
    if review.excused:
        pairs.append((T("review.card.excused"), names(ctx, tuple(p for p, _ in review.excused))))
    here = {*review.joined, *(p for p, _ in review.excused)}
    waiting = tuple(p for p in review.invited if p not in here)
    if waiting:
        pairs.append((T("review.card.waiting"), names(ctx, waiting)))
    return Fields(tuple(pairs))


def _agenda(ctx: Context, review: Review) -> Bullets:
    outcomes = {o.story: o for o in review.endings[-1].outcomes} if review.endings else {}
    sealed = review.status is ReviewStatus.ENDED
    stories = tuple(
        Bullet(
            _line(ctx, review, item, outcomes.get(item.story) if sealed else None),
            _verdict_actions(item) if review.running and index < _MANY else (),
        )
        for index, item in enumerate(review.agenda)
    )
    topics = tuple(Bullet(_topic(t.text, t.note)) for t in review.topics)
    return Bullets(stories + topics)


def _topic(text: str, note: str) -> Inline:
    return Join((text, _from(note)), " · ") if note else text


def _from(note: str) -> Inline:
    return T("review.card.from", {"ref": note})


def _line(ctx: Context, review: Review, item: AgendaItem, outcome: Outcome | None) -> Inline:
    stand = tally(review, item)
    head = T(
        "review.card.story",
        {"ref": Strong(item.ref), "title": item.title, "version": item.version},
    )
    parts: list[Inline] = [head]
    if item.note:
        parts.append(_from(item.note))
    parts.append(_standing(ctx, stand))
    verdict = outcome.verdict if outcome else stand.outcome
    if verdict is not None:
        parts.append(T("review.card.outcome", {"verdict": Strong(verdict_text(verdict))}))
    elif outcome is not None:
        parts.append(T("review.card.undecided"))
    if outcome is not None and outcome.result == "refused":
        parts.append(T("review.card.not_recorded", {"why": T(outcome.detail)}))
    return Join(tuple(parts), " · ")


def _standing(ctx: Context, stand: Tally, *, plain: bool = False) -> Inline:
    """``通过 2, 待明确 1, 等 李雷``; verdicts in the order of their kinds."""
    counts = [
        T("review.card.count", {"verdict": verdict_text(v), "count": stand.count(v)})
        for v in Verdict
        if stand.count(v)
    ]
    parts: list[Inline] = list(counts)
    if stand.missing:
        people = plain_names(ctx, stand.missing) if plain else names(ctx, stand.missing)
        parts.append(T("review.card.missing", {"people": people}))
    return Join(tuple(parts), ", ") if parts else T("review.card.no_verdict")


def _verdict_actions(item: AgendaItem) -> tuple[Action, ...]:
    """The buttons of one story; a first version has nothing to go back to."""
    offered = [Verdict.PASS, Verdict.CLARIFY, Verdict.REJECT]
    if item.version > 1:
        offered.append(Verdict.REVERT)
    return tuple(
        Action(
            verdict_text(v),
            f"review verdict {item.ref} {v.value}",
            Style.PRIMARY if v is Verdict.PASS else Style.DEFAULT,
        )
        for v in offered
    )


def _entries(ctx: Context, review: Review, kind: EntryKind) -> list[Block]:
    entries = review.of_kind(kind)
    if not entries:
        return []
    heading = Heading(T(f"review.card.{kind.value}s", {"n": len(entries)}))
    return [heading, Bullets(tuple(Bullet(entry_line(ctx, e)) for e in entries))]


def entry_line(ctx: Context, entry: Entry) -> Inline:
    """A decision, action item or question in a line: ``A-3 更新原型 · 李雷 · 11-27 周五``."""
    parts: list[Inline] = [f"A-{entry.number} {entry.text}" if entry.number else entry.text]
    if entry.kind is EntryKind.ACTION:
        parts.append(who(ctx, entry.owner) if entry.owner else T("review.card.nobody"))
        if entry.due:
            parts.append(Day(entry.due))
    return Join(tuple(parts), " · ")


def stands(ctx: Context, review: Review, item: AgendaItem) -> Inline:
    """How a story stands: the votes, who is missing, and what came of it.

    The names are plain words: nobody is called because others vote.
    """
    stand = tally(review, item)
    parts = [_standing(ctx, stand, plain=True)]
    if stand.outcome is not None:
        parts.append(T("review.card.outcome", {"verdict": Strong(verdict_text(stand.outcome))}))
    return Join(tuple(parts), " · ")


def deaf(ctx: Context) -> bool:
    """Whether here only what mentions Duban is heard, and a card can not be edited in place."""
    return ctx.channel is not None and ctx.channel.platform in ctx.services.hears_mentions_only


def _foot(ctx: Context, review: Review) -> list[Block]:
    notes = len(review.of_kind(EntryKind.NOTE))
    out: list[Block] = []
    if review.status is ReviewStatus.OPEN:
        how = T("review.card.recording", {"n": notes})
        if deaf(ctx):  # there nothing is kept but what was said to Duban, of whatever kind
            how = T("review.card.recording_mentions", {"n": len(review.entries)})
        out.append(Para(how, muted=True))
    elif notes:
        out.append(Para(T("review.card.notes", {"n": notes}), muted=True))
    if review.status is ReviewStatus.ENDED and review.endings:
        ending = review.endings[-1]
        seal = {"version": ending.version, "hash": ending.digest[:16]}
        out.append(Para(T("review.card.sealed", seal), muted=True))
    if review.status is ReviewStatus.CANCELLED and review.reason:
        out.append(Para(T("review.card.reason", {"text": review.reason})))
    return out


def _actions(review: Review) -> tuple[Action, ...]:
    if review.status is ReviewStatus.OPEN:
        return (
            Action(T("review.button.join"), "review join"),
            Action(T("review.button.decide"), "review decide"),
            Action(T("review.button.action"), "review action"),
            Action(T("review.button.question"), "review question"),
            Action(T("review.button.note"), "review note"),
            Action(T("review.button.end"), f"review end {review.ref}", Style.PRIMARY),
        )
    if review.status is ReviewStatus.DRAFT:
        return (
            Action(T("review.button.resume"), f"review reopen {review.ref}"),
            Action(T("review.button.end"), f"review end {review.ref}", Style.PRIMARY),
        )
    if review.status is ReviewStatus.ENDED:
        return (
            Action(T("review.button.docx"), f"review export {review.ref} docx"),
            Action(T("review.button.md"), f"review export {review.ref} md"),
            Action(T("review.button.reopen"), f"review reopen {review.ref}"),
        )
    return ()


def answer(
    ctx: Context, review: Review, line: Inline | None = None, tone: Tone = Tone.PLAIN
) -> Reply:
    """A line that says what was done, and the card as it stands: here, and where the review is."""
    card = review_card(ctx, review)
    if review.channel and (ctx.channel is None or ctx.channel.id != review.channel):
        ctx.post(review.channel, card)
    return Reply((Card(line, tone=tone), card) if line is not None else (card,))
