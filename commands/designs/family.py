"""The ``/lanhu`` command: designs of a story, their versions, and whether they changed."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.designs.card import design_card, open_changes, title_of
from commands.designs.keeping import keep, links_in
from commands.registry import Arg, ArgKind, Command
from domain.changes.events import Linked
from domain.changes.state import ChangeRequest
from domain.designs import Confirmed, Design, Unchanged
from domain.errors import NotFoundError, UserError
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Inline,
    Join,
    Para,
    Reply,
    T,
    Tone,
)

COMMAND = Command(
    "lanhu", "蓝湖", T("lanhu.help"), aliases=("design", "设计稿"), needs_product=True
)

_STORY = Arg("story", "需求", ArgKind.STORY, T("lanhu.arg.story"))
_REF = Arg("design", "设计稿", ArgKind.REF, T("lanhu.arg.design"), required=True, prefix="D")
_SHOWN = 20


@COMMAND.sub(
    "list",
    "列表",
    args=(_STORY,),
    writes=False,
    examples=(("蓝湖", "lanhu"), ("蓝湖 列表 S12", "lanhu list S12")),
)
def listed(ctx: Context, args: Args) -> Reply:
    """The designs of a story; without one, those of the product that were posted last."""
    number = args.story("story")
    if number is None:
        found = ctx.uow.designs.recent(ctx.product.id, _SHOWN)
        title = T("lanhu.list.product", {"product": ctx.product.name, "n": len(found)})
    else:
        story = ctx.uow.stories.get(number)
        found = tuple(d for d in ctx.uow.designs.of_story(number) if _ours(ctx, d))
        title = T("lanhu.list.story", {"story": f"{story.ref} {story.title}", "n": len(found)})
    if not found:
        line = Code(f"/lanhu add S{number or 12} https://lanhuapp.com/…")
        return Reply((Card(T("lanhu.list.empty", {"line": line})),))
    rows = tuple(
        Bullet(_row(design), (Action(T("lanhu.button.show"), f"lanhu show {design.ref}"),))
        for design in found
    )
    return Reply((Card(title, (Bullets(rows),)),))


def _ours(ctx: Context, design: Design) -> bool:
    return design.product_id == ctx.product.id


def _row(design: Design) -> Inline:
    parts: list[Inline] = [title_of(design)]
    if design.stories:
        parts.append(" ".join(f"S{n}" for n in design.stories))
    if design.waiting:
        parts.append(T("lanhu.status.asked"))
    return Join(tuple(parts), " · ")


@COMMAND.sub(
    "show", "查看", args=(_REF,), writes=False, examples=(("蓝湖 查看 D-3", "lanhu show D-3"),)
)
def show(ctx: Context, args: Args) -> Reply:
    """One design: its link, every time that it was posted, and what was confirmed."""
    return Reply((design_card(ctx.uow, load(ctx, args)),))


@COMMAND.sub(
    "add",
    "添加",
    aliases=("登记",),
    args=(
        _STORY,
        Arg(
            "link", "链接", ArgKind.TEXT, T("lanhu.arg.link"), required=True,
            help=T("lanhu.arg.link_help"),
        ),
    ),
    examples=(
        (
            "蓝湖 添加 S12 https://lanhuapp.com/url/yt4Tw 登录页",
            "lanhu add S12 https://lanhuapp.com/url/yt4Tw login page",
        ),
    ),
)  # fmt: skip
def add(ctx: Context, args: Args) -> Reply:
    """Put a design with a story; a pasted password is not kept."""
    text = args.text("link")
    links = links_in(ctx, text)
    if not links:
        hosts = ", ".join(ctx.services.design_hosts)
        raise UserError("lanhu.no_link", hosts=hosts)
    stories = _story_of(ctx, args.story("story"))
    cards: list[Card] = []
    for link in links:
        design = keep(ctx, ctx.product.id, link, stories=stories, text=text)
        cards.append(design_card(ctx.uow, design))
    return Reply(tuple(cards))


def _story_of(ctx: Context, number: int | None) -> tuple[int, ...]:
    if number is None:
        return ()
    story = ctx.uow.stories.get(number)
    if story.product_id != ctx.product.id:
        other = ctx.uow.products.get(story.product_id)
        raise NotFoundError("story.of_other_product", ref=story.ref, product=other.name)
    return (number,)


@COMMAND.sub(
    "changed",
    "有变",
    aliases=("confirm", "确认"),
    args=(
        _REF,
        Arg("change", "变更", ArgKind.WORD, T("lanhu.arg.change")),
        Arg("note", "标记", ArgKind.TEXT, T("lanhu.arg.note")),
    ),
    examples=(("蓝湖 有变 D-3 CR-12 登录按钮移到右上角", "lanhu changed D-3 CR-12 button moved"),),
)
def changed(ctx: Context, args: Args) -> Reply:
    """Confirm that a design is a new one, say what is marked in it, put it with the change."""
    design = load(ctx, args)
    change, note = _which(ctx, args, design)
    body = Confirmed(note, (change.number,) if change else ())
    design = ctx.uow.designs.record(design, body, actor=ctx.me.id, at=ctx.now)
    ctx.audit("lanhu:design:changed", f"design:{design.id}", new={"url": design.link.url}, why=note)
    if change is not None:
        linked = Linked(design.link, note, changed=True)
        ctx.uow.changes.record(change, linked, actor=ctx.me.id, at=ctx.now)
        ctx.audit(
            "change:design:linked", f"change:{change.id}", new={"url": design.link.url}, why=note
        )
    return Reply((_told(ctx, design, change), design_card(ctx.uow, design)))


def _which(ctx: Context, args: Args, design: Design) -> tuple[ChangeRequest | None, str]:
    """The change request that is named, or the only open one; and the words that are left."""
    word, note = args.text("change"), args.text("note").strip()
    number = word.upper().removeprefix("CR").lstrip("-")
    if word and word.upper().startswith("CR") and number.isdecimal():
        found = ctx.uow.changes.by_number(ctx.product.id, int(number))
        if found is None:
            raise NotFoundError("change.unknown", ref=f"CR-{number}")
        return found, note
    note = f"{word} {note}".strip()
    known = open_changes(ctx.uow, design)
    if len(known) != 1:
        return None, note
    return ctx.uow.changes.by_number(ctx.product.id, int(known[0][0].removeprefix("CR-"))), note


def _told(ctx: Context, design: Design, change: ChangeRequest | None) -> Card:
    """What was done, and what may be next."""
    params: dict[str, Inline | int] = {"ref": design.ref, "who": ctx.person(ctx.me.id)}
    if change is not None:
        show = Action(T("lanhu.button.show"), f"change show {change.ref}")
        title = T("lanhu.confirmed_with", {**params, "change": change.ref})
        return Card(title, actions=(show,), tone=Tone.GOOD)
    open_ones = open_changes(ctx.uow, design)
    if open_ones:
        each = tuple(Action(cr, f"change link {cr} {design.link.url}") for cr, _ in open_ones[:5])
        return Card(T("lanhu.confirmed_which", params), actions=each, tone=Tone.GOOD)
    log = tuple(
        Action(T("lanhu.button.log", {"story": f"S{n}"}), f"change log S{n}")
        for n in design.stories[:3]
    )
    blocks = (Para(T("lanhu.confirmed_next")),) if log else ()
    return Card(T("lanhu.confirmed", params), blocks, log, tone=Tone.GOOD)


@COMMAND.sub(
    "same",
    "没变",
    aliases=("unchanged", "无变化"),
    args=(_REF,),
    examples=(("蓝湖 没变 D-3", "lanhu same D-3"),),
)
def same(ctx: Context, args: Args) -> Reply:
    """Say that a design that was posted again shows nothing new."""
    design = load(ctx, args)
    design = ctx.uow.designs.record(design, Unchanged(), actor=ctx.me.id, at=ctx.now)
    ctx.audit("lanhu:design:same", f"design:{design.id}")
    params: dict[str, Inline | int] = {"ref": design.ref, "who": ctx.person(ctx.me.id)}
    return Reply((Card(T("lanhu.same", params)), design_card(ctx.uow, design)))


def load(ctx: Context, args: Args) -> Design:
    """The design ``D-<number>`` of the product; ``NotFoundError`` if none."""
    number = int(args.text("design"))
    design = ctx.uow.designs.by_number(ctx.product.id, number)
    if design is None:
        raise NotFoundError("lanhu.unknown", ref=f"D-{number}")
    return design
