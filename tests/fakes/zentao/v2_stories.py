"""v2: stories (facts §6)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.buttons import buttons
from tests.fakes.zentao.listing import bad_order, browse, ordered
from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.stories import empty_field
from tests.fakes.zentao.web import Answer, Crash, Invalid, Stop, empty, v2
from tests.fakes.zentao.words import say


def fail(message: Any) -> Stop:
    """The usual failure of v2: 200 and a sentence."""
    return Stop(v2({"status": "fail", "message": message}))


def find(ctx: Context) -> Row:
    """The story of the path; deleted ones do not exist here."""
    story = ctx.state.stories.get(ctx.number)
    if story is None or story["deleted"]:
        raise fail("Story does not exist.")
    if not ctx.visible(story["product"]):
        raise fail("Story is not allowed.")
    return story


def product_of(ctx: Context) -> Row:
    """The product of the path."""
    row = ctx.state.products.get(ctx.number)
    if row is None or row["deleted"]:
        raise fail("Product does not exist.")
    if not ctx.visible(row["id"]):
        raise fail("Product is not allowed.")
    ctx.visit(row["id"])
    return row


def pager(total: int, per_page: int, page: int, module: str, method: str) -> dict[str, Any]:
    """Where in the list an answer stands."""
    return {
        "recTotal": total,
        "recPerPage": per_page,
        "pageCookie": None,
        "pageTotal": max(1, -(-total // per_page)),
        "pageID": page,
        "moduleName": module,
        "methodName": method,
        "params": None,
        "offset": 0,
    }


def paged(
    ctx: Context, rows: list[Any], name: str, module: str, method: str
) -> tuple[list[Any], dict[str, Any]]:
    """The rows of the page that was asked for, with its pager."""
    if any(key.startswith("filters[") for key in ctx.request.query):
        raise Crash
    per_page = number_in(ctx.request.query.get("recPerPage"), 20) or 20
    page, shown = page_of(rows, number_in(ctx.request.query.get("pageID"), 1), per_page)
    return shown, pager(len(rows), per_page, page, module, method)


def get_list(ctx: Context) -> Answer:
    """Stories of a product; ``limit`` and ``page`` are not known here."""
    row = product_of(ctx)
    order = ctx.request.query.get("orderBy", "id_desc")
    if bad_order(ctx.state, order):
        return empty()
    rows = browse(ctx, row["id"], ctx.request.query.get("browseType", "allstory"))
    rows = ordered([story for story in rows if story["type"] == "story"], order)
    shown, at = paged(ctx, rows, "stories", "product", "browse")
    stories = [list_row(ctx, story) for story in shown]
    return v2({"status": "success", "stories": stories, "pager": at})


def list_row(ctx: Context, story: Row) -> dict[str, Any]:
    """A row of a list."""
    shapes = ctx.shapes
    titles = "".join(shapes.plan_titles(story).values())
    shown = shapes.story_columns(story, escaped=True) | {
        "parent": [story["parent"]] if story["parent"] else [],
        "priOrder": str(story["pri"]),
        "planTitle": f"{titles} ",
        "originParent": story["parent"],
        "needSummaryEstimate": True,
    }
    return shown | (shapes.reviewers(story) if ctx.state.reviewers(story) else {})


def get(ctx: Context) -> Answer:
    """One story; ``?version=`` shows the text of that version under the current number."""
    story = find(ctx)
    ctx.visit(story["product"])
    shapes = ctx.shapes
    shown = shapes.story_columns(story, escaped=True) | shapes.story_text(story)
    wanted = number_in(ctx.request.query.get("version"), 0)
    text = ctx.state.specs.get((story["id"], wanted)) if wanted else None
    if text is not None:
        shown |= {"title": text.title, "spec": text.spec, "verify": text.verify}
    titles = shapes.plan_titles(story)
    shown |= {"planTitle": list(titles.values())} if titles else {}
    shown |= shapes.reviewers(story)
    shown["actionBtnList"] = buttons(ctx.state, story, ctx.who)
    actions = ctx.history.of("story", story["id"])
    return v2({"status": "success", "story": shown, "actions": actions})


def _assignee(ctx: Context) -> None:
    wanted = ctx.body.get("assignedTo")
    if wanted and wanted not in ctx.state.people.accounts:
        raise fail("User does not exist.")


def create(ctx: Context) -> Answer:
    """A new story; the product counts only in the query, ``plan`` only as ``plans``."""
    wanted = number_in(ctx.request.query.get("productID"), 0)
    if not wanted:
        raise fail("Missing required parameter: productID.")
    product = ctx.state.products.get(wanted)
    if product is None or product["deleted"]:
        raise fail("Product does not exist.")
    if not ctx.visible(wanted):
        raise fail("Product is not allowed.")
    _assignee(ctx)
    reviewers = _reviewers(ctx, product)
    fields = dict(ctx.body)
    plans = fields.pop("plans", None)
    fields["plan"] = plans[0] if isinstance(plans, list) and plans else 0
    story = ctx.rules.stories.create(ctx.who, wanted, fields, reviewers, ctx.lang)
    saved = "saved_draft" if story["status"] == "draft" else "saved"
    return v2({"message": say(saved, ctx.lang), "id": story["id"], "status": "success"})


def _reviewers(ctx: Context, product: Row) -> list[str]:
    names = ctx.body.get("reviewer")
    if names is None and not ctx.body.get("needNotReview"):
        return [product["PO"]] if product["PO"] else []
    if names is None or names == []:
        if ctx.state.settings.review_required:
            raise Invalid({"reviewer": empty_field("reviewer", ctx.lang)})
        return []
    if not isinstance(names, list):
        raise Crash
    return [str(name) for name in names]


def _done(story: Row) -> Answer:
    return v2({"status": "success", "data": str(story["id"])})


def _closed_modal(ctx: Context) -> Answer:
    message = say("saved", ctx.lang)
    return v2({"message": message, "load": True, "closeModal": True, "status": "success"})


def _lock(ctx: Context, story: Row) -> None:
    read = ctx.body.get("lastEditedDate")
    if read and read != story["lastEditedDate"]:
        raise fail([say("edited_meanwhile", ctx.lang)])


def edit(ctx: Context) -> Answer:
    """In place: no new version, no review; what is not sent stays (but the title)."""
    story = find(ctx)
    _lock(ctx, story)
    _assignee(ctx)
    names = ctx.body.get("reviewer")
    reviewers = [str(name) for name in names] if isinstance(names, list) else None
    ctx.rules.stories.edit(ctx.who, story, ctx.body, ctx.lang, reviewers=reviewers, v2=True)
    return _done(story)


def change(ctx: Context) -> Answer:
    """A new version; its status is what was sent."""
    story = find(ctx)
    _lock(ctx, story)
    ctx.rules.stories.change(ctx.who, story, ctx.body, ctx.lang, v2=True)
    return _done(story)


def review(ctx: Context) -> Answer:
    """A vote of the calling account."""
    story = find(ctx)
    _assignee(ctx)
    if ctx.body:
        ctx.rules.reviews.review(ctx.who, story, ctx.body, ctx.lang, v2=True)
    return _done(story)


def submit(ctx: Context) -> Answer:
    """Ask for review."""
    story = find(ctx)
    if ctx.body:
        ctx.rules.reviews.submit(ctx.who, story, ctx.body, ctx.lang)
    number = story["id"]
    load = f"/index.php?m=story&f=view&t=json&storyID={number}&version=0&param=0&storyType=story"
    return v2({"load": load, "message": say("saved", ctx.lang), "status": "success"})


def recall(ctx: Context) -> Answer:
    """Take the review back, if it is confirmed in the query."""
    story = find(ctx)
    if ctx.request.query.get("confirm") != "yes":
        question = say("confirm_recall", ctx.lang)
        url = (
            f"/index.php?m=story&f=recall&t=json&storyID={story['id']}"
            "&from=list&confirm=yes&storyType=story"
        )
        callback = (
            f"zui.Modal.confirm({{message:'{question}', icon: 'icon-exclamation-sign', "
            "iconClass: 'warning-pale rounded-full icon-2x'}).then((res) => "
            f"{{if(res) $.ajaxSubmit({{url: '{url}'}});}});"
        )
        return v2({"callback": callback, "status": "fail"})
    ctx.rules.reviews.recall(ctx.who, story)
    load = f"/index.php?m=product&f=browse&t=json&productID={story['product']}"
    return v2({"load": load, "closeModal": True, "status": "success"})


def close(ctx: Context) -> Answer:
    """Close with a reason."""
    story = find(ctx)
    if ctx.body:
        ctx.rules.stories.close(ctx.who, story, ctx.body, ctx.lang)
    return _done(story)


def activate(ctx: Context) -> Answer:
    """Reopen."""
    story = find(ctx)
    _assignee(ctx)
    ctx.rules.stories.activate(ctx.who, story, ctx.body)
    return _closed_modal(ctx)


def assign(ctx: Context) -> Answer:
    """Give it to an account that exists."""
    story = find(ctx)
    _assignee(ctx)
    ctx.rules.stories.assign(ctx.who, story, ctx.body)
    return _closed_modal(ctx)


def delete(ctx: Context) -> Answer:
    """Softly."""
    ctx.rules.stories.delete(ctx.who, find(ctx))
    return v2({"status": "success"})


def my_stories(ctx: Context) -> Answer:
    """Stories assigned to the account."""
    rows = [row for row in ctx.state.stories if row["assignedTo"] == ctx.who]
    shown, at = paged(ctx, ordered(rows, "id_desc"), "stories", "my", "work")
    stories = [list_row(ctx, row) | {"estimate": f"{row['estimate']:.2f}h"} for row in shown]
    return v2({"status": "success", "stories": stories, "pager": at})


def _steps(method: str) -> tuple[Route, ...]:
    return (
        Route(method, "/stories/{}/change", change, "story-change"),
        Route(method, "/stories/{}/review", review, "story-review"),
        Route(method, "/stories/{}/submitReview", submit, "story-submitReview"),
        Route(method, "/stories/{}/recall", recall, "story-recall"),
        Route(method, "/stories/{}/close", close, "story-close"),
        Route(method, "/stories/{}/activate", activate, "story-activate"),
        Route(method, "/stories/{}/assignTo", assign, "story-assignTo"),
    )


ROUTES: Final = (
    Route("GET", "/products/{}/stories", get_list, "product-browse", lists=True),
    Route("GET", "/my/stories", my_stories, lists=True),
    Route("POST", "/stories", create, "story-create"),
    Route("GET", "/stories/{}", get, "story-view"),
    Route("PUT", "/stories/{}", edit, "story-edit"),
    Route("DELETE", "/stories/{}", delete, "story-delete"),
    *_steps("PUT"),
    *_steps("POST"),
)
