"""``/setup tracker``: where a product's stories live, here or in ZenTao."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.setup import COMMAND, OWNERS
from commands.tracker.mirror import age_note
from domain.errors import NotFoundError, UserError
from domain.messages import Action, Block, Bullet, Bullets, Card, Code, Para, Reply, T, Tone
from domain.people import Product
from domain.tracking import ZENTAO, ImportState, Origin, ProductImport, RemoteProduct

HERE = frozenset({"builtin", "here", "内置", "这里"})
_SHOWN = 30


@COMMAND.sub(
    "tracker",
    "需求库",
    aliases=("禅道", "zentao"),
    args=(Arg("where", "哪里", ArgKind.TEXT, T("tracker.arg.where")),),
    roles=OWNERS,
    needs_product=True,
    asks=False,
    examples=(("设置 需求库", "setup tracker"), ("设置 需求库 3", "setup tracker 3")),
)
def tracker(ctx: Context, args: Args) -> Reply:
    """Where this product's stories live; with a ZenTao product, keep them in step from now on."""
    word = args.text("where").strip().lstrip("#")
    if not word:
        return Reply((_overview(ctx),), private=True)
    if word.casefold() in HERE:
        return _part(ctx)
    return _bind(ctx, _remote(ctx, word))


def _overview(ctx: Context) -> Card:
    product = ctx.product
    if product.tracker == ZENTAO:
        here, read = ctx.uow.tracker_stories.count(product.id)
        counted = T("tracker.kept", {"n": here, "read": read, "ref": product.tracker_ref or ""})
        actions = (Action(T("tracker.waiting_button"), "story waiting"),)
        return Card(
            T("tracker.bound", {"product": product.name}), (Para(counted), *age_note(ctx)), actions
        )
    found = _choices(ctx)
    blocks: list[Block] = [Bullets(found[:_SHOWN])] if found else []
    if len(found) > _SHOWN:
        blocks.append(Para(T("tracker.more", {"n": len(found) - _SHOWN}), muted=True))
    blocks += _sample_first(ctx)
    line = Code("/setup tracker 3")
    blocks.append(Para(T("tracker.choose_typed", {"line": line}), muted=True))
    return Card(T("tracker.choose", {"product": product.name}), tuple(blocks))


def _sample_first(ctx: Context) -> tuple[Block, ...]:
    """The sample's stories have the numbers S1, S2 …, so ZenTao's would need others here."""
    if not ctx.uow.products.samples():
        return ()
    return (Para(T("tracker.sample_first", {"line": Code("/setup demo remove")})),)


def _choices(ctx: Context) -> tuple[Bullet, ...]:
    taken = {p.tracker_ref for p in ctx.uow.products.all() if p.tracker == ZENTAO}
    free = [p for p in _catalogue(ctx) if p.ref not in taken and not p.closed]
    return tuple(
        Bullet(f"#{p.ref} {p.name}", (Action(T("tracker.bind_button"), f"setup tracker {p.ref}"),))
        for p in free
    )


def _catalogue(ctx: Context) -> tuple[RemoteProduct, ...]:
    feed = ctx.uow.tracker_feed.get()
    if feed is None or feed.people_at is None:
        raise UserError("tracker.not_connected")
    return ctx.uow.tracker_catalogue.products()


def _remote(ctx: Context, word: str) -> RemoteProduct:
    known = _catalogue(ctx)
    found = [p for p in known if word in (p.ref, p.name)]
    if len(found) != 1:
        raise NotFoundError("tracker.no_such_product", word=word[:60])
    return found[0]


def _bind(ctx: Context, remote: RemoteProduct) -> Reply:
    product = ctx.product
    if product.tracker == ZENTAO:
        raise UserError(
            "tracker.bound_already", product=product.name, ref=product.tracker_ref or ""
        )
    others = (p for p in ctx.uow.products.all() if p.tracker == ZENTAO)
    other = next((p for p in others if p.tracker_ref == remote.ref), None)
    if other is not None:
        raise UserError("tracker.bound_to_other", name=remote.name, product=other.name)
    _refuse_own_stories(ctx, product)
    ctx.uow.products.save(replace(product, tracker=ZENTAO, tracker_ref=remote.ref))
    origin = Origin(ctx.channel.id if ctx.channel else None, None)
    item = ProductImport(
        product.id, remote.ref, ImportState.LISTING, ctx.me.id, origin, ctx.now
    )  # fmt: skip
    ctx.uow.tracker_imports.save(item)
    ctx.uow.tracker_stories.reset(product.id)
    new = {"tracker": ZENTAO, "ref": remote.ref}
    ctx.audit("setup:tracker:bound", f"product:{product.id}", old=product.tracker, new=new)
    params = {"product": product.name, "name": remote.name, "ref": remote.ref}
    undo = Action(T("core.undo"), "setup tracker builtin")
    lines = (Para(T("tracker.binding_hint"), muted=True), *_sample_first(ctx))
    return Reply((Card(T("tracker.binding", params), lines, (undo,), tone=Tone.INFO),))


def _refuse_own_stories(ctx: Context, product: Product) -> None:
    """Stories that were made here have nothing in ZenTao that they could be kept in step with."""
    mirrored = ctx.uow.tracker_stories.of_product(product.id)
    stories = ctx.uow.stories.of_product(product.id, include_closed=True)
    own = [s for s in stories if s.number not in mirrored]
    if own:
        raise UserError("tracker.own_stories", product=product.name, n=len(own), first=own[0].ref)


def _part(ctx: Context) -> Reply:
    """The stories stay here as they stand, and ZenTao hears of nothing more."""
    product = ctx.product
    if product.tracker != ZENTAO:
        raise UserError("tracker.here_already", product=product.name)
    waiting = ctx.uow.tracker_writes.of_product(product.id)
    if waiting:
        raise UserError("tracker.still_waiting", product=product.name, n=len(waiting))
    ctx.uow.products.save(replace(product, tracker="builtin", tracker_ref=None))
    ctx.uow.tracker_imports.forget(product.id)
    ref = product.tracker_ref or ""
    ctx.audit("setup:tracker:parted", f"product:{product.id}", old={"ref": ref}, new="builtin")
    undo = Action(T("core.undo"), f"setup tracker {ref}")
    return Reply((Card(T("tracker.parted", {"product": product.name}), actions=(undo,)),))
