"""v2: stories of projects and sprints, bugs and test cases (facts §9)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.editing import whole
from tests.fakes.zentao.routing import Context, Route, number_in
from tests.fakes.zentao.v1_projects import executions_of, product_rows, stories_in
from tests.fakes.zentao.v2_stories import fail, list_row, paged, product_of
from tests.fakes.zentao.web import Answer, v2
from tests.fakes.zentao.words import say


def project_stories(ctx: Context) -> Answer:
    """Stories of a project, with the columns of the link."""
    if ctx.state.projects.get(ctx.number) is None:
        raise fail("Project does not exist.")
    rows = stories_in(ctx, executions_of(ctx, ctx.number))
    shown, at = paged(ctx, rows, "stories", "projectstory", "story")
    stories = [
        list_row(ctx, row)
        | {"project": ctx.number, "story": row["id"], "order": row["id"], "productType": "normal"}
        for row in shown
    ]
    return v2({"status": "success", "stories": stories, "pager": at})


def execution_stories(ctx: Context) -> Answer:
    """Stories of a sprint."""
    if ctx.state.executions.get(ctx.number) is None:
        raise fail("Execution does not exist.")
    shown, at = paged(ctx, stories_in(ctx, [ctx.number]), "stories", "execution", "story")
    stories = [list_row(ctx, row) for row in shown]
    return v2({"status": "success", "stories": stories, "pager": at})


def list_bugs(ctx: Context) -> Answer:
    """Bugs of a product."""
    rows = product_rows(ctx.state.bugs, product_of(ctx)["id"])
    shown, at = paged(ctx, rows, "bugs", "bug", "browse")
    bugs: list[dict[str, Any]] = [
        row.full()
        | {
            "priOrder": str(row["pri"]),
            "severityOrder": str(row["severity"]),
            "needconfirm": False,
        }
        for row in shown
    ]
    return v2({"status": "success", "bugs": bugs, "pager": at})


def list_cases(ctx: Context) -> Answer:
    """Test cases of a product; ids have a prefix."""
    rows = product_rows(ctx.state.cases, product_of(ctx)["id"])
    shown, at = paged(ctx, rows, "testcases", "testcase", "browse")
    cases: list[dict[str, Any]] = [
        row.full() | {"id": f"case_{row['id']}", "caseID": row["id"]} for row in shown
    ]
    return v2({"status": "success", "testcases": cases, "pager": at})


def link_stories(ctx: Context) -> Answer:
    """Put stories into the sprint of ``?objectID=``; only active ones, without a word."""
    wanted = number_in(ctx.request.query.get("objectID"), 0)
    execution = ctx.state.executions.get(wanted)
    for value in ctx.body.get("stories") or []:
        story = ctx.state.stories.get(whole(value))
        if execution is None or story is None or story["status"] != "active":
            continue
        ctx.state.linked.setdefault(wanted, []).append(story["id"])
        for action, place in (("linked2project", 0), ("linked2execution", wanted)):
            ctx.rules.stories.write_log(
                story, action, ctx.who, project=execution["project"], execution=place
            )
        ctx.rules.stories.restage(story)
    load = f"/index.php?m=execution&f=story&t=json&executionID={wanted}"
    return v2({"load": load, "status": "success", "message": say("saved", ctx.lang)})


ROUTES: Final = (
    Route("GET", "/projects/{}/stories", project_stories, "projectstory-story", lists=True),
    Route("GET", "/executions/{}/stories", execution_stories, "execution-story", lists=True),
    Route("GET", "/products/{}/bugs", list_bugs, "bug-browse", lists=True),
    Route("GET", "/products/{}/testcases", list_cases, "testcase-browse", lists=True),
    Route("PUT", "/executions/{}/linkStory", link_stories, "execution-linkStory"),
)
