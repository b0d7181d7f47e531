"""What outbox rows ask for besides plain messages: documents and the sample product."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Protocol

from commands.filing import file_document
from documents.produce import ProducedFile
from domain.clock import Clock
from domain.errors import UserError
from domain.message_json import from_json
from domain.messages import Card, FileRef, Para, T, Tone
from domain.ports import FileStore
from storage.messaging import OutboxItem
from storage.records import StoredFile
from storage.uow import Store, UnitOfWork


class MakesDocuments(Protocol):
    """Loads what a document shows and makes it."""

    def make(
        self, kind: str, params: dict[str, object], uow: UnitOfWork, locale: str
    ) -> ProducedFile:
        """The finished file."""
        ...


def document_effect(
    store: Store, files: FileStore, producer: MakesDocuments, clock: Clock
) -> Callable[[str, OutboxItem], Card]:
    """Makes a document and answers the message that carries it.

    The file's id is the row's, so making it again after a crash replaces it by itself.
    """

    def run(workspace: str, item: OutboxItem) -> Card:
        payload = item.payload
        try:
            with store.read(workspace) as uow:
                locale = uow.people.get(str(payload["person"])).locale
                made = producer.make(str(payload["document"]), dict(payload["params"]), uow, locale)
        except UserError as error:
            lines = (Para(error.text), Para(T("document.not_lost"), muted=True))
            return Card(T("document.not_made"), lines, tone=Tone.BAD)
        files.put(item.id, made.data)
        with store.write(workspace) as uow:
            if uow.files.get(item.id) is None:
                digest = hashlib.sha256(made.data).hexdigest()
                size, now = len(made.data), clock.now()
                by = str(payload["person"])
                uow.files.add(StoredFile(item.id, made.name, made.mime, size, digest, now, by))
                file_document(uow, payload["params"], item.id, made.name, by, now)
        note = from_json(payload["note"])
        file = FileRef(item.id, made.name, made.mime, len(made.data), made.alt)
        warning = (Para(made.warning, muted=True),) if made.warning else ()
        return Card(note, (file, *warning))

    return run
