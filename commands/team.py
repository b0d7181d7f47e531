"""``/team``: people, their roles, languages, zones, quiet hours."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commands.args import Args
from commands.context import Context, person_ref
from commands.registry import Arg, ArgKind, Choice, Command
from domain.errors import ForbiddenError, UserError
from domain.ids import new_id
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
    say,
    whisper,
)
from domain.people import Person, QuietHours, Role, RoleGrant
from domain.settings import ROLE_WORDS

COMMAND = Command("team", "团队", T("team.help"), aliases=("成员",))

MANAGERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who may add people and give roles in a product."""

_ROLES = Arg(
    "role",
    "角色",
    ArgKind.CHOICE,
    T("team.arg.role"),
    required=True,
    choices=tuple(
        Choice(
            r.value, (r.value, *(w for w, x in ROLE_WORDS.items() if x is r)), T(f"role.{r.value}")
        )
        for r in Role
    ),
)
_WHO = Arg("who", "谁", ArgKind.PERSON, T("team.arg.who"), required=True)
_LANGUAGES = (
    Choice("zh", ("zh", "中文", "chinese"), T("team.zh")),
    Choice("en", ("en", "英文", "english"), T("team.en")),
)


@COMMAND.sub("list", "列表", aliases=("show", "查看"), writes=False, examples=(("团队", "team"),))
def show(ctx: Context, args: Args) -> Reply:
    """Everybody with their roles here, language, zone and absences."""
    del args
    product = ctx.maybe_product
    away = {a.person_id: a for a in ctx.uow.people.absences(ctx.today) if a.covers(ctx.today)}
    items = tuple(
        Bullet(_line(ctx, p, product.id if product else None, away=p.id in away))
        for p in ctx.uow.people.all()
    )
    title = T("team.title", {"product": product.name if product else ctx.workspace.name})
    actions = (Action(T("team.add_button"), "team add"),) if ctx.roles & MANAGERS else ()
    return Reply((Card(title, (Bullets(items),), actions),))


def _line(ctx: Context, person: Person, product_id: str | None, *, away: bool) -> Inline:
    roles = sorted(ctx.uow.people.roles(person.id, product_id))
    shown: Inline = (
        Join(tuple(T(f"role.{r.value}") for r in roles), " / ") if roles else T("team.no_role")
    )
    parts: list[Inline] = [person_ref(person), Code(f"@{person.handle}"), shown]
    if person.zone and person.zone != ctx.workspace.zone:
        parts.append(person.zone)
    if away:
        parts.append(T("team.away"))
    return Join(tuple(parts), "  ")


@COMMAND.sub(
    "add",
    "添加",
    args=(
        Arg("handle", "账号", ArgKind.WORD, T("team.arg.handle"), required=True),
        Arg("name", "姓名", ArgKind.TEXT, T("team.arg.name"), required=True),
    ),
    roles=MANAGERS,
    examples=(("团队 添加 lilei 李雷", "team add lilei Li Lei"),),
)
def add(ctx: Context, args: Args) -> Reply:
    """Add a person to the workspace."""
    handle = args.text("handle").removeprefix("@").casefold()
    if not re.fullmatch(r"[\w.-]{1,40}", handle):
        raise UserError("team.bad_handle", handle=handle[:40])
    if ctx.uow.people.by_handle(handle):
        raise UserError("team.handle_taken", handle=handle)
    person = Person(new_id(), handle, args.text("name")[:80], ctx.workspace.locale)
    ctx.uow.people.add(person)
    ctx.audit("team:person:added", f"person:{person.id}", new={"handle": handle})
    actions = tuple(
        Action(T(f"role.{r.value}"), f"team role @{person.handle} {r.value}")
        for r in (Role.PO, Role.PM, Role.DEVELOPER, Role.TESTER)
    )
    card = Card(
        T("team.added", {"person": person_ref(person)}), (Para(T("team.give_role")),), actions
    )
    return Reply((card,))


@COMMAND.sub(
    "rename",
    "改名",
    args=(
        Arg("who", "谁", ArgKind.PERSON, T("team.arg.who_or_me")),
        Arg("name", "姓名", ArgKind.TEXT, T("team.arg.name"), required=True),
    ),
    roles=frozenset(Role),
    examples=(("团队 改名 @dev 李雷雷", "team rename @dev Lei Li"),),
)
def rename(ctx: Context, args: Args) -> Reply:
    """Change a person's name; one's own without a mention."""
    person = ctx.uow.people.get(args.person("who") or ctx.me.id)
    if person.id != ctx.me.id:
        ctx.require(*sorted(MANAGERS))
    name = " ".join(args.text("name").split()).lstrip("@＠")[:80]
    if not name:
        raise UserError("team.bad_name")
    if name == person.name:
        return whisper("team.same_name", name=name)
    changed = replace(person, name=name)
    ctx.uow.people.save(changed)
    ctx.audit("team:person:renamed", f"person:{person.id}", old=person.name, new=name)
    title = T("team.renamed", {"old": person.name, "person": person_ref(changed)})
    ctx.tell(person.id, Card(title))
    undo = Action(T("core.undo"), f"team rename @{person.handle} {person.name}")
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


@COMMAND.sub(
    "role",
    "角色",
    args=(_WHO, _ROLES),
    aliases=("grant", "任命"),
    roles=MANAGERS,
    examples=(("团队 角色 @dev 开发", "team role @dev developer"),),
)
def role(ctx: Context, args: Args) -> Reply:
    """Give a role: in the channel's product, administrators everywhere."""
    return _change_role(ctx, args, give=True)


@COMMAND.sub(
    "unrole",
    "撤角色",
    args=(_WHO, _ROLES),
    aliases=("revoke", "免去"),
    roles=MANAGERS,
    examples=(("团队 撤角色 @dev 开发", "team unrole @dev developer"),),
)
def unrole(ctx: Context, args: Args) -> Reply:
    """Take a role away."""
    return _change_role(ctx, args, give=False)


def _change_role(ctx: Context, args: Args, *, give: bool) -> Reply:
    person = ctx.uow.people.get(args.person("who") or "")
    named = Role(args.text("role"))
    if named is Role.ADMIN:
        ctx.require(Role.ADMIN)
    if give and person.external and named is not Role.CUSTOMER:
        raise UserError("team.guest_role", person=person_ref(person))
    grant = RoleGrant(person.id, named, None if named is Role.ADMIN else ctx.product.id)
    if not give and named is Role.ADMIN and len(ctx.uow.people.with_role(Role.ADMIN, None)) == 1:
        raise UserError("team.last_admin")
    done = ctx.uow.people.grant(grant, new_id()) if give else ctx.uow.people.revoke(grant)
    shown = {"person": person_ref(person), "role": T(f"role.{named.value}")}
    if not done:
        return whisper("team.has_role" if give else "team.has_not_role", **shown)
    act = "given" if give else "taken"
    ctx.audit(f"team:role:{act}", f"person:{person.id}", new={"role": named.value})
    back = "unrole" if give else "role"
    undo = Action(T("core.undo"), f"team {back} @{person.handle} {named.value}")
    title = T("team.role_given" if give else "team.role_taken", shown)
    told = "team.role_given_you" if give else "team.role_taken_you"
    ctx.tell(person.id, Card(T(told, {"role": shown["role"], "by": ctx.person(ctx.me.id)})))
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


@COMMAND.sub(
    "language",
    "语言",
    args=(Arg("language", "语言", ArgKind.CHOICE, T("team.arg.language"), True, _LANGUAGES),),
    roles=frozenset(Role),
    examples=(("团队 语言 英文", "team language zh"),),
)
def language(ctx: Context, args: Args) -> Reply:
    """One's own language."""
    chosen = args.text("language")
    ctx.uow.people.save(replace(ctx.me, locale=chosen))
    ctx.audit("team:language:set", f"person:{ctx.me.id}", old=ctx.me.locale, new=chosen)
    return whisper("team.language_set", language=T(f"team.{chosen}"))


@COMMAND.sub(
    "zone",
    "时区",
    args=(Arg("zone", "时区", ArgKind.WORD, T("team.arg.zone"), required=True),),
    examples=(("团队 时区 Europe/Berlin", "team zone Europe/Berlin"),),
)
def zone(ctx: Context, args: Args) -> Reply:
    """One's own time zone."""
    name = checked_zone(args.text("zone"))
    ctx.uow.people.save(replace(ctx.me, zone=name))
    ctx.audit("team:zone:set", f"person:{ctx.me.id}", old=ctx.me.zone, new=name)
    return whisper("team.zone_set", zone=name)


def checked_zone(name: str) -> str:
    """The zone's name; ``UserError`` when there is no such zone."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UserError("team.bad_zone", zone=name[:60]) from error


@COMMAND.sub(
    "quiet",
    "免打扰",
    args=(Arg("hours", "时段", ArgKind.TEXT, T("team.arg.hours"), required=True),),
    examples=(
        ("团队 免打扰 20:00-08:30", "team quiet 20:00-08:30"),
        ("团队 免打扰 关", "team quiet off"),
    ),
)
def quiet(ctx: Context, args: Args) -> Reply:
    """One's own quiet hours, or ``off``."""
    text = args.text("hours").strip().casefold()
    if text in ("off", "关", "关闭", "无"):
        ctx.uow.people.save(replace(ctx.me, quiet=None))
        ctx.audit("team:quiet:set", f"person:{ctx.me.id}", new=None)
        return whisper("team.quiet_off")
    hours = _hours(text)
    ctx.uow.people.save(replace(ctx.me, quiet=hours))
    shown = f"{hours.start:%H:%M}-{hours.end:%H:%M}"
    ctx.audit("team:quiet:set", f"person:{ctx.me.id}", new=shown)
    return whisper("team.quiet_set", hours=shown)


def _hours(text: str) -> QuietHours:
    match = re.fullmatch(
        r"(\d{1,2})(?:[:：](\d{2}))?\s*[-–~到至]\s*(\d{1,2})(?:[:：](\d{2}))?", text
    )
    if match is None:
        raise UserError("team.bad_hours", text=text[:40])
    first, first_minute, last, last_minute = (int(g or 0) for g in match.groups())
    try:
        hours = QuietHours(time(first, first_minute), time(last % 24, last_minute))
    except ValueError as error:
        raise UserError("team.bad_hours", text=text[:40]) from error
    if hours.start == hours.end:
        raise UserError("team.bad_hours", text=text[:40])
    return hours


@COMMAND.sub(
    "remove",
    "移除",
    args=(_WHO,),
    roles=frozenset({Role.ADMIN}),
    examples=(("团队 移除 @dev", "team remove @dev"),),
)
def remove(ctx: Context, args: Args) -> Reply:
    """Switch a person's account off; records keep their name."""
    person = ctx.uow.people.get(args.person("who") or "")
    if person.id == ctx.me.id:
        raise ForbiddenError("team.not_oneself")
    return _switch(ctx, person, active=False)


@COMMAND.sub(
    "restore",
    "恢复",
    args=(Arg("handle", "账号", ArgKind.WORD, T("team.arg.handle"), required=True),),
    roles=frozenset({Role.ADMIN}),
    examples=(("团队 恢复 dev", "team restore dev"),),
)
def restore(ctx: Context, args: Args) -> Reply:
    """Switch a person's account on again."""
    person = ctx.uow.people.by_handle(args.text("handle").removeprefix("@"))
    if person is None:
        raise UserError("core.unknown_mention", name=args.text("handle")[:60])
    return _switch(ctx, person, active=True)


def _switch(ctx: Context, person: Person, *, active: bool) -> Reply:
    ctx.uow.people.save(replace(person, active=active))
    act = "restored" if active else "removed"
    ctx.audit(f"team:person:{act}", f"person:{person.id}")
    if active:
        return say("team.restored", person=person_ref(person))
    undo = Action(T("core.undo"), f"team restore {person.handle}")
    return Reply((Card(T("team.removed", {"person": person_ref(person)}), actions=(undo,)),))
