"""Sends web hooks of type ``default`` (facts §11): one POST, no retry, no signature."""

from __future__ import annotations

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.state import Action, Hook, State
from tests.fakes.zentao.words import DID, OBJECTS, ZH, pick

LIMIT = 30.0


def send_pending(state: State, pending: list[tuple[Hook, Action]]) -> None:
    """Send what a request fired, before its answer; ``async`` hooks wait for the scheduler."""
    for hook, entry in pending:
        body = payload(state, hook, entry)
        row = {
            "id": len(hook.log) + 1, "objectType": "webhook", "objectID": hook.id,
            "action": body["text"], "date": entry.date, "url": hook.url,
            "contentType": "application/json", "data": json.dumps(body), "result": "",
            "actionURL": _page(entry), "module": entry.kind, "moduleID": entry.object_id,
            "dialog": 0,
        }  # fmt: skip
        hook.log.append(row)
        if hook.send == "sync":
            row["result"] = post(hook.url, body)


def send_waiting(state: State) -> int:
    """What ZenTao's scheduler does each minute: send what ``async`` hooks left."""
    waiting = [
        (hook, row)
        for hook in state.hooks.values()
        for row in hook.log
        if hook.send == "async" and not row["result"]
    ]
    for hook, row in waiting:
        row["result"] = post(hook.url, json.loads(row["data"]))
    return len(waiting)


def payload(state: State, hook: Hook, entry: Action) -> dict[str, Any]:
    """The body of a hook: the ticked fields and a sentence."""
    name = state.people.realname(entry.actor)
    did, what = pick(DID[entry.action], ZH), pick(OBJECTS[entry.kind], ZH)
    link = f"{hook.domain}{_page(entry)}"
    title = _title(state, entry)
    values: dict[str, Any] = {
        "objectType": entry.kind,
        "objectID": entry.object_id,
        "product": f",{entry.product},",
        "execution": entry.execution,
        "action": entry.action,
        "actor": entry.actor,
        "date": entry.date,
        "comment": entry.comment,
    }
    ticked = {key: value for key, value in values.items() if key in hook.params}
    return {**ticked, "text": f"{name}{did}{what} [#{entry.object_id}::{title}]({link})"}


def _title(state: State, entry: Action) -> str:
    if entry.kind == "story":
        story = state.stories.get(entry.object_id)
        return decode_title(state.spec(story).title) if story else ""
    if entry.kind == "productplan":
        return state.plans[entry.object_id].title
    tables = {
        "product": (state.products, "name"), "project": (state.projects, "name"),
        "execution": (state.executions, "name"), "task": (state.tasks, "name"),
        "bug": (state.bugs, "title"),
    }  # fmt: skip
    table, column = tables[entry.kind]
    row = table.get(entry.object_id)
    return row[column] if row else ""


def _page(entry: Action) -> str:
    return f"/{entry.kind}-view-{entry.object_id}.html"


def post(url: str, body: dict[str, Any]) -> str:
    """One try; a refused connection or an error is logged and dropped."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=LIMIT)
    headers = {"Content-Type": "application/json;charset=utf-8", "Accept": "*/*"}
    try:
        connection.request("POST", target, json.dumps(body), headers)
        return connection.getresponse().read().decode(errors="replace") or "ok"
    except OSError as error:
        return str(error) or "failed"
    finally:
        connection.close()
