"""What is said while a review is open becomes minutes; 📌 ✅ ❓ make entries of it."""

from __future__ import annotations

import re
from datetime import date

from commands.context import Context
from commands.reviews.card import answer, deaf
from commands.reviews.entries import action_line, add_action
from commands.reviews.family import as_typed, record
from domain.dates import take_date
from domain.errors import UserError
from domain.messages import Code, Reply, T, say
from domain.requests import Kind, Reaction
from domain.reviews.events import Decided, Edited, Noted, QuestionRaised, Removed
from domain.reviews.state import Entry, EntryKind, Review
from storage.reviews import OpenReview

EMOJI = {
    "📌": EntryKind.DECISION,
    "📍": EntryKind.DECISION,
    "✅": EntryKind.ACTION,
    "☑": EntryKind.ACTION,
    "✔": EntryKind.ACTION,
    "❓": EntryKind.QUESTION,
    "❔": EntryKind.QUESTION,
}
_MENTION = re.compile(r"<@([^>\s]+)>|[@＠]([\w.-]+)[,，:：]?")
_LONGEST = 3000
_PLAIN_EMOJI = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")


def keep_minutes(ctx: Context) -> Reply | None:
    """Keep what was said in the meeting's thread as a line of its minutes, without answering.

    Where only what mentions Duban is heard, it was said to Duban, which answers in a line.
    """
    review = _meeting_here(ctx)
    text = as_typed(ctx, ctx.request.text)[:_LONGEST]
    if review is None or not text or not ctx.is_member:
        return None
    told = deaf(ctx)  # what was said to Duban can be taken back by a command, and not be edited
    note = Noted(text, None if told else ctx.request.message_id)
    if ctx.uow.reviews.overhear(review, note, actor=ctx.me.id, at=ctx.now):
        ctx.audit("review:note:heard", f"review:{review.id}", new={"source": note.source})
    return say("review.remark_kept", line=Code("/review undo")) if told else Reply()


def mark(ctx: Context) -> Reply | None:
    """An emoji put on a message enters it into the record; taking it off takes the entry out."""
    reaction = ctx.request.reaction
    kind = EMOJI.get(_PLAIN_EMOJI.sub("", reaction.emoji)) if reaction else None
    if reaction is None or kind is None or ctx.channel is None or not ctx.is_member:
        return None
    review = ctx.uow.reviews.open_in(ctx.channel.id)
    if review is None:
        return None
    entry = _entry_from(review, kind, reaction.message_id)
    if reaction.added:
        return Reply() if entry else _enter(ctx, review, kind, reaction)
    if entry is None or entry.by != ctx.me.id:
        # Somebody else's emoji made the entry: theirs takes it back.
        return Reply()
    review = record(ctx, review, f"{kind.value}:removed", Removed(entry.seq))
    return answer(ctx, review, T(f"review.unmarked.{kind.value}"))


def follow(ctx: Context) -> Reply | None:
    """An edited message puts right what the record took from it; a deleted one takes it out.

    The platform lets nobody but its author edit a message. The log keeps both; what has been sealed
    by the end of the meeting stays as it was.
    """
    source, channel = ctx.request.message_id, ctx.channel
    review = ctx.uow.reviews.open_in(channel.id) if channel and source else None
    if review is None or not ctx.is_member:
        return None
    taken = [x for x in review.entries if x.source == source]
    if not taken:
        return None
    text = as_typed(ctx, ctx.request.text)[:_LONGEST]
    gone = ctx.request.kind is Kind.DELETE or not text
    for entry in taken:
        review = _take_out(ctx, review, entry) if gone else _put_right(ctx, review, entry, text)
    if all(x.kind is EntryKind.NOTE for x in taken):
        return Reply()
    return answer(ctx, review, T("review.followed_deletion" if gone else "review.followed_edit"))


def _take_out(ctx: Context, review: Review, entry: Entry) -> Review:
    return record(ctx, review, f"{entry.kind.value}:removed", Removed(entry.seq))


def _put_right(ctx: Context, review: Review, entry: Entry, text: str) -> Review:
    if entry.kind is not EntryKind.ACTION:
        return record(ctx, review, f"{entry.kind.value}:edited", Edited(entry.seq, text))
    owner, due, rest = _read_action(ctx, ctx.request.text)
    words = as_typed(ctx, rest)[:_LONGEST] or text
    if (owner or entry.owner, due) == (entry.owner, entry.due):
        return record(ctx, review, "action:edited", Edited(entry.seq, words))
    review = _take_out(ctx, review, entry)
    person = owner or entry.owner or ctx.me.id
    return add_action(ctx, review, words, person, due, entry.source)[0]


def _meeting_here(ctx: Context) -> OpenReview | None:
    """The open review that this message belongs to.

    Where the review's card opened a thread, only that thread is the meeting; where the surface has
    no threads, whatever is said to Duban is.
    """
    if ctx.channel is None:
        return None
    review = ctx.uow.reviews.listening_in(ctx.channel.id)
    if review is None:
        return None
    handle = ctx.uow.cards.handle(f"review:{review.id}", f"channel:{ctx.channel.id}") or {}
    threads = {str(t) for t in (review.thread, *handle.get("threads", ())) if t}
    if threads and ctx.request.thread not in threads:
        return None
    return review


def _entry_from(review: Review, kind: EntryKind, source: str) -> Entry | None:
    return next((e for e in review.of_kind(kind) if e.source == source), None)


def _enter(ctx: Context, review: Review, kind: EntryKind, reaction: Reaction) -> Reply:
    text = as_typed(ctx, reaction.text)[:_LONGEST]
    if not text:
        return Reply()
    if kind is EntryKind.DECISION:
        body = Decided(text, reaction.message_id, reaction.author)
        review = record(ctx, review, "decision:added", body)
        return answer(ctx, review, T("review.decided", {"text": text}))
    if kind is EntryKind.QUESTION:
        number = ctx.uow.actions.next_number(review.product_id)
        body = QuestionRaised(number, text, reaction.message_id, reaction.author)
        review = record(ctx, review, "question:raised", body)
        return answer(
            ctx, review, T("review.question_raised", {"ref": f"A-{number}", "text": text})
        )
    return _enter_action(ctx, review, reaction)


def _enter_action(ctx: Context, review: Review, reaction: Reaction) -> Reply:
    owner, due, rest = _read_action(ctx, reaction.text)
    person = owner or reaction.author or ctx.me.id
    text = as_typed(ctx, rest)[:_LONGEST] or as_typed(ctx, reaction.text)[:_LONGEST]
    review, number = add_action(ctx, review, text, person, due, reaction.message_id)
    return answer(ctx, review, action_line(ctx, number, person, due))


def _read_action(ctx: Context, text: str) -> tuple[str | None, date | None, str]:
    """Who is mentioned first, which day is named, and the words without them."""
    owner = None
    for match in _MENTION.finditer(text):
        owner = _person(ctx, match.group(1) or match.group(2))
        if owner is not None:
            text = f"{text[: match.start()]} {text[match.end() :]}".strip()
            break
    try:
        due, rest = take_date(text, ctx.today, ctx.calendar)
    except UserError:
        return owner, None, text
    return owner, due, rest


def _person(ctx: Context, name: str) -> str | None:
    people = ctx.uow.people.all()
    folded = name.casefold()
    found = [p.id for p in people if p.id == name or p.handle == folded or p.name == name]
    return found[0] if len(found) == 1 else None
