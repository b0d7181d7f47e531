"""The answer where a product is needed and none is known: what to press to have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import UserError
from domain.messages import Action, T
from domain.scoping import MARK

if TYPE_CHECKING:
    from commands.context import Context

MOST = 5
"""So many products get a button."""

LONGEST = 500
"""A longer line is not put into a button."""


def no_product(ctx: Context) -> UserError:
    """The error: a channel is bound first; alone with Duban the same line names its product."""
    if ctx.channel is not None and ctx.channel.kind == "channel":
        error = UserError("core.no_product")
        error.actions = (*_bindings(ctx), *_sample(ctx))
        return error
    if ctx.uow.products.all():
        error = UserError("core.which_product")
        error.actions = _same_line(ctx)
        return error
    error = UserError("core.no_product_yet")
    error.actions = _sample(ctx)
    return error


def _bindings(ctx: Context) -> tuple[Action, ...]:
    known = ctx.uow.products.all()[:MOST]
    bind = tuple(
        Action(T("core.bind_button", {"product": p.name}), f"setup product {p.key}") for p in known
    )
    return (*bind, Action(T("setup.product_button"), "setup product"))


def _sample(ctx: Context) -> tuple[Action, ...]:
    if ctx.uow.products.samples():
        return ()
    return (Action(T("setup.demo_button"), "setup demo load"),)


def _same_line(ctx: Context) -> tuple[Action, ...]:
    line = ctx.request.text.strip().lstrip("/／").strip()
    if not line or len(line) > LONGEST:
        return ()
    known = ctx.uow.products.all()[:MOST]
    return tuple(Action(p.name, f"{line} {MARK}={p.key}") for p in known)
