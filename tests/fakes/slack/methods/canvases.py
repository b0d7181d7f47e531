"""Canvases, where the plan of the workspace has them."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.refusal import Refusal


def _content(call: Call) -> str:
    content = call.data("document_content")
    if content is None:
        return ""
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise Refusal("invalid_arguments", messages=["[ERROR] document_content"])
    return str(content.get("markdown", ""))


def _allowed(call: Call) -> None:
    call.scope("canvases:write")
    if "canvases" not in call.team.features:
        raise Refusal("canvas_disabled_user_team")


def create(call: Call) -> dict[str, Any]:
    """``canvases.create``."""
    _allowed(call)
    canvas = call.world.marks.id("F")
    call.team.canvases[canvas] = {
        "title": call.text("title", ""), "markdown": _content(call), "channel": "",
    }  # fmt: skip
    return {"ok": True, "canvas_id": canvas}


def in_channel(call: Call) -> dict[str, Any]:
    """``conversations.canvases.create``: the one canvas of a channel."""
    _allowed(call)
    channel = call.team.channel(call.text("channel_id"))
    if call.bot.bot_user not in channel.members:
        raise Refusal("channel_not_found")
    if channel.canvas:
        raise Refusal("channel_canvas_already_exists")
    channel.canvas = call.world.marks.id("F")
    call.team.canvases[channel.canvas] = {
        "title": call.text("title", ""), "markdown": _content(call), "channel": channel.id,
    }  # fmt: skip
    return {"ok": True, "canvas_id": channel.canvas}


def edit(call: Call) -> dict[str, Any]:
    """``canvases.edit``: replaces or adds."""
    _allowed(call)
    canvas = call.team.canvases.get(call.text("canvas_id"))
    if canvas is None:
        raise Refusal("canvas_not_found")
    for change in call.data("changes") or []:
        text = change.get("document_content", {}).get("markdown", "")
        operation = change.get("operation")
        if operation == "replace":
            canvas["markdown"] = text
        elif operation == "insert_at_end":
            canvas["markdown"] += f"\n{text}"
        elif operation == "insert_at_start":
            canvas["markdown"] = f"{text}\n{canvas['markdown']}"
        else:
            raise Refusal("invalid_arguments", messages=[f"[ERROR] operation {operation}"])
    return {"ok": True}


def access(call: Call) -> dict[str, Any]:
    """``canvases.access.set``."""
    _allowed(call)
    canvas = call.team.canvases.get(call.text("canvas_id"))
    if canvas is None:
        raise Refusal("canvas_not_found")
    canvas["access"] = {
        "level": call.text("access_level"), "channels": call.names("channel_ids"),
        "users": call.names("user_ids"),
    }  # fmt: skip
    return {"ok": True}


METHODS = {
    "canvases.create": create,
    "conversations.canvases.create": in_channel,
    "canvases.edit": edit,
    "canvases.access.set": access,
}
