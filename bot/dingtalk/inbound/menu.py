"""The answer to a bare mention: what this person can do here and now."""

from __future__ import annotations

from commands.context import Context
from commands.grammar import parse
from commands.home_waiting import waiting
from domain.messages import Action, Block, Card, Inline, Para, Strong, Style, T
from domain.people import Product

IN_REVIEW = (
    "review verdict", "review decide", "review note", "review action", "review join", "review show",
    "review end",
)  # fmt: skip
WITH_PRODUCT = (
    "review start", "change log", "plan show", "story list", "change list", "action list",
)  # fmt: skip
ALONE = ("home", "reminders mine", "plan show", "pool list")
WITHOUT_PRODUCT = ("setup product", "home")
LAST = "help"


def menu(ctx: Context) -> Card:
    """The menu of a channel at this moment, for the one who asked for it.

    While a review is open in the channel it is about the review; else about the channel's product.
    What the person may not do is not offered; who is not of the company may do nothing. It reads
    only.
    """
    if not ctx.is_member:
        return Card(T("dingtalk.menu_outside"))
    blocks: list[Block] = []
    review = ctx.uow.reviews.listening_in(ctx.channel.id) if ctx.channel else None
    product = ctx.maybe_product
    if review is not None:
        lines = IN_REVIEW
        blocks.append(Para(T("dingtalk.menu_review")))
    elif ctx.channel is not None and ctx.channel.kind == "direct":
        lines = ALONE
        blocks.append(Para(T("dingtalk.menu_alone")))
    elif product is not None:
        lines = WITH_PRODUCT
        blocks.append(Para(T("dingtalk.menu_product", {"product": Strong(product.name)})))
    else:
        lines = WITHOUT_PRODUCT
        blocks.append(Para(T("dingtalk.menu_unbound")))
    if n := _waiting(ctx, product):
        blocks.append(Para(T("dingtalk.menu_waiting", {"n": n})))
    actions = [_action(ctx, line) for line in _first_waiting(lines, waits=bool(n))]
    shown = tuple(a for a in actions if a is not None)
    return Card(T("dingtalk.menu"), tuple(blocks), shown)


def _waiting(ctx: Context, product: Product | None) -> int:
    grants = ctx.uow.people.grants()
    mine = {g.product_id for g in grants if g.person_id == ctx.me.id and g.product_id}
    if product is not None and (ctx.channel is None or ctx.channel.kind != "direct"):
        products = [product] if product.id in mine else []
    else:
        products = [p for p in ctx.uow.products.all() if p.id in mine]
    return len(waiting(ctx, products)) if products else 0


def _first_waiting(lines: tuple[str, ...], *, waits: bool) -> list[str]:
    """With the way to what waits in front, and to the help at the end."""
    home = ["home"] if waits and "home" not in lines else []
    return [*home, *lines, LAST]


def _action(ctx: Context, line: str) -> Action | None:
    """The way to a command, if the asker may use it."""
    found = parse(ctx.registry, line)
    if found.command is None or found.sub is None or not ctx.may(found.sub.roles):
        return None
    command, sub = found.command, found.sub
    label: Inline = sub.summary if found.explicit else command.summary
    style = Style.PRIMARY if line in ("review start", "home") else Style.DEFAULT
    chinese = f"{command.zh} {sub.zh}" if found.explicit else command.zh
    return Action(label, line, style, typed=chinese if ctx.locale == "zh" else line)
