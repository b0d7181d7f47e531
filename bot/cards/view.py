"""A card, form or reply as plain data for templates: dicts, lists, strings and numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.dates import size_words
from bot.cards.words import Reader, Span, clean, opening, safe_url, span_text, spans, words
from domain.messages import (
    Action,
    Bar,
    Block,
    Bullet,
    Bullets,
    Card,
    Fields,
    FileRef,
    Form,
    FormField,
    Grid,
    Heading,
    Inline,
    Para,
)

View = dict[str, Any]

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
"""What is drawn in the message instead of offered for download."""


def card_view(card: Card, reader: Reader) -> View:
    """The card for a template; what begins a line has a capital (see ``form_view``)."""
    return {
        "title": opening(card.title, reader),
        "status": spans(card.status, reader) if card.status is not None else [],
        "tone": card.tone.value,
        "blocks": [block_view(b, reader) for b in card.blocks],
        "actions": [action_view(a, reader) for a in card.actions],
        "plain": not card.blocks and not card.actions and card.status is None,
    }


def block_view(block: Block, reader: Reader) -> View:  # noqa: PLR0911 one kind of block a line
    """One block; its ``kind`` names the piece of the template that draws it."""
    match block:
        case Para():
            return {"kind": "para", "text": opening(block.text, reader), "muted": block.muted}
        case Heading():
            return {"kind": "heading", "text": opening(block.text, reader)}
        case Fields():
            pairs = [
                {"label": opening(k, reader), "value": spans(v, reader)} for k, v in block.pairs
            ]
            return {"kind": "fields", "pairs": pairs}
        case Bullets():
            return {"kind": "bullets", "items": [_bullet(i, reader) for i in block.items]}
        case Grid():
            return _grid(block, reader)
        case Bar():
            percent = max(0, min(100, block.percent))
            return {"kind": "bar", "label": spans(block.label, reader), "percent": percent}
        case FileRef():
            return file_view(block, reader)


def _bullet(item: Bullet, reader: Reader) -> View:
    actions = [action_view(a, reader) for a in item.actions]
    return {"text": spans(item.text, reader), "actions": actions}


def _grid(grid: Grid, reader: Reader) -> View:
    return {
        "kind": "grid",
        "headers": _cells(grid.headers, reader),
        "rows": [_cells(row, reader) for row in grid.rows],
    }


def _cells(cells: Sequence[Inline], reader: Reader) -> list[list[Span]]:
    return [spans(c, reader) for c in cells]


def file_view(file: FileRef, reader: Reader) -> View:
    """A file: its address inside Duban, and whether it is a picture."""
    name = clean(file.name)
    return {
        "kind": "file",
        "name": name,
        "url": safe_url(f"/files/{file.file_id}"),
        "size": size_words(file.size),
        "picture": file.mime in PICTURES,
        "alt": words(file.alt, reader) or name,
    }


def action_view(action: Action, reader: Reader) -> View:
    """A button, with the command to type instead of pressing it."""
    return {
        "label": spans(action.label, reader),
        "command": clean(action.command),
        "typed": reader.way.typed(clean(action.typed or action.command), reader.locale),
        "style": action.style.value,
        "confirm": words(action.confirm, reader) if action.confirm is not None else "",
    }


def form_view(form: Form, reader: Reader) -> View:
    """A form, its texts begun with a capital: the same ones stand inside sentences elsewhere.

    Pickers still lack the people and stories to pick from (see ``bot.cards.html``).
    """
    return {
        "command": clean(form.command),
        "typed": reader.way.typed(clean(form.command), reader.locale),
        "title": opening(form.title, reader),
        "intro": opening(form.intro, reader) if form.intro is not None else [],
        "submit": opening(form.submit, reader),
        "fields": [field_view(f, reader) for f in form.fields],
    }


def field_view(field: FormField, reader: Reader) -> View:
    """One field with what stands in it."""
    return {
        "name": field.name,
        "label": opening(field.label, reader),
        "kind": field.kind.value,
        "required": field.required,
        "options": [{"value": o.value, "label": _choice(o.label, reader)} for o in field.options],
        "value": clean(field.value),
        "help": spans(field.help, reader) if field.help is not None else [],
        "error": opening(field.error, reader) if field.error is not None else [],
        "max_length": field.max_length,
    }


def _choice(label: Inline, reader: Reader) -> str:
    return "".join(span_text(s) for s in opening(label, reader))
