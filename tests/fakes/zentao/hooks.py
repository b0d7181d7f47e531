"""Sends web hooks (facts §11): one POST each, no retry."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from tests.fakes.zentao.markup import decode_title
from tests.fakes.zentao.state import Action, Hook, State
from tests.fakes.zentao.words import DID, OBJECTS, ZH, pick

LIMIT = 30.0


def send_pending(state: State, pending: list[tuple[Hook, Action]]) -> None:
    """Send what a request fired, before its answer; ``async`` hooks wait for the scheduler."""
    for hook, entry in pending:
        body = payload(state, hook, entry)
        row: dict[str, Any] = {
            "id": state.next_log, "objectType": "webhook", "objectID": hook.id,
            "action": sentence(state, hook, entry).partition("](")[0] + "]", "date": entry.date,
            "url": hook.url, "contentType": "application/json", "data": _php(body),
            "result": "", "actionURL": _page(entry), "module": entry.kind,
            "moduleID": entry.object_id, "dialog": 0,
        }  # fmt: skip
        state.next_log += 1
        hook.log.append(row)
        if hook.send == "sync":
            row["result"] = _deliver(state, hook, body)


def send_waiting(state: State) -> int:
    """What ZenTao's scheduler does each minute: send what ``async`` hooks left."""
    waiting = [
        (hook, row)
        for hook in state.hooks.values()
        for row in hook.log
        if hook.send == "async" and not row["result"]
    ]
    for hook, row in waiting:
        row["result"] = _deliver(state, hook, json.loads(row["data"]))
    return len(waiting)


def payload(state: State, hook: Hook, entry: Action) -> dict[str, Any]:
    """The body: the ticked fields and a sentence, or what the group's chat wants."""
    text = sentence(state, hook, entry)
    title = text.partition(" [")[0]
    if hook.type == "wechatgroup":
        return {"msgtype": "markdown", "markdown": {"content": text}}
    if hook.type == "dinggroup":
        return {"msgtype": "markdown", "markdown": {"title": title, "text": text}}
    if hook.type == "feishugroup":
        header = {"title": {"tag": "plain_text", "content": title}, "template": "blue"}
        card = {"header": header, "elements": [{"tag": "markdown", "content": text}]}
        return {"msg_type": "interactive", "card": card}
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
    return {**ticked, "text": text}


def sentence(state: State, hook: Hook, entry: Action) -> str:
    """产品机器人创建了研发需求 [#8::S1 login](http://zentao.example/story-view-8.html)."""
    name = state.people.realname(entry.actor)
    did, what = pick(DID[entry.action], ZH), pick(OBJECTS[entry.kind], ZH)
    title = _title(state, entry)
    return f"{name}{did}{what} [#{entry.object_id}::{title}]({hook.domain}{_page(entry)})"


def signed(hook: Hook, body: dict[str, Any], seconds: int) -> tuple[str, dict[str, Any]]:
    """Address and body with the signature that the type of a secret hook asks for."""
    if not hook.secret:
        return hook.url, body
    if hook.type == "dinggroup":
        stamp = seconds * 1000
        text = f"{stamp}\n{hook.secret}".encode()
        sign = base64.b64encode(hmac.new(hook.secret.encode(), text, hashlib.sha256).digest())
        return f"{hook.url}&timestamp={stamp}&sign={quote(sign, safe='')}", body
    if hook.type == "feishugroup":
        key = f"{seconds}\n{hook.secret}".encode()
        sign = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest())
        return hook.url, body | {"timestamp": seconds, "sign": sign.decode()}
    return hook.url, body


def _deliver(state: State, hook: Hook, body: dict[str, Any]) -> str:
    url, sent = signed(hook, body, int(state.clock().timestamp()))
    kind = "application/json;charset=utf-8" if hook.type == "default" else "application/json"
    return _post(url, sent, kind)


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


def _php(body: dict[str, Any]) -> str:
    """As PHP writes JSON by default: no blanks, slashes escaped."""
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/")


def _page(entry: Action) -> str:
    return f"/{entry.kind}-view-{entry.object_id}.html"


def _post(url: str, body: dict[str, Any], kind: str) -> str:
    """One try; a refused connection or an error is logged and dropped."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=LIMIT)
    try:
        connection.request("POST", target, _php(body), {"Content-Type": kind, "Accept": "*/*"})
        return connection.getresponse().read().decode(errors="replace") or "ok"
    except OSError as error:
        return str(error) or "failed"
    finally:
        connection.close()
