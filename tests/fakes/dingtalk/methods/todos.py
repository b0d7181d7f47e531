"""To-dos. Everybody by union id."""

from __future__ import annotations

from typing import Any

from tests.fakes.dingtalk.call import Call
from tests.fakes.dingtalk.refusal import Refusal
from tests.fakes.dingtalk.todos import Todo

PRIORITIES = {10, 20, 30, 40}
PAGE = 20
SUBJECT, DESCRIPTION = 1024, 4096


def create(call: Call) -> dict[str, Any]:
    """``POST …/tasks``: the same ``sourceId`` again gives the same task."""
    body = _good(call)
    creator = call.union().union
    if "operatorId" in call.params:
        call.union("operatorId")
    source = body.get("sourceId", "")
    known = _of_source(call, source) if source else None
    if known is None:
        number = call.world.marks.word("task")
        known = Todo(number, source, body.get("creatorId", creator), body["subject"],
                     call.world.millis)  # fmt: skip
        known.change(body, call.world.millis)
        call.world.todos[number] = known
    return known.body()


def update(call: Call) -> dict[str, Any]:
    """``PUT …/tasks/{taskId}``."""
    body, todo = _good(call), _todo(call)
    todo.change(body, call.world.millis)
    return {"result": True}


def status(call: Call) -> dict[str, Any]:
    """``PUT …/tasks/{taskId}/executorStatus``."""
    body, todo = call.checked(), _todo(call)
    for item in body["executorStatusList"]:
        if item["id"] not in todo.executors:
            raise Refusal("invalidParameter.executorStatusList.invalid", "不是执行人")
        todo.mark(item["id"], bool(item.get("isDone")), call.world.millis)
    return {"result": True}


def delete(call: Call) -> dict[str, Any]:
    """``DELETE …/tasks/{taskId}``."""
    del call.world.todos[_todo(call).id]
    return {"result": True, "requestId": call.world.marks.word("request")}


def by_source(call: Call) -> dict[str, Any]:
    """``GET …/tasks/sources/{sourceId}``."""
    call.union()
    todo = _of_source(call, call.params["sourceId"])
    if todo is None:
        raise Refusal("todo.notFound", "待办不存在", status=404)
    return todo.body()


def query(call: Call) -> dict[str, Any]:
    """``POST …/org/tasks/query``: what somebody has to do, a page at a time."""
    body, union = call.checked(), call.union().union
    done = body.get("isDone")
    found = [
        t for t in call.world.todos.values()
        if union in t.executors and (done is None or t.executors[union] is done)
    ]  # fmt: skip
    start = int(body.get("nextToken") or 0)
    page = found[start : start + PAGE]
    more = str(start + PAGE) if len(found) > start + PAGE else ""
    return {"nextToken": more, "todoCards": [_line(t, union) for t in page]}


def _line(todo: Todo, union: str) -> dict[str, Any]:
    whole = todo.body()
    names = (
        "sourceId", "subject", "dueTime", "creatorId", "detailUrl", "priority", "createdTime",
        "modifiedTime", "bizTag",
    )  # fmt: skip
    return {n: whole[n] for n in names} | {"taskId": todo.id, "isDone": todo.executors[union]}


def _good(call: Call) -> dict[str, Any]:
    body = call.checked()
    if len(body.get("subject", "")) > SUBJECT or len(body.get("description", "")) > DESCRIPTION:
        raise Refusal("invalidParameter.subject.tooLong")
    if body.get("priority", 20) not in PRIORITIES:
        raise Refusal("invalidParameter.priority.invalid")
    people = [*body.get("executorIds", ()), *body.get("participantIds", ())]
    people += [body["creatorId"]] if "creatorId" in body else []
    if any(call.world.by_union(p) is None for p in people):
        raise Refusal("invalidParameter.executorIds.invalid", "不是合法的unionId")
    return body


def _todo(call: Call) -> Todo:
    call.union()
    if "operatorId" in call.params:
        call.union("operatorId")
    todo = call.world.todos.get(call.params["taskId"])
    if todo is None:
        raise Refusal("todo.notFound", "待办不存在", status=404)
    return todo


def _of_source(call: Call, source: str) -> Todo | None:
    return next((t for t in call.world.todos.values() if t.source == source), None)
