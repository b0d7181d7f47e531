"""Files that people send to Duban: fetched from DingTalk, kept as ours."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from bot.dingtalk.api.errors import DingtalkError, Refused
from bot.dingtalk.inbound.incoming import RemoteFile
from bot.surfaces.received import MAX_FILE, Received
from domain.clock import Clock
from domain.errors import OutsideError, UserError
from domain.messages import FileRef
from domain.ports import FileStore
from storage.uow import Store

Fetch = Callable[[str, str, str, int], bytes]
"""Workspace, download code, robot, most bytes → the bytes; raises ``DingtalkError``."""


class FilesIn:
    """Takes files over, each once: the same file of the same message has the same id here."""

    def __init__(self, store: Store, files: FileStore, fetch: Fetch, clock: Clock) -> None:
        self._received = Received(store, files, clock)
        self._fetch = fetch

    def take(
        self, workspace: str, person_id: str, key: str, robot: str, remote: Sequence[RemoteFile]
    ) -> tuple[FileRef, ...]:
        """The files of a message as ours; waits for DingTalk, so for worker threads.

        :param key: of the message.
        :raises UserError: a file is too large or of a kind that is not taken.
        :raises OutsideError: DingTalk does not give it out now.
        """
        return tuple(
            self._one(workspace, person_id, f"{key}:{number}", robot, each)
            for number, each in enumerate(remote)
        )

    def _one(
        self, workspace: str, person_id: str, key: str, robot: str, remote: RemoteFile
    ) -> FileRef:
        file_id = f"ding{hashlib.sha256(key.encode()).hexdigest()[:22]}"
        known = self._received.known(workspace, file_id)
        if known is not None:
            return known
        data = self._bytes(workspace, robot, remote)
        name = remote.name or _picture_name(data)
        return self._received.keep(
            workspace, person_id, file_id, name, data, unfit="dingtalk.file_kind"
        )

    def _bytes(self, workspace: str, robot: str, remote: RemoteFile) -> bytes:
        name = remote.name or "?"
        try:
            return self._fetch(workspace, remote.code, robot, MAX_FILE)
        except Refused as no:
            if no.code == "too_large":
                limit = f"{MAX_FILE // (1024 * 1024)} MB"
                raise UserError("dingtalk.file_large", name=name, limit=limit) from no
            raise UserError("dingtalk.file_refused", name=name) from no
        except DingtalkError as error:
            raise OutsideError("dingtalk.away") from error


def _picture_name(data: bytes) -> str:
    """A name for a picture, which comes without one."""
    return "picture.png" if data.startswith(b"\x89PNG") else "picture.jpg"
