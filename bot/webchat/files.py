"""Files that people send and open."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from bot.webchat.access import active_person, conversations
from bot.webchat.call import Call
from bot.webchat.views import View
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.ids import new_id
from domain.ports import FileStore
from storage.records import StoredFile
from storage.uow import Store, UnitOfWork
from web.errors import ApiError

KINDS: Mapping[str, str] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "md": "text/plain",
    "log": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "ics": "text/calendar",
    "zip": "application/zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
"""What can be sent, by the end of its name. Nothing in it runs in a browser."""

_MAGIC = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
    "application/pdf": (b"%PDF",),
}
_SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})


@dataclass(frozen=True, slots=True)
class Download:
    """A file to answer with, and its headers."""

    data: bytes
    mime: str
    headers: Mapping[str, str]


class FileDesk:
    """Takes in and hands out files."""

    def __init__(self, store: Store, files: FileStore, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._clock = clock

    def upload(self, call: Call, data: bytes) -> View:
        """Store a file called ``name``; it waits there for the message that it goes with."""
        name = safe_name(call.query.get("name", ""))
        mime = kind_of(name, data)
        file = StoredFile(
            id=new_id(),
            name=name,
            mime=mime,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            created_at=self._clock.now(),
            created_by=call.session.person,
        )
        with self._store.read(call.session.workspace) as uow:
            active_person(uow, call.session.person)
        self._files.put(file.id, data)
        with self._store.write(call.session.workspace) as uow:
            uow.files.add(file)
        return {"id": file.id, "name": name, "mime": mime, "size": file.size}

    def download(self, call: Call) -> Download:
        """A file of one's own, or of a message that one may see; others do not exist."""
        with self._store.read(call.session.workspace) as uow:
            file = uow.files.get(call.path["file"])
            if file is None or not self._allowed(uow, call, file):
                raise NotFoundError("web.no_file")
        how = "inline" if file.mime in _SHOWN else "attachment"
        headers = {
            "content-disposition": f"{how}; filename*=UTF-8''{quote(file.name, safe='')}",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
            "cache-control": "private, max-age=31536000, immutable",
        }
        return Download(self._files.get(file.id), file.mime, headers)

    def _allowed(self, uow: UnitOfWork, call: Call, file: StoredFile) -> bool:
        me = active_person(uow, call.session.person)
        if file.created_by == me.id:
            return True
        mine = {c.id for c in conversations(uow, me)}
        return not mine.isdisjoint(uow.chat.channels_showing(file.id, me.id))


def safe_name(name: str) -> str:
    """The last part of the name, without what file systems and readers stumble over."""
    base = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(ch for ch in base if unicodedata.category(ch)[0] != "C" and ch not in '<>:"|?*')
    return kept.strip(" .")[-120:]


def kind_of(name: str, data: bytes) -> str:
    """The media type of a file that may be sent; ``ApiError`` 415 otherwise.

    It follows from the name, and what calls itself a picture must be one.
    """
    match = re.search(r"\.([A-Za-z0-9]{1,5})\Z", name)
    mime = KINDS.get(match.group(1).lower()) if match else None
    if mime is None or not data or not data.startswith(_MAGIC.get(mime, (b"",))):
        raise ApiError(415, "web.bad_file", name=name[:60] or "?", kinds=", ".join(KINDS))
    return mime
