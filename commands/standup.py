"""``/standup``: what one says each day, who has said it, when Duban asks, who is away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from commands.args import Args
from commands.context import Context
from commands.digest import LEADERS, OFF, bound_channel
from commands.registry import Arg, ArgKind, Command
from commands.standup_entry import day_of, product_for, record, split_line
from domain.dates import parse_time
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    FieldKind,
    Form,
    FormField,
    Join,
    Option,
    Para,
    Reply,
    T,
    Tone,
    whisper,
)
from domain.people import Absence, Product
from domain.standup_words import in_words, questions
from domain.standups import Entry, checked_questions, settings_of

COMMAND = Command("standup", "站会", T("standup.help"), aliases=("daily-standup",))

_QUESTIONS = ("questions", "question", "问题")


def _form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The questions, filled with what was said today or planned last time."""
    product = product_for(ctx, values.get("product", ""))
    day = day_of(ctx)
    known = ctx.uow.standups.get(product.id, ctx.me.id, day)
    earlier = ctx.uow.standups.before(product.id, ctx.me.id, day)
    asked = questions(settings_of(product))
    drafts = list(known.answers) if known and known.answered else [earlier.today if earlier else ""]
    drafts += [""] * (len(asked) - len(drafts))
    fields = [
        FormField(f"q{n}", question, FieldKind.MULTILINE, value=values.get(f"q{n}") or draft)
        for n, (question, draft) in enumerate(zip(asked, drafts, strict=False), 1)
    ]
    options = tuple(Option(p.id, p.name) for p in ctx.uow.products.all())
    if len(options) > 1:
        choice = FormField(
            "product", T("standup.arg.product"), FieldKind.CHOICE, True, options, product.id
        )
        fields.insert(0, choice)
    title = T("standup.ask", {"product": product.name})
    return Form("standup answer", title, tuple(fields), T("core.submit"))


@COMMAND.sub(
    "answer",
    "填写",
    args=(Arg("text", "内容", ArgKind.TEXT, T("standup.arg.text"), multiline=True),),
    form=_form,
    examples=(
        (
            "站会 昨天 回单接口；今天 联调；阻塞 无",
            "standup yesterday API; today tests; blockers none",
        ),
    ),
)  # fmt: skip
def answer(ctx: Context, args: Args) -> Reply:
    """Say what you did, do, and what blocks you; a second time the same day edits it."""
    text = args.text("text")
    given = {k: v for k, v in args.raw.items() if k[:1] == "q" and k[1:].isdecimal()}
    if not text and not given:
        return Reply(form=_form(ctx, args.raw), private=True)
    product = product_for(ctx, args.raw.get("product", ""))
    asked = questions(settings_of(product))
    if given:
        answers = tuple(given.get(f"q{n}", "").strip() for n in range(1, len(asked) + 1))
    else:
        answers = split_line(text, asked)
    if not any(answers):
        raise UserError("standup.empty")
    return record(ctx, product, answers)


@COMMAND.sub(
    "now",
    "现在",
    aliases=("show", "查看"),
    writes=False,
    needs_product=True,
    examples=(("站会 现在", "standup now"),),
)
def now(ctx: Context, args: Args) -> Reply:
    """What was said today so far, and who is missing."""
    del args
    entries = ctx.uow.standups.of_day(ctx.product.id, ctx.today)
    said = [e for e in entries if e.answered and not e.skipped]
    missing = [e for e in entries if not e.answered and not e.skipped]
    asked = questions(settings_of(ctx.product))
    blocks: list[Bullets | Para] = []
    if said:
        blocks.append(
            Bullets(tuple(Bullet(in_words(e, ctx.person(e.person_id), asked)) for e in said))
        )
    if missing:
        names = Join(tuple(ctx.person(e.person_id) for e in missing), ", ")
        blocks.append(Para(T("digest.missing", {"who": names}), muted=True))
    title = T("standup.now", {"day": Day(ctx.today), "n": len(said)})
    mine = Action(T("standup.answer_button"), "standup answer")
    return Reply((Card(title, tuple(blocks), (mine,)),))


@COMMAND.sub("skip", "跳过", examples=(("站会 跳过", "standup skip"),))
def skip(ctx: Context, args: Args) -> Reply:
    """Say nothing today, without being named as missing."""
    del args
    product, day = product_for(ctx, ""), day_of(ctx)
    known = ctx.uow.standups.get(product.id, ctx.me.id, day)
    entry = known or Entry(new_id(), product.id, ctx.me.id, day)
    ctx.uow.standups.save(replace(entry, skipped=True))
    ctx.audit("standup:entry:skipped", f"standup:{entry.id}")
    undo = Action(T("core.undo"), "standup answer")
    return Reply((Card(T("standup.skipped", {"day": Day(day)}), actions=(undo,)),), private=True)


# -- away


@COMMAND.sub(
    "away",
    "请假",
    args=(
        Arg("first", "从", ArgKind.DATE, T("standup.arg.first"), required=True),
        Arg("last", "到", ArgKind.DATE, T("standup.arg.last")),
        Arg("note", "说明", ArgKind.TEXT, T("standup.arg.note")),
    ),
    examples=(("站会 请假 12-01 12-05 年假", "standup away 12-01 12-05 holiday"),),
)
def away(ctx: Context, args: Args) -> Reply:
    """Note that I am away: nobody asks me, and my reminders go to who stands in."""
    first = args.date("first") or ctx.today
    last = args.date("last") or first
    if last < first:
        raise UserError("standup.ends_before", first=Day(first), last=Day(last))
    absence = Absence(new_id(), ctx.me.id, first, last, args.text("note")[:200])
    ctx.uow.people.add_absence(absence)
    ctx.uow.schedule.touch_all()
    ctx.audit("standup:absence:noted", f"person:{ctx.me.id}", new=[str(first), str(last)])
    undo = Action(T("core.undo"), f"standup back {first.isoformat()}")
    title = T("standup.away_noted", {"first": Day(first), "last": Day(last)})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


@COMMAND.sub(
    "back",
    "销假",
    args=(Arg("first", "从", ArgKind.DATE, T("standup.arg.first")),),
    examples=(("站会 销假", "standup back"),),
)
def back(ctx: Context, args: Args) -> Reply:
    """Take an absence of mine back: the one that began on a day, else the present or next one."""
    wanted = args.date("first")
    mine = [a for a in ctx.uow.people.absences(ctx.today) if a.person_id == ctx.me.id]
    found = next((a for a in mine if wanted is None or a.first == wanted), None)
    if found is None:
        raise UserError("standup.not_away")
    ctx.uow.people.remove_absence(found.id)
    ctx.uow.schedule.touch_all()
    days = [str(found.first), str(found.last)]
    ctx.audit("standup:absence:removed", f"person:{ctx.me.id}", old=days)
    return whisper("standup.back_noted", first=Day(found.first), last=Day(found.last))


# -- settings


@COMMAND.sub(
    "config",
    "设定",
    args=(Arg("text", "设定", ArgKind.TEXT, T("standup.arg.config"), required=True),),
    aliases=("set", "设置"),
    roles=LEADERS,
    needs_product=True,
    examples=(
        ("站会 设定 8:50", "standup config 8:50"),
        ("站会 设定 关闭", "standup config off"),
        (
            "站会 设定 问题 做了什么 | 要做什么 | 阻塞",
            "standup config questions Done | Next | Blockers",
        ),
    ),
)  # fmt: skip
def config(ctx: Context, args: Args) -> Reply:
    """Set the hour at which each is asked in their own zone, or the questions; off ends it."""
    text = args.text("text").strip()
    word, _, rest = text.partition(" ")
    if word.casefold() in _QUESTIONS:
        return _set_questions(ctx, rest or text.partition("\n")[2])
    channel = bound_channel(ctx)
    hour = None if text.casefold() in OFF else _hour(text)
    ctx.uow.channels.save(replace(channel, standup_at=hour))
    old = f"{channel.standup_at:%H:%M}" if channel.standup_at else "off"
    new = f"{hour:%H:%M}" if hour else "off"
    ctx.audit("standup:hour:set", f"channel:{channel.id}", old=old, new=new)
    undo = Action(T("core.undo"), f"standup config {old}")
    key = "standup.config_on" if hour else "standup.config_off"
    line = Code("/standup config off" if hour else "/standup config 8:50")
    title = T(key, {"hour": new, "line": line} if hour else {"line": line})
    return Reply((Card(title, actions=(undo,), tone=Tone.GOOD),))


def _set_questions(ctx: Context, text: str) -> Reply:
    product: Product = ctx.product
    settings = dict(product.settings)
    old = settings.pop("standup_questions", "")
    if text.strip().casefold() not in ("default", "默认", "恢复"):
        settings["standup_questions"] = checked_questions(text)
    ctx.uow.products.save(replace(product, settings=tuple(sorted(settings.items()))))
    new = settings.get("standup_questions", "")
    ctx.audit("standup:questions:set", f"product:{product.id}", old=old, new=new)
    before = old.replace("\n", " | ") or "default"
    undo = Action(T("core.undo"), f"standup config questions {before}")
    shown = questions(settings_of(replace(product, settings=tuple(sorted(settings.items())))))
    rows = Bullets(tuple(Bullet(q) for q in shown))
    return Reply((Card(T("standup.questions_set"), (rows,), (undo,), tone=Tone.GOOD),))


def _hour(text: str) -> time:
    try:
        return parse_time(text)
    except UserError:
        raise UserError("standup.no_hour", text=text[:40]) from None
