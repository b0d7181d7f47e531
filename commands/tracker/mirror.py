"""How old what is shown may be, where a product's stories live in a tracker elsewhere."""

from __future__ import annotations

from commands.context import Context
from domain.message_json import from_json
from domain.messages import Action, Block, Bullet, Bullets, Card, Inline, Join, Moment, Para, T
from domain.tracker_words import act_text
from domain.tracking import STALE, ZENTAO, TrackerWrite, WriteState

SHOWN = 20
"""How many writes are listed; the rest is counted."""


def age_note(ctx: Context) -> tuple[Block, ...]:
    """A line that says how old the mirror is, once it is old; empty while it is fresh."""
    product = ctx.maybe_product
    if product is None or product.tracker != ZENTAO:
        return ()
    feed = ctx.uow.tracker_feed.get()
    if feed is None or feed.fresh_at is None:
        return (Para(T("tracker.never"), muted=True),)
    if ctx.now - feed.fresh_at < STALE:
        return ()
    minutes = int((ctx.now - feed.fresh_at).total_seconds() // 60)
    params: dict[str, Inline | int] = {"at": Moment(feed.fresh_at), "n": minutes}
    return (Para(T("tracker.old", params), muted=True),)


def story_notes(ctx: Context, number: int) -> tuple[Block, ...]:
    """Under a story's card: how old it is, and what of it still waits to be written."""
    blocks = list(age_note(ctx))
    if ctx.product.tracker != ZENTAO:
        return ()
    row = ctx.uow.tracker_stories.get(number)
    if row is not None and not row.read:
        blocks.append(Para(T("tracker.unread_yet"), muted=True))
    writes = ctx.uow.tracker_writes.of_story(number)
    waiting = [w for w in writes if w.state is WriteState.WAITING]
    if waiting:
        blocks.append(Para(T("tracker.story_waiting", {"n": len(waiting)}), muted=True))
    asking = [w for w in writes if w.state is not WriteState.WAITING]
    if asking:
        blocks.append(Bullets(tuple(Bullet(asked_text(ctx, w), choices(w)) for w in asking)))
    return tuple(blocks)


def asked_text(ctx: Context, write: TrackerWrite) -> Inline:
    """A write that waits for somebody's word."""
    params = {"act": act_text(write), "who": _who(ctx, write.actor)}
    return T(f"tracker.asked.{write.state.value}", params)


def choices(write: TrackerWrite) -> tuple[Action, ...]:
    """The two ways out of a conflict, of a held write, of a refusal."""
    conflict = write.state is WriteState.CONFLICT
    ours = "tracker.ours_button" if conflict else "tracker.again_button"
    theirs = "tracker.theirs_button" if conflict else "tracker.leave_button"
    return (
        Action(T(ours), f"story settle {write.ref} ours"),
        Action(T(theirs), f"story settle {write.ref} theirs"),
    )


def waiting_card(ctx: Context) -> Card:
    """What of this product waits to be written, what waits for a person, and how ZenTao is."""
    feed = ctx.uow.tracker_feed.get()
    writes = ctx.uow.tracker_writes.of_product(ctx.product.id)
    blocks: list[Block] = []
    if feed is not None and feed.away_since is not None:
        blocks.append(Para(T("tracker.away_since", {"at": Moment(feed.away_since)})))
        if feed.trouble is not None:
            blocks.append(Para(from_json(feed.trouble)))
    if feed is not None and feed.fresh_at is not None:
        blocks.append(Para(T("tracker.fresh", {"at": Moment(feed.fresh_at)}), muted=True))
    asking = [w for w in writes if w.state is not WriteState.WAITING]
    waiting = [w for w in writes if w.state is WriteState.WAITING]
    rows = [Bullet(_line(ctx, w), choices(w)) for w in asking[:SHOWN]]
    rows += [Bullet(_line(ctx, w)) for w in waiting[: max(0, SHOWN - len(rows))]]
    if rows:
        blocks.append(Bullets(tuple(rows)))
    if len(writes) > len(rows):
        blocks.append(Para(T("tracker.more", {"n": len(writes) - len(rows)}), muted=True))
    if not writes:
        return Card(T("tracker.nothing_waits", {"product": ctx.product.name}), tuple(blocks))
    params: dict[str, Inline | int] = {"product": ctx.product.name, "n": len(writes)}
    return Card(T("tracker.waiting_title", params), tuple(blocks))


def _line(ctx: Context, write: TrackerWrite) -> Inline:
    title = str(write.args["draft"]["title"]) if "draft" in write.args else f"S{write.number}"
    story = ctx.uow.stories.find(write.number)
    named = f"{story.ref} {story.title}" if story else title
    state = T(f"tracker.state.{write.state.value}")
    parts = (Moment(write.queued_at), _who(ctx, write.actor), act_text(write), named, state)
    return Join(parts, "  ")


def _who(ctx: Context, person_id: str) -> Inline:
    return ctx.person(person_id)
