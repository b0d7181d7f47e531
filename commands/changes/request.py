"""Writing a change request down, putting it right, adding designs, listing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from commands.args import Args
from commands.changes.asking import redraw_asked
from commands.changes.card import answer, change_card, story_of
from commands.changes.family import COMMAND, REF, as_typed, load, names, record, require_author, who
from commands.context import Context
from commands.designs.keeping import keep, links_in, note_in
from commands.forms import default_form, form_for
from commands.registry import Arg, ArgKind, Choice, Subcommand
from domain.changes.events import Content, Edited, Linked, Logged
from domain.changes.record import changed_fields
from domain.changes.state import ChangeRequest
from domain.errors import UserError
from domain.ids import new_id
from domain.lanhu import DesignLink, without_links
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Form,
    Inline,
    Join,
    Reply,
    Strong,
    T,
    Tone,
)
from domain.stories import Status, Story

_WHY = re.compile(
    r"(?:[\s，,；;。]+)(?:因为|由于|原因是?[:：]?|because(?:\s+of)?|reason:?)\s*(?P<why>.+)\Z",
    re.IGNORECASE | re.DOTALL,
)
_TEXTS = ("title", "spec", "verify")


def _fields(*, what_required: bool) -> tuple[Arg, ...]:
    return (
        Arg(
            "what", "内容", ArgKind.TEXT, T("change.arg.what"),
            required=what_required, help=T("change.arg.what_help"),
        ),
        Arg("reason", "原因", ArgKind.TEXT, T("change.arg.reason")),
        Arg("source", "来源", ArgKind.TEXT, T("change.arg.source")),
        Arg("title", "标题", ArgKind.TEXT, T("change.arg.title")),
        Arg("spec", "描述", ArgKind.TEXT, T("change.arg.spec"), multiline=True),
        Arg("verify", "验收", ArgKind.TEXT, T("change.arg.verify"), multiline=True),
        Arg("link", "蓝湖", ArgKind.TEXT, T("change.arg.link")),
    )  # fmt: skip


def _log_form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The empty form; for a known story its present text stands in it, to be changed."""
    form = default_form(COMMAND, _sub("log"))
    args = values.get("story", "")
    number = int(args[1:]) if args[:1] == "S" and args[1:].isdecimal() else None
    story = story_of(ctx, number) if number else None
    if story is None:
        return form
    present = {"title": story.title, "spec": story.spec, "verify": story.verify}
    fields = tuple(replace(f, value=present.get(f.name, f.value)) for f in form.fields)
    return replace(form, fields=fields)


def _sub(name: str) -> Subcommand:
    found = COMMAND.find(name)
    if found is None:
        raise LookupError(name)
    return found


@COMMAND.sub(
    "log",
    "登记",
    aliases=("new", "add", "新建"),
    args=(
        Arg("story", "需求", ArgKind.STORY, T("change.arg.story"), required=True),
        *_fields(what_required=True),
    ),
    form=_log_form,
    examples=(
        (
            "变更 S12 改用短信登录 因为客户要求",
            "change S12 log in by SMS because the customer asks",
        ),
        ("变更", "change"),
    ),
)
def log(ctx: Context, args: Args) -> Reply:
    """Write down that an agreed story should change."""
    story = ctx.tracker.story(args.story("story") or 0)
    if story.status is Status.CLOSED:
        raise UserError("change.story_closed", story=story.ref)
    content = _content(ctx, args, Content(story.number, ""), story)
    number = ctx.uow.counters.next(f"change:{ctx.product.id}")
    channel = ctx.channel.id if ctx.channel and ctx.channel.kind == "channel" else None
    body = Logged(number, ctx.product.id, content, channel)
    change = record(ctx, ChangeRequest(new_id()), "request:logged", body, why=content.reason)
    _keep_designs(ctx, change, content.links)
    line = T("change.logged", {"ref": change.ref, "line": Code(f"/change submit {change.ref}")})
    return answer(ctx, change, line, Tone.GOOD, story=story)


def _keep_designs(ctx: Context, change: ChangeRequest, links: tuple[DesignLink, ...]) -> None:
    """Note the designs of a change with its story, so that the next version is recognised."""
    for link in links:
        keep(ctx, change.product_id, link, stories=(change.content.story,))


def _content(ctx: Context, args: Args, before: Content, story: Story) -> Content:
    """What is asked for: what was given over what was there; the story's own text is no change."""
    given = {n: as_typed(ctx, args.text(n)) for n in ("what", "reason", "source") if n in args}
    if "reason" not in given and (match := _WHY.search(given.get("what", ""))):
        given["reason"] = match["why"].strip()
        given["what"] = given["what"][: match.start()].strip()
    for name in _TEXTS:
        if name in args:
            typed = as_typed(ctx, args.text(name))
            given[name] = "" if typed == getattr(story, name).strip() else typed
    content = replace(before, **{n: _short(ctx, n, text) for n, text in given.items()})
    if len(content.what) > 500:
        content = replace(content, what=content.what[:500], spec=content.spec or content.what)
    if not content.what:
        raise UserError("change.what_needed")
    texts = "\n".join((*given.values(), args.text("link")))
    links = tuple(dict.fromkeys((*before.links, *links_in(ctx, texts))))
    return replace(content, links=links)


def _short(ctx: Context, name: str, text: str) -> str:
    """The line that says what, and the reason, without the links that are kept beside them."""
    if name not in ("what", "reason"):
        return text
    return without_links(text, ctx.services.design_hosts) or text


def _edit_form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The form with what is asked for now."""
    form = default_form(COMMAND, _sub("edit"))
    number = re.sub(r"\D", "", values.get("change", ""))
    change = ctx.uow.changes.by_number(ctx.product.id, int(number)) if number else None
    if change is None:
        return form
    content, story = change.content, story_of(ctx, change.content.story)
    present: dict[str, str] = {n: getattr(content, n) for n in ("what", "reason", "source")}
    for name in _TEXTS:
        present[name] = getattr(content, name) or (getattr(story, name) if story else "")
    fields = tuple(replace(f, value=present.get(f.name, f.value)) for f in form.fields)
    return replace(form, fields=fields)


@COMMAND.sub(
    "edit",
    "修改",
    aliases=("update",),
    args=(REF, *_fields(what_required=False)),
    form=_edit_form,
    examples=(("变更 修改 CR-12 改用扫码登录", "change edit CR-12 log in by QR code"),),
)
def edit(ctx: Context, args: Args) -> Reply:
    """Put it right: a new version. Approvals of the version before count no more."""
    change = load(ctx, args.text("change"))
    require_author(ctx, change)
    if not change.open:
        raise UserError("change.not_editable", ref=change.ref, status=_status(change))
    if not any(name in args for name in ("what", "reason", "source", "link", *_TEXTS)):
        return Reply(
            form=form_for(ctx, COMMAND, _sub("edit"), {"change": change.ref}), private=True
        )
    before = change.content
    content = _content(ctx, args, before, ctx.tracker.story(before.story))
    if content == before:
        raise UserError("change.nothing_changed", ref=change.ref)
    approved = tuple(a.by for a in change.valid_approvals)
    change = record(ctx, change, "request:edited", Edited(content))
    _keep_designs(ctx, change, content.links)
    redraw_asked(ctx, change)
    return _edited(ctx, change, before, approved)


def _edited(
    ctx: Context, change: ChangeRequest, before: Content, approved: tuple[str, ...]
) -> Reply:
    """Say what is different, and tell everybody whose approval fell by it."""
    changed = changed_fields(before, change.content)
    fields = Join(tuple(T(f"change.field.{f}") for f in changed), ", ")
    params: dict[str, Inline | int] = {"ref": change.ref, "fields": fields}
    if not approved:
        return answer(ctx, change, T("change.edited", params))
    told = T(
        "change.told_approval_void",
        {"who": who(ctx, ctx.me.id), "ref": change.ref, "fields": fields},
    )
    card = replace(change_card(ctx, change), title=told, key=None)
    for person in approved:
        ctx.tell(person, card)
    line = T("change.edited_void", {**params, "people": names(ctx, approved)})
    return answer(ctx, change, line, Tone.WARN)


@COMMAND.sub(
    "link",
    "蓝湖",
    aliases=("design",),
    args=(REF, Arg("link", "链接", ArgKind.TEXT, T("change.arg.link"), required=True)),
    examples=(
        (
            "变更 蓝湖 CR-12 https://lanhuapp.com/url/yt4Tw",
            "change link CR-12 https://lanhuapp.com/url/yt4Tw",
        ),
    ),
)
def link(ctx: Context, args: Args) -> Reply:
    """Put a design with it; a pasted password is not kept."""
    change = load(ctx, args.text("change"))
    text = as_typed(ctx, args.text("link"))
    links, note = links_in(ctx, text), note_in(ctx, text)
    found = [x for x in links if note or x not in change.links]
    if not found:
        raise UserError("change.link_known" if links else "change.no_link", ref=change.ref)
    change = record(ctx, change, "design:linked", *(Linked(x, note) for x in found))
    for each in found:
        keep(ctx, change.product_id, each, stories=(change.content.story,), text=text)
    return answer(ctx, change, T("change.linked", {"ref": change.ref}))


_SCOPES = (
    Choice("open", ("open", "未完成", "进行中"), T("change.scope.open")),
    Choice("all", ("all", "全部", "所有"), T("change.scope.all")),
)


@COMMAND.sub(
    "list",
    "列表",
    args=(Arg("scope", "范围", ArgKind.CHOICE, T("change.arg.scope"), choices=_SCOPES),),
    writes=False,
    examples=(("变更 列表", "change list"), ("变更 列表 全部", "change list all")),
)
def show_list(ctx: Context, args: Args) -> Reply:
    """The requests that are not settled; with ``all`` the last ones of every status."""
    every = args.text("scope") == "all"
    product = ctx.product.id
    if every:
        changes = ctx.uow.changes.recent(product)
    else:
        changes = ctx.uow.changes.open_of(product) + ctx.uow.changes.unacknowledged(product)
    new = Action(T("change.button.new"), "change log")
    more = () if every else (Action(T("change.button.all"), "change list all"),)
    if not changes:
        return Reply((Card(T("change.list.empty"), actions=(new, *more)),))
    items = tuple(
        Bullet(_line(ctx, c), (Action(T("change.button.show"), f"change show {c.ref}"),))
        for c in changes
    )
    title = T("change.list.all" if every else "change.list.open", {"n": len(items)})
    return Reply((Card(title, (Bullets(items),), (new, *more)),))


def _line(ctx: Context, change: ChangeRequest) -> Inline:
    head = Join((Strong(change.ref), f"S{change.content.story}", change.content.what), " ")
    return Join((head, _status(change), who(ctx, change.author)), " · ")


def _status(change: ChangeRequest) -> T:
    return T(f"change.status.{change.status.value}")


@COMMAND.sub(
    "show",
    "查看",
    args=(REF,),
    writes=False,
    examples=(("变更 查看 CR-12", "change show CR-12"),),
)
def show(ctx: Context, args: Args) -> Reply:
    """The card of one request."""
    return Reply((change_card(ctx, load(ctx, args.text("change"))),))
