"""``/story list``, ``show`` and ``history``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.cards import story_card
from commands.stories.family import COMMAND, EDITORS, STORY, load, plan_by_name, stage_text
from commands.stories.history import recent_lines
from commands.stories.words import stage_of, status_of
from commands.tracker.mirror import age_note
from domain.errors import NotFoundError, UserError
from domain.messages import (
    Action,
    Block,
    Bullet,
    Bullets,
    Card,
    Heading,
    Inline,
    Join,
    Para,
    Reply,
    T,
)
from domain.people import Role
from domain.stories import Stage, Status, Story, story_number

SHOWN = 60
"""How many stories a list shows; the rest is counted."""
SHOWN_HISTORY = 50

_MINE = frozenset({"mine", "my", "me", "我的", "我"})
_ALL = frozenset({"all", "全部", "所有"})
_UNPLANNED = frozenset({"unplanned", "未计划", "无计划", "未排期"})
_STAGE_ORDER = {stage: n for n, stage in enumerate(Stage)}


@dataclass(frozen=True, slots=True)
class _Filter:
    statuses: tuple[Status, ...] = ()
    stages: tuple[Stage, ...] = ()
    plan_id: str | None = None
    assigned_to: str | None = None
    include_closed: bool = False
    unplanned: bool = False
    text: str = ""


@COMMAND.sub(
    "list",
    "列表",
    aliases=("ls",),
    args=(
        Arg("who", "谁", ArgKind.PERSON, T("story.arg.assignee")),
        Arg("filter", "筛选", ArgKind.TEXT, T("story.arg.filter"), help=T("story.filter_help")),
        Arg("plan", "计划", ArgKind.TEXT, T("story.arg.plan")),
    ),
    writes=False,
    examples=(("需求 列表 已测试", "story list tested"), ("需求 我的", "story list mine")),
)
def list_stories(ctx: Context, args: Args) -> Reply:
    """Stories by stage, those that every word lets through; ``S12`` alone shows that one."""
    number = story_number(args.text("filter"))
    if number is not None:
        return Reply((story_card(ctx, load(ctx, number)),))
    wanted = _filter(ctx, args)
    found = ctx.uow.stories.of_product(
        ctx.product.id,
        plan_id=wanted.plan_id,
        include_closed=wanted.include_closed,
        unplanned=wanted.unplanned,
        statuses=wanted.statuses,
        stages=wanted.stages,
        assigned_to=wanted.assigned_to,
        text=wanted.text,
    )
    if not found:
        return Reply((_empty(ctx, filtered=wanted != _Filter()),))
    title = T("story.list_title", {"product": ctx.product.name, "n": len(found)})
    return Reply((Card(title, (*age_note(ctx), *_groups(ctx, found)), _list_actions(ctx)),))


def _filter(ctx: Context, args: Args) -> _Filter:
    """A status, a stage, mine, all, unplanned, a plan; what else is typed is searched for."""
    out = _Filter(assigned_to=args.person("who"))
    if "plan" in args:
        out = replace(out, plan_id=plan_by_name(ctx, args.text("plan")).id)
    rest: list[str] = []
    for word in args.text("filter").split():
        narrowed = _narrowed(ctx, out, word)
        if narrowed is None:
            rest.append(word)
        else:
            out = narrowed
    return _searched(ctx, out, " ".join(rest))


def _narrowed(ctx: Context, out: _Filter, word: str) -> _Filter | None:
    folded = word.casefold()
    if folded in _MINE:
        return replace(out, assigned_to=ctx.me.id)
    if folded in _ALL:
        return replace(out, include_closed=True)
    if folded in _UNPLANNED:
        return replace(out, unplanned=True)
    if (status := status_of(word)) is not None:
        return replace(out, statuses=(*out.statuses, status))
    if (stage := stage_of(word)) is not None:
        return replace(out, stages=(*out.stages, stage))
    return None


def _searched(ctx: Context, out: _Filter, text: str) -> _Filter:
    if not text:
        return out
    try:
        return replace(out, plan_id=plan_by_name(ctx, text).id)
    except (NotFoundError, UserError):
        return replace(out, text=text)


def _groups(ctx: Context, found: Sequence[Story]) -> tuple[Block, ...]:
    ordered = sorted(found, key=lambda s: (_STAGE_ORDER[s.stage], s.priority, s.number))
    blocks: list[Block] = []
    left = SHOWN
    for stage, group in groupby(ordered, key=lambda s: s.stage):
        rows = tuple(group)
        shown, left = rows[:left], max(0, left - len(rows))
        if shown:
            blocks.append(Heading(T("story.group", {"stage": stage_text(stage), "n": len(rows)})))
            blocks.append(Bullets(tuple(_row(ctx, story) for story in shown)))
    if len(found) > SHOWN:
        blocks.append(Para(T("story.more", {"n": len(found) - SHOWN}), muted=True))
    return tuple(blocks)


def _row(ctx: Context, story: Story) -> Bullet:
    facts: list[Inline] = [T(f"story.status.{story.status.value}"), f"P{story.priority}"]
    if story.assigned_to:
        facts.append(ctx.person(story.assigned_to))
    text = Join((f"{story.ref} {story.title}", Join(tuple(facts), " · ")), "  ")
    return Bullet(text, (_row_action(ctx, story),))


def _row_action(ctx: Context, story: Story) -> Action:
    if story.stage is Stage.TESTED and ctx.roles & {Role.PO, Role.ADMIN}:
        return Action(T("story.verify_button"), f"verify {story.ref}")
    return Action(T("story.show_button"), f"story show {story.ref}")


def _list_actions(ctx: Context) -> tuple[Action, ...]:
    if not ctx.roles & EDITORS:
        return ()
    return (
        Action(T("story.new_button"), "story new"),
        Action(T("story.import_button"), "story import"),
    )


def _empty(ctx: Context, *, filtered: bool) -> Card:
    if filtered:
        everything = Action(T("story.all_button"), "story list")
        return Card(T("story.none_found"), actions=(everything,))
    hint = Para(T("story.empty_hint"), muted=True)
    return Card(T("story.empty", {"product": ctx.product.name}), (hint,), _list_actions(ctx))


@COMMAND.sub(
    "show",
    "查看",
    aliases=("view", "详情"),
    args=(STORY,),
    writes=False,
    examples=(("需求 查看 S12", "story show S12"),),
)
def show(ctx: Context, args: Args) -> Reply:
    """One story with everything about it, and what the asker can do next."""
    return Reply((story_card(ctx, load(ctx, args.story("story"))),))


@COMMAND.sub(
    "history",
    "历史",
    aliases=("log",),
    args=(STORY,),
    writes=False,
    examples=(("需求 历史 S12", "story history S12"),),
)
def history(ctx: Context, args: Args) -> Reply:
    """What happened to a story, newest first."""
    story = load(ctx, args.story("story"))
    lines = recent_lines(ctx, story.number, SHOWN_HISTORY)
    title = T("story.history_of", {"story": f"{story.ref} {story.title}"})
    actions = (Action(T("story.show_button"), f"story show {story.ref}"),)
    return Reply((Card(title, (Bullets(lines),), actions),))
