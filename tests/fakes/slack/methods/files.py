"""Files: the upload in three steps, and what is known of a file."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.methods.chat import new_message, with_ids
from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.blocks import require_blocks
from tests.fakes.slack.team import StoredFile
from tests.fakes.slack.world import World


def as_json(world: World, team: str, file: StoredFile) -> dict[str, Any]:
    """A file as messages and ``files.info`` show it."""
    address = f"{world.base}/files-pri/{team}-{file.id}"
    return {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "mimetype": file.mime,
        "filetype": file.name.rpartition(".")[2],
        "user": file.user,
        "size": len(file.data),
        "mode": "hosted",
        "is_external": file.external,
        "alt_txt": file.alt,
        "url_private": f"{address}/{file.name}",
        "url_private_download": f"{address}/download/{file.name}",
        "channels": list(file.channels),
        "file_access": "visible",
    }


def upload_url(call: Call) -> dict[str, Any]:
    """``files.getUploadURLExternal``."""
    call.scope("files:write")
    name, length = call.text("filename"), call.number("length", 0)
    if length <= 0:
        raise Refusal("invalid_arguments", messages=["[ERROR] length must be more than 0"])
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = StoredFile(call.world.marks.id("F"), name, b"", user=call.bot.bot_user, mime=mime)
    file.alt = call.text("alt_txt", "")
    call.team.files[file.id] = file
    ticket = call.world.marks.word("up")
    call.world.uploads[ticket] = f"{call.team.id}:{file.id}:{length}"
    return {"ok": True, "upload_url": f"{call.world.base}/upload/v1/{ticket}", "file_id": file.id}


def complete(call: Call) -> dict[str, Any]:
    """``files.completeUploadExternal``: share what was uploaded."""
    call.scope("files:write")
    wanted = call.data("files") or []
    found: list[StoredFile] = []
    for each in wanted:
        file = call.team.files.get(each.get("id"))
        if file is None or not file.data:
            raise Refusal("file_not_found")
        file.title, file.shared = each.get("title") or file.name, True
        found.append(file)
    for channel_id in call.names("channels") or call.names("channel_id"):
        _share(call, channel_id, found)
    return {"ok": True, "files": [as_json(call.world, call.team.id, f) for f in found]}


def _share(call: Call, channel_id: str, files: list[StoredFile]) -> None:
    channel = call.team.channels.get(channel_id)
    if channel is None:
        raise Refusal("channel_not_found")
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.bot.bot_user not in channel.members:
        raise Refusal("not_in_channel")
    for file in files:
        file.channels.append(channel.id)
    shown = [as_json(call.world, call.team.id, f) for f in files]
    parts: dict[str, Any] = {"text": call.text("initial_comment", ""), "files": shown}
    if blocks := call.data("blocks"):
        require_blocks(blocks)
        parts["blocks"] = with_ids(call, blocks)
    if thread := call.text("thread_ts", ""):
        parts["thread_ts"] = thread
    call.world.say_as_bot(
        channel, new_message(call, channel, parts | {"upload": True, "subtype": "file_share"})
    )


def info(call: Call) -> dict[str, Any]:
    """``files.info``."""
    call.scope("files:read")
    file = call.team.files.get(call.text("file"))
    if file is None:
        raise Refusal("file_not_found")
    return {"ok": True, "file": as_json(call.world, call.team.id, file)}


METHODS = {
    "files.getUploadURLExternal": upload_url,
    "files.completeUploadExternal": complete,
    "files.info": info,
}
