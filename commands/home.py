"""``/home``: everything of mine on one page: what waits, reminders, products, settings.

Slack shows it as the app's home tab; on every other surface it is a command like the others.
"""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.home_waiting import SECTIONS, Waiting, waiting
from commands.registry import Command
from commands.reminders import my_reminders
from domain.messages import (
    Action,
    Bar,
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Fields,
    Heading,
    Inline,
    Join,
    Para,
    Reply,
    Strong,
    Style,
    T,
)
from domain.people import Product
from domain.plans import health
from domain.plans.health import Health, Pace
from domain.scoping import scoped_actions

COMMAND = Command("home", "首页", T("home.help"), aliases=("my", "我的"))

MOST_ROWS = 5
"""Of each section."""
MOST_PRODUCTS = 8
MOST_REMINDERS = 5


@COMMAND.sub("show", "查看", writes=False, examples=(("首页", "home"),))
def show(ctx: Context, args: Args) -> Reply:
    """What waits for me, my reminders, my products and my settings."""
    del args
    return Reply(home_cards(ctx), private=True)


def home_cards(ctx: Context) -> tuple[Card, ...]:
    """The page of one person as of now: the last card is their settings."""
    mine = _my_products(ctx)
    cards = [_waiting_card(waiting(ctx, mine)), my_reminders(ctx, MOST_REMINDERS)]
    cards.append(_products_card(ctx, mine))
    cards.append(_settings_card(ctx))
    return tuple(card for card in cards if card is not None)


def _my_products(ctx: Context) -> tuple[Product, ...]:
    """The products in which the person has a role of their own.

    Without any, those of a role that counts everywhere (an administrator's): the first ones only.
    """
    mine = [g for g in ctx.uow.people.grants() if g.person_id == ctx.me.id]
    own = {g.product_id for g in mine if g.product_id is not None}
    products = ctx.uow.products.all()
    if not own and mine:
        return products[:MOST_PRODUCTS]
    return tuple(p for p in products if p.id in own)


def _waiting_card(found: tuple[Waiting, ...]) -> Card:
    if not found:
        return Card(T("home.nothing"), (Para(T("home.nothing_hint"), muted=True),))
    blocks: list[Block] = []
    for section in SECTIONS:
        rows = [each.row for each in found if each.section == section]
        if rows:
            blocks.append(Heading(T(f"home.section.{section}", {"n": len(rows)})))
            blocks.append(Bullets(tuple(rows[:MOST_ROWS])))
        if len(rows) > MOST_ROWS:
            more = {"n": len(rows) - MOST_ROWS, "line": Code(f"/{_LISTS[section]}")}
            blocks.append(Para(T("home.more", more), muted=True))
    return Card(T("home.waiting", {"n": len(found)}), tuple(blocks))


_LISTS = {
    "verdicts": "review",
    "approvals": "change list",
    "acks": "change list",
    "verify": "close",
    "agree": "close",
    "actions": "action",
    "overdue": "plan",
}
"""Which command shows a whole section."""


def _products_card(ctx: Context, mine: tuple[Product, ...]) -> Card:
    """Each product with its phase and progress, or what to do when there is none."""
    if not mine:
        there_are = bool(ctx.uow.products.all())
        line = Code("/team role" if there_are else "/setup product")
        hint = T("home.no_role" if there_are else "home.no_product", {"line": line})
        return Card(T("home.products"), (Para(hint),))
    several = len(ctx.uow.products.all()) > 1
    blocks: list[Block] = []
    for product in mine[:MOST_PRODUCTS]:
        blocks += _product(ctx, product, several=several)
    if len(mine) > MOST_PRODUCTS:
        blocks.append(Para(T("home.more_products", {"n": len(mine) - MOST_PRODUCTS}), muted=True))
    return Card(T("home.products"), tuple(blocks))


def _product(ctx: Context, product: Product, *, several: bool) -> list[Block]:
    plan = ctx.uow.plans.active(product.id)
    if plan is None:
        show = Action(T("home.new_plan"), "plan new", Style.PRIMARY)
        text: Inline = Join((Strong(product.name), T("home.no_plan")), " ")
        return [Bullets((Bullet(text, _in((show,), product, several=several)),))]
    state = health(plan, ctx.today, ctx.calendar)
    label = Join((Strong(product.name), plan.name, state.pace.text), " · ")
    show = _in((Action(T("home.show_plan"), "plan show"),), product, several=several)
    return [Bar(label, state.progress), Bullets((Bullet(_phase_line(state), show),))]


def _in(actions: tuple[Action, ...], product: Product, *, several: bool) -> tuple[Action, ...]:
    return scoped_actions(actions, product.key) if several else actions


def _phase_line(state: Health) -> Inline:
    """What is under way and until when, and the next milestone."""
    parts: list[Inline] = [
        T("home.phase", {"name": p.name, "percent": p.progress, "day": Day(p.ends)})
        for p in state.current
    ]
    if not parts and state.upcoming:
        first = state.upcoming[0]
        parts.append(T("home.phase_next", {"name": first.name, "day": Day(first.starts)}))
    if state.next_milestone is not None:
        stone = state.next_milestone.milestone
        parts.append(T("home.milestone", {"name": stone.name, "day": Day(stone.due)}))
    if not parts:
        parts.append(T("home.all_done" if state.pace is Pace.DONE else "home.no_phase"))
    return Join(tuple(parts), "; ")


def _settings_card(ctx: Context) -> Card:
    """Language, quiet hours, absence and zone, each with the command that changes it."""
    me, zone = ctx.me, ctx.me.zone or ctx.workspace.zone
    other = "en" if me.locale == "zh" else "zh"
    quiet: Inline = T("home.quiet_off")
    if me.quiet is not None:
        quiet = f"{me.quiet.start:%H:%M}-{me.quiet.end:%H:%M}"
    absences = ctx.uow.people.absences(ctx.today)
    away = next((a for a in absences if a.person_id == me.id), None)
    absent: Inline = T("home.here")
    if away is not None:
        absent = T("home.away", {"first": Day(away.first), "last": Day(away.last)})
    actions = [
        Action(T(f"home.speak_{other}"), f"team language {other}"),
        Action(T("home.set_zone"), "team zone"),
        Action(T("home.set_quiet"), "team quiet"),
    ]
    if me.quiet is not None:
        actions.append(Action(T("home.end_quiet"), "team quiet off"))
    actions.append(Action(T("home.set_away"), "standup away"))
    if away is not None:
        actions.append(Action(T("home.end_away"), f"standup back {away.first.isoformat()}"))
    pairs: tuple[tuple[Inline, Inline], ...] = (
        (T("home.language"), T(f"team.{me.locale}")),
        (T("home.zone"), zone),
        (T("home.quiet"), quiet),
        (T("home.absence"), absent),
    )
    return Card(T("home.settings"), (Fields(pairs),), tuple(actions))
