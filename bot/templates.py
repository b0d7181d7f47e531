"""The outbox row that puts a company's document template in place, or takes it away."""

from __future__ import annotations

from collections.abc import Callable

from documents.template_store import Templates
from domain.messages import Action, Card, Inline, T, Tone
from domain.ports import FileStore
from storage.messaging import OutboxItem


def template_effect(files: FileStore, templates: Templates) -> Callable[[str, OutboxItem], Card]:
    """Does it and answers the message that says so. Safe to run twice."""

    def run(workspace: str, item: OutboxItem) -> Card:
        del workspace  # the folder is the installation's
        payload = item.payload
        kind, language = str(payload["document"]), payload["language"]
        if payload["file"] is None:
            templates.remove(kind, language)
        else:
            templates.save(kind, files.get(str(payload["file"])), language)
        done = "removed" if payload["file"] is None else "set"
        undo = payload["undo"]
        actions = (Action(T("core.undo"), str(undo)),) if undo else ()
        title = T(f"setup.template_{done}", {"document": _named(kind, language)})
        return Card(title, actions=actions, tone=Tone.GOOD)

    return run


def _named(kind: str, language: str | None) -> Inline:
    shown = T(f"setup.template_for_{language or 'both'}")
    return T(
        "setup.template_named", {"document": T(f"setup.template_of_{kind}"), "language": shown}
    )
