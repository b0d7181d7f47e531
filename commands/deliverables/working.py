"""Drafting, handing in, accepting, waiving deliverables; who has them and until when."""

from __future__ import annotations

import re
from dataclasses import replace

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.deliverables.card import answer, deliverable_card
from commands.deliverables.family import (
    COMMAND,
    DECIDERS,
    NUMBER,
    act_on,
    load,
    named,
    save,
    who,
)
from commands.registry import Arg, ArgKind
from domain.deliverables import (
    Deliverable,
    DeliverableAction,
    DeliverableStatus,
    DeliverableVersion,
)
from domain.errors import UserError
from domain.event_json import decode
from domain.messages import Card, Code, Day, Inline, Reply, T, Tone

_LINK = re.compile(r"https?://[^\s<>\"“”]+")
_FILE = Arg("file", "文件", ArgKind.FILE, T("deliverable.arg.file"))
_WHAT = Arg(
    "what", "链接", ArgKind.TEXT, T("deliverable.arg.what"), help=T("deliverable.what_help")
)
_WHY = Arg("reason", "原因", ArgKind.TEXT, T("deliverable.arg.reason"), required=True)
_LONGEST_LINK = 2000


def _version(ctx: Context, each: Deliverable, args: Args) -> DeliverableVersion | None:
    """The link or file that came along, as the next version."""
    number, text = len(each.versions) + 1, args.text("what").strip()
    file = args.file("file")
    if file is not None:
        title = text or file.name
        return DeliverableVersion(number, title[:200], ctx.me.id, ctx.now, file_id=file.file_id)
    found = _LINK.search(text)
    if found is None:
        if text:
            raise UserError("deliverable.no_link", text=text[:80])
        return None
    url = found.group().rstrip("。，,.;；)）")
    if len(url) > _LONGEST_LINK:
        raise UserError("deliverable.link_too_long")
    title = f"{text[: found.start()]} {text[found.end() :]}".strip(" ：:，,")
    return DeliverableVersion(number, title[:200] or url[:200], ctx.me.id, ctx.now, url=url)


def _with(each: Deliverable, version: DeliverableVersion | None) -> Deliverable:
    return replace(each, versions=(*each.versions, version)) if version else each


@COMMAND.sub(
    "draft",
    "起草",
    args=(NUMBER, _FILE, _WHAT),
    examples=(
        ("交付物 起草 22 https://docs.example.com/22", "deliverable draft 22 https://docs.example.com/22"),
    ),
)  # fmt: skip
def draft(ctx: Context, args: Args) -> Reply:
    """A draft exists: its link or file is kept as the next version."""
    before = load(ctx, args)
    version = _version(ctx, before, args)
    after = _with(act_on(before, DeliverableAction.DRAFT), version)
    save(ctx, before, after, "draft")
    return answer(ctx, after, T("deliverable.drafted", _params(ctx, after)))


@COMMAND.sub(
    "submit",
    "提交",
    aliases=("handin",),
    args=(NUMBER, _FILE, _WHAT),
    examples=(
        ("交付物 提交 22 https://docs.example.com/22", "deliverable submit 22 https://docs.example.com/22"),
    ),
)  # fmt: skip
def submit(ctx: Context, args: Args) -> Reply:
    """Hand a deliverable in, with a link or a file."""
    before = load(ctx, args)
    version = _version(ctx, before, args)
    after = _with(before, version)
    if version is not None and after.status is not DeliverableStatus.DRAFTED:
        after = act_on(after, DeliverableAction.DRAFT)  # a new version is a draft first
    if not after.versions and before.status is not DeliverableStatus.SUBMITTED:
        line = Code(f"/deliverable submit {before.item.code} https://…")
        nothing = {"what": named(before), "line": line}
        raise FieldErrors({"what": T("deliverable.nothing_to_submit", nothing)})
    after = act_on(after, DeliverableAction.SUBMIT)
    save(ctx, before, after, "submit")
    return answer(ctx, after, T("deliverable.submitted", _params(ctx, after)), Tone.INFO)


@COMMAND.sub(
    "accept",
    "验收",
    aliases=("approve", "通过"),
    args=(NUMBER,),
    roles=DECIDERS,
    examples=(("交付物 验收 22", "deliverable accept 22"),),
)
def accept(ctx: Context, args: Args) -> Reply:
    """Accept what was handed in."""
    before = load(ctx, args)
    after = act_on(before, DeliverableAction.ACCEPT)
    save(ctx, before, after, "accept")
    _tell_makers(ctx, after, "deliverable.yours_accepted")
    return answer(ctx, after, T("deliverable.accepted", _params(ctx, after)), Tone.GOOD)


@COMMAND.sub(
    "return",
    "退回",
    args=(NUMBER, _WHY),
    roles=DECIDERS,
    examples=(("交付物 退回 22 缺目录", "deliverable return 22 no table of contents"),),
)
def give_back(ctx: Context, args: Args) -> Reply:
    """Give back what was handed in, with a reason."""
    return _decide(ctx, args, DeliverableAction.RETURN, "deliverable.returned")


@COMMAND.sub(
    "waive",
    "豁免",
    args=(NUMBER, _WHY),
    roles=DECIDERS,
    examples=(("交付物 豁免 26 不在统一平台上", "deliverable waive 26 not on the platform"),),
)
def waive(ctx: Context, args: Args) -> Reply:
    """Go without a deliverable, with a reason."""
    return _decide(ctx, args, DeliverableAction.WAIVE, "deliverable.waived")


@COMMAND.sub(
    "reopen",
    "重开",
    args=(NUMBER, _WHY),
    roles=DECIDERS,
    examples=(("交付物 重开 22 版本更新", "deliverable reopen 22 a new version"),),
)
def reopen(ctx: Context, args: Args) -> Reply:
    """Open an accepted or waived deliverable again, with a reason."""
    return _decide(ctx, args, DeliverableAction.REOPEN, "deliverable.reopened")


def _decide(ctx: Context, args: Args, action: DeliverableAction, key: str) -> Reply:
    before = load(ctx, args)
    reason = args.text("reason").strip()
    after = act_on(before, action, reason)
    save(ctx, before, after, action.value, {"why": reason})
    if action is DeliverableAction.RETURN:
        _tell_makers(ctx, after, "deliverable.yours_returned")
    return answer(ctx, after, T(key, {**_params(ctx, after), "reason": reason}))


@COMMAND.sub(
    "owner",
    "负责人",
    args=(
        NUMBER,
        Arg("who", "谁", ArgKind.PERSON, T("deliverable.arg.who"), required=True),
    ),
    roles=DECIDERS,
    examples=(("交付物 负责人 22 @李雷", "deliverable owner 22 @lilei"),),
)
def owner(ctx: Context, args: Args) -> Reply:
    """Say who makes a deliverable; they are told."""
    before = load(ctx, args)
    after = replace(before, owner=args.person("who"))
    save(ctx, before, after, "owner")
    params = _params(ctx, after)
    if after.owner is not None:
        card = deliverable_card(ctx, after)
        ctx.tell(after.owner, replace(card, title=T("deliverable.you_own", params)))
    return answer(ctx, after, T("deliverable.owned", params))


@COMMAND.sub(
    "due",
    "期限",
    aliases=("截止",),
    args=(NUMBER, Arg("day", "日期", ArgKind.DATE, T("deliverable.arg.day"), required=True)),
    roles=DECIDERS,
    examples=(("交付物 期限 22 12-20", "deliverable due 22 12-20"),),
)
def due(ctx: Context, args: Args) -> Reply:
    """Set the day on which a deliverable is due, apart from its phase."""
    before = load(ctx, args)
    after = replace(before, due=args.date("day"))
    save(ctx, before, after, "due")
    return answer(ctx, after, T("deliverable.due_set", _params(ctx, after)))


@COMMAND.sub(
    "undo",
    "撤销",
    args=(NUMBER,),
    examples=(("交付物 撤销 22", "deliverable undo 22"),),
)
def undo(ctx: Context, args: Args) -> Reply:
    """Take the last act about a deliverable back: one's own, or anybody's for PO and PM."""
    now = load(ctx, args)
    log = ctx.uow.deliverables.history(now.id)
    gone = {e.payload["undoes"] for e in log if e.type == "undone"}
    standing = [e for e in log if e.type != "undone" and e.seq not in gone]
    if not standing or "before" not in standing[-1].payload:
        raise UserError("deliverable.undo_nothing", what=named(now))
    event = standing[-1]
    if event.actor != ctx.me.id and not ctx.roles & DECIDERS:
        raise ctx.refusal(tuple(sorted(DECIDERS)))
    before: Deliverable = decode(Deliverable, event.payload["before"])
    # Its phase follows the plan, whatever was undone here.
    after = replace(before, plan_id=now.plan_id, phase_id=now.phase_id, phase_ends=now.phase_ends)
    save(ctx, now, after, "undone", {"undoes": event.seq})
    params = {**_params(ctx, after), "act": T(f"deliverable.did.{event.type}")}
    return answer(ctx, after, T("deliverable.undone", params))


def _tell_makers(ctx: Context, each: Deliverable, key: str) -> None:
    """Tell its owner and whoever handed in the last version."""
    people = {each.owner, each.versions[-1].added_by if each.versions else None}
    card = deliverable_card(ctx, each)
    for person in sorted(p for p in people if p):
        ctx.tell(person, Card(T(key, _params(ctx, each)), card.blocks, key=card.key))


def _params(ctx: Context, each: Deliverable) -> dict[str, Inline | int]:
    day: Inline = Day(each.due_on) if each.due_on else T("deliverable.card.no_due")
    return {
        "what": named(each),
        "by": who(ctx, ctx.me.id),
        "who": who(ctx, each.owner) if each.owner else T("deliverable.card.nobody"),
        "day": day,
        "reason": each.reason,
        "status": each.status.text,
    }
