"""Conversations and their members."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import READS, Call
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rooms import Channel

KINDS = {
    "public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim",
}  # fmt: skip


def list_(call: Call) -> dict[str, Any]:
    """``conversations.list``: private ones only where the bot is a member."""
    kinds = [KINDS[t] for t in call.names("types") or ["public_channel"]]
    for kind in kinds:
        call.scope(READS[kind])
    found = [
        c
        for c in call.team.channels.values()
        if c.kind in kinds
        and (c.kind == "channel" or call.bot.bot_user in c.members)
        and not (c.is_archived and call.flag("exclude_archived"))
    ]
    part, metadata = call.page(found)
    channels = [c.as_json(call.bot.bot_user) for c in part]
    return {"ok": True, "channels": channels, "response_metadata": metadata}


def of_user(call: Call) -> dict[str, Any]:
    """``users.conversations``: where somebody (the bot) is a member."""
    kinds = [KINDS[t] for t in call.names("types") or ["public_channel"]]
    for kind in kinds:
        call.scope(READS[kind])
    user = call.text("user", call.bot.bot_user)
    found = [
        c
        for c in call.team.channels.values()
        if c.kind in kinds
        and user in c.members
        and (c.kind == "channel" or call.bot.bot_user in c.members)
        and not (c.is_archived and call.flag("exclude_archived"))
    ]
    part, metadata = call.page(found)
    channels = [c.as_json(call.bot.bot_user) for c in part]
    return {"ok": True, "channels": channels, "response_metadata": metadata}


def info(call: Call) -> dict[str, Any]:
    """``conversations.info``."""
    channel = call.channel()
    call.scope(READS[channel.kind])
    return {"ok": True, "channel": channel.as_json(call.bot.bot_user)}


def members(call: Call) -> dict[str, Any]:
    """``conversations.members``."""
    channel = call.channel()
    call.scope(READS[channel.kind])
    part, metadata = call.page(channel.members)
    return {"ok": True, "members": part, "response_metadata": metadata}


def open_(call: Call) -> dict[str, Any]:
    """``conversations.open``: the direct conversation with one person, or with several."""
    call.scope("im:write", "mpim:write")
    team = call.team
    users = [team.user(u) for u in call.names("users")]
    if not users:
        raise Refusal("users_list_not_supplied")
    if any(u.deleted for u in users):
        raise Refusal("user_disabled")
    if any(u.is_bot for u in users):
        raise Refusal("cannot_dm_bot")
    if len(users) == 1:
        before = len(team.channels)
        channel = team.direct(call.bot.bot_user, users[0].id)
        known = len(team.channels) == before
    else:
        known, channel = _group(call, [u.id for u in users])
    body = channel.as_json(call.bot.bot_user) if call.flag("return_im") else {"id": channel.id}
    return {"ok": True, "no_op": known, "already_open": known, "channel": body}


def _group(call: Call, users: list[str]) -> tuple[bool, Channel]:
    everybody = sorted([call.bot.bot_user, *users])
    for channel in call.team.channels.values():
        if channel.kind == "mpim" and sorted(channel.members) == everybody:
            return True, channel
    return False, call.team.add_channel("mpdm-1", *everybody, kind="mpim")


def join(call: Call) -> dict[str, Any]:
    """``conversations.join``."""
    call.scope("channels:join")
    channel = call.channel(archived=False)
    if channel.kind != "channel":
        raise Refusal("method_not_supported_for_channel_type")
    bot = call.bot.bot_user
    if bot not in channel.members:
        channel.members.append(bot)
        event = {
            "type": "member_joined_channel", "user": bot, "channel": channel.id,
            "channel_type": "C", "team": channel.team_id, "event_ts": call.world.marks.ts(),
        }  # fmt: skip
        call.world.emit(channel.team_id, event)
    return {"ok": True, "channel": channel.as_json(bot)}


def set_topic(call: Call) -> dict[str, Any]:
    """``conversations.setTopic``."""
    channel = call.channel(joined=True, archived=False)
    call.scope("channels:write.topic" if channel.kind == "channel" else "groups:write.topic")
    channel.topic = call.text("topic", "")
    return {"ok": True, "channel": channel.as_json(call.bot.bot_user)}


def pin(call: Call) -> dict[str, Any]:
    """``pins.add``."""
    call.scope("pins:write")
    channel = call.channel(joined=True)
    ts = channel.get(call.text("timestamp"))["ts"]
    if ts in channel.pinned:
        raise Refusal("already_pinned")
    channel.pinned.append(ts)
    return {"ok": True}


def bookmark(call: Call) -> dict[str, Any]:
    """``bookmarks.add``."""
    call.scope("bookmarks:write")
    channel = call.team.channel(call.text("channel_id"))
    made = {
        "id": call.world.marks.id("Bk"), "channel_id": channel.id, "title": call.text("title"),
        "link": call.text("link"), "type": "link",
    }  # fmt: skip
    channel.bookmarks.append(made)
    return {"ok": True, "bookmark": made}


METHODS = {
    "conversations.list": list_,
    "users.conversations": of_user,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.join": join,
    "conversations.setTopic": set_topic,
    "pins.add": pin,
    "bookmarks.add": bookmark,
}
