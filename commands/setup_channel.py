"""``/setup channel``: make, rename and put away channels where Duban itself holds them."""

from __future__ import annotations

from dataclasses import replace

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice
from commands.setup import COMMAND, OWNERS
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import Action, Card, Para, Reply, Style, T, Tone
from domain.people import ARCHIVED, Channel

MAX_NAME = 60

_ACTS = (
    Choice("new", ("new", "新建", "add", "create"), T("setup.channel_new")),
    Choice("rename", ("rename", "改名", "重命名"), T("setup.channel_rename")),
    Choice("archive", ("archive", "归档", "remove", "移除"), T("setup.channel_archive")),
    Choice("restore", ("restore", "恢复"), T("setup.channel_restore")),
)


@COMMAND.sub(
    "channel",
    "频道",
    args=(
        Arg("what", "操作", ArgKind.CHOICE, T("setup.arg.channel"), True, _ACTS),
        Arg(
            "name", "名称", ArgKind.TEXT, T("setup.arg.channel_name"), True,
            help=T("setup.channel_help"),
        ),
    ),
    roles=OWNERS,
    examples=(
        ("设置 频道 新建 仓储", "setup channel new Warehouse"),
        ("设置 频道 改名 仓储二期", "setup channel rename Warehouse 2"),
        ("设置 频道 归档 仓储", "setup channel archive Warehouse"),
    ),
)  # fmt: skip
def channel(ctx: Context, args: Args) -> Reply:
    """Make a channel, rename this one, put another one away, or bring it back."""
    platform = _own_platform(ctx)
    name = " ".join(args.text("name").split()).lstrip("#＃").strip()[:MAX_NAME]
    if not name:
        raise UserError("setup.bad_channel_name")
    return _HANDLERS[args.text("what")](ctx, platform, name)


def _own_platform(ctx: Context) -> str:
    """The platform here; ``UserError`` where people make channels themselves."""
    platform = ctx.channel.platform if ctx.channel else ctx.request.platform
    if platform not in ctx.services.makes_channels:
        raise UserError("setup.channel_elsewhere")
    return platform


def _make(ctx: Context, platform: str, name: str) -> Reply:
    _refuse_taken(ctx, platform, name)
    put_away = ctx.uow.channels.by_name(platform, name, kind=ARCHIVED)
    if put_away is not None:
        raise UserError("setup.channel_archived", name=name)
    locale = ctx.channel.locale if ctx.channel else ctx.workspace.locale
    made = Channel(new_id(), platform, new_id(), name, locale=locale)
    ctx.uow.channels.add(made)
    ctx.audit("setup:channel:made", f"channel:{made.id}", new={"name": name})
    actions = (Action(T("setup.product_button"), "setup product", Style.PRIMARY),)
    ctx.post(made.id, Card(T("setup.channel_hello"), (Para(T("setup.unbound_text")),), actions))
    undo = Action(T("core.undo"), f"setup channel archive {name}")
    title = T("setup.channel_made", {"name": name})
    return Reply((Card(title, (Para(T("setup.channel_open")),), (undo,), tone=Tone.GOOD),))


def _rename(ctx: Context, platform: str, name: str) -> Reply:
    here = ctx.channel
    if here is None or here.kind != "channel":
        raise UserError("setup.only_in_channel")
    if here.name == name:
        raise UserError("setup.channel_taken", name=name)
    _refuse_taken(ctx, platform, name)
    ctx.uow.channels.save(replace(here, name=name))
    ctx.audit("setup:channel:renamed", f"channel:{here.id}", old=here.name, new=name)
    undo = Action(T("core.undo"), f"setup channel rename {here.name}")
    title = T("setup.channel_renamed", {"old": here.name, "name": name})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


def _archive(ctx: Context, platform: str, name: str) -> Reply:
    found = ctx.uow.channels.by_name(platform, name)
    if found is None:
        raise NotFoundError("setup.unknown_channel", channel=name)
    if ctx.channel is not None and found.id == ctx.channel.id:
        raise UserError("setup.channel_is_this", name=name)
    if len([c for c in ctx.uow.channels.all() if c.platform == platform]) == 1:
        raise UserError("setup.channel_is_last", name=name)
    if ctx.uow.reviews.open_in(found.id) is not None:
        raise UserError("setup.channel_in_review", name=name)
    _refuse_foreign(ctx, found)
    ctx.uow.channels.save(replace(found, kind=ARCHIVED))
    ctx.audit("setup:channel:archived", f"channel:{found.id}")
    undo = Action(T("core.undo"), f"setup channel restore {name}")
    blocks = (Para(T("setup.channel_kept")),)
    return Reply((Card(T("setup.channel_archived_done", {"name": name}), blocks, (undo,)),))


def _restore(ctx: Context, platform: str, name: str) -> Reply:
    found = ctx.uow.channels.by_name(platform, name, kind=ARCHIVED)
    if found is None:
        raise NotFoundError("setup.unknown_channel", channel=name)
    _refuse_taken(ctx, platform, name)
    _refuse_foreign(ctx, found)
    ctx.uow.channels.save(replace(found, kind="channel"))
    ctx.audit("setup:channel:restored", f"channel:{found.id}")
    return Reply((Card(T("setup.channel_restored", {"name": name}), tone=Tone.GOOD),))


def _refuse_taken(ctx: Context, platform: str, name: str) -> None:
    if ctx.uow.channels.by_name(platform, name) is not None:
        raise UserError("setup.channel_taken", name=name)


def _refuse_foreign(ctx: Context, channel: Channel) -> None:
    """A product's channel is put away and brought back by those who own that product."""
    if channel.product_id is None:
        return
    if not ctx.uow.people.roles(ctx.me.id, channel.product_id) & OWNERS:
        raise ctx.refusal(tuple(sorted(OWNERS)))


_HANDLERS = {"new": _make, "rename": _rename, "archive": _archive, "restore": _restore}
