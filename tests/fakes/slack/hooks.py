"""``response_url``: five posts within half an hour."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel, Message
from tests.fakes.slack.rules.blocks import require_blocks
from tests.fakes.slack.world import HOOK_USES, Hook, World


def answer_hook(world: World, hook_id: str, body: Any) -> tuple[int, str]:
    """Do what was posted to a reply address; HTTP status and text."""
    hook = world.hooks.get(hook_id)
    if hook is None:
        return 404, "not_found"
    if world.clock() > hook.until:
        return 404, "expired_url"
    if hook.uses >= HOOK_USES:
        return 404, "used_url"
    hook.uses += 1
    try:
        say_by_hook(world, hook, body)
    except Refusal as refusal:
        return 400, refusal.code
    return 200, "ok"


def say_by_hook(world: World, hook: Hook, body: dict[str, Any]) -> None:
    """Show, replace or delete a message in the name of the app."""
    channel = world.teams[hook.team].channels[hook.channel]
    if body.get("delete_original"):
        _delete(channel, hook)
        return
    if not (body.get("text") or body.get("blocks")):
        raise Refusal("no_text")
    if body.get("blocks"):
        require_blocks(body["blocks"])
    parts = {
        "text": str(body.get("text") or ""),
        "blocks": [{"block_id": world.marks.word("b"), **b} for b in body.get("blocks") or []],
    }
    original = _original(channel, hook) if body.get("replace_original") else None
    if original is not None:
        original.update(parts)
        original["edited"] = {"ts": world.marks.ts()}
        return
    installation = world.installations[hook.team]
    thread = body.get("thread_ts") or (hook.thread if hook.origin else None)
    message: Message = {
        "type": "message", "user": installation.bot_user, "bot_id": installation.bot_id,
        "app_id": world.app.id, "team": hook.team, "ts": world.marks.ts(), **parts,
    }  # fmt: skip
    if thread:
        message["thread_ts"] = thread
    if body.get("response_type") == "in_channel":
        world.say_as_bot(channel, message)
    else:
        channel.whispers.append(message | {"viewer": hook.user, "is_ephemeral": True})


def _original(channel: Channel, hook: Hook) -> Message | None:
    if hook.origin is None:
        return None
    everything = [*channel.messages, *channel.whispers]
    return next((m for m in everything if m["ts"] == hook.origin), None)


def _delete(channel: Channel, hook: Hook) -> None:
    original = _original(channel, hook)
    for shown in (channel.messages, channel.whispers):
        if original in shown:
            shown.remove(original)
