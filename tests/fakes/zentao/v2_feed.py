"""v2: the action log, comments, people, files (facts §6.7, §6.8, §9, §10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.routing import Context, Route, number_in
from tests.fakes.zentao.state import Action
from tests.fakes.zentao.v1_people import download, profile_row, store_file
from tests.fakes.zentao.v2_stories import fail, paged
from tests.fakes.zentao.web import Answer, v2
from tests.fakes.zentao.words import DID, OBJECTS, pick, say


def dynamic(ctx: Context) -> Answer:
    """Actions: oldest first from the day of ``date``, or the newest ones."""
    query = ctx.request.query
    product = number_in(query.get("productID"), 0)
    rows = _visible(ctx, product)
    since = number_in(query.get("date"), 0)
    onward = bool(since) and query.get("direction") == "pre"
    if since:
        # A server that runs on a test's clock has a present of its own.
        day = ctx.state.local(datetime.fromtimestamp(since, tz=ctx.state.settings.zone))[:10]
        picked = [row for row in rows if (row.date[:10] >= day) == onward or row.date[:10] == day]
    else:
        picked = list(rows)
    picked.sort(key=lambda row: row.id)
    if not onward:
        picked.sort(key=lambda row: row.date, reverse=True)
    limit = number_in(query.get("limit"), 50)
    shown = picked[:limit] if limit else picked
    return v2(
        {
            "title": say("dynamic_title", ctx.lang),
            "recTotal": len(rows),
            "browseType": query.get("browseType", "today"),
            "account": "all",
            "productID": query.get("productID", "all"),
            "projectID": 0,
            "executionID": 0,
            "queryID": 0,
            "orderBy": "date_asc" if onward else "date_desc",
            "userID": 0,
            "param": "",
            "dateGroups": [_entry(ctx, row) for row in shown],
            "direction": "pre" if onward else "next",
            "status": "success",
            "pager": None,
        }
    )


def product_dynamic(ctx: Context) -> Answer:
    """All actions of a product, newest first."""
    rows = sorted(_visible(ctx, ctx.number), key=lambda row: -row.id)
    return v2({"status": "success", "dynamics": [_entry(ctx, row) for row in rows]})


def _visible(ctx: Context, product: int) -> list[Action]:
    seen = {row["id"] for row in ctx.state.products_of(ctx.who)}
    wanted = seen & {product} if product else seen
    return [row for row in ctx.state.actions if row.product in wanted]


def _entry(ctx: Context, row: Action) -> dict[str, Any]:
    day = datetime.strptime(row.date, "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 server-local
    did = pick(DID.get(row.action, (row.action, row.action)), ctx.lang)
    parameter = {"productplan": "productID"}.get(row.kind, f"{row.kind}ID")
    return {
        "id": row.id,
        "objectType": row.kind,
        "objectID": row.object_id,
        "product": str(row.product),
        "project": row.project,
        "execution": row.execution,
        "actor": row.actor,
        "action": row.action,
        "date": f"{day.month}月{day.day:02d}日 {day:%H:%M}",
        "comment": row.comment,
        "files": "",
        "extra": row.extra,
        "read": 0,
        "efforted": 0,
        "vision": "rnd",
        "originalDate": row.date,
        "actionLabel": did,
        "objectLabel": pick(OBJECTS.get(row.kind, (row.kind, row.kind)), ctx.lang),
        "major": int(row.action in {"assigned", "finished"}),
        "objectName": name_of(ctx, row),
        "objectLink": f"/index.php?m={row.kind}&f=view&t=json&{parameter}={row.object_id}",
    }


def name_of(ctx: Context, row: Action) -> str:
    """The present name of an action's object."""
    state = ctx.state
    if row.kind == "story":
        story = state.stories.get(row.object_id)
        return decode_title(state.spec(story).title) if story else ""
    if row.kind == "productplan":
        plan = state.plans.get(row.object_id)
        return plan.title if plan else ""
    tables = {
        "product": (state.products, "name"), "project": (state.projects, "name"),
        "execution": (state.executions, "name"), "task": (state.tasks, "name"),
        "bug": (state.bugs, "title"),
    }  # fmt: skip
    table, column = tables[row.kind]
    found = table.get(row.object_id)
    return found[column] if found else ""


def comment(ctx: Context) -> Answer:
    """A comment on an object; nothing asks whether the object exists."""
    query = ctx.request.query
    kind, number = query.get("objectType", ""), number_in(query.get("objectID"), 0)
    if not kind or not number:
        raise fail("Missing required parameter: objectType.")
    text = str(ctx.body.get("actioncomment", ""))
    story = ctx.state.stories.get(number) if kind == "story" else None
    if story is not None:
        ctx.rules.stories.comment(ctx.who, story, text)
    else:
        ctx.rules.log.write(kind, number, "commented", ctx.who, product=0, comment=text)
    return v2({"status": "success", "data": ctx.state.actions[-1].id})


def list_users(ctx: Context) -> Answer:
    """Profiles with all columns."""
    shown, at = paged(ctx, list(ctx.state.people.rows), "users", "company", "browse")
    accounts = ctx.state.people.accounts
    users = [profile_row(accounts[row["account"]]) for row in shown]
    return v2({"status": "success", "users": users, "pager": at})


def get_user(ctx: Context) -> Answer:
    """One profile, by id."""
    row = ctx.state.people.rows.get(ctx.number)
    if row is None:
        raise fail("User does not exist.")
    user = profile_row(ctx.state.people.accounts[row["account"]])
    return v2({"status": "success", "user": user})


def upload(ctx: Context) -> Answer:
    """A file, attached at once."""
    found = ctx.request.upload("file")
    if found is None:
        raise fail("Missing required parameter: file.")
    owner = number_in(ctx.request.form("objectID"), 0)
    number = store_file(ctx, found, ctx.request.form("objectType"), owner)
    return v2({"status": "success", "id": number, "url": f"/file-read-{number}.html"})


ROUTES: Final = (
    Route("GET", "/companies/dynamic", dynamic, "company-dynamic", lists=True),
    Route("GET", "/dynamics/product/{}", product_dynamic, "company-dynamic", lists=True),
    Route("POST", "/actions/comment", comment, "action-comment"),
    Route("GET", "/users", list_users, "company-browse", lists=True),
    Route("GET", "/users/{}", get_user, "user-view"),
    Route("POST", "/files", upload, "file-upload"),
    Route("GET", "/files/{}/download", download, "file-download"),
)
