"""The minutes of a review as a canvas beside the document, where Slack's plan has canvases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.cards.words import words
from bot.slack.blocks.escape import link
from bot.slack.blocks.sheet import context
from bot.slack.outbound.place import Place
from bot.slack.outbound.sending import Line, No, metadata
from bot.slack.outbound.traces import Traces
from documents.produce import ProducedFile
from domain.errors import DubanError
from domain.messages import T
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.slack")

PART = "canvas"
MINUTES = "minutes.docx"
LONGEST = 100_000
"""Longer minutes stay a document; nobody says how long a canvas may be."""

MakeDocument = Callable[[str, dict[str, object], UnitOfWork, str], ProducedFile]
"""Makes a document (kind, parameters, unit of work, language)."""


class Canvases:
    """Puts minutes into canvases.

    Where it does not work (the plan, a missing scope, an administrator's rule) the document alone
    is posted; the log says so once a workspace.

    :param make: makes the Markdown of the minutes; None: no canvases.
    """

    def __init__(self, store: Store, make: MakeDocument | None) -> None:
        self._store = store
        self._make = make
        self._told: set[str] = set()

    def send(
        self, line: Line, place: Place, channel: str, thread: str, delivery_id: str, traces: Traces
    ) -> None:
        """Make the canvas of the minutes that a delivery posts, and link to it in its thread.

        Other deliveries, and those whose canvas is there already, have nothing to be done.
        """
        if PART in traces.parts or place.channel.person_id:
            return
        made = self._minutes(place, delivery_id)
        if made is None:
            return
        title, text = made
        try:
            url = self._canvas(line, channel, title, text)
        except No as no:
            self._say_once(place.workspace, no.code)
            return
        shown = f"📄 {link(url, words(T('slack.canvas'), place.reader))}"
        line.post(
            "chat_postMessage",
            channel=channel,
            thread_ts=thread,
            text=shown,
            blocks=context(shown),
            metadata=metadata(delivery_id, PART),
            unfurl_links=False,
        )

    def _canvas(self, line: Line, channel: str, title: str, text: str) -> str:
        content = {"type": "markdown", "markdown": text}
        made = line.call("canvases_create", title=title, document_content=content)
        canvas = str(made["canvas_id"])
        line.call(
            "canvases_access_set", canvas_id=canvas, access_level="read", channel_ids=[channel]
        )
        who: Mapping[str, Any] = line.call("auth_test")
        return f"{str(who['url']).rstrip('/')}/docs/{who['team_id']}/{canvas}"

    def _minutes(self, place: Place, delivery_id: str) -> tuple[str, str] | None:
        if self._make is None:
            return None
        with self._store.read(place.workspace) as uow:
            row = uow.outbox.get(delivery_id)
            if row is None or row.payload.get("document") != MINUTES:
                return None
            params = {"review": row.payload["params"]["review"]}
            try:
                made = self._make("minutes.md", params, uow, place.reader.locale)
            except DubanError as error:
                log.warning("slack.no_canvas", extra={"reason": error.key})
                return None
        text = made.data.decode("utf-8")
        return (made.name.removesuffix(".md"), text) if len(text) <= LONGEST else None

    def _say_once(self, workspace: str, code: str) -> None:
        if workspace not in self._told:
            self._told.add(workspace)
            log.info("slack.no_canvas", extra={"workspace": workspace, "reason": code})
