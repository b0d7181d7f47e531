"""``/reminders rules``: what holds for this product, and changing it."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.reminders import COMMAND
from domain.errors import NotFoundError
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
from domain.people import Role
from domain.reminder_settings import allowed_audience, changed, typed
from domain.reminder_views import RuleState
from domain.reminders import Rule

_RESET = frozenset({"reset", "恢复", "默认", "default"})


@COMMAND.sub(
    "rules",
    "规则",
    args=(
        Arg("rule", "规则", ArgKind.WORD, T("reminders.arg.rule")),
        Arg("setting", "设置", ArgKind.TEXT, T("reminders.arg.setting")),
    ),
    needs_product=True,
    examples=(
        ("提醒 规则", "reminders rules"),
        ("提醒 规则 里程碑 时间=10:00", "reminders rules milestone hour=10:00"),
        ("提醒 规则 里程碑 关闭", "reminders rules milestone off"),
    ),
)  # fmt: skip
def rules(ctx: Context, args: Args) -> Reply:
    """Show the rules of this product, one of them, or change it (PO, PM or administrator)."""
    states = {s.rule.name: s for s in ctx.services.reminders.rules(ctx.uow, ctx.product.id)}
    word = args.text("rule")
    if not word:
        lines = tuple(Bullet(_line(s), _show(s.rule)) for s in states.values())
        hint = Para(
            T("reminders.rules_hint", {"line": Code("/reminders rules milestone hour=10:00")})
        )
        title = T("reminders.rules_title", {"product": ctx.product.name})
        return Reply((Card(title, (Bullets(lines), hint)),))
    found = ctx.services.reminders.find_rule(word)
    if found is None:
        raise NotFoundError("reminders.unknown_rule", word=word[:40], line=Code("/reminders rules"))
    setting = args.text("setting").strip()
    if not setting:
        return Reply((_card(states[found.name]),))
    ctx.require(Role.PO, Role.PM, Role.ADMIN)
    return _change(ctx, states[found.name], setting)


def _change(ctx: Context, state: RuleState, setting: str) -> Reply:
    name, before = state.rule.name, state.override
    word, _, rest = setting.partition(" ")
    anew = word.casefold() in _RESET
    if anew and not rest.strip():
        ctx.uow.rules.reset(ctx.product.id, name)
        after = None
    else:
        after = changed(state.rule, None if anew else before, rest if anew else setting)
        ctx.uow.rules.set(ctx.product.id, after)
    ctx.uow.schedule.touch_product(ctx.product.id)
    ctx.audit(
        "reminders:rule:set",
        f"product:{ctx.product.id}",
        old={name: typed(before) if before else "default"},
        new={name: typed(after) if after else "default"},
    )
    back = f"reminders rules {name} reset {typed(before) if before else ''}".strip()
    state = next(
        s for s in ctx.services.reminders.rules(ctx.uow, ctx.product.id) if s.rule.name == name
    )
    title = T("reminders.rule_set", {"rule": T(f"reminder.rule.{name}")})
    actions = (Action(T("core.undo"), back),)
    return Reply((Card(title, (Para(_line(state)),), actions, tone=Tone.GOOD),))


def _show(rule: Rule) -> tuple[Action, ...]:
    return (Action(T("reminders.rule_button"), f"reminders rules {rule.name}"),)


def _card(state: RuleState) -> Card:
    name = state.rule.name
    known = Join(tuple(a.value for a in allowed_audience(state.rule)), ", ")
    blocks = [Para(_line(state)), Para(T("reminders.rule_to", {"known": known}), muted=True)]
    actions = [
        Action(T("reminders.off_button"), f"reminders rules {name} off")
        if not state.effective.off
        else Action(T("reminders.on_button"), f"reminders rules {name} on")
    ]
    if state.override is not None:
        actions.append(Action(T("reminders.reset_button"), f"reminders rules {name} reset"))
    return Card(T(f"reminder.rule.{name}"), tuple(blocks), tuple(actions))


def _line(state: RuleState) -> Inline:
    """A rule in one line: its name to type, when, to whom, and whether the product has set it."""
    rule = state.effective
    parts: list[Inline] = [T(f"reminder.rule.{rule.name}"), Code(rule.name), _when(rule)]
    parts.append(Join(tuple(T(f"reminder.to.{a.value}") for a in rule.audience), " / "))
    if rule.escalation is not None:
        to = T(f"reminder.to.{rule.escalation.to.value}")
        parts.append(T("reminders.escalates", {"n": rule.escalation.after, "to": to}))
    if rule.off:
        parts.append(T("reminders.is_off"))
    elif state.override is not None:
        parts.append(T("reminders.is_set"))
    return Join(tuple(parts), " · ")


def _when(rule: Rule) -> Inline:
    parts: list[Inline] = []
    if rule.offsets:
        days = ", ".join(f"{n:+d}" if n else "0" for n in rule.offsets)
        parts.append(T("reminders.at_offsets", {"days": days}))
    parts += [T("reminders.after_minutes", {"n": n}) for n in rule.minutes]
    if rule.same_day is not None:
        parts.append(T("reminders.same_day", {"at": f"{rule.same_day:%H:%M}"}))
    if rule.repeat_from is not None:
        parts.append(T("reminders.daily_from", {"n": rule.repeat_from}))
    if rule.offsets or rule.repeat_from is not None:
        parts.append(f"{rule.hour:%H:%M}")
    return Join(tuple(parts), " ")
