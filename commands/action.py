"""``/action``: action items, open questions and blockers, wherever they came from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from commands.args import Args
from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind, Choice, Command
from domain.actions import ActionItem, ItemKind
from domain.errors import NotFoundError, UserError
from domain.event_json import decode, encode
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Inline,
    Join,
    Para,
    Reply,
    Strong,
    T,
    Tone,
)

COMMAND = Command(
    "action",
    "待办",
    T("action.help"),
    aliases=("actions", "todo", "行动项", "行动"),
    needs_product=True,
    free="add",
)

ITEM = Arg("item", "编号", ArgKind.REF, T("action.arg.item"), required=True, prefix="A")
_WHO = Arg("who", "谁", ArgKind.PERSON, T("action.arg.who"), required=True)
_MAYBE_DUE = Arg("due", "截止", ArgKind.DATE, T("action.arg.due"))
_TEXT = Arg("text", "内容", ArgKind.TEXT, T("action.arg.text"), required=True, multiline=True)
_SCOPES = (
    Choice("mine", ("mine", "me", "我的"), T("action.scope.mine")),
    Choice("all", ("all", "全部", "所有"), T("action.scope.all")),
)


@COMMAND.sub(
    "list",
    "列表",
    aliases=("show", "查看"),
    args=(Arg("scope", "范围", ArgKind.CHOICE, T("action.arg.scope"), choices=_SCOPES),),
    writes=False,
    needs_product=False,
    examples=(("待办", "action"), ("待办 列表 全部", "action list all")),
)
def show(ctx: Context, args: Args) -> Reply:
    """My open items; with ``all`` everybody's in this product."""
    everybody = args.text("scope") == "all"
    product = ctx.maybe_product
    if everybody:
        items = ctx.uow.actions.open_of(ctx.product.id)
    else:
        items = ctx.uow.actions.open_for(ctx.me.id, product.id if product else None)
    other = Action(T("action.button.all"), "action list all")
    actions = () if everybody or product is None else (other,)
    if not items:
        key = "action.none_all" if everybody else "action.none_mine"
        return Reply((Card(T(key), actions=actions),))
    lines = tuple(Bullet(line(ctx, i), _buttons(i)) for i in items)
    title = T("action.title_all" if everybody else "action.title_mine", {"n": len(items)})
    return Reply((Card(title, (Bullets(lines),), actions),))


def line(ctx: Context, item: ActionItem) -> Inline:
    """An item in a row: number, words, who has it, until when, late or not."""
    parts: list[Inline] = [Join((Strong(item.ref), item.text), " ")]
    if item.kind is not ItemKind.ACTION:
        parts.append(T(f"action.kind.{item.kind.value}"))
    parts.append(_who(ctx, item.owner) if item.owner else T("action.nobody"))
    if item.due:
        parts.append(Day(item.due))
    if item.overdue(ctx.today):
        parts.append(T("action.overdue"))
    return Join(tuple(parts), " · ")


def _who(ctx: Context, person_id: str) -> Inline:
    try:
        return person_ref(ctx.uow.people.get(person_id))
    except NotFoundError:
        return T("action.nobody")


def _buttons(item: ActionItem) -> tuple[Action, ...]:
    return (Action(T("action.button.done"), f"action done {item.ref}"),)


@COMMAND.sub(
    "done",
    "完成",
    aliases=("finish", "关闭"),
    args=(ITEM,),
    examples=(("待办 完成 A-3", "action done A-3"),),
)
def done(ctx: Context, args: Args) -> Reply:
    """Settle an item; whoever entered it hears of it."""
    item = _load(ctx, args)
    if item.done_at is not None:
        raise UserError("action.done_already", ref=item.ref)
    after = replace(item, done_at=ctx.now, done_by=ctx.me.id)
    _store(ctx, "done", item, after)
    if item.created_by and item.created_by != ctx.me.id:
        told = {"who": person_ref(ctx.me), "ref": item.ref, "text": item.text}
        ctx.tell(item.created_by, Card(T("action.told_done", told)))
    return _answer(ctx, after, T("action.done", {"ref": item.ref, "text": item.text}))


@COMMAND.sub(
    "add",
    "添加",
    aliases=("new",),
    args=(Arg("who", "谁", ArgKind.PERSON, T("action.arg.who")), _MAYBE_DUE, _TEXT),
    examples=(("待办 添加 @李雷 周五 更新原型", "action add @lilei fri update the prototype"),),
)
def add(ctx: Context, args: Args) -> Reply:
    """Enter an item that comes from no meeting; nobody named: it is one's own."""
    item = ActionItem(
        id=new_id(),
        number=ctx.uow.actions.next_number(ctx.product.id),
        product_id=ctx.product.id,
        kind=ItemKind.ACTION,
        text=args.text("text")[:3000],
        source="",
        owner=args.person("who") or ctx.me.id,
        due=args.date("due"),
        created_at=ctx.now,
        created_by=ctx.me.id,
    )
    ctx.uow.actions.save(item)
    ctx.audit("action:item:added", f"action:{item.id}", new=encode(item))
    _tell_owner(ctx, item)
    return _answer(ctx, item, T("action.added", {"ref": item.ref}))


@COMMAND.sub("reopen", "重开", args=(ITEM,), examples=(("待办 重开 A-3", "action reopen A-3"),))
def reopen(ctx: Context, args: Args) -> Reply:
    """Put a settled item back."""
    item = _load(ctx, args)
    if item.open:
        raise UserError("action.is_open", ref=item.ref)
    after = replace(item, done_at=None, done_by=None, dropped_at=None)
    _store(ctx, "reopened", item, after)
    _tell_owner(ctx, after)
    return _answer(ctx, after, T("action.reopened", {"ref": item.ref}))


@COMMAND.sub(
    "assign",
    "指派",
    aliases=("owner", "转给"),
    args=(ITEM, _WHO),
    examples=(("待办 指派 A-3 @李雷", "action assign A-3 @lilei"),),
)
def assign(ctx: Context, args: Args) -> Reply:
    """Give an item to somebody."""
    item = _load(ctx, args)
    after = replace(item, owner=args.person("who"))
    _store(ctx, "assigned", item, after)
    _tell_owner(ctx, after)
    shown = _who(ctx, after.owner or "")
    return _answer(ctx, after, T("action.assigned", {"ref": item.ref, "who": shown}))


@COMMAND.sub(
    "due",
    "截止",
    aliases=("改期",),
    args=(ITEM, replace(_MAYBE_DUE, required=True)),
    examples=(("待办 截止 A-3 下周三", "action due A-3 next wed"),),
)
def due(ctx: Context, args: Args) -> Reply:
    """Set the day by which it is to be settled."""
    item = _load(ctx, args)
    day = args.date("due")
    after = replace(item, due=day)
    _store(ctx, "dated", item, after)
    shown = Day(day) if day else ""
    return _answer(ctx, after, T("action.dated", {"ref": item.ref, "day": shown}))


@COMMAND.sub("undo", "撤回", args=(ITEM,), examples=(("待办 撤回 A-3", "action undo A-3"),))
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last change of an item back; only whoever made it may."""
    item = _load(ctx, args)
    steps = ctx.uow.events.stream(_stream(item))
    gone = {s.payload["target"] for s in steps if s.type == "undone"}
    last = next((s for s in reversed(steps) if s.type != "undone" and s.seq not in gone), None)
    if last is None:
        raise UserError("action.nothing_to_undo", ref=item.ref)
    if last.actor != ctx.me.id:
        raise UserError("action.undo_not_yours", who=_who(ctx, last.actor or ""))
    after: ActionItem = decode(ActionItem, last.payload["old"])
    ctx.uow.actions.save(after)
    _append(ctx, item, "undone", {"target": last.seq})
    ctx.audit("action:item:undone", f"action:{item.id}", old=encode(item), new=encode(after))
    return _answer(ctx, after, T("action.undone", {"ref": item.ref}))


def _load(ctx: Context, args: Args) -> ActionItem:
    number = int(args.text("item"))
    item = ctx.uow.actions.by_number(ctx.product.id, number)
    if item is None:
        raise NotFoundError("action.unknown", ref=f"A-{number}")
    return item


def _stream(item: ActionItem) -> str:
    return f"action:{item.id}"


def _append(ctx: Context, item: ActionItem, type_: str, payload: dict[str, Any]) -> None:
    seq = len(ctx.uow.events.stream(_stream(item))) + 1
    ctx.uow.events.append(
        _stream(item),
        seq,
        type_,
        payload,
        actor=ctx.me.id,
        at=ctx.now,
        product_id=item.product_id,
    )


def _store(ctx: Context, act: str, before: ActionItem, after: ActionItem) -> None:
    """Store a change, with what was before so that it can be taken back."""
    old, new = encode(before), encode(after)
    ctx.uow.actions.save(after)
    _append(ctx, before, act, {"old": old, "new": new})
    ctx.audit(f"action:item:{act}", f"action:{before.id}", old=old, new=new)


def _tell_owner(ctx: Context, item: ActionItem) -> None:
    if item.owner:
        title = T("action.told_yours", {"who": person_ref(ctx.me)})
        ctx.tell(item.owner, Card(title, (Bullets((Bullet(line(ctx, item), _buttons(item)),)),)))


def _answer(ctx: Context, item: ActionItem, text: Inline) -> Reply:
    tone = Tone.PLAIN if item.open else Tone.GOOD
    undo_hint = Para(T("action.undo_hint", {"line": Code(f"/action undo {item.ref}")}), muted=True)
    return Reply((Card(text, (Bullets((Bullet(line(ctx, item)),)), undo_hint), tone=tone),))
