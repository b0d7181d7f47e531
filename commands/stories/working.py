"""Who does it, how far it is, who reviews it, and on which plan it is."""

from __future__ import annotations

from commands.args import Args, FieldErrors
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.cards import story_card
from commands.stories.family import (
    COMMAND,
    EDITORS,
    STORY,
    load,
    may_set,
    named,
    plan_by_name,
    stage_text,
    who_may_set,
)
from commands.stories.undo import remember
from commands.stories.words import STAGE_CHOICES
from domain.errors import UserError
from domain.messages import Action, Card, Inline, Join, Para, Reply, Style, T, Tone
from domain.people import Role
from domain.stories import Stage, Story

_NOTE = Arg("note", "备注", ArgKind.TEXT, T("story.arg.note"))
_UNDONE = 5
"""To so many stories of one act the way back is a button."""
_STORIES = Arg("stories", "需求", ArgKind.STORIES, T("story.arg.stories"), required=True)
_EXAMPLE_PLAN = (("需求 计划 S12 S13 v2.3", "story plan S12 S13 v2.3"),)


def _done(key: str, story: Story, *, note: str = "", **params: Inline | int) -> Reply:
    """One line that says what was done, and how to take it back."""
    blocks = (Para(note),) if note else ()
    actions = (
        Action(T("story.undo_button"), f"story undo {story.ref}"),
        Action(T("story.show_button"), f"story show {story.ref}"),
    )
    return Reply((Card(T(key, {"story": named(story), **params}), blocks, actions),))


@COMMAND.sub(
    "assign",
    "指派",
    args=(
        STORY,
        Arg("who", "谁", ArgKind.PERSON, T("story.arg.assignee"), required=True),
        _NOTE,
    ),
    roles=EDITORS,
    examples=(("需求 指派 S12 @李雷", "story assign S12 @dev"),),
)
def assign(ctx: Context, args: Args) -> Reply:
    """Give a story to somebody, who is told."""
    person = args.person("who") or ""
    return _assign(ctx, load(ctx, args.story("story")), person, args.text("note"))


@COMMAND.sub(
    "unassign",
    "取消指派",
    args=(STORY,),
    roles=EDITORS,
    examples=(("需求 取消指派 S12", "story unassign S12"),),
)
def unassign(ctx: Context, args: Args) -> Reply:
    """Give a story to nobody."""
    return _assign(ctx, load(ctx, args.story("story")), None, "")


def _assign(ctx: Context, before: Story, person: str | None, note: str) -> Reply:
    after = ctx.tracker.assign(before.number, person, ctx.me.id, note)
    if after.assigned_to == before.assigned_to:
        raise UserError("story.same_assignee", story=named(before))
    remember(ctx, before, after, "assigned")
    ctx.audit(
        "story:assignee:set",
        f"story:{after.number}",
        old=before.assigned_to,
        new=person,
        why=note,
    )
    if person is None:
        return _done("story.unassigned", after)
    card = Card(
        T("story.yours", {"who": ctx.person(ctx.me.id), "story": named(after)}),
        (Para(note),) if note else (),
        (Action(T("story.show_button"), f"story show {after.ref}"),),
    )
    ctx.tell(person, card)
    return _done("story.assigned", after, note=note, who=ctx.person(person))


@COMMAND.sub(
    "stage",
    "阶段",
    args=(
        STORY,
        Arg("stage", "阶段", ArgKind.CHOICE, T("story.arg.stage"), True, STAGE_CHOICES),
        _NOTE,
    ),
    examples=(("需求 阶段 S12 已测试", "story stage S12 tested"),),
)
def stage(ctx: Context, args: Args) -> Reply:
    """Say how far a story is. Verified and closed have commands of their own."""
    before = load(ctx, args.story("story"))
    wanted, note = Stage(args.text("stage")), args.text("note")
    if wanted is Stage.VERIFIED:
        raise UserError("story.stage_verified", ref=before.ref)
    if wanted is Stage.CLOSED:
        raise UserError("story.stage_closed", ref=before.ref)
    if not may_set(ctx, wanted):
        raise ctx.refusal(who_may_set(wanted))
    if before.stage is wanted:
        raise UserError("story.same_stage", story=named(before), stage=stage_text(wanted))
    after = ctx.tracker.set_stage(before.number, wanted, ctx.me.id, note)
    remember(ctx, before, after, "staged")
    ctx.audit(
        "story:stage:set",
        f"story:{after.number}",
        old=before.stage.value,
        new=wanted.value,
        why=note,
    )
    if wanted is Stage.TESTED:
        _tell_owners(ctx, after)
    stages = {"old": stage_text(before.stage), "new": stage_text(wanted)}
    return _done("story.staged", after, note=note, **stages)


def _tell_owners(ctx: Context, story: Story) -> None:
    """A tested story waits for its product owner."""
    card = Card(
        T("story.to_verify", {"story": named(story)}),
        actions=(
            Action(T("story.verify_button"), f"verify {story.ref}", Style.PRIMARY),
            Action(T("story.show_button"), f"story show {story.ref}"),
        ),
        tone=Tone.INFO,
        key=f"closure:{story.ref}",
    )
    for person in ctx.uow.people.with_role(Role.PO, story.product_id):
        ctx.tell(person.id, card)


@COMMAND.sub(
    "submit",
    "提交评审",
    aliases=("提交", "送审"),
    args=(STORY, Arg("reviewers", "评审人", ArgKind.PEOPLE, T("story.arg.reviewers"))),
    roles=EDITORS,
    examples=(("需求 提交评审 S12 @李雷 @赵倩", "story submit S12 @dev @tester"),),
)
def submit(ctx: Context, args: Args) -> Reply:
    """Send a draft or a change to review; without names to those who reviewed it before."""
    before = load(ctx, args.story("story"))
    reviewers = args.people("reviewers") or before.reviewers
    if not reviewers:
        raise FieldErrors({"reviewers": T("core.field_required")})
    after = ctx.tracker.submit_for_review(before.number, reviewers, ctx.me.id)
    ctx.audit(
        "story:review:submitted",
        f"story:{after.number}",
        old=before.status.value,
        new={"status": after.status.value, "reviewers": list(reviewers)},
    )
    tell_reviewers(ctx, (after,))
    return Reply((story_card(ctx, after),))


def tell_reviewers(ctx: Context, stories: tuple[Story, ...]) -> None:
    """Each reviewer hears once of everything that they are to review."""
    waiting: dict[str, list[Story]] = {}
    for story in stories:
        for person in story.reviewers:
            waiting.setdefault(person, []).append(story)
    for person, theirs in waiting.items():
        names = Join(tuple(named(s) for s in theirs[:10]), ", ")
        params: dict[str, Inline | int] = {
            "who": ctx.person(ctx.me.id), "stories": names, "n": len(theirs),
        }  # fmt: skip
        action = Action(T("story.show_button"), f"story show {theirs[0].ref}")
        ctx.tell(person, Card(T("story.to_review", params), actions=(action,)))


@COMMAND.sub(
    "recall",
    "撤回",
    aliases=("撤回评审",),
    args=(STORY,),
    roles=EDITORS,
    examples=(("需求 撤回 S12", "story recall S12"),),
)
def recall(ctx: Context, args: Args) -> Reply:
    """Take a story back from review; for one being changed, take the change back."""
    before = load(ctx, args.story("story"))
    after = ctx.tracker.recall(before.number, ctx.me.id)
    ctx.audit(
        "story:review:recalled",
        f"story:{after.number}",
        old={"status": before.status.value, "version": before.version},
        new={"status": after.status.value, "version": after.version},
    )
    return Reply((story_card(ctx, after),))


@COMMAND.sub(
    "plan",
    "计划",
    aliases=("link",),
    args=(_STORIES, Arg("plan", "计划", ArgKind.TEXT, T("story.arg.plan"))),
    roles=EDITORS,
    examples=_EXAMPLE_PLAN,
)
def plan(ctx: Context, args: Args) -> Reply:
    """Put stories on a plan (the current one, if none is named); they are on one at most."""
    named_plan = args.text("plan")
    current = None if named_plan else ctx.uow.plans.active(ctx.product.id)
    found = current or plan_by_name(ctx, named_plan)
    return _link(ctx, args.stories("stories"), found.id, found.name)


@COMMAND.sub(
    "unplan",
    "移出计划",
    aliases=("unlink",),
    args=(_STORIES,),
    roles=EDITORS,
    examples=(("需求 移出计划 S12", "story unplan S12"),),
)
def unplan(ctx: Context, args: Args) -> Reply:
    """Take stories off their plan."""
    return _link(ctx, args.stories("stories"), None, "")


def _link(ctx: Context, numbers: tuple[int, ...], plan_id: str | None, name: str) -> Reply:
    stories = [load(ctx, n) for n in sorted(numbers)]  # one order of locks for everybody
    for before in stories:
        after = ctx.tracker.link_plan(before.number, plan_id, ctx.me.id)
        remember(ctx, before, after, "planned")
        ctx.audit("story:plan:set", f"story:{after.number}", old=before.plan_id, new=plan_id)
    names = Join(tuple(named(s) for s in stories), ", ")
    key = "story.planned" if plan_id else "story.unplanned"
    one = len(stories) == 1
    actions = tuple(
        Action(
            T("story.undo_button") if one else T("story.undo_of", {"ref": s.ref}),
            f"story undo {s.ref}",
        )
        for s in stories[:_UNDONE]
    )
    return Reply((Card(T(key, {"stories": names, "plan": name}), actions=actions),))
