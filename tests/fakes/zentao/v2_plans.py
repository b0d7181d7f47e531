"""v2: products and plans (facts §9)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.routing import Context, Route, number_in
from tests.fakes.zentao.rows import COLUMNS, Row
from tests.fakes.zentao.state import Plan
from tests.fakes.zentao.v1_plans import (
    counted,
    filtered,
    plan_columns,
    plan_row,
    plans_of,
    statuses_of,
)
from tests.fakes.zentao.v2_stories import fail, paged, product_of
from tests.fakes.zentao.web import Answer, Crash, v2
from tests.fakes.zentao.words import say


def list_products(ctx: Context) -> Answer:
    """The products that the account sees; the PO is a name here, the RD an account."""
    shown, at = paged(ctx, ctx.state.products_of(ctx.who), "products", "product", "all")
    products = [_listed(ctx, row) for row in shown]
    return v2({"status": "success", "products": products, "pager": at})


def _listed(ctx: Context, row: Row) -> dict[str, Any]:
    name = ctx.state.people.realname(row["PO"]) if row["PO"] else ""
    shown = counted(ctx, row) | COLUMNS["product_list"]
    return shown | {"type": "product", "PO": name, "createdDate": row["createdDate"][:10]}


def get_product(ctx: Context) -> Answer:
    """One product."""
    row = product_of(ctx)
    detail = {k: v for k, v in COLUMNS["product_detail"].items() if k != "caseReview"}
    shown = counted(ctx, row) | detail | {"stories": statuses_of(ctx, row["id"])}
    return v2({"status": "success", "product": shown})


def list_plans(ctx: Context) -> Answer:
    """Plans of a product."""
    row = product_of(ctx)
    rows = filtered(plans_of(ctx, row["id"]), ctx.request.query.get("browseType", "undone"))
    shown, at = paged(ctx, rows, "productplans", "productplan", "browse")
    plans = [plan_row(ctx, plan) for plan in shown]
    return v2({"status": "success", "productplans": plans, "pager": at})


def _plan(ctx: Context, number: int) -> Plan:
    plan = ctx.state.plans.get(number)
    if plan is None or plan.deleted:
        raise fail("Productplan does not exist.")
    if not ctx.visible(plan.product):
        raise fail("Productplan is not allowed.")
    return plan


def get_plan(ctx: Context) -> Answer:
    """One plan with its actions, without its stories."""
    plan = _plan(ctx, ctx.number)
    return v2(
        {
            "status": "success",
            "productplan": plan_columns(plan) | {"isParent": 0},
            "actions": ctx.history.of("productplan", plan.id),
        }
    )


def create_plan(ctx: Context) -> Answer:
    """A new plan; the product stands in the body."""
    product = number_in(str(ctx.body.get("productID", "")), 0)
    if not product:
        raise Crash
    row = ctx.state.products.get(product)
    if row is None or not ctx.visible(product):
        raise fail("Product does not exist.")
    plan = ctx.rules.plans.create(ctx.who, product, ctx.body, ctx.lang)
    return v2({"message": say("saved", ctx.lang), "id": plan.id, "status": "success"})


def edit_plan(ctx: Context) -> Answer:
    """Title, days, description."""
    plan = _plan(ctx, ctx.number)
    ctx.rules.plans.edit(ctx.who, plan, ctx.body, ctx.lang)
    load = f"/index.php?m=productplan&f=view&t=json&planID={plan.id}"
    return v2({"message": say("saved", ctx.lang), "load": load, "status": "success"})


def delete_plan(ctx: Context) -> Answer:
    """Softly."""
    ctx.rules.plans.delete(ctx.who, _plan(ctx, ctx.number))
    return v2({"status": "success"})


def _step(ctx: Context) -> Answer:
    number = number_in(ctx.request.query.get("planID"), 0)
    if not number:
        raise fail("Missing required parameter: planID.")
    step = ctx.request.path.rsplit("/", 1)[-1]
    ctx.rules.plans.step(ctx.who, _plan(ctx, number), step, ctx.body)
    message = say("saved", ctx.lang)
    return v2({"message": message, "load": True, "closeModal": True, "status": "success"})


def link(ctx: Context) -> Answer:
    """Put stories on the plan of the query; without one, on no plan at all."""
    number = number_in(ctx.request.query.get("planID"), 0)
    wanted = ctx.body.get("stories")
    ctx.rules.plans.link(ctx.who, number, wanted if isinstance(wanted, list) else [])
    load = f"/index.php?m=productplan&f=view&t=json&planID={number}&type=story&orderBy=order_desc"
    return v2({"load": load, "status": "success"})


def unlink(ctx: Context) -> Answer:
    """Take stories off the plan of the query."""
    plan = _plan(ctx, number_in(ctx.request.query.get("planID"), 0))
    wanted = ctx.body.get("stories")
    ctx.rules.plans.unlink(ctx.who, plan, wanted if isinstance(wanted, list) else [])
    return v2({"status": "success"})


ROUTES: Final = (
    Route("GET", "/products", list_products, "product-browse", lists=True),
    Route("GET", "/products/{}", get_product, "product-view"),
    Route("GET", "/products/{}/productplans", list_plans, "productplan-browse", lists=True),
    Route("GET", "/productplans/{}", get_plan, "productplan-view"),
    Route("POST", "/productplans", create_plan, "productplan-create"),
    Route("PUT", "/productplans/{}", edit_plan, "productplan-edit"),
    Route("DELETE", "/productplans/{}", delete_plan, "productplan-delete"),
    *(
        Route("PUT", f"/productplans/{{}}/{step}", _step, f"productplan-{step}")
        for step in ("start", "finish", "close", "activate")
    ),
    *(
        Route(method, "/productplans/{}/linkStory", link, "productplan-linkStory")
        for method in ("PUT", "POST")
    ),
    Route("PUT", "/productplans/{}/unlinkStory", unlink, "productplan-linkStory"),
)
