"""v1: what the fake knows of projects, sprints, tasks, bugs and test cases (facts §9).

Only what touches stories: bugs and cases of a story, stories of a project and of a sprint.
"""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.editing import whole
from tests.fakes.zentao.listing import ordered
from tests.fakes.zentao.markup import purify
from tests.fakes.zentao.routing import Context, Route, number_in, page_of
from tests.fakes.zentao.rows import Row, Table
from tests.fakes.zentao.v1_stories import list_row
from tests.fakes.zentao.web import Answer, Crash, Stop, empty, glued, v1
from tests.fakes.zentao.words import say

BUG_PEOPLE: Final = ("openedBy", "assignedTo", "resolvedBy", "closedBy", "lastEditedBy")
BUG_TIMES: Final = (
    "activatedDate", "openedDate", "assignedDate", "resolvedDate", "closedDate", "lastEditedDate",
)  # fmt: skip
CASE_TIMES: Final = ("openedDate", "scriptedDate", "reviewedDate", "lastEditedDate", "lastRunDate")
TASK_PEOPLE: Final = ("openedBy", "assignedTo", "finishedBy", "canceledBy", "closedBy")
TASK_TIMES: Final = (
    "openedDate", "assignedDate", "realStarted", "finishedDate", "canceledDate", "closedDate",
    "lastEditedDate", "activatedDate",
)  # fmt: skip


def nothing(ctx: Context) -> Answer:
    """A feature of paid editions: an empty answer."""
    return empty()


def crash(ctx: Context) -> Answer:
    """A route that is declared and not there."""
    raise Crash


def _page(ctx: Context, rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    limit = number_in(ctx.request.query.get("limit"), 20) or 20
    page, shown = page_of(rows, number_in(ctx.request.query.get("page"), 1), limit)
    return {"page": page, "total": len(rows), "limit": limit, name: shown}


def product_rows(table: Table, product: int) -> list[Row]:
    """Rows of a product, the newest first."""
    return sorted((row for row in table if row["product"] == product), key=lambda row: -row["id"])


# -- bugs and test cases -----------------------------------------------------------------------


def bug_v1(ctx: Context, row: Row) -> dict[str, Any]:
    """A bug's columns as v1 shows them."""
    shown = ctx.shapes.dressed(row.full(), people=BUG_PEOPLE, times=BUG_TIMES)
    return shown | {
        "deadline": row["deadline"] or None, "lastEditedBy": ctx.shapes.person(row["lastEditedBy"]),
        "mailto": ctx.shapes.people(row["mailto"]), "deleted": bool(row["deleted"]),
    }  # fmt: skip


def list_bugs(ctx: Context) -> Answer:
    """Bugs of a product."""
    rows = [
        bug_v1(ctx, row)
        | {
            "priOrder": str(row["pri"]), "severityOrder": str(row["severity"]),
            "needconfirm": False, "statusName": {"resolved": "已解决"}.get(row["status"], "激活"),
            "productStatus": "normal",
        }
        for row in product_rows(ctx.state.bugs, ctx.number)
    ]  # fmt: skip
    return v1(_page(ctx, rows, "bugs"))


def create_bug(ctx: Context) -> Answer:
    """A new bug, perhaps of a story."""
    body, now = ctx.body, ctx.state.now()
    row = ctx.state.bugs.add(
        product=ctx.number, title=str(body.get("title", "")), severity=whole(body.get("severity")),
        pri=whole(body.get("pri")), type=str(body.get("type", "")),
        steps=purify(str(body.get("steps", ""))), openedBuild=",".join(body.get("openedBuild", [])),
        story=whole(body.get("story", 0)), storyVersion=1, openedBy=ctx.who, openedDate=now,
        assignedTo=str(body.get("assignedTo", "")), assignedDate=now,
    )  # fmt: skip
    story = ctx.state.stories.get(row["story"])
    for action in ("opened", "assigned"):
        ctx.rules.log.write("bug", row["id"], action, ctx.who, product=row["product"])
    return v1(
        bug_v1(ctx, row)
        | {
            "executionName": "", "storyTitle": ctx.state.spec(story).title if story else "",
            "storyStatus": story["status"] if story else "",
            "latestStoryVersion": story["version"] if story else 0, "taskName": "",
            "planName": "", "linkMRTitles": [], "toCases": [], "files": [],
        },
        201,
    )  # fmt: skip


def list_cases(ctx: Context) -> Answer:
    """Test cases of a product."""
    rows = [
        ctx.shapes.dressed(
            row.full(), people=("openedBy", "reviewedBy", "lastEditedBy"), times=CASE_TIMES
        )
        | {
            "id": f"case_{row['id']}", "caseID": row["id"], "deleted": bool(row["deleted"]),
            "statusName": "正常",
        }
        for row in product_rows(ctx.state.cases, ctx.number)
    ]  # fmt: skip
    return v1(_page(ctx, rows, "testcases"))


# -- projects and sprints ----------------------------------------------------------------------


def executions_of(ctx: Context, project: int) -> list[int]:
    """Ids of a project's sprints."""
    return [row["id"] for row in ctx.state.executions if row["project"] == project]


def stories_in(ctx: Context, executions: list[int]) -> list[Row]:
    """Stories linked to any of the sprints, the newest first."""
    numbers = {number for one in executions for number in ctx.state.linked.get(one, [])}
    rows = (ctx.state.stories.get(number) for number in numbers)
    return ordered([row for row in rows if row is not None and not row["deleted"]], "id_desc")


def project_stories(ctx: Context) -> Answer:
    """Stories of a project."""
    if ctx.state.projects.get(ctx.number) is None:
        raise Crash
    rows = stories_in(ctx, executions_of(ctx, ctx.number))
    return v1(_page(ctx, [list_row(ctx, row) for row in rows], "stories"))


def execution_stories(ctx: Context) -> Answer:
    """Stories of a sprint; an unknown one answers three times."""
    if ctx.state.executions.get(ctx.number) is None:
        return glued(
            {"status": "fail", "message": say("gone", ctx.lang)},
            {"status": "fail", "message": say("denied_execution", ctx.lang)},
            {"page": 1, "total": 0, "limit": 20, "stories": []},
            status=200,
        )
    rows = [list_row(ctx, row) for row in stories_in(ctx, [ctx.number])]
    return v1(_page(ctx, rows, "stories"))


def get_project(ctx: Context) -> Answer:
    """One project."""
    row = ctx.state.projects.get(ctx.number)
    if row is None:
        raise Stop(v1({"error": "404 Not found"}, 404))
    shown = ctx.shapes.dressed(row.full(), people=("openedBy", "PM"), times=("openedDate",))
    return v1(shown | {"deleted": bool(row["deleted"])})


def get_execution(ctx: Context) -> Answer:
    """One sprint."""
    row = ctx.state.executions.get(ctx.number)
    if row is None:
        raise Stop(v1({"error": "error"}, 400))
    shown = ctx.shapes.dressed(row.full(), people=("openedBy", "PM"), times=("openedDate",))
    return v1(shown | {"deleted": bool(row["deleted"])})


def create_task(ctx: Context) -> Answer:
    """A task of a sprint for a story."""
    body, now = ctx.body, ctx.state.now()
    execution = ctx.state.executions.get(ctx.number)
    if execution is None:
        raise Stop(v1({"error": "error"}, 400))
    names = body.get("assignedTo") or []
    row = ctx.state.tasks.add(
        project=execution["project"], execution=ctx.number, story=whole(body.get("story", 0)),
        name=str(body.get("name", "")), type=str(body.get("type", "devel")),
        pri=whole(body.get("pri", 3)), openedBy=ctx.who, openedDate=now, assignedDate=now,
        assignedTo="".join(f"{name}," for name in names), estStarted=body.get("estStarted", ""),
        deadline=str(body.get("deadline", "")), estimate=f"{float(body.get('estimate', 0)):.2f}",
        left=f"{float(body.get('estimate', 0)):.2f}",
    )  # fmt: skip
    row["path"] = f",{row['id']},"
    story = ctx.state.stories.get(row["story"])
    product = story["product"] if story else 0
    for action in ("opened", "assigned"):
        ctx.rules.log.write(
            "task", row["id"], action, ctx.who, product=product, execution=ctx.number
        )
    shown = ctx.shapes.dressed(row.full(), people=TASK_PEOPLE, times=TASK_TIMES)
    return v1(
        shown
        | {
            # A list of assignees is stored in a form that no account matches.
            "assignedTo": None, "lastEditedBy": None, "mailto": [],
            "deleted": bool(row["deleted"]), "storyID": row["story"],
            "storyTitle": ctx.state.spec(story).title if story else "",
            "latestStoryVersion": story["version"] if story else 0,
            "storyStatus": story["status"] if story else "", "storyDeleted": 0, "children": [],
            "members": [], "team": False, "files": [], "needConfirm": False, "cases": [],
            "assignedToRealName": "", "progress": 0, "rawParent": 0,
        },
        201,
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/feedbacks", nothing, ""),
    Route("GET", "/tickets", nothing, "ticket-browse"),
    Route("GET", "/comments", crash),
    Route("POST", "/comments", crash),
    Route("GET", "/products/{}/bugs", list_bugs, "bug-browse", lists=True),
    Route("POST", "/products/{}/bugs", create_bug, "bug-create"),
    Route("GET", "/products/{}/testcases", list_cases, "testcase-browse", lists=True),
    Route("POST", "/products/{}/testcases", nothing, "testcase-create"),
    Route("GET", "/projects/{}", get_project, "project-view"),
    Route("GET", "/projects/{}/stories", project_stories, "projectstory-story", lists=True),
    Route("GET", "/executions/{}", get_execution, "execution-view"),
    Route("GET", "/executions/{}/stories", execution_stories, "execution-story", lists=True),
    Route("POST", "/executions/{}/tasks", create_task, "task-create"),
)
