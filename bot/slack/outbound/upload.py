"""Files of cards as uploads to Slack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.cards.words import Reader, words
from bot.slack.blocks import limits
from bot.slack.outbound.sending import Line, No
from bot.slack.outbound.traces import Traces
from documents.fonts import ChartFont, chart_font
from documents.png import render
from domain.errors import NotFoundError
from domain.messages import Card, FileRef
from domain.ports import FileStore

log = logging.getLogger("duban.slack")

SVG = "image/svg+xml"


@dataclass(frozen=True, slots=True)
class Picture:
    """A file as it goes to Slack.

    :param alt: what a picture shows, for those who do not see it.
    """

    name: str
    data: bytes
    alt: str = ""


def files_of(card: Card) -> tuple[FileRef, ...]:
    """The files that a card shows, in order."""
    return tuple(b for b in card.blocks if isinstance(b, FileRef))


class Uploads:
    """Uploads files into conversations.

    :param font: the font of drawings that become pictures.
    """

    def __init__(self, files: FileStore, font: Callable[[], ChartFont] = chart_font) -> None:
        self._files = files
        self._font = font

    def send(
        self,
        line: Line,
        refs: Sequence[FileRef],
        channel: str,
        thread: str | None,
        reader: Reader,
        traces: Traces,
    ) -> None:
        """Upload what is not there yet; a file that is gone from our store is left out.

        :param channel: Slack's id of the conversation itself, never of a person.
        :raises No: Slack takes no files of ours; :raises Retry: not now.
        """
        for ref in refs:
            ready = self._prepared(ref, reader)
            if ready is None or traces.has_file(ready.name, len(ready.data)):
                continue
            values = {"thread_ts": thread} if thread else {}
            line.post(
                "files_upload_v2",
                channel=channel,
                filename=ready.name,
                content=ready.data,
                title=ready.name,
                alt_txt=ready.alt or None,
                **values,
            )

    def _prepared(self, ref: FileRef, reader: Reader) -> Picture | None:
        try:
            data = self._files.get(ref.file_id)
        except NotFoundError:
            log.warning("slack.file_gone", extra={"file": ref.file_id})
            return None
        if not data:  # Slack takes no empty files
            return None
        alt = limits.cut(words(ref.alt, reader), limits.ALT)
        if ref.mime.partition(";")[0] == SVG:
            # Slack shows no drawings, and a drawing may hold scripts.
            name = f"{ref.name.removesuffix('.svg')}.png"
            return Picture(name, render(data.decode("utf-8"), self._font()), alt)
        return Picture(ref.name, data, alt)


def without_files(no: No) -> bool:
    """Whether it is files that Slack refuses, and nothing else."""
    return no.code in ("missing_scope", "not_allowed_token_type", "file_uploads_disabled")
