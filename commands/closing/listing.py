"""``/close``: what is ready to be closed, what is missing, and asking for one closure."""

from __future__ import annotations

from commands.args import Args
from commands.closing.card import closure_card, needs_text
from commands.closing.family import CLOSE, STORY, Case, case_of, lacking, load_case
from commands.closing.finishing import request
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.stories.family import named
from domain.closures.state import Step
from domain.messages import Action, Block, Bullet, Bullets, Card, Heading, Join, Para, Reply, T
from domain.people import Role
from domain.stories import Story

SHOWN = 40
"""How many stories the list looks at."""


@CLOSE.sub(
    "list",
    "列表",
    args=(Arg("story", "需求", ArgKind.STORY, T("story.arg.story")),),
    aliases=("ready",),
    examples=(("关闭", "close"), ("关闭 S12", "close S12")),
)
def list_or_request(ctx: Context, args: Args) -> Reply:
    """What waits for a verification or an agreement; with a story: ask for its closure."""
    if args.story("story") is not None:
        return request(ctx, args.story("story"))
    stories = _waiting(ctx)
    cases = [case_of(ctx, story) for story in stories[:SHOWN]]
    if not cases:
        hint = Para(T("close.empty_hint"), muted=True)
        return Reply((Card(T("close.empty"), (hint,)),))
    groups = {
        "agree": [c for c in cases if Role.PO not in lacking(ctx, c)],
        "verify": [c for c in cases if Role.PO in lacking(ctx, c)],
    }
    blocks: list[Block] = []
    for name, group in groups.items():
        if group:
            blocks.append(Heading(T(f"close.group.{name}", {"n": len(group)})))
            blocks.append(Bullets(tuple(_row(ctx, case) for case in group)))
    if len(stories) > SHOWN:
        blocks.append(Para(T("story.more", {"n": len(stories) - SHOWN}), muted=True))
    title = T("close.list_title", {"product": ctx.product.name, "n": len(stories)})
    return Reply((Card(title, tuple(blocks)),))


def _waiting(ctx: Context) -> tuple[Story, ...]:
    """Verified, then tested, then those whose closure somebody asked for."""
    product = ctx.product.id
    asked = {line.number for line in ctx.uow.closures.of_product(product, (Step.REQUESTED,))}
    found = (
        *ctx.uow.stories.verified_unclosed(product),
        *ctx.uow.stories.tested_unverified(product),
        *ctx.uow.stories.many(asked),
    )
    return tuple({s.number: s for s in found}.values())


def _row(ctx: Context, case: Case) -> Bullet:
    ref = case.story.ref
    verified = Role.PO not in lacking(ctx, case)
    action = (
        Action(T("close.agree_button"), f"close agree {ref}")
        if verified
        else Action(T("close.verify_button"), f"verify {ref}")
    )
    needs = Join(needs_text(ctx, case), "; ")
    return Bullet(T("close.row", {"story": named(case.story), "needs": needs}), (action,))


@CLOSE.sub("request", "申请", args=(STORY,), examples=(("关闭 申请 S12", "close request S12"),))
def ask(ctx: Context, args: Args) -> Reply:
    """Ask for a closure."""
    return request(ctx, args.story("story"))


@CLOSE.sub(
    "show",
    "查看",
    args=(STORY,),
    writes=False,
    examples=(("关闭 查看 S12", "close show S12"),),
)
def show(ctx: Context, args: Args) -> Reply:
    """How one closure stands."""
    return Reply((closure_card(ctx, load_case(ctx, args.story("story"))),))
