"""Emoji on messages."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Message


def put(message: Message, name: str, user: str) -> None:
    """Put an emoji on a message; ``already_reacted``."""
    reactions: list[dict[str, Any]] = message.setdefault("reactions", [])
    found = next((r for r in reactions if r["name"] == name), None)
    if found is None:
        reactions.append({"name": name, "users": [user], "count": 1})
        return
    if user in found["users"]:
        raise Refusal("already_reacted")
    found["users"].append(user)
    found["count"] += 1


def take(message: Message, name: str, user: str) -> None:
    """Take it off; ``no_reaction``."""
    reactions: list[dict[str, Any]] = message.get("reactions", [])
    found = next((r for r in reactions if r["name"] == name and user in r["users"]), None)
    if found is None:
        raise Refusal("no_reaction")
    found["users"].remove(user)
    found["count"] -= 1
    if not found["users"]:
        reactions.remove(found)


def event(kind: str, user: str, name: str, channel: str, message: Message, ts: str) -> Any:
    """``reaction_added`` or ``reaction_removed``."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel, "ts": message["ts"]},
        "item_user": message.get("user"),
        "event_ts": ts,
    }


def add(call: Call) -> dict[str, Any]:
    """``reactions.add``."""
    call.scope("reactions:write")
    channel = call.channel(joined=True, archived=False)
    message, bot = channel.get(call.text("timestamp")), call.bot.bot_user
    put(message, call.text("name"), bot)
    told = event(
        "reaction_added", bot, call.text("name"), channel.id, message, call.world.marks.ts()
    )
    call.world.emit(channel.team_id, told)
    return {"ok": True}


def remove(call: Call) -> dict[str, Any]:
    """``reactions.remove``."""
    call.scope("reactions:write")
    channel = call.channel(joined=True)
    take(channel.get(call.text("timestamp")), call.text("name"), call.bot.bot_user)
    return {"ok": True}


def get(call: Call) -> dict[str, Any]:
    """``reactions.get``."""
    call.scope("reactions:read")
    channel = call.channel()
    message = channel.get(call.text("timestamp"))
    return {"ok": True, "type": "message", "channel": channel.id, "message": dict(message)}


METHODS = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
