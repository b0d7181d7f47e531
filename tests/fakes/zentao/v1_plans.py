"""v1: products and plans (facts §9)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.editing import accounts_of
from tests.fakes.zentao.markup import strip_tags
from tests.fakes.zentao.plans import UNDATED
from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.rows import COLUMNS, Row
from tests.fakes.zentao.state import Plan
from tests.fakes.zentao.stories import empty_field
from tests.fakes.zentao.web import Answer, Crash, Invalid, Stop, empty, v1
from tests.fakes.zentao.words import field_name, say

PEOPLE: Final = ("PO", "QD", "RD", "createdBy")
NOT_FOUND: Final = {"error": "404 Not found"}
PLAN_BUTTONS: Final = (
    "createExecution", "divider", "linkStory", "linkBug", "edit", "create", "delete",
)  # fmt: skip
UNDONE: Final = frozenset({"wait", "doing"})


# -- products ----------------------------------------------------------------------------------


def list_products(ctx: Context) -> Answer:
    """The products that the account sees."""
    rows = ctx.state.products_of(ctx.who)
    limit = number_in(ctx.request.query.get("limit"), 100) or 100
    page, shown = page_of(rows, number_in(ctx.request.query.get("page"), 1), limit)
    products = [_listed(ctx, row) for row in shown]
    return v1({"page": page, "total": len(rows), "limit": limit, "products": products})


def _listed(ctx: Context, row: Row) -> dict[str, Any]:
    shown = _product(ctx, row) | COLUMNS["product_list"]
    day = row["createdDate"][:10]
    return shown | {"type": "product", "PO": None, "createdDate": ctx.shapes.time(day)}


def _product(ctx: Context, row: Row) -> dict[str, Any]:
    shown = ctx.shapes.dressed(counted(ctx, row), people=PEOPLE, times=("createdDate",))
    shown["whitelist"] = ctx.shapes.people(row["whitelist"])
    return shown


def counted(ctx: Context, row: Row) -> dict[str, Any]:
    """A product's columns with the numbers of its stories and plans."""
    shown = row.full()
    stories = ctx.state.stories_of(row["id"])
    for status in ("draft", "active", "changing", "reviewing", "closed"):
        shown[f"{status}Stories"] = sum(story["status"] == status for story in stories)
    shown["totalStories"] = len(stories)
    shown["plans"] = len(plans_of(ctx, row["id"]))
    return shown


def statuses_of(ctx: Context, product: int) -> dict[str, int]:
    """How many stories have which status."""
    known = ("", "draft", "reviewing", "active", "changing", "closed")
    counts: dict[str, int] = dict.fromkeys(known, 0)
    for story in ctx.state.stories_of(product):
        counts[story["status"]] = counts.get(story["status"], 0) + 1
    return counts


def get_product(ctx: Context) -> Answer:
    """One product."""
    row = ctx.state.products.get(ctx.number)
    if row is None or row["deleted"]:
        raise Stop(v1(NOT_FOUND, 404))
    if not ctx.visible(row["id"]):
        raise Stop(v1({"error": "error"}, 400))
    ctx.visit(row["id"])
    shown = _product(ctx, row) | COLUMNS["product_detail"]
    shown |= {"feedback": None, "stories": statuses_of(ctx, row["id"]), "programName": ""}
    if ctx.request.query.get("fields") == "actions":
        shown |= {"addComment": True, "actions": ctx.history.of("product", row["id"])}
    return v1(shown)


def create_product(ctx: Context) -> Answer:
    """A new product; a taken name is a success with nothing in it."""
    name = ctx.body.get("name")
    if not name:
        raise Invalid(empty_field("product_name", ctx.lang))
    if any(row["name"] == name for row in ctx.state.products):
        if ctx.state.version.old:
            taken = say("taken", ctx.lang, field_name("product_name", ctx.lang), name)
            raise Invalid({"name": [taken]})
        return empty(201)
    row = ctx.state.products.add(
        name=name, type=str(ctx.body.get("type", "normal")),
        acl=str(ctx.body.get("acl", "private")), PO=str(ctx.body.get("PO", "")),
        desc=str(ctx.body.get("desc", "")), createdBy=ctx.who, createdDate=ctx.state.now(),
        whitelist=accounts_of(ctx.body.get("whitelist")), createdVersion=ctx.state.version.name,
    )  # fmt: skip
    row["order"] = row["id"] * 5
    ctx.rules.log.write("product", row["id"], "opened", ctx.who, product=row["id"])
    return v1(_product(ctx, row), 201)


def delete_product(ctx: Context) -> Answer:
    """Softly."""
    row = ctx.state.products.get(ctx.number)
    if row is not None:
        row["deleted"] = 1
        ctx.rules.log.write("product", row["id"], "deleted", ctx.who, product=row["id"])
    return v1({"message": "success"})


# -- plans -------------------------------------------------------------------------------------


def plans_of(ctx: Context, product: int) -> list[Plan]:
    """The product's plans, the latest begin first."""
    rows = [p for p in ctx.state.plans.values() if p.product == product and not p.deleted]
    return sorted(rows, key=lambda plan: (plan.begin, plan.id), reverse=True)


def filtered(plans: list[Plan], status: str) -> list[Plan]:
    """Plans of a browse type."""
    if status == "all":
        return plans
    wanted = UNDONE if status == "undone" else {status}
    return [plan for plan in plans if plan.status in wanted]


def plan_columns(plan: Plan) -> dict[str, Any]:
    """A plan's own columns."""
    return {
        "id": plan.id,
        "product": plan.product,
        "branch": "0",
        "parent": plan.parent,
        "title": plan.title,
        "status": plan.status,
        "desc": plan.desc,
        "begin": plan.begin,
        "end": plan.end,
        "finishedDate": plan.finished,
        "closedDate": plan.closed,
        "order": "0",
        "closedReason": plan.closed_reason,
        "createdBy": plan.created_by,
        "createdDate": plan.created,
        "deleted": int(plan.deleted),
    }


def plan_row(ctx: Context, plan: Plan) -> dict[str, Any]:
    """A plan in a list: text without tags, stories as a number, no days when undated."""
    shown = plan_columns(plan)
    undated = say("undated", ctx.lang)
    for day in ("begin", "end"):
        shown[day] = undated if shown[day] == UNDATED else shown[day]
    stories = [row for row in map(ctx.state.stories.get, plan.linked) if row is not None]
    hour = sum(row["estimate"] for row in stories)
    return shown | {
        "desc": strip_tags(plan.desc),
        "stories": len(stories),
        "bugs": 0,
        "hour": int(hour) if hour == int(hour) else hour,
        "projects": [],
        "expired": plan.end < ctx.state.now()[:10],
        "branchName": "",
        "actions": list(PLAN_BUTTONS),
    }


def _whole_plan(ctx: Context, plan: Plan, *, status: int = 200) -> Answer:
    rows = [row for row in map(ctx.state.stories.get, reversed(plan.linked)) if row is not None]
    stories = [ctx.shapes.story_v1(row, escaped=True, accounts=True, local=True) for row in rows]
    shown = plan_columns(plan) | {"deleted": plan.deleted, "isParent": 0}
    return v1(shown | {"stories": stories, "bugs": []}, status)


def list_plans(ctx: Context) -> Answer:
    """Plans of a product."""
    product = ctx.number or number_in(ctx.request.query.get("product"), 0)
    if not product:
        raise Stop(v1({"error": "No product id."}, 400))
    row = ctx.state.products.get(product)
    if row is None or row["deleted"]:
        raise Crash
    if not ctx.visible(product):
        raise Stop(v1({"error": say("denied_product", ctx.lang)}, 400))
    query = ctx.request.query
    rows = filtered(plans_of(ctx, product), query.get("status", "undone"))
    limit = number_in(query.get("limit"), 20) or 20
    page, shown = page_of(rows, number_in(query.get("page"), 1), limit)
    plans = [plan_row(ctx, plan) | {"deleted": plan.deleted} for plan in shown]
    return v1({"page": page, "total": len(rows), "limit": limit, "plans": plans})


def create_plan(ctx: Context) -> Answer:
    """A new plan; any mistake answers 400 with nothing in it."""
    product = ctx.number or number_in(ctx.request.query.get("product"), 0)
    if ctx.state.products.get(product) is None or not ctx.visible(product):
        return empty(400)
    try:
        plan = ctx.rules.plans.create(ctx.who, product, ctx.body, ctx.lang)
    except Invalid:
        return empty(400)
    return _whole_plan(ctx, plan, status=201)


def _plan(ctx: Context) -> Plan | None:
    plan = ctx.state.plans.get(ctx.number)
    return None if plan is None or not ctx.visible(plan.product) else plan


def get_plan(ctx: Context) -> Answer:
    """One plan with its stories."""
    plan = _plan(ctx)
    if plan is None:
        raise Stop(v1(NOT_FOUND, 404))
    return _whole_plan(ctx, plan)


def edit_plan(ctx: Context) -> Answer:
    """Title, days and description."""
    plan = _plan(ctx)
    if plan is None:
        missing = {name: empty_field(name, ctx.lang) for name in ("begin", "end")}
        raise Invalid(missing)
    ctx.rules.plans.edit(ctx.who, plan, ctx.body, ctx.lang)
    return v1(plan_columns(plan) | {"deleted": plan.deleted, "isParent": 0})


def delete_plan(ctx: Context) -> Answer:
    """Softly."""
    plan = _plan(ctx)
    if plan is not None:
        ctx.rules.plans.delete(ctx.who, plan)
    return v1({"message": "success"})


def link_stories(ctx: Context) -> Answer:
    """Put stories on the plan, whatever their product."""
    plan, wanted = _plan(ctx), ctx.body.get("stories")
    if plan is None or not isinstance(wanted, list) or not wanted:
        return empty(400)
    ctx.rules.plans.link(ctx.who, plan.id, wanted)
    return _whole_plan(ctx, plan)


def unlink_stories(ctx: Context) -> Answer:
    """Take stories off the plan."""
    plan, wanted = _plan(ctx), ctx.body.get("stories")
    if plan is None or not isinstance(wanted, list) or not wanted:
        return empty(400)
    ctx.rules.plans.unlink(ctx.who, plan, wanted)
    return _whole_plan(ctx, plan)


ROUTES: Final = (
    Route("GET", "/products", list_products, "product-browse", lists=True),
    Route("POST", "/products", create_product, "product-create"),
    Route("GET", "/products/{}", get_product, "product-view"),
    Route("DELETE", "/products/{}", delete_product, "product-delete"),
    Route("GET", "/products/{}/plans", list_plans, "productplan-browse", lists=True),
    Route("GET", "/productplans", list_plans, "productplan-browse", lists=True),
    Route("POST", "/products/{}/plans", create_plan, "productplan-create"),
    Route("POST", "/productplans", create_plan, "productplan-create"),
    Route("GET", "/productplans/{}", get_plan, "productplan-view"),
    Route("PUT", "/productplans/{}", edit_plan, "productplan-edit"),
    Route("DELETE", "/productplans/{}", delete_plan, "productplan-delete"),
    Route("POST", "/productplans/{}/linkstories", link_stories, "productplan-linkStory"),
    Route("POST", "/productplans/{}/unlinkstories", unlink_stories, "productplan-linkStory"),
)
