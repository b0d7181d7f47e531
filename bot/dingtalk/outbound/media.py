"""Files of cards as messages of their own: documents to open, charts as pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.outbound.errand import Errand
from bot.dingtalk.place import Place
from documents.fonts import ChartFont, chart_font
from documents.png import render
from domain.errors import NotFoundError
from domain.messages import Card, FileRef
from domain.ports import FileStore

log = logging.getLogger("duban.dingtalk")

SVG = "image/svg+xml"
LARGEST = 20 * 1024 * 1024
"""Bytes of an upload."""
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})


@dataclass(frozen=True, slots=True)
class Ready:
    """A file as it goes to DingTalk."""

    name: str
    data: bytes
    picture: bool

    @property
    def ending(self) -> str:
        """``docx``; DingTalk shows the sign of the program by it."""
        return self.name.rpartition(".")[2].lower() if "." in self.name else "file"


def files_of(card: Card) -> tuple[FileRef, ...]:
    """The files that a card shows, in order."""
    return tuple(b for b in card.blocks if isinstance(b, FileRef))


class Media:
    """Uploads files and posts them. Webhooks take no files, so each costs two calls.

    :param font: the font of drawings that become pictures.
    """

    def __init__(
        self,
        client: DingtalkClient,
        files: FileStore,
        font: Callable[[], ChartFont] = chart_font,
    ) -> None:
        self._client = client
        self._files = files
        self._font = font

    def send(self, errand: Errand, place: Place, ref: FileRef) -> None:
        """Post one file; one that is gone from our store, or too large, is left out.

        Raises as :meth:`Errand.message`.
        """
        ready = self._prepared(ref)
        if ready is None:
            return
        kind = "image" if ready.picture else "file"
        media = self._client.upload(place.workspace, kind, ready.name, ready.data, need=place.need)
        if ready.picture:
            errand.message("sampleImageMsg", {"photoURL": media})
            return
        param = {"mediaId": media, "fileName": ready.name, "fileType": ready.ending}
        errand.message("sampleFile", param)

    def _prepared(self, ref: FileRef) -> Ready | None:
        try:
            data = self._files.get(ref.file_id)
        except NotFoundError:
            log.warning("dingtalk.file_gone", extra={"file": ref.file_id})
            return None
        if not data or len(data) > LARGEST:
            log.warning("dingtalk.file_size", extra={"file": ref.file_id, "bytes": len(data)})
            return None
        mime = ref.mime.partition(";")[0]
        if mime == SVG:
            # DingTalk shows no drawings, and a drawing may hold scripts.
            name = f"{ref.name.removesuffix('.svg')}.png"
            return Ready(name, render(data.decode("utf-8"), self._font()), picture=True)
        return Ready(ref.name, data, mime in _PICTURES)
