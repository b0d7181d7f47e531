"""v2: the administrator's web hooks (facts §11)."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.zentao.routing import Context, Route, number_in
from tests.fakes.zentao.state import Hook
from tests.fakes.zentao.v2_stories import fail, paged
from tests.fakes.zentao.web import Answer, v2
from tests.fakes.zentao.words import say

ALL_PARAMS: Final = (
    "objectType", "objectID", "product", "execution", "action", "actor", "date", "comment",
)  # fmt: skip


def shown(hook: Hook) -> dict[str, Any]:
    """A hook as the list shows it, secret and all."""
    return {
        "id": hook.id, "type": hook.type, "name": hook.name, "url": hook.url,
        "domain": hook.domain, "secret": hook.secret, "contentType": "application/json",
        "sendType": hook.send, "products": ",".join(map(str, hook.products)), "executions": "",
        "params": ",".join((*hook.params, "text")), "actions": "", "desc": "",
        "createdBy": "admin", "createdDate": hook.created, "editedBy": "", "editedDate": "",
        "deleted": int(hook.deleted),
    }  # fmt: skip


def _fill(hook: Hook, body: dict[str, Any]) -> None:
    hook.type = str(body.get("type", hook.type))
    hook.name = str(body.get("name", hook.name))
    hook.url = str(body.get("url", hook.url))
    hook.secret = str(body.get("secret", ""))
    hook.domain = str(body.get("domain", hook.domain))
    hook.send = str(body.get("sendType", "sync"))
    hook.products = tuple(int(value) for value in body.get("products") or [])
    hook.params = tuple(name for name in body.get("params") or [] if name != "text")


def create(ctx: Context) -> Answer:
    """A new hook."""
    number = max(ctx.state.hooks, default=0) + 1
    hook = Hook(number, "default", "", "", created=ctx.state.now())
    _fill(hook, ctx.body)
    ctx.state.hooks[number] = hook
    return v2({"message": say("saved", ctx.lang), "id": number, "status": "success"})


def list_hooks(ctx: Context) -> Answer:
    """All hooks, by id in an object, the newest first."""
    hooks = [hook for hook in ctx.state.hooks.values() if not hook.deleted]
    rows, at = paged(ctx, list(reversed(hooks)), "webhooks", "webhook", "browse")
    return v2(
        {
            "title": say("hooks_title", ctx.lang),
            "webhooks": {str(hook.id): shown(hook) for hook in rows},
            "orderBy": "id_desc",
            "pager": at,
            "status": "success",
        }
    )


def _hook(ctx: Context) -> Hook:
    number = number_in(ctx.request.query.get("id"), 0)
    if not number:
        raise fail("Missing required parameter: id.")
    hook = ctx.state.hooks.get(number)
    if hook is None or hook.deleted:
        raise fail("Webhook does not exist.")
    return hook


def edit(ctx: Context) -> Answer:
    """Another address, other products."""
    _fill(_hook(ctx), ctx.body)
    load = "/index.php?m=webhook&f=browse&t=json"
    return v2({"message": say("saved", ctx.lang), "load": load, "status": "success"})


def delete(ctx: Context) -> Answer:
    """Softly."""
    _hook(ctx).deleted = True
    return v2({"load": True, "status": "success", "message": say("saved", ctx.lang)})


def log(ctx: Context) -> Answer:
    """What was sent and what came back."""
    hook = _hook(ctx)
    rows, at = paged(ctx, list(reversed(hook.log)), "logs", "webhook", "log")
    return v2(
        {
            "title": say("log_title", ctx.lang, hook.name),
            "logs": {str(row["id"]): row for row in rows},
            "webhook": shown(hook),
            "orderBy": "id_desc",
            "pager": at,
            "status": "success",
        }
    )


ROUTES: Final = (
    Route("GET", "/webhooks", list_hooks, "webhook-browse", lists=True),
    Route("POST", "/webhooks", create, "webhook-create"),
    Route("PUT", "/webhooks/{}", edit, "webhook-edit"),
    Route("DELETE", "/webhooks/{}", delete, "webhook-delete"),
    Route("GET", "/webhooks/{}/log", log, "webhook-log"),
)
