"""``/story waiting`` and ``settle``: what waits for a tracker elsewhere, and what to do with it."""

from __future__ import annotations

import re
from dataclasses import replace

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice
from commands.stories.family import COMMAND, EDITORS
from commands.tracker.mirror import waiting_card
from domain.errors import NotFoundError, UserError
from domain.messages import Card, Reply, T, Tone
from domain.tracker_words import act_text
from domain.tracking import ZENTAO, TrackerWrite, WriteState, snapshot, stands_on
from storage.tracker_lane import enqueue

_REF = re.compile(r"[wW]?(\d{1,9})\Z")
_SIDES = (
    Choice("ours", ("ours", "我们的", "再试", "again"), T("tracker.side.ours")),
    Choice("theirs", ("theirs", "禅道的", "放弃", "leave"), T("tracker.side.theirs")),
)
_OPEN = frozenset({WriteState.CONFLICT, WriteState.HELD, WriteState.REFUSED})


@COMMAND.sub(
    "waiting",
    "待写",
    aliases=("outbox", "待同步"),
    writes=False,
    examples=(("需求 待写", "story waiting"),),
)
def waiting(ctx: Context, args: Args) -> Reply:
    """What still waits to be written to ZenTao, what needs a word, and how old the mirror is."""
    del args
    if ctx.product.tracker != ZENTAO:
        raise UserError("tracker.only_elsewhere", product=ctx.product.name)
    return Reply((waiting_card(ctx),))


@COMMAND.sub(
    "settle",
    "处理",
    args=(
        Arg("write", "编号", ArgKind.WORD, T("tracker.arg.write"), required=True),
        Arg("side", "取", ArgKind.CHOICE, T("tracker.arg.side"), True, _SIDES),
    ),
    examples=(("需求 处理 W7 我们的", "story settle W7 ours"),),
)
def settle(ctx: Context, args: Args) -> Reply:
    """Decide about a write that ZenTao refused or that both sides clash over: ours, or theirs."""
    write = _write(ctx, args.text("write"))
    if write.actor != ctx.me.id and not ctx.roles & EDITORS:
        raise ctx.refusal(tuple(sorted(EDITORS)))
    if write.state not in _OPEN:
        state = T(f"tracker.state.{write.state.value}")
        raise UserError("tracker.settled", ref=write.ref, state=state)
    ours = args.text("side") == "ours"
    after = _again(ctx, write) if ours else _left(ctx, write)
    ctx.audit(
        "story:write:settled",
        f"write:{write.seq}",
        old=write.state.value,
        new=after.state.value,
        why=args.text("side"),
    )
    key = "tracker.again" if ours else "tracker.left"
    params = {"ref": write.ref, "act": act_text(write), "story": f"S{write.number}"}
    return Reply((Card(T(key, params), tone=Tone.INFO, key=f"tracker-write:{write.id}"),))


def _write(ctx: Context, word: str) -> TrackerWrite:
    match = _REF.match(word.strip())
    if match is None:
        raise NotFoundError("tracker.no_such_write", ref=word[:20])
    write = ctx.uow.tracker_writes.by_seq(int(match.group(1)))
    if write.product_id != ctx.product.id:
        raise NotFoundError("tracker.no_such_write", ref=write.ref)
    return write


def _again(ctx: Context, write: TrackerWrite) -> TrackerWrite:
    """Back into the queue, last. Who saw both sides wants it whatever stands there now."""
    story = ctx.uow.stories.find(write.number)
    if story is None and write.number:
        raise NotFoundError("story.unknown", ref=f"S{write.number}")
    base = snapshot(story, stands_on(write.act, write.args)) if story else write.base
    forced = write.state is WriteState.CONFLICT
    after = replace(
        write, state=WriteState.WAITING, base=base, forced=forced, settled_at=None,
    )  # fmt: skip
    ctx.uow.tracker_writes.save(after)
    enqueue(ctx.uow, (after,), ctx.now)
    return after


def _left(ctx: Context, write: TrackerWrite) -> TrackerWrite:
    """What stands in ZenTao stays; the mirror shows that already."""
    after = replace(write, state=WriteState.DROPPED, settled_at=ctx.now)
    ctx.uow.tracker_writes.save(after)
    return after
