"""The stage that the server computes from plan, sprint and tasks (facts §7)."""

from __future__ import annotations

from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import State


def computed_stage(state: State, story: Row) -> str:
    """Where a story stands by its plan, its sprint and the tasks done for it."""
    if story["status"] == "closed":
        return "closed"
    if not any(story["id"] in stories for stories in state.linked.values()):
        return "wait" if story["plan"] in {"", "0"} else "planned"
    tasks = [row for row in state.tasks if row["story"] == story["id"]]
    for kind, doing, done in (("test", "testing", "tested"), ("devel", "developing", "developed")):
        statuses = {row["status"] for row in tasks if row["type"] == kind}
        if statuses and statuses <= {"done", "closed"}:
            return done
        if statuses - {"wait"}:
            return doing
    return "projected"
