"""The ``/story`` family, and what its subcommands share."""

from __future__ import annotations

from commands.context import Context
from commands.registry import Arg, ArgKind, Command
from domain.errors import NotFoundError, UserError
from domain.messages import Inline, Join, T
from domain.people import Role
from domain.plans.model import Plan
from domain.stories import Stage, Story
from domain.tracking import SHIFT, ZENTAO

COMMAND = Command("story", "需求", T("story.help"), aliases=("stories",), needs_product=True)

EDITORS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who may make and edit stories."""

STAGES_OF = {
    Role.DEVELOPER: frozenset({Stage.DEVELOPING, Stage.DEVELOPED}),
    Role.TESTER: frozenset({Stage.TESTING, Stage.TESTED}),
}
"""The stages that others may set; editors may set every one."""

STORY = Arg("story", "需求", ArgKind.STORY, T("story.arg.story"), required=True)


def load(ctx: Context, number: int | None) -> Story:
    """The story, if it is one of this conversation's product; its roles are what was checked."""
    story = ctx.uow.stories.get(number or 0)
    if story.product_id != ctx.product.id and ctx.product.tracker == ZENTAO:
        # ZenTao's number may be taken here: then its own story goes by another one.
        story = ctx.uow.stories.find((number or 0) + SHIFT) or story
    if story.product_id != ctx.product.id:
        other = ctx.uow.products.get(story.product_id)
        raise NotFoundError("story.of_other_product", ref=story.ref, product=other.name)
    return story


def named(story: Story) -> Inline:
    """``S12 登录改版``."""
    return f"{story.ref} {story.title}"


def stage_text(stage: Stage) -> T:
    """The stage in words."""
    return T(f"story.stage.{stage.value}")


def may_set(ctx: Context, stage: Stage) -> bool:
    """Whether the asker may set this stage."""
    if ctx.roles & EDITORS:
        return True
    return any(stage in STAGES_OF.get(role, ()) for role in ctx.roles)


def who_may_set(stage: Stage) -> tuple[Role, ...]:
    """The roles that may set this stage."""
    others = tuple(role for role, stages in STAGES_OF.items() if stage in stages)
    return (*others, *sorted(EDITORS))


def plan_by_name(ctx: Context, word: str) -> Plan:
    """The product's plan of this name (or release), case folded; or the only one with it inside.

    ``NotFoundError`` lists the plans that there are.
    """
    plans = ctx.uow.plans.of_product(ctx.product.id)
    folded = word.strip().casefold()
    exact = [p for p in plans if folded in (p.id, p.name.casefold(), p.release.casefold())]
    found = exact or [p for p in plans if folded and folded in p.name.casefold()]
    if len(found) == 1:
        return found[0]
    if not plans:
        raise UserError("story.no_plans")
    names = Join(tuple(p.name for p in (found or plans)), ", ")
    raise NotFoundError("story.unknown_plan", name=word[:60], known=names)


def plan_name(ctx: Context, plan_id: str | None) -> str | None:
    """The name of a plan; None when there is no such plan (any more)."""
    if plan_id is None:
        return None
    plans = ctx.uow.plans.of_product(ctx.product.id)
    return next((p.name for p in plans if p.id == plan_id), None)
