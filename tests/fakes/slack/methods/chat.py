"""Messages: posting, editing, whispering, links."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from tests.fakes.slack.call import Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.rules.blocks import MOST_MARKDOWN, require_blocks

LONGEST_TEXT = 40_000
LONGEST_EDIT = 4_000
LARGEST_METADATA = 8_000


def content(call: Call) -> tuple[dict[str, Any], list[str]]:
    """Text, blocks and metadata of a message, checked; and the warnings."""
    blocks, attachments = call.data("blocks"), call.data("attachments")
    text, markdown = str(call.args.get("text") or ""), str(call.args.get("markdown_text") or "")
    if markdown and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if not (text or blocks or attachments or markdown):
        raise Refusal("no_text")
    if len(markdown) > MOST_MARKDOWN:
        raise Refusal("msg_too_long")
    found: dict[str, Any] = {"text": text or markdown}
    warnings: list[str] = []
    if blocks:
        require_blocks(blocks)
        found["blocks"] = with_ids(call, blocks)
        if not text:
            warnings.append("missing_text_in_message")
    if len(attachments or ()) > 100:
        raise Refusal("too_many_attachments")
    if attachments:
        found["attachments"] = attachments
    if len(text) > LONGEST_TEXT:
        found["text"] = text[:LONGEST_TEXT]
        warnings.append("message_truncated")
    metadata = call.data("metadata")
    if metadata is not None:
        found["metadata"] = _metadata(metadata)
    return found, warnings


def _metadata(metadata: Any) -> dict[str, Any]:
    if not isinstance(metadata, dict) or not metadata.get("event_type"):
        raise Refusal("invalid_metadata_format")
    payload = metadata.get("event_payload")
    if not isinstance(payload, dict):
        raise Refusal("invalid_metadata_format")
    if len(json.dumps(payload)) > LARGEST_METADATA:
        raise Refusal("metadata_too_large")
    return {"event_type": str(metadata["event_type"]), "event_payload": payload}


def with_ids(call: Call, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks, each with the id that the platform gives where the app gave none."""
    marks = call.world.marks
    return [{"block_id": marks.word("b"), **block} for block in blocks]


def new_message(call: Call, channel: Channel, parts: dict[str, Any]) -> Message:
    """A message of the bot."""
    return {
        "type": "message",
        "user": call.bot.bot_user,
        "bot_id": call.bot.bot_id,
        "app_id": call.world.app.id,
        "team": channel.team_id,
        "ts": call.world.marks.ts(),
        **parts,
    }


def target(call: Call) -> Channel:
    """The conversation to post to; a person's id opens the direct one."""
    team, name = call.team, call.text("channel")
    if name in team.users:
        user = team.users[name]
        if user.is_bot:
            raise Refusal("cannot_dm_bot")
        if user.deleted:
            raise Refusal("user_disabled")
        return team.direct(call.bot.bot_user, user.id)
    channel = call.channel(archived=False)
    if call.bot.bot_user not in channel.members:
        call.scope("chat:write.public")
    if channel.only_admins:
        raise Refusal("restricted_action")
    return channel


def _pace(call: Call, channel: Channel) -> None:
    pace = call.world.pace
    wait = pace.take(f"channel:{channel.id}", pace.per_second, pace.burst)
    if wait:
        seconds = str(max(1, round(wait)))
        raise Refusal("ratelimited", status=429, headers={"Retry-After": seconds})


def post(call: Call) -> dict[str, Any]:
    """``chat.postMessage``."""
    call.scope("chat:write")
    try:
        channel = target(call)
    except Refusal as refusal:
        if refusal.code == "missing_scope":
            raise Refusal("not_in_channel") from refusal
        raise
    parts, warnings = content(call)
    _pace(call, channel)
    if thread := call.text("thread_ts", ""):
        parts["thread_ts"] = thread
        if call.flag("reply_broadcast"):
            parts["subtype"] = "thread_broadcast"
    message = call.world.say_as_bot(channel, new_message(call, channel, parts))
    answer: dict[str, Any] = {
        "ok": True, "channel": channel.id, "ts": message["ts"], "message": dict(message),
    }  # fmt: skip
    if warnings:
        answer["warning"] = ",".join(warnings)
        answer["response_metadata"] = {"warnings": warnings}
    return answer


def update(call: Call) -> dict[str, Any]:
    """``chat.update``."""
    call.scope("chat:write")
    channel = call.channel(archived=False)
    message = channel.get(call.text("ts"))
    if message.get("bot_id") != call.bot.bot_id:
        raise Refusal("cant_update_message")
    if len(str(call.args.get("text") or "")) > LONGEST_EDIT:
        raise Refusal("msg_too_long")
    before = dict(message)
    if call.data("blocks") == [] and call.args.get("text"):
        message.pop("blocks", None)
    parts, _ = content(call)
    message.update(parts)
    message["edited"] = {"user": call.bot.bot_user, "ts": call.world.marks.ts()}
    changed = {
        "subtype": "message_changed", "hidden": True, "message": dict(message),
        "previous_message": before, "ts": call.world.marks.ts(),
    }  # fmt: skip
    call.world.emit_message(channel, changed)
    return {
        "ok": True, "channel": channel.id, "ts": message["ts"], "text": message["text"],
        "message": dict(message),
    }  # fmt: skip


def delete(call: Call) -> dict[str, Any]:
    """``chat.delete``."""
    call.scope("chat:write")
    channel = call.channel()
    message = channel.get(call.text("ts"))
    if message.get("bot_id") != call.bot.bot_id:
        raise Refusal("cant_delete_message")
    channel.messages.remove(message)
    gone = {
        "subtype": "message_deleted", "hidden": True, "deleted_ts": message["ts"],
        "previous_message": message, "ts": call.world.marks.ts(),
    }  # fmt: skip
    call.world.emit_message(channel, gone)
    return {"ok": True, "channel": channel.id, "ts": message["ts"]}


def ephemeral(call: Call) -> dict[str, Any]:
    """``chat.postEphemeral``."""
    call.scope("chat:write")
    channel = call.channel(joined=True, archived=False)
    user = call.text("user")
    if user not in channel.members:
        raise Refusal("user_not_in_channel")
    parts, _ = content(call)
    if thread := call.text("thread_ts", ""):
        parts["thread_ts"] = thread
    message = new_message(call, channel, parts) | {"viewer": user, "is_ephemeral": True}
    channel.whispers.append(message)
    return {"ok": True, "message_ts": message["ts"]}


def permalink(call: Call) -> dict[str, Any]:
    """``chat.getPermalink``."""
    channel = call.channel()
    message = channel.get(call.text("message_ts"))
    number = message["ts"].replace(".", "")
    address = f"{call.team.address}archives/{channel.id}/p{number}"
    if message.get("thread_ts", message["ts"]) != message["ts"]:
        address += f"?thread_ts={message['thread_ts']}&cid={channel.id}"
    return {"ok": True, "channel": channel.id, "permalink": address}


def unfurl(call: Call) -> dict[str, Any]:
    """``chat.unfurl``."""
    call.scope("links:write")
    unfurls = call.data("unfurls")
    if not isinstance(unfurls, dict) or not unfurls:
        raise Refusal("missing_unfurls")
    if source := call.text("unfurl_id", ""):
        shared = call.world.hooks.get(f"unfurl:{source}")
        if shared is None or call.text("source") not in {"conversations_history", "composer"}:
            raise Refusal("cannot_unfurl_message")
        channel, ts = call.team.channel(shared.channel), shared.origin
    else:
        channel, ts = call.channel(), call.text("ts")
    assert ts is not None
    message = channel.find(ts)
    if message is None:
        raise Refusal("cannot_unfurl_message")
    for url, shown in unfurls.items():
        escaped = url.replace("&", "&amp;")
        if url not in message["text"] and escaped not in message["text"]:
            raise Refusal("cannot_find_message", url=quote(url))
        require_blocks(shown.get("blocks", []))
    channel.unfurls.setdefault(ts, {}).update(unfurls)
    return {"ok": True}


METHODS = {
    "chat.postMessage": post,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": ephemeral,
    "chat.getPermalink": permalink,
    "chat.unfurl": unfurl,
}
