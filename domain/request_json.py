"""A request as JSON and back: one that was acknowledged before its work was done is kept so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.message_json import from_json, to_json
from domain.requests import Kind, Reaction, Request


def request_to_json(request: Request) -> dict[str, Any]:
    """The request as JSON-ready data."""
    reaction = request.reaction
    return {
        "event_id": request.event_id,
        "platform": request.platform,
        "workspace": request.workspace,
        "channel": request.channel,
        "person": request.person,
        "received_at": request.received_at.isoformat(),
        "kind": request.kind.value,
        "text": request.text,
        "thread": request.thread,
        "values": dict(request.values),
        "files": [to_json(f) for f in request.files],
        "reaction": {
            "message_id": reaction.message_id,
            "emoji": reaction.emoji,
            "added": reaction.added,
            "text": reaction.text,
            "author": reaction.author,
        }
        if reaction
        else None,
        "message_id": request.message_id,
    }


def request_from_json(data: Mapping[str, Any]) -> Request:
    """The request again."""
    reaction = data["reaction"]
    return Request(
        event_id=data["event_id"],
        platform=data["platform"],
        workspace=data["workspace"],
        channel=data["channel"],
        person=data["person"],
        received_at=datetime.fromisoformat(data["received_at"]),
        kind=Kind(data["kind"]),
        text=data["text"],
        thread=data["thread"],
        values=dict(data["values"]),
        files=tuple(from_json(f) for f in data["files"]),
        reaction=Reaction(**reaction) if reaction else None,
        message_id=data["message_id"],
    )
