"""Storing what somebody says in a standup, and the blocker that comes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from commands.context import Context
from domain.actions import ActionItem, ItemKind
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import Action, Bullet, Bullets, Card, Inline, Para, Reply, T, Tone
from domain.people import Product
from domain.standup_words import in_words, questions
from domain.standups import MAX_ANSWER, Entry, Part, is_nothing, settings_of

_LABELS = {
    Part.YESTERDAY: "昨天|昨日|yesterday|done",
    Part.TODAY: "今天|今日|today|next",
    Part.BLOCKERS: "阻塞|卡点|问题|blockers?|blocked",
}
_ANY = "|".join(f"(?P<{part.value}>{words})" for part, words in _LABELS.items())
_LABEL = re.compile(rf"(?:^|(?<=[\s;；,，。.\n]))(?:{_ANY})\s*[:：]?\s*", re.IGNORECASE)
_MENTION = re.compile(r"<@([^>\s]+)>")


def day_of(ctx: Context) -> date:
    """The asker's own day."""
    zone = ZoneInfo(ctx.me.zone or ctx.workspace.zone)
    return ctx.now.astimezone(zone).date()


def product_for(ctx: Context, product_id: str) -> Product:
    """The product that is meant: the chosen one, this channel's, or the one that waits for me."""
    if product_id:
        return ctx.uow.products.get(product_id)
    if ctx.maybe_product is not None:
        return ctx.maybe_product
    waiting = ctx.uow.standups.asked(ctx.me.id, day_of(ctx))
    if not waiting:
        raise UserError("standup.which_product")
    return ctx.uow.products.get(waiting[0].product_id)


def split_line(text: str, asked: Sequence[Inline]) -> tuple[str, ...]:
    """The answers in one typed line: after the words for each part, else all of it is today's."""
    answers = [""] * len(asked)
    marks = list(_LABEL.finditer(text))
    if not marks or len(asked) != len(Part):
        answers[min(1, len(asked) - 1)] = text.strip()[:MAX_ANSWER]
        return tuple(answers)
    ends = [m.start() for m in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        place = list(Part).index(Part(str(mark.lastgroup)))
        said = text[mark.end() : end].strip(" \t\n;；,，。")
        answers[place] = (f"{answers[place]}\n{said}" if answers[place] else said)[:MAX_ANSWER]
    before = text[: marks[0].start()].strip(" \t\n;；,，。")
    if before:
        answers[1] = f"{before}\n{answers[1]}".strip()[:MAX_ANSWER]
    return tuple(answers)


def record(ctx: Context, product: Product, answers: tuple[str, ...]) -> Reply:
    """Store today's answers; a second time edits them, and a late one is shown to the channel."""
    day = day_of(ctx)
    answers = tuple(a[:MAX_ANSWER] for a in answers)
    known = ctx.uow.standups.get(product.id, ctx.me.id, day)
    entry = known or Entry(new_id(), product.id, ctx.me.id, day)
    edited = entry.answered
    entry = replace(
        entry,
        answers=answers,
        skipped=False,
        answered_at=entry.answered_at or ctx.now,
        edited_at=ctx.now if edited else None,
        late=entry.late or (not edited and _digest_was_posted(ctx, product, day)),
    )
    entry, blocker = _blocker(ctx, entry)
    ctx.uow.standups.save(entry)
    act = "edited" if edited else "answered"
    ctx.audit(f"standup:entry:{act}", f"standup:{entry.id}", new={"day": day.isoformat()})
    asked = questions(settings_of(product))
    shown = Bullets((Bullet(in_words(entry, ctx.person(entry.person_id), asked)),))
    if entry.late:
        _show_late(ctx, product, entry, shown)
    notes = (Para(T("standup.blocker_kept", {"ref": blocker.ref}), muted=True),) if blocker else ()
    edit = Action(T("standup.edit_button"), "standup answer")
    title = T("standup.was_edited" if edited else "standup.thanks")
    return Reply((Card(title, (shown, *notes), (edit,), tone=Tone.GOOD),), private=True)


def _digest_was_posted(ctx: Context, product: Product, day: date) -> bool:
    """Whether a digest of this day has gone out already, and so named me as missing."""
    zone = ZoneInfo(ctx.me.zone or ctx.workspace.zone)
    ids = [c.id for c in ctx.uow.channels.of_product(product.id)]
    posted = ctx.uow.ledger.last_sent("digest", ids)
    return any(at.astimezone(zone).date() == day for at in posted.values())


def _show_late(ctx: Context, product: Product, entry: Entry, shown: Bullets) -> None:
    channels = [c for c in ctx.uow.channels.of_product(product.id) if c.kind == "channel"]
    if channels:
        key = f"standup:{entry.id}"  # an edit changes the same message
        ctx.post(channels[0].id, Card(T("standup.late_answer"), (shown,), key=key))


def _blocker(ctx: Context, entry: Entry) -> tuple[Entry, ActionItem | None]:
    """The item that the blocker is: made, changed, or done when the blocker is gone."""
    item = ctx.uow.actions.get(entry.blocker_id) if entry.blocker_id else None
    if is_nothing(entry.blockers):
        if item is not None and item.open:
            _store(ctx, replace(item, done_at=ctx.now, done_by=ctx.me.id), "done")
        return entry, None
    owner = _owner(ctx, entry.blockers)
    if item is not None and item.open:
        changed = replace(item, text=entry.blockers, owner=owner)
        if changed != item:
            _store(ctx, changed, "edited")
        return entry, changed
    made = ActionItem(
        id=new_id(),
        number=ctx.uow.actions.next_number(entry.product_id),
        product_id=entry.product_id,
        kind=ItemKind.BLOCKER,
        text=entry.blockers,
        source=f"standup:{entry.id}",
        owner=owner,
        due=None,
        created_at=ctx.now,
        created_by=ctx.me.id,
    )
    _store(ctx, made, "added")
    return replace(entry, blocker_id=made.id), made


def _store(ctx: Context, item: ActionItem, act: str) -> None:
    ctx.uow.actions.save(item)
    ctx.audit(f"action:item:{act}", f"action:{item.id}", new={"text": item.text})


def _owner(ctx: Context, text: str) -> str:
    """Who is mentioned in the blocker has it; else whoever is blocked."""
    mentioned = _MENTION.search(text)
    known = {p.id for p in ctx.uow.people.all()}
    found = mentioned.group(1) if mentioned else ""
    return found if found in known else ctx.me.id
