"""The command itself, its arguments, and how an item is found and stored."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind, Choice, Command
from domain.errors import NotFoundError
from domain.messages import T
from domain.people import Role
from domain.pool import PoolItem

COMMAND = Command(
    "pool", "需求池", T("pool.help"), aliases=("wishes", "反馈池"), needs_product=True, free="add"
)

OWNERS = frozenset({Role.PO, Role.PM, Role.ADMIN})
"""Who decides what becomes of a wish."""

REF = Arg("item", "编号", ArgKind.REF, T("pool.arg.item"), required=True, prefix="P")
PRIORITY = Arg(
    "priority",
    "优先级",
    ArgKind.CHOICE,
    T("pool.arg.priority"),
    required=True,
    choices=(
        Choice("1", ("1", "urgent", "紧急"), T("pool.priority.1")),
        Choice("2", ("2", "high", "高"), T("pool.priority.2")),
        Choice("3", ("3", "medium", "normal", "中"), T("pool.priority.3")),
        Choice("4", ("4", "low", "低"), T("pool.priority.4")),
    ),
)


def load(ctx: Context, args: Args, name: str = "item") -> PoolItem:
    """The item that is meant; ``NotFoundError`` if there is none of this number."""
    return by_number(ctx, int(args.text(name)))


def by_number(ctx: Context, number: int) -> PoolItem:
    """Item ``P-<number>`` of the product; ``NotFoundError`` if none."""
    item = ctx.uow.pool.by_number(ctx.product.id, number)
    if item is None:
        raise NotFoundError("pool.unknown", ref=f"P-{number}")
    return item


def store(ctx: Context, act: str, before: PoolItem, after: PoolItem, why: str = "") -> None:
    """Keep what an item became, and who did it."""
    ctx.uow.pool.save(after)
    ctx.audit(
        f"pool:item:{act}",
        f"pool:{after.id}",
        old={"status": before.status.value, "priority": before.priority},
        new={"status": after.status.value, "priority": after.priority, "story": after.story},
        why=why,
    )
