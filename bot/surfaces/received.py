"""Files that people send on a chat platform, kept as ours. From worker threads."""

from __future__ import annotations

import hashlib

from bot.webchat.files import kind_of, safe_name
from domain.clock import Clock
from domain.errors import ConflictError, UserError
from domain.messages import FileRef
from domain.ports import FileStore
from storage.records import StoredFile
from storage.uow import Store
from web.errors import ApiError

MAX_FILE = 20 * 1024 * 1024
"""Bytes of one file."""


class Received:
    """Keeps each file once: whoever fetches a file names it by the same id each time."""

    def __init__(self, store: Store, files: FileStore, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._clock = clock

    def known(self, workspace: str, file_id: str) -> FileRef | None:
        """The file, if it was kept already."""
        with self._store.read(workspace) as uow:
            known = uow.files.get(file_id)
        return FileRef(known.id, known.name, known.mime, known.size) if known else None

    def keep(
        self, workspace: str, person_id: str, file_id: str, name: str, data: bytes, *, unfit: str
    ) -> FileRef:
        """Keep what was fetched.

        :param name: as the platform has it. :param person_id: who sent it.
        :param unfit: key of the text (with ``name``) for a kind of file that is not taken; it comes
            as ``UserError``.
        """
        name = safe_name(name)
        try:
            mime = kind_of(name, data)
        except ApiError as error:
            raise UserError(unfit, name=name or "?") from error
        self._files.put(file_id, data)
        digest, now = hashlib.sha256(data).hexdigest(), self._clock.now()
        stored = StoredFile(file_id, name, mime, len(data), digest, now, person_id)
        try:
            with self._store.write(workspace) as uow:
                uow.files.add(stored)
        except ConflictError:
            pass  # another delivery of the same message was quicker, with the same bytes
        return FileRef(file_id, name, mime, len(data))
