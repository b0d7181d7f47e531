"""``/digest``: the digest of this minute, and when the channel gets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.dates import parse_time
from domain.errors import UserError
from domain.messages import Action, Card, Code, Reply, T, Tone
from domain.people import Channel, Role

COMMAND = Command("digest", "日报", T("digest.help"), aliases=("daily",), needs_product=True)

LEADERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
OFF = frozenset({"off", "关闭", "关", "none"})


@COMMAND.sub("now", "现在", aliases=("show", "查看"), writes=False, examples=(("日报", "digest"),))
def now(ctx: Context, args: Args) -> Reply:
    """What the digest would say this minute."""
    del args
    channels = [c for c in ctx.uow.channels.of_product(ctx.product.id) if c.kind == "channel"]
    here = [c for c in channels if ctx.channel and c.id == ctx.channel.id] or channels
    card = ctx.services.reminders.digest(ctx.uow, here[0].id, ctx.now) if here else None
    if card is None:
        return Reply((Card(T("digest.nothing")),))
    # Without its key: the card in the channel is the day's, this one is the asker's.
    return Reply((replace(card, key=None),))


@COMMAND.sub(
    "config",
    "设定",
    args=(Arg("hour", "时间", ArgKind.TEXT, T("digest.arg.hour"), required=True),),
    aliases=("set", "设置"),
    roles=LEADERS,
    examples=(("日报 设定 9:30", "digest config 9:30"), ("日报 设定 关闭", "digest config off")),
)
def config(ctx: Context, args: Args) -> Reply:
    """Set the channel's hour on working days, or switch the digest off."""
    channel = bound_channel(ctx)
    text = args.text("hour").strip()
    hour = None if text.casefold() in OFF else _hour(text)
    ctx.uow.channels.save(replace(channel, digest_at=hour))
    old = f"{channel.digest_at:%H:%M}" if channel.digest_at else "off"
    new = f"{hour:%H:%M}" if hour else "off"
    ctx.audit("digest:hour:set", f"channel:{channel.id}", old=old, new=new)
    actions = (Action(T("core.undo"), f"digest config {old}"),)
    if hour is None:
        title = T("digest.config_off", {"line": Code("/digest config 9:30")})
        return Reply((Card(title, actions=actions),))
    title = T("digest.config_on", {"hour": new, "zone": ctx.zone.key})
    return Reply((Card(title, actions=actions, tone=Tone.GOOD),))


def bound_channel(ctx: Context) -> Channel:
    """This channel, if it is bound to a product."""
    if ctx.channel is None or ctx.channel.kind != "channel" or ctx.channel.product_id is None:
        raise UserError("digest.only_in_channel")
    return ctx.channel


def _hour(text: str) -> time:
    try:
        return parse_time(text)
    except UserError:
        raise UserError("digest.no_hour", text=text[:40]) from None
