"""What can be taken back about a story, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.args import Args
from commands.context import Context
from commands.stories.cards import story_card
from commands.stories.family import COMMAND, EDITORS, STORY, load
from domain.errors import ConflictError, UserError
from domain.messages import Reply, T
from domain.stories import Stage, Story
from storage.records import StoredEvent

_FIELDS = {"assigned": "assigned_to", "staged": "stage", "planned": "plan_id"}
"""The field that each kind of act sets; an ``edited`` names its own."""


def _stream(story: Story) -> str:
    return f"story:{story.number}"


def remember(ctx: Context, before: Story, after: Story, act: str, *fields: str) -> None:
    """Write down the old and new values of an act, so that it can be taken back.

    :param act: ``edited``, ``assigned``, ``staged`` or ``planned``.
    """
    names = fields or (_FIELDS[act],)
    changed = {f: [getattr(before, f), getattr(after, f)] for f in names}
    changed = {f: pair for f, pair in changed.items() if pair[0] != pair[1]}
    if changed:
        _append(ctx, after, act, {"fields": changed})


def _append(ctx: Context, story: Story, act: str, payload: Mapping[str, Any]) -> None:
    seq = len(ctx.uow.events.stream(_stream(story))) + 1
    ctx.uow.events.append(
        _stream(story), seq, act, payload, actor=ctx.me.id, at=ctx.now, product_id=story.product_id
    )


@COMMAND.sub(
    "undo",
    "撤销",
    args=(STORY,),
    examples=(("需求 撤销 S12", "story undo S12"),),
)
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last edit, assignment, stage or plan back. One's own; editors take back any."""
    story = load(ctx, args.story("story"))
    event = _last(ctx, story)
    if event is None:
        raise UserError("story.undo_nothing", ref=story.ref)
    if event.actor != ctx.me.id and not ctx.roles & EDITORS:
        raise ctx.refusal(tuple(sorted(EDITORS)))
    fields: Mapping[str, list[Any]] = event.payload["fields"]
    stale = [f for f, (_, new) in fields.items() if getattr(story, f) != new]
    if stale:
        raise UserError("story.undo_stale", ref=story.ref, what=T(f"story.field_name.{stale[0]}"))
    after = _back(ctx, story, event.type, {f: old for f, (old, _) in fields.items()})
    _append(ctx, after, "undone", {"seq": event.seq})
    ctx.audit(
        "story:act:undone",
        f"story:{story.number}",
        old={f: new for f, (_, new) in fields.items()},
        new={f: old for f, (old, _) in fields.items()},
    )
    return Reply((story_card(ctx, after),))


def _last(ctx: Context, story: Story) -> StoredEvent | None:
    log = ctx.uow.events.stream(_stream(story))
    undone = {e.payload["seq"] for e in log if e.type == "undone"}
    counts = [e for e in log if e.type != "undone" and e.seq not in undone]
    return counts[-1] if counts else None


def _back(ctx: Context, story: Story, act: str, old: Mapping[str, Any]) -> Story:
    number, me = story.number, ctx.me.id
    match act:
        case "assigned":
            return ctx.tracker.assign(number, old["assigned_to"], me)
        case "staged":
            return ctx.tracker.set_stage(number, Stage(old["stage"]), me)
        case "planned":
            return ctx.tracker.link_plan(number, old["plan_id"], me)
        case "edited":
            return ctx.tracker.edit(number, old, me)
        case _:
            raise ConflictError("story.undo_nothing", ref=story.ref)
