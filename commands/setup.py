"""``/setup``: which product a channel belongs to, the team's rules, calendar and language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice, Command
from commands.team import checked_zone
from domain.errors import NotFoundError, UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Day,
    Fields,
    Inline,
    Join,
    Moment,
    Para,
    Reply,
    Style,
    T,
    Tone,
    say,
    whisper,
)
from domain.people import Channel, Product, Role, RoleGrant
from domain.reminders import DIGEST_AT
from domain.settings import NAMES, rule_text, with_rule
from storage.messaging import OutboxItem

COMMAND = Command("setup", "设置", T("setup.help"), aliases=("settings",))

OWNERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

_LANGUAGES = (
    Choice("zh", ("zh", "中文"), T("team.zh")),
    Choice("en", ("en", "英文", "english"), T("team.en")),
)


@COMMAND.sub("show", "查看", writes=False, examples=(("设置", "setup"),))
def show(ctx: Context, args: Args) -> Reply:
    """What this channel is bound to and which rules hold."""
    del args
    workspace = ctx.workspace
    pairs: list[tuple[Inline, Inline]] = [
        (T("setup.workspace"), workspace.name),
        (T("setup.country"), workspace.country),
        (T("setup.zone"), ctx.zone.key),
    ]
    actions: list[Action] = []
    product = ctx.maybe_product
    if product is None:
        return Reply((_unbound(ctx, pairs),))
    pairs += [
        (T("setup.product"), product.name),
        (T("setup.tracker"), T(f"setup.tracker_{product.tracker}")),
        *((T(f"setup.rule.{name}"), rule_text(product, name)) for name in NAMES),
    ]
    if ctx.channel and ctx.channel.digest_at:
        pairs.append((T("setup.digest_at"), f"{ctx.channel.digest_at:%H:%M}"))
    if ctx.roles & OWNERS:
        actions.append(Action(T("setup.rule_button"), "setup rule"))
    blocks = (Fields(tuple(pairs)), *_calendar_warning(ctx))
    return Reply((Card(T("setup.title", {"product": product.name}), blocks, tuple(actions)),))


def _unbound(ctx: Context, pairs: list[tuple[Inline, Inline]]) -> Card:
    """The card of a place without a product: which ones there are, and the sample."""
    actions = [Action(p.name, f"setup product {p.key}") for p in ctx.uow.products.all()[:5]]
    actions.append(Action(T("setup.product_button"), "setup product"))
    if not ctx.uow.products.samples():
        actions.append(Action(T("setup.demo_button"), "setup demo load"))
    blocks = (Fields(tuple(pairs)), Para(T("setup.unbound_text")), *_calendar_warning(ctx))
    return Card(T("setup.unbound"), blocks, tuple(actions))


def _calendar_warning(ctx: Context) -> tuple[Para, ...]:
    years = ctx.calendar.missing_years(ctx.today, ctx.today + timedelta(days=90))
    if not years:
        return ()
    shown = ", ".join(str(y) for y in years)
    return (Para(T("setup.no_holidays", {"years": shown, "country": ctx.workspace.country})),)


@COMMAND.sub(
    "product",
    "产品",
    args=(Arg("name", "名称", ArgKind.TEXT, T("setup.arg.product"), required=True),),
    roles=OWNERS,
    examples=(("设置 产品 物流运输管理系统", "setup product Logistics"),),
)
def product(ctx: Context, args: Args) -> Reply:
    """Bind this channel to a product; one that does not exist is made, and the asker is its PO."""
    channel = _channel(ctx)
    name = args.text("name").strip()[:80]
    found = ctx.uow.products.by_key(name)
    made = found is None
    bound = found or _make_product(ctx, name)
    old = channel.product_id
    digest_at = channel.digest_at or DIGEST_AT
    ctx.uow.channels.save(replace(channel, product_id=bound.id, digest_at=digest_at))
    ctx.audit("setup:channel:bound", f"channel:{channel.id}", old=old, new=bound.id)
    key = "setup.product_made" if made else "setup.bound"
    blocks = (Para(T("setup.next_steps")),)
    actions = (
        Action(T("setup.plan_button"), "plan new", Style.PRIMARY),
        Action(T("setup.import_button"), "plan import"),
        Action(T("core.undo"), _back_to(ctx, old)),
    )
    title = T(key, {"product": bound.name, "channel": channel.name})
    return Reply((Card(title, blocks, actions, tone=Tone.GOOD),))


def _back_to(ctx: Context, product_id: str | None) -> str:
    """What binds the channel as it was before."""
    return f"setup product {ctx.uow.products.get(product_id).key}" if product_id else "setup unbind"


def _make_product(ctx: Context, name: str) -> Product:
    key = re.sub(r"[^\w.-]+", "-", name.casefold()).strip("-")[:40]
    if not key:
        raise UserError("setup.bad_product", name=name[:40])
    made = Product(new_id(), key, name)
    ctx.uow.products.add(made)
    ctx.uow.people.grant(RoleGrant(ctx.me.id, Role.PO, made.id), new_id())
    ctx.audit("setup:product:made", f"product:{made.id}", new={"key": key})
    return made


@COMMAND.sub("unbind", "解绑", roles=OWNERS, examples=(("设置 解绑", "setup unbind"),))
def unbind(ctx: Context, args: Args) -> Reply:
    """Take the channel from its product; the product and its records stay."""
    del args
    channel = _channel(ctx)
    if channel.product_id is None:
        return whisper("setup.not_bound")
    bound = ctx.uow.products.get(channel.product_id)
    ctx.uow.channels.save(replace(channel, product_id=None))
    ctx.audit("setup:channel:unbound", f"channel:{channel.id}", old=bound.id)
    undo = Action(T("core.undo"), f"setup product {bound.key}")
    title = T("setup.unbound_done", {"product": bound.name, "channel": channel.name})
    return Reply((Card(title, actions=(undo,)),))


def _channel(ctx: Context) -> Channel:
    if ctx.channel is None or ctx.channel.kind != "channel":
        raise UserError("setup.only_in_channel")
    return ctx.channel


@COMMAND.sub(
    "rule",
    "规则",
    args=(
        Arg(
            "rule",
            "规则",
            ArgKind.CHOICE,
            T("setup.arg.rule"),
            True,
            tuple(Choice(n, (n,), T(f"setup.rule.{n}")) for n in NAMES),
        ),
        Arg("value", "值", ArgKind.TEXT, T("setup.arg.value"), True, help=T("setup.value_help")),
    ),
    roles=OWNERS,
    needs_product=True,
    examples=(("设置 规则 change_quorum 2", "setup rule review_rule majority"),),
)
def rule(ctx: Context, args: Args) -> Reply:
    """Set one of the team's rules for this product."""
    name = args.text("rule")
    old = dict(ctx.product.settings).get(name)
    settings = with_rule(ctx.product, name, args.text("value"))
    after = replace(ctx.product, settings=tuple(sorted(settings.items())))
    ctx.uow.products.save(after)
    subject = f"product:{ctx.product.id}"
    ctx.audit("setup:rule:set", subject, old={name: old}, new={name: settings.get(name)})
    undo = Action(T("core.undo"), f"setup rule {name} {old or 'default'}")
    key = "setup.rule_set" if name in settings else "setup.rule_default"
    title = T(key, {"rule": T(f"setup.rule.{name}"), "value": rule_text(after, name)})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


@COMMAND.sub(
    "language",
    "语言",
    args=(Arg("language", "语言", ArgKind.CHOICE, T("team.arg.language"), True, _LANGUAGES),),
    roles=OWNERS,
    examples=(("设置 语言 英文", "setup language zh"),),
)
def language(ctx: Context, args: Args) -> Reply:
    """The language of what is posted to this channel for everybody."""
    channel = _channel(ctx)
    chosen = args.text("language")
    ctx.uow.channels.save(replace(channel, locale=chosen))
    ctx.audit("setup:language:set", f"channel:{channel.id}", old=channel.locale, new=chosen)
    return say("setup.language_set", language=T(f"team.{chosen}"))


@COMMAND.sub(
    "zone",
    "时区",
    args=(Arg("zone", "时区", ArgKind.WORD, T("team.arg.zone"), True),),
    roles=OWNERS,
    examples=(("设置 时区 Asia/Shanghai", "setup zone Asia/Shanghai"),),
)
def zone(ctx: Context, args: Args) -> Reply:
    """The zone in which this channel counts days and hours."""
    channel = _channel(ctx)
    name = checked_zone(args.text("zone"))
    ctx.uow.channels.save(replace(channel, zone=name))
    ctx.audit("setup:zone:set", f"channel:{channel.id}", old=channel.zone, new=name)
    return say("setup.zone_set", zone=name)


@COMMAND.sub(
    "country",
    "地区",
    args=(Arg("country", "地区", ArgKind.WORD, T("setup.arg.country"), True),),
    roles=ADMINS,
    examples=(("设置 地区 CN", "setup country DE"),),
)
def country(ctx: Context, args: Args) -> Reply:
    """The country whose public holidays and weekend the whole team has."""
    code, old = args.text("country").upper(), ctx.workspace.country
    if ctx.services.holidays.year(code, ctx.today.year) is None:
        raise UserError("setup.bad_country", country=code[:8], year=str(ctx.today.year))
    settings = ctx.uow.people.workspace_settings()
    ctx.uow.people.save_workspace(replace(ctx.workspace, country=code), settings)
    _replan(ctx)
    ctx.audit("setup:country:set", f"workspace:{ctx.workspace.id}", old=old, new=code)
    undo = Action(T("core.undo"), f"setup country {old}")
    title = T("setup.country_set", {"country": code})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


_DAY_KINDS = (
    Choice("off", ("off", "休", "放假", "休息"), T("setup.day_off")),
    Choice("work", ("work", "班", "上班", "working"), T("setup.day_work")),
    Choice("normal", ("normal", "恢复", "正常"), T("setup.day_normal")),
)


@COMMAND.sub(
    "day",
    "日历",
    args=(
        Arg("kind", "类型", ArgKind.CHOICE, T("setup.arg.day_kind"), True, _DAY_KINDS),
        Arg("day", "日期", ArgKind.DATE, T("setup.arg.day"), required=True),
        Arg("name", "名称", ArgKind.TEXT, T("setup.arg.day_name")),
    ),
    aliases=("holiday",),
    roles=ADMINS,
    examples=(("设置 日历 休 2026-12-31 年会", "setup day off 2026-12-31 company party"),),
)
def day(ctx: Context, args: Args) -> Reply:
    """A day that the company works or rests on against the public calendar."""
    chosen = args.date("day") or ctx.today
    kind, name = args.text("kind"), args.text("name")[:80]
    if kind == "normal":
        if not ctx.uow.company_days.remove(chosen):
            return whisper("setup.day_not_set", day=Day(chosen))
    else:
        ctx.uow.company_days.save(chosen, working=kind == "work", name=name)
    _replan(ctx)
    ctx.audit("setup:day:set", f"day:{chosen.isoformat()}", new={"kind": kind, "name": name})
    title = T(f"setup.day_set_{kind}", {"day": Day(chosen)})
    return Reply((Card(title, actions=_undo_day(kind, chosen)),))


def _undo_day(kind: str, chosen: date) -> tuple[Action, ...]:
    if kind == "normal":
        return ()
    return (Action(T("core.undo"), f"setup day normal {chosen.isoformat()}"),)


def _replan(ctx: Context) -> None:
    """A changed calendar moves reminders: everything is looked at again."""
    ctx.uow.schedule.touch_all()


_DEMO = (
    Choice("load", ("load", "载入", "加载"), T("setup.demo_load")),
    Choice("remove", ("remove", "移除", "删除"), T("setup.demo_remove")),
)


@COMMAND.sub(
    "demo",
    "示例",
    args=(Arg("what", "操作", ArgKind.CHOICE, T("setup.arg.demo"), True, _DEMO),),
    roles=ADMINS,
    examples=(("设置 示例 载入", "setup demo load"),),
)
def demo(ctx: Context, args: Args) -> Reply:
    """Load the sample product, or remove it with all that belongs to it."""
    what = args.text("what")
    loaded = bool(ctx.uow.products.samples())
    if loaded == (what == "load"):
        raise UserError("setup.demo_loaded" if loaded else "setup.demo_absent")
    where = ctx.channel.id if ctx.channel else None
    payload = {"what": what, "person": ctx.me.id, "channel": where}
    ctx.uow.queue("sample", "sample", payload, ctx.now)
    ctx.audit(f"setup:demo:{what}", "product:sample")
    return say(f"setup.demo_{what}_begun")


@COMMAND.sub(
    "failed",
    "未送达",
    roles=ADMINS,
    writes=False,
    examples=(("设置 未送达", "setup failed"),),
)
def failed(ctx: Context, args: Args) -> Reply:
    """What could not be sent, each with a button to send it again."""
    del args
    items = ctx.uow.outbox.failed(20)
    if not items:
        return whisper("setup.nothing_failed")
    rows = tuple(Bullet(_failed_line(i), (_again(i),)) for i in items)
    return Reply((Card(T("setup.failed_title"), (Bullets(rows),), tone=Tone.WARN),), private=True)


def _failed_line(item: OutboxItem) -> Inline:
    return Join((Moment(item.created_at), item.kind, item.lane, item.error or ""), "  ")


def _again(item: OutboxItem) -> Action:
    return Action(T("setup.resend_button"), f"setup resend {item.id}")


@COMMAND.sub(
    "resend",
    "重发",
    args=(Arg("id", "编号", ArgKind.WORD, T("setup.arg.id"), True),),
    roles=ADMINS,
    hidden=True,
)
def resend(ctx: Context, args: Args) -> Reply:
    """Send something again that was given up."""
    item = ctx.uow.outbox.get(args.text("id"))
    if item is None or not ctx.uow.outbox.send_again(item.id, ctx.now):
        raise NotFoundError("setup.no_such_failed")
    ctx.uow.queued.append((item.id, item.lane, item.kind))
    ctx.audit("setup:outbox:resent", f"outbox:{item.id}")
    return whisper("setup.resent")
