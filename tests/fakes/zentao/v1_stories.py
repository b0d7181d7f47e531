"""v1: stories (facts §6)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.buttons import buttons
from tests.fakes.zentao.listing import bad_order, browse, ordered
from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.stories import empty_field
from tests.fakes.zentao.web import Answer, Crash, Invalid, Stop, empty, glued, v1
from tests.fakes.zentao.words import say

CREATED: Final = (
    "title", "spec", "verify", "pri", "category", "plan", "module", "source", "sourceNote",
    "estimate", "keywords", "mailto", "parent", "status",
)  # fmt: skip
EDITED: Final = (
    "title", "product", "parent", "reviewer", "type", "plan", "module", "source", "sourceNote",
    "category", "pri", "estimate", "mailto", "keywords", "stage", "notifyEmail", "status",
)  # fmt: skip


def find(ctx: Context, *, error: str = "error") -> Row:
    """The story of the path; 400 with ``error`` when there is none or it is hidden."""
    story = ctx.state.stories.get(ctx.number)
    if story is None or not ctx.visible(story["product"]):
        raise Stop(v1({"error": error}, 400))
    return story


def whole_story(ctx: Context, story: Row, *, accounts: bool = False, local: bool = False) -> Answer:
    """A story as writes answer it: the title stays escaped."""
    shapes = ctx.shapes
    shown = shapes.story_v1(story, escaped=True, accounts=accounts, local=local)
    shown |= shapes.story_text(story)
    titles = shapes.plan_titles(story)
    return v1(shown | ({"planTitle": titles} if titles and not accounts else {}))


def get_list(ctx: Context) -> Answer:
    """Stories of a product; of another one when it is unknown or hidden."""
    wanted = ctx.number or number_in(ctx.request.query.get("product"), 0)
    if not wanted:
        raise Stop(v1({"error": "Need product id."}, 400))
    product = ctx.state.products.get(wanted)
    status = ctx.state.version.list_status
    if product is None or product["deleted"] or not ctx.visible(wanted):
        other = ctx.last_product()
        listed = _page(ctx, other["id"] if other else 0)
        if product is None or product["deleted"]:
            return v1(listed, status)
        refused = {"status": "fail", "message": say("denied_product", ctx.lang)}
        return glued(refused, listed, status=status)
    ctx.visit(wanted)
    return v1(_page(ctx, wanted), status)


def _page(ctx: Context, product: int) -> dict[str, Any]:
    query = ctx.request.query
    order = query.get("order", "id_desc")
    if bad_order(ctx.state, order):
        raise Stop(empty())
    kind = query.get("type", "story")
    rows = browse(ctx, product, query.get("status", "unclosed"))
    rows = ordered([row for row in rows if row["type"] == kind], order)
    limit = number_in(query.get("limit"), 500) or 20
    page, shown = page_of(rows, number_in(query.get("page"), 1), limit)
    return {
        "page": page,
        "total": len(rows),
        "limit": limit,
        "stories": [list_row(ctx, row) for row in shown],
        "requirements": [],
    }


def list_row(ctx: Context, story: Row) -> dict[str, Any]:
    """A row of a list: no text; reviewers only where there are some."""
    shapes = ctx.shapes
    shown = shapes.story_v1(story, escaped=False)
    titles = "".join(shapes.plan_titles(story).values())
    shown |= {
        "parent": [story["parent"]] if story["parent"] else [],
        "priOrder": str(story["pri"]),
        "planTitle": f"{titles} ",
        "originParent": story["parent"],
        "needSummaryEstimate": True,
        "productStatus": "normal",
    }
    return shown | (shapes.reviewers(story) if ctx.state.reviewers(story) else {})


def create(ctx: Context) -> Answer:
    """A new story; the entry checks what is missing, the form what is empty."""
    product = ctx.number or number_in(str(ctx.body.get("product", "")), 0)
    if not product:
        raise Stop(v1({"error": "Need product id."}, 400))
    for name in ("title", "spec", "pri", "category"):
        if ctx.body.get(name) is None:
            raise Invalid(empty_field(name, ctx.lang))
    reviewers = _named(ctx)
    fields = {name: ctx.body[name] for name in CREATED if name in ctx.body}
    row = ctx.state.products.get(product)
    if row is not None and not ctx.visible(product):
        raise Stop(v1({"error": "error"}, 400))
    story = ctx.rules.stories.create(ctx.who, product, fields, reviewers, ctx.lang)
    _attach(ctx, story)
    if row is None:
        return empty(content_type="application/json; charset=utf-8")
    answer = whole_story(ctx, story)
    return Answer(ctx.state.version.created, answer.body, answer.content_type)


def _named(ctx: Context) -> list[str]:
    names = ctx.body.get("reviewer")
    if ctx.state.version.old and names is None:
        return []
    if not isinstance(names, list):
        raise Crash
    required = ctx.account.own_review_setting
    if required is None:
        required = ctx.state.settings.review_required
    if not names and required and not ctx.state.version.old:
        raise Invalid({"reviewer": empty_field("reviewer", ctx.lang)})
    return [str(name) for name in names]


def _attach(ctx: Context, story: Row) -> None:
    uid = ctx.body.get("uid")
    for entry in ctx.state.files.values():
        if uid and entry.get("uid") == uid:
            entry.update(objectType="story", objectID=story["id"])


def get(ctx: Context) -> Answer:
    """One story with its history; a deleted one too."""
    gone = "error" if ctx.state.version.old else say("gone", ctx.lang)
    story = ctx.state.stories.get(ctx.number)
    if story is None:
        raise Stop(v1({"error": gone}, 400))
    if not ctx.visible(story["product"]):
        raise Stop(v1({"error": say("denied_product", ctx.lang)}, 400))
    ctx.visit(story["product"])
    shapes = ctx.shapes
    product = ctx.state.products.get(story["product"])
    shown = shapes.story_v1(story, escaped=False) | shapes.story_text(story)
    titles = shapes.plan_titles(story)
    shown |= {"planTitle": list(titles.values())} if titles else {}
    shown |= shapes.reviewers(story)
    shown |= {
        "productName": product["name"] if product else "",
        "productStatus": product["status"] if product else "",
        "moduleTitle": "/",
        "bugs": [row["id"] for row in ctx.state.bugs if row["story"] == story["id"]],
        "cases": [row["caseID"] for row in ctx.state.cases if row["story"] == story["id"]],
        "requirements": [],
        "actions": ctx.history.of("story", story["id"]),
        "actionBtnList": buttons(ctx.state, story, ctx.who),
    }
    return v1(shown)


def edit(ctx: Context) -> Answer:
    """In place: text, assignee and comment are ignored, reviewers not sent are removed."""
    story = find(ctx)
    names = ctx.body.get("reviewer")
    draft = story["status"] == "draft"
    if (draft and not isinstance(names, list)) or isinstance(names, str):
        raise Crash
    if draft and ctx.body.get("status") == "active" and not names:
        _named(ctx)
    fields = {name: ctx.body[name] for name in EDITED if name in ctx.body}
    ctx.rules.stories.edit(ctx.who, story, fields, ctx.lang, reviewers=names or [], v2=False)
    return whole_story(ctx, story)


def delete(ctx: Context) -> Answer:
    """Softly; success for unknown ones as well."""
    story = ctx.state.stories.get(ctx.number)
    if story is not None and ctx.visible(story["product"]):
        ctx.rules.stories.delete(ctx.who, story)
    return v1({"message": "success"})


def change(ctx: Context) -> Answer:
    """A new version; without reviewers it takes effect at once."""
    story = ctx.state.stories.get(ctx.number)
    if story is None:
        raise Crash
    if not ctx.visible(story["product"]):
        raise Stop(v1({"error": "error"}, 400))
    if ctx.body or not ctx.state.version.old:
        fields = {name: value for name, value in ctx.body.items() if name != "status"}
        ctx.rules.stories.change(ctx.who, story, fields, ctx.lang, v2=False)
    return whole_story(ctx, story, accounts=True)


def review(ctx: Context) -> Answer:
    """A vote of the calling account."""
    story = find(ctx)
    if ctx.body:
        ctx.rules.reviews.review(ctx.who, story, ctx.body, ctx.lang, v2=False)
    return whole_story(ctx, story)


def submit(ctx: Context) -> Answer:
    """Ask for review."""
    story = find(ctx)
    if ctx.body:
        ctx.rules.reviews.submit(ctx.who, story, ctx.body, ctx.lang)
    return whole_story(ctx, story)


def recall(ctx: Context) -> Answer:
    """Take the review back; always a success."""
    story = ctx.state.stories.get(ctx.number)
    if story is not None and ctx.visible(story["product"]):
        ctx.rules.reviews.recall(ctx.who, story)
    return v1({"message": "success"})


def close(ctx: Context) -> Answer:
    """Close with a reason."""
    story = find(ctx)
    if ctx.body:
        ctx.rules.stories.close(ctx.who, story, ctx.body, ctx.lang)
    return whole_story(ctx, story)


def activate(ctx: Context) -> Answer:
    """Reopen."""
    story = find(ctx)
    if not ctx.body:
        raise Stop(v1({"error": "error"}, 400))
    ctx.rules.stories.activate(ctx.who, story, ctx.body)
    return whole_story(ctx, story, accounts=True, local=True)


def assign(ctx: Context) -> Answer:
    """Give it to an account."""
    story = find(ctx)
    ctx.rules.stories.assign(ctx.who, story, ctx.body)
    return whole_story(ctx, story)


def estimate(ctx: Context) -> Answer:
    """A feature of paid editions."""
    return v1({"error": "ZenTaoPMS does not have story effort function."}, 400)


ROUTES: Final = (
    Route("GET", "/stories", get_list, "story-view", lists=True),
    Route("GET", "/products/{}/stories", get_list, "product-browse", lists=True),
    Route("POST", "/stories", create, "story-create"),
    Route("POST", "/products/{}/stories", create, "story-create"),
    Route("GET", "/stories/{}", get, "story-view"),
    Route("PUT", "/stories/{}", edit, "story-edit"),
    Route("DELETE", "/stories/{}", delete, "story-delete"),
    Route("POST", "/stories/{}/change", change, "story-change"),
    Route("POST", "/stories/{}/review", review, "story-review"),
    Route("POST", "/stories/{}/submitreview", submit, "story-submitReview", new_only=True),
    Route("DELETE", "/stories/{}/recall", recall, "story-recall"),
    Route("POST", "/stories/{}/close", close, "story-close"),
    Route("POST", "/stories/{}/active", activate, "story-activate"),
    Route("POST", "/stories/{}/assign", assign, "story-assignTo"),
    Route("GET", "/stories/{}/estimate", estimate),
)
