"""Adding wishes, and deciding what becomes of them."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.pool.card import answer, item_card, row
from commands.pool.family import COMMAND, OWNERS, PRIORITY, REF, by_number, load, store
from commands.registry import Arg, ArgKind, Choice
from domain import pool
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import Action, Block, Bullets, Card, Heading, Para, Reply, T
from domain.pool import PoolItem, PoolStatus
from domain.stories import StoryDraft

LONGEST = 3000
SHOWN = 30

_TEXT = Arg("text", "内容", ArgKind.TEXT, T("pool.arg.text"), required=True, multiline=True)
_SOURCE = Arg("source", "来源", ArgKind.TEXT, T("pool.arg.source"), help=T("pool.source_help"))
_REASON = Arg("reason", "原因", ArgKind.TEXT, T("pool.arg.reason"), required=True)
_SCOPES = (
    Choice("open", ("open", "待办"), T("pool.scope.open")),
    Choice("settled", ("settled", "done", "已处理"), T("pool.scope.settled")),
)


@COMMAND.sub(
    "list",
    "列表",
    aliases=("all", "全部"),
    args=(Arg("scope", "范围", ArgKind.CHOICE, T("pool.arg.scope"), choices=_SCOPES),),
    writes=False,
    examples=(("需求池", "pool"), ("需求池 列表 已处理", "pool list settled")),
)
def show_all(ctx: Context, args: Args) -> Reply:
    """What nobody has looked at, then what is kept, in its order."""
    settled = args.text("scope") == "settled"
    statuses = (
        (PoolStatus.PLANNED, PoolStatus.MERGED, PoolStatus.DECLINED) if settled else pool.OPEN
    )
    items = ctx.uow.pool.of_product(ctx.product.id, statuses)
    add = Action(T("pool.button.add"), "pool add")
    if not items:
        key = "pool.none_settled" if settled else "pool.none"
        return Reply((Card(T(key), actions=(add,)),))
    blocks: list[Block] = []
    for status in statuses:
        mine = [i for i in items if i.status is status]
        if mine:
            blocks.append(Heading(T(f"pool.heading.{status.value}", {"n": len(mine)})))
            blocks.append(Bullets(tuple(row(i) for i in mine[:SHOWN])))
            if len(mine) > SHOWN:
                blocks.append(Para(T("pool.more", {"n": len(mine) - SHOWN}), muted=True))
    title = T("pool.title", {"product": ctx.product.name, "n": len(items)})
    return Reply((Card(title, tuple(blocks), (add,)),))


@COMMAND.sub(
    "show", "查看", args=(REF,), writes=False, examples=(("需求池 查看 P-3", "pool show P-3"),)
)
def show(ctx: Context, args: Args) -> Reply:
    """One item."""
    return Reply((item_card(ctx, load(ctx, args)),))


@COMMAND.sub(
    "add",
    "添加",
    aliases=("new", "新增", "登记"),
    args=(_TEXT, _SOURCE),
    examples=(
        ("需求池 添加 希望能批量导出运单 来源=华东客户", "pool add export in bulk source=ACME"),
    ),
)
def add(ctx: Context, args: Args) -> Reply:
    """Put a wish into the pool; the same message is taken once."""
    message = _message(ctx)
    known = ctx.uow.pool.by_message(ctx.product.id, message) if message else None
    if known is not None:
        return answer(ctx, known, T("pool.known", {"ref": known.ref}))
    item = PoolItem(
        id=new_id(),
        number=ctx.uow.pool.next_number(ctx.product.id),
        product_id=ctx.product.id,
        text=args.text("text")[:LONGEST],
        added_by=ctx.me.id,
        added_at=ctx.now,
        source=args.text("source")[:300],
        source_message=message,
    )
    ctx.uow.pool.save(item)
    ctx.audit("pool:item:added", f"pool:{item.id}", new={"number": item.number})
    line = T("pool.added", {"ref": item.ref})
    return answer(ctx, item, line, undo=f"pool remove {item.ref}")


@COMMAND.sub("remove", "移除", args=(REF,), examples=(("需求池 移除 P-3", "pool remove P-3"),))
def remove(ctx: Context, args: Args) -> Reply:
    """Take back what was just added: one's own, before anybody has looked at it."""
    item = load(ctx, args)
    if item.added_by != ctx.me.id:
        ctx.require(*sorted(OWNERS))
    if item.status is not PoolStatus.NEW or ctx.uow.pool.merged_into(item):
        raise UserError("pool.too_late", ref=item.ref)
    ctx.uow.pool.remove(item)
    ctx.audit("pool:item:removed", f"pool:{item.id}", old={"text": item.text})
    gone = Card(T("pool.removed", {"ref": item.ref, "text": item.title}), key=f"pool:{item.id}")
    return Reply((gone,))


@COMMAND.sub(
    "triage",
    "分拣",
    aliases=("keep", "保留"),
    args=(REF, PRIORITY),
    roles=OWNERS,
    examples=(("需求池 分拣 P-3 高", "pool triage P-3 high"),),
)
def triage(ctx: Context, args: Args) -> Reply:
    """Keep a wish for a later plan, with its priority."""
    item = load(ctx, args)
    kept = ctx.uow.pool.of_product(ctx.product.id, (PoolStatus.KEPT,))
    rank = max((x.rank for x in kept), default=0) + 1
    after = pool.triaged(item, int(args.text("priority")), rank, ctx.me.id, ctx.now)
    store(ctx, "triaged", item, after)
    shown = T(f"pool.priority.{after.priority}")
    return answer(ctx, after, T("pool.triaged", {"ref": item.ref, "priority": shown}))


@COMMAND.sub(
    "merge",
    "合并",
    args=(
        REF,
        Arg("into", "并入", ArgKind.REF, T("pool.arg.into"), required=True, prefix="P"),
    ),
    roles=OWNERS,
    examples=(("需求池 合并 P-5 P-3", "pool merge P-5 P-3"),),
)
def merge(ctx: Context, args: Args) -> Reply:
    """Say that an item wishes what another one wishes; that one counts for both."""
    item, into = load(ctx, args), load(ctx, args, "into")
    gone, stays = pool.merged(item, into, ctx.me.id, ctx.now)
    store(ctx, "merged", item, gone)
    ctx.uow.pool.save(stays)
    line = T("pool.merged", {"ref": item.ref, "into": into.ref})
    return answer(ctx, stays, line, undo=f"pool reopen {item.ref}")


@COMMAND.sub(
    "rank",
    "排序",
    args=(REF, Arg("place", "位置", ArgKind.NUMBER, T("pool.arg.place"), required=True)),
    roles=OWNERS,
    examples=(("需求池 排序 P-3 1", "pool rank P-3 1"),),
)
def rank(ctx: Context, args: Args) -> Reply:
    """Put a kept item at a place in the order, 1 being the first."""
    item = load(ctx, args)
    kept = ctx.uow.pool.of_product(ctx.product.id, (PoolStatus.KEPT,))
    place = max(1, int(args.number("place") or 1))
    for moved in pool.ranked(kept, item, place):
        ctx.uow.pool.save(moved)
    ctx.audit("pool:item:ranked", f"pool:{item.id}", new={"place": place})
    order = ctx.uow.pool.of_product(ctx.product.id, (PoolStatus.KEPT,))
    title = T("pool.ranked", {"ref": item.ref, "n": [x.id for x in order].index(item.id) + 1})
    return Reply((Card(title, (Bullets(tuple(row(x) for x in order[:SHOWN])),)),))


@COMMAND.sub(
    "convert",
    "转需求",
    aliases=("plan", "story", "转为需求"),
    args=(REF,),
    roles=OWNERS,
    examples=(("需求池 转需求 P-3", "pool convert P-3"),),
)
def convert(ctx: Context, args: Args) -> Reply:
    """Make a story of a wish; whoever wished for it hears of it."""
    item = load(ctx, args)
    after = pool.planned(item, None, ctx.me.id, ctx.now)
    spec = item.text if not item.source else f"{item.text}\n\n{item.source}"
    draft = StoryDraft(ctx.product.id, item.title, spec=spec, priority=item.priority or 3)
    story = ctx.tracker.create(draft, ctx.me.id)
    if story.number:
        after = pool.planned(item, story.number, ctx.me.id, ctx.now)
    store(ctx, "planned", item, after)
    shown = f"S{story.number}" if story.number else T("pool.soon")
    line = T("pool.converted", {"ref": item.ref, "story": shown})
    _tell(ctx, item, Card(line))
    return answer(ctx, after, line)


@COMMAND.sub(
    "decline",
    "拒绝",
    aliases=("reject", "不做"),
    args=(REF, _REASON),
    roles=OWNERS,
    examples=(("需求池 拒绝 P-3 与产品方向不符", "pool decline P-3 not where we are going"),),
)
def decline(ctx: Context, args: Args) -> Reply:
    """Say that a wish will not come true, and why; whoever wished for it hears of it."""
    item = load(ctx, args)
    after = pool.declined(item, args.text("reason"), ctx.me.id, ctx.now)
    store(ctx, "declined", item, after, after.reason)
    line = T("pool.declined", {"ref": item.ref, "text": item.title, "reason": after.reason})
    _tell(ctx, item, Card(line))
    return answer(ctx, after, T("pool.declined_short", {"ref": item.ref}))


@COMMAND.sub(
    "reopen",
    "重开",
    aliases=("undo", "恢复"),
    args=(REF,),
    roles=OWNERS,
    examples=(("需求池 重开 P-3", "pool reopen P-3"),),
)
def reopen(ctx: Context, args: Args) -> Reply:
    """Take back what was decided about an item; a story that was made of it stays."""
    item = load(ctx, args)
    if item.status is PoolStatus.MERGED and item.into is not None:
        after, other = pool.parted(item, by_number(ctx, item.into))
        ctx.uow.pool.save(other)
    else:
        after = pool.reopened(item)
    store(ctx, "reopened", item, after)
    return answer(ctx, after, T("pool.reopened", {"ref": item.ref}))


def _message(ctx: Context) -> str | None:
    """Names the message that the wish was said in; ids of messages count within their channel."""
    request = ctx.request
    return f"{request.channel}:{request.message_id}" if request.message_id else None


def _tell(ctx: Context, item: PoolItem, card: Card) -> None:
    if item.added_by != ctx.me.id:
        ctx.tell(item.added_by, card)
