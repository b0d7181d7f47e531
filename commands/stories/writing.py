"""``/story new`` and ``edit``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.cards import story_card
from commands.stories.creating import created, pending_card
from commands.stories.family import COMMAND, EDITORS, STORY, load, plan_by_name
from commands.stories.reading import read_fields
from commands.stories.undo import remember
from commands.stories.words import CATEGORY_OPTIONS, PRIORITY_OPTIONS, options_with
from domain import story_machine as machine
from domain.errors import DubanError, UserError
from domain.messages import (
    FieldKind,
    Form,
    FormField,
    Option,
    Reply,
    T,
)
from domain.stories import Story, StoryDraft, story_number
from domain.story_fields import MAX_MODULE, MAX_TEXT, MAX_TITLE, TEXT_FIELDS
from domain.story_machine import Act

# Only the title may be typed without its name: a "2" or a "性能" inside a title is a part of it.
_TITLE = Arg("title", "标题", ArgKind.TEXT, T("story.arg.title"), required=True)
_NEW_TITLE = Arg("title", "标题", ArgKind.TEXT, T("story.arg.title"))
_TEXTS = (
    Arg("spec", "描述", ArgKind.TEXT, T("story.arg.spec"), multiline=True),
    Arg("verify", "验收标准", ArgKind.TEXT, T("story.arg.verify"), multiline=True),
    Arg("priority", "优先级", ArgKind.TEXT, T("story.arg.priority")),
    Arg("category", "类别", ArgKind.TEXT, T("story.arg.category")),
    Arg("module", "模块", ArgKind.TEXT, T("story.arg.module")),
    Arg("estimate", "预计工时", ArgKind.TEXT, T("story.arg.estimate")),
)


def _own_fields(story: Story | None) -> tuple[FormField, ...]:
    """The fields of a story's own words and numbers, with what stands in them."""

    def now(name: str, default: str = "") -> str:
        return default if story is None else _typed(story, name)

    title, spec, verify = T("story.arg.title"), T("story.arg.spec"), T("story.arg.verify")
    return (
        FormField("title", title, required=True, value=now("title"), max_length=MAX_TITLE),
        FormField("spec", spec, FieldKind.MULTILINE, value=now("spec"), max_length=MAX_TEXT),
        FormField(
            "verify", verify, FieldKind.MULTILINE,
            value=now("verify"), help=T("story.verify_help"), max_length=MAX_TEXT,
        ),
        FormField(
            "priority", T("story.arg.priority"), FieldKind.CHOICE,
            options=options_with(PRIORITY_OPTIONS, now("priority"), f"P{now('priority')}"),
            value=now("priority", "3"),
        ),
        FormField(
            "category", T("story.arg.category"), FieldKind.CHOICE,
            options=options_with(CATEGORY_OPTIONS, now("category"), now("category")),
            value=now("category", "feature"),
        ),
        FormField(
            "module", T("story.arg.module"), value=now("module"), max_length=MAX_MODULE
        ),
        FormField(
            "estimate", T("story.arg.estimate"), FieldKind.NUMBER, value=now("estimate")
        ),
    )  # fmt: skip


def _typed(story: Story, name: str) -> str:
    value = getattr(story, name)
    if name == "estimate":
        return f"{value:g}" if value else ""
    return str(value)


def _new_form(ctx: Context, values: Mapping[str, str]) -> Form:
    del values
    plans = ctx.uow.plans.of_product(ctx.product.id)
    around: list[FormField] = []
    if plans:
        options = tuple(Option(p.id, p.name) for p in plans)
        around.append(FormField("plan", T("story.arg.plan"), FieldKind.CHOICE, options=options))
    around += [
        FormField(
            "reviewers", T("story.arg.reviewers"), FieldKind.PEOPLE, help=T("story.reviewers_help")
        ),
        FormField("assignee", T("story.arg.assignee"), FieldKind.PERSON),
    ]
    return Form(
        "story new", T("story.sub.new"), (*_own_fields(None), *around), T("story.new_button")
    )


@COMMAND.sub(
    "new",
    "新建",
    aliases=("create", "add", "创建", "新增"),
    args=(
        _TITLE,
        *_TEXTS,
        Arg("plan", "计划", ArgKind.TEXT, T("story.arg.plan")),
        Arg("reviewers", "评审人", ArgKind.PEOPLE, T("story.arg.reviewers")),
        Arg("assignee", "指派给", ArgKind.PERSON, T("story.arg.assignee")),
    ),
    roles=EDITORS,
    form=_new_form,
    examples=(("需求 新建 支持微信登录", "story new Sign in with WeChat"),),
)
def new(ctx: Context, args: Args) -> Reply:
    """Make a story: under review when it has reviewers, else a draft."""
    fields = read_fields(args.raw)
    draft = StoryDraft(
        ctx.product.id,
        plan_id=_plan_id(ctx, args.text("plan")),
        assigned_to=args.person("assignee"),
        reviewers=args.people("reviewers"),
        **fields,
    )
    story = ctx.tracker.create(draft, ctx.me.id)
    return Reply((pending_card(ctx, story) if story.pending else created(ctx, story),))


def _plan_id(ctx: Context, word: str) -> str | None:
    if not word:
        return None
    try:
        return plan_by_name(ctx, word).id
    except DubanError as error:
        raise FieldErrors({"plan": error.text}) from error


def _edit_form(ctx: Context, values: Mapping[str, str]) -> Form:
    """The story's fields as they are; its words only where they may be rewritten."""
    number = story_number(values.get("story", "").strip())
    if number is None:
        pick = FormField("story", T("story.arg.story"), FieldKind.STORY, required=True)
        return Form("story edit", T("story.sub.edit"), (pick,), T("core.submit"))
    story = load(ctx, number)
    machine.check(Act.EDIT, story)
    fields = _own_fields(story)
    if not machine.may(Act.REWRITE, story):
        fields = tuple(f for f in fields if f.name not in TEXT_FIELDS)
    pick = FormField("story", T("story.arg.story"), FieldKind.STORY, required=True, value=story.ref)
    intro = None if machine.may(Act.REWRITE, story) else T("story.agreed_words")
    return Form("story edit", T("story.sub.edit"), (pick, *fields), T("core.submit"), intro)


@COMMAND.sub(
    "edit",
    "编辑",
    aliases=("修改",),
    args=(STORY, _NEW_TITLE, *_TEXTS),
    roles=EDITORS,
    form=_edit_form,
    examples=(("需求 编辑 S12 优先级=1 模块=登录", "story edit S12 priority=1 module=login"),),
)
def edit(ctx: Context, args: Args) -> Reply:
    """Edit a story in place. What an agreed story says is altered by a change request alone."""
    before = load(ctx, args.story("story"))
    machine.check(Act.EDIT, before)
    given = {name: text for name, text in args.raw.items() if name != "story"}
    if not given:
        return Reply(form=_edit_form(ctx, {"story": before.ref}), private=True)
    # What the form showed and nobody touched is not read: it may be a word of the tracker's own.
    fields = read_fields({n: t for n, t in given.items() if t.strip() != _typed(before, n)})
    fields = {name: value for name, value in fields.items() if value != getattr(before, name)}
    if not fields:
        raise UserError("story.nothing_edited", ref=before.ref)
    _check_words(before, fields)
    after = ctx.tracker.edit(before.number, fields, ctx.me.id)
    remember(ctx, before, after, "edited", *fields)
    ctx.audit(
        "story:story:edited",
        f"story:{after.number}",
        old={name: getattr(before, name) for name in fields},
        new=fields,
    )
    return Reply((story_card(ctx, after),))


def _check_words(story: Story, fields: Mapping[str, Any]) -> None:
    """Refuse new words for a story that is agreed or being voted on, and say what to do instead."""
    if fields.keys() & TEXT_FIELDS and not machine.may(Act.REWRITE, story):
        key = f"story.cannot.rewrite_{story.status.value}"
        raise UserError(key, ref=story.ref)
