"""``/reminders``: what one was told and will be told, why, and putting it off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.dates import parse_duration, parse_snooze
from domain.errors import ForbiddenError, NotFoundError, UserError
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    FieldKind,
    Fields,
    Form,
    FormField,
    Heading,
    Inline,
    Join,
    Moment,
    Option,
    Para,
    Reply,
    Style,
    T,
    Tone,
    whisper,
)
from domain.people import Role
from domain.reminder_views import Coming, Told
from domain.reminders import LedgerRow, Recipient, RecipientKind, SlotState, Snooze
from domain.scoping import scoped_actions

COMMAND = Command("reminders", "提醒", T("reminders.help"), aliases=("reminder", "remind"))

_REF = Arg("ref", "编号", ArgKind.WORD, T("reminders.arg.ref"), required=True)
_LEADERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
_LOOK_BACK = timedelta(days=14)
_MOST = 20


@COMMAND.sub(
    "mine", "我的", aliases=("list", "列表"), writes=False, examples=(("提醒", "reminders"),)
)
def mine(ctx: Context, args: Args) -> Reply:
    """What waits for me: reminded of and not settled, newest first, each once; what I put off."""
    del args
    return Reply((my_reminders(ctx) or Card(T("reminders.none")),), private=True)


def my_reminders(ctx: Context, most: int = _MOST) -> Card | None:
    """What I was reminded of and is not settled, with what settles it; None when there is nothing.

    Read outside a product's channel, the buttons name their product where there are several.
    """
    me = Recipient(RecipientKind.PERSON, ctx.me.id)
    rows = ctx.uow.ledger.sent_to((me,), ctx.now - _LOOK_BACK)
    told = _unique(ctx.services.reminders.tell(ctx.uow, rows, ctx.me.id, ctx.now))
    if not told:
        return None
    products = () if ctx.maybe_product else ctx.uow.products.all()
    keys = {p.id: p.key for p in products} if len(products) > 1 else {}
    lines = tuple(Bullet(_told_line(t), _buttons_in(t, keys)) for t in told[:most])
    blocks: list[Bullets | Para] = [Bullets(lines)]
    if len(told) > most:
        blocks.append(Para(T("reminders.more", {"n": len(told) - most}), muted=True))
    return Card(T("reminders.mine", {"n": len(told)}), tuple(blocks))


def _buttons_in(told: Told, keys: Mapping[str, str]) -> tuple[Action, ...]:
    key = keys.get(told.row.slot.product_id or "")
    return scoped_actions(_buttons(told), key) if key else _buttons(told)


def _unique(told: tuple[Told, ...]) -> list[Told]:
    newest: dict[tuple[str, str, str], Told] = {}
    for each in told:
        slot = each.row.slot
        if each.open and each.row.state is not SlotState.DONE:
            newest.setdefault((slot.rule, slot.kind.value, slot.subject_id), each)
    return list(newest.values())


def _told_line(told: Told) -> Inline:
    if told.row.state is not SlotState.SNOOZED:
        return told.line
    return Join((told.line, T("reminders.asleep", {"at": Moment(told.row.send_at)})), " ")


def _buttons(told: Told) -> tuple[Action, ...]:
    ref = short(told.row)
    actions: list[Action] = []
    if told.settle:
        label = T(f"reminder.do.{told.row.slot.rule}")
        actions.append(Action(label, told.settle, Style.PRIMARY))
    if told.row.state is SlotState.SNOOZED:
        actions.append(Action(T("reminders.wake_button"), f"reminders undo {ref}"))
    else:
        actions.append(Action(T("reminder.snooze"), f"reminders snooze {ref}"))
    actions.append(Action(T("reminder.why"), f"reminders why {ref}"))
    return tuple(actions)


def short(row: LedgerRow) -> str:
    """How people name a reminder: the end of its id."""
    return row.id[-6:]


@COMMAND.sub(
    "preview",
    "预览",
    args=(Arg("span", "多久", ArgKind.TEXT, T("reminders.arg.span")),),
    writes=False,
    needs_product=True,
    examples=(("提醒 预览 7天", "reminders preview 7d"),),
)
def preview(ctx: Context, args: Args) -> Reply:
    """What would be sent to whom and why, before it is; a week unless said otherwise."""
    span = parse_duration(args.text("span")) if args.text("span") else timedelta(days=7)
    if span > timedelta(days=92):
        raise UserError("reminders.span_too_long")
    until = ctx.now + span
    coming = ctx.services.reminders.preview(ctx.uow, ctx.product.id, ctx.now, until)
    if not coming:
        return Reply((Card(T("reminders.nothing_coming", {"at": Moment(until)})),))
    blocks: list[Heading | Bullets | Para] = []
    shown = coming[: _MOST * 2]
    days = dict.fromkeys(c.slot.at.astimezone(ctx.zone).date() for c in shown)
    for day in days:
        each = [c for c in shown if c.slot.at.astimezone(ctx.zone).date() == day]
        blocks += [Heading(Day(day)), Bullets(tuple(Bullet(_coming(ctx, c)) for c in each))]
    if len(coming) > len(shown):
        blocks.append(Para(T("reminders.more", {"n": len(coming) - len(shown)}), muted=True))
    title = T("reminders.preview", {"n": len(coming), "at": Moment(until)})
    return Reply((Card(title, tuple(blocks)),))


def _coming(ctx: Context, coming: Coming) -> Inline:
    slot = coming.slot
    if slot.recipient.kind is RecipientKind.PERSON:
        to: Inline = ctx.person(slot.recipient.id)
    else:
        to = f"#{ctx.uow.channels.get(slot.recipient.id).name}"
    at = f"{slot.at.astimezone(ctx.zone):%H:%M}"
    rule = T(f"reminder.rule.{slot.rule}")
    return T("reminders.coming", {"at": at, "to": to, "line": coming.line, "rule": rule})


# -- putting off


def _snooze_form(ctx: Context, values: object) -> Form:
    del ctx, values  # the fields are the same for everybody
    times = ("1h", "tomorrow", "next working day")
    labels = ("reminder.snooze_hour", "reminder.snooze_tomorrow", "reminder.snooze_workday")
    options = tuple(Option(v, T(k)) for v, k in zip(times, labels, strict=True))
    return Form(
        "reminders snooze",
        T("reminders.snooze_title"),
        (
            FormField("ref", T("reminders.arg.ref"), required=True),
            FormField(
                "until", T("reminders.arg.until"), FieldKind.CHOICE, True, options, "tomorrow"
            ),
            FormField("day", T("reminders.arg.day"), FieldKind.DATE, help=T("reminders.day_help")),
        ),
        T("core.submit"),
    )


@COMMAND.sub(
    "snooze",
    "推迟",
    args=(_REF, Arg("until", "到", ArgKind.TEXT, T("reminders.arg.until"), required=True)),
    aliases=("later", "稍后"),
    form=_snooze_form,
    examples=(("提醒 推迟 k3f9x2 明天", "reminders snooze k3f9x2 tomorrow"),),
)
def snooze(ctx: Context, args: Args) -> Reply:
    """Do not remind me of this until then; what is settled meanwhile is not said any more."""
    row = _row(ctx, args.text("ref"))
    if row.slot.recipient != Recipient(RecipientKind.PERSON, ctx.me.id):
        raise UserError("reminders.not_yours")
    zone = ZoneInfo(ctx.me.zone or ctx.workspace.zone)
    until = _until(ctx, args, zone)
    slot = row.slot
    ctx.uow.ledger.snooze([row.id], until)
    ctx.uow.ledger.set_snooze(Snooze(ctx.me.id, slot.kind, slot.subject_id, until, ctx.now))
    ctx.audit("reminders:slot:snoozed", f"ledger:{row.id}", new={"until": until.isoformat()})
    undo = Action(T("core.undo"), f"reminders undo {short(row)}")
    title = T("reminders.snoozed", {"at": Moment(until)})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),), private=True)


def _until(ctx: Context, args: Args, zone: ZoneInfo) -> datetime:
    text = args.raw.get("day", "").strip() or args.text("until")
    return parse_snooze(text, ctx.now, zone, ctx.calendar)


@COMMAND.sub(
    "undo", "撤回", args=(_REF,), aliases=("wake",),
    examples=(("提醒 撤回 k3f9x2", "reminders undo k3f9x2"),),
)  # fmt: skip
def undo(ctx: Context, args: Args) -> Reply:
    """Take a snooze back: the reminder stands again as it was sent."""
    row = _row(ctx, args.text("ref"))
    if row.slot.recipient.id != ctx.me.id or row.state is not SlotState.SNOOZED:
        raise UserError("reminders.not_asleep")
    ctx.uow.ledger.drop_snooze(ctx.me.id, row.slot.kind, row.slot.subject_id)
    ctx.uow.ledger.mark([row.id], SlotState.SENT)
    ctx.audit("reminders:slot:woken", f"ledger:{row.id}")
    return whisper("reminders.woken")


@COMMAND.sub(
    "done", "完成", args=(_REF,), writes=False,
    examples=(("提醒 完成 k3f9x2", "reminders done k3f9x2"),),
)  # fmt: skip
def done(ctx: Context, args: Args) -> Reply:
    """How to settle what a reminder is about: it ends when the thing itself is settled."""
    row = _row(ctx, args.text("ref"))
    told = ctx.services.reminders.tell(ctx.uow, (row,), ctx.me.id, ctx.now)
    if not told or not told[0].open:
        return whisper("reminders.settled_already")
    settle = told[0].settle
    line = Para(T("reminders.settle_with", {"line": Code(f"/{settle}")}))
    label = T(f"reminder.do.{row.slot.rule}")
    actions = (Action(label, settle, Style.PRIMARY),) if settle else ()
    return Reply((Card(told[0].line, (line,) if settle else (), actions),), private=True)


@COMMAND.sub(
    "why", "为什么", args=(_REF,), writes=False,
    examples=(("提醒 为什么 k3f9x2", "reminders why k3f9x2"),),
)  # fmt: skip
def why(ctx: Context, args: Args) -> Reply:
    """The rule and the computation behind a reminder."""
    row = _row(ctx, args.text("ref"))
    told = ctx.services.reminders.tell(ctx.uow, (row,), ctx.me.id, ctx.now)
    pairs = ctx.services.reminders.why(ctx.uow, row.slot)
    state = (T("reminders.state_label"), T(f"reminders.state.{row.state.value}"))
    title = told[0].line if told else T("reminders.why_title")
    rules = Action(T("reminders.rule_button"), f"reminders rules {row.slot.rule}")
    return Reply((Card(title, (Fields((*pairs, state)),), (rules,)),), private=True)


def _row(ctx: Context, ref: str) -> LedgerRow:
    """The reminder with this end of its id: mine, my channel's, or for leaders the product's."""
    plain = ref.strip().casefold()
    if not re.fullmatch(r"[0-9a-z]{4,26}", plain):
        raise NotFoundError("reminders.unknown", ref=ref[:30])
    near = [ctx.me.id, *(c.id for c in ctx.uow.channels.all())]
    found = ctx.uow.ledger.by_ref(plain, near) or ctx.uow.ledger.by_ref(plain)
    rows = [r for r in found if _may_see(ctx, r)]
    if len(rows) == 1:
        return rows[0]
    if found and not rows:
        raise ForbiddenError("reminders.not_yours")
    key = "reminders.ambiguous" if rows else "reminders.unknown"
    raise NotFoundError(key, ref=ref[:30])


def _may_see(ctx: Context, row: LedgerRow) -> bool:
    to = row.slot.recipient
    if to.kind is RecipientKind.CHANNEL or to.id == ctx.me.id:
        return True
    return bool(ctx.uow.people.roles(ctx.me.id, row.slot.product_id) & _LEADERS)
