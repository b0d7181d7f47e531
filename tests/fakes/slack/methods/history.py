"""What was said: history and threads."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import HISTORY, Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Message

DISTRIBUTED_ITEMS = 15


def _within(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = call.text("oldest", "0"), call.text("latest", "")
    inclusive = call.flag("inclusive")

    def inside(message: Message) -> bool:
        ts = float(message["ts"])
        if inclusive and message["ts"] in {oldest, latest}:
            return True
        return ts > float(oldest) and (not latest or ts < float(latest))

    return [m for m in messages if inside(m)]


def _shown(call: Call, message: Message) -> Message:
    """Without metadata unless all of it was asked for."""
    if call.flag("include_all_metadata"):
        return dict(message)
    return {k: v for k, v in message.items() if k != "metadata"}


def _limits(call: Call, method: str) -> int:
    """How many items: few, and rarely, for apps that are sold outside of the Marketplace."""
    if not call.world.app.distributed:
        return 1000
    wait = call.world.pace.take(f"{method}:{call.team.id}", 1 / 60, 1)
    if wait:
        raise Refusal("ratelimited", status=429, headers={"Retry-After": str(round(wait) or 1)})
    return DISTRIBUTED_ITEMS


def _answer(call: Call, messages: list[Message], most: int) -> dict[str, Any]:
    part, metadata = call.page(messages, most=most)
    body: dict[str, Any] = {
        "ok": True,
        "messages": [_shown(call, m) for m in part],
        "has_more": bool(metadata["next_cursor"]),
    }
    if metadata["next_cursor"]:
        body["response_metadata"] = metadata
    return body


def history(call: Call) -> dict[str, Any]:
    """``conversations.history``: newest first, without what stands in threads."""
    channel = call.channel(joined=True)
    call.scope(HISTORY[channel.kind])
    most = _limits(call, "history")
    return _answer(call, _within(call, channel.top())[::-1], most)


def replies(call: Call) -> dict[str, Any]:
    """``conversations.replies``: oldest first, the parent always among them."""
    channel = call.channel(joined=True)
    call.scope(HISTORY[channel.kind])
    most = _limits(call, "replies")
    ts = call.text("ts")
    message = channel.find(ts)
    if message is None:
        raise Refusal("thread_not_found")
    if message.get("thread_ts", ts) != ts:
        return _answer(call, [message], most)
    found = _within(call, channel.thread(ts)[1:])
    return _answer(call, [message, *found], most)


METHODS = {"conversations.history": history, "conversations.replies": replies}
