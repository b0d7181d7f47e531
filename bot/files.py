"""Files in a folder: written once, durable before the caller goes on."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from domain.errors import NotFoundError
from storage.errors import from_os

_ID = re.compile(r"[0-9a-z]{1,64}\Z")


class FolderStore:
    """Keeps each file under ``<first two characters>/<id>`` of a folder.

    :param folder: made when it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, file_id: str, data: bytes) -> None:
        """Store durably; the same id again replaces nothing that differs, since ids are unique.

        ``StorageError`` when the disk is full or cannot be written; then nothing is left behind.
        """
        path = self._path(file_id)
        part = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            part.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            raise from_os(error) from error

    def get(self, file_id: str) -> bytes:
        """The bytes; ``NotFoundError`` when there are none."""
        try:
            return self._path(file_id).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError("file.gone") from error

    def _path(self, file_id: str) -> Path:
        if not _ID.match(file_id):
            raise NotFoundError("file.gone")
        return self._folder / file_id[-2:] / file_id


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
