"""A form's fields as DingTalk's form component draws them, and what it sends back as our values.

The protocol is that of the form variable (open.dingtalk.com/document/development/form-variables).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

from bot.cards.html import Choices
from bot.cards.words import Reader, opening, words
from domain.messages import FieldKind, Form, FormField, Inline
from locales import template

MOST_OPTIONS = 100
MOST_FIELDS = 30
NONE = "·none·"
"""The value of “none” in the menu of a field that may stay empty: menus cannot be emptied."""
_PEOPLE = (FieldKind.PERSON, FieldKind.PEOPLE)
_STORIES = (FieldKind.STORY, FieldKind.STORIES)
_SEVERAL = (FieldKind.CHOICES, FieldKind.PEOPLE, FieldKind.STORIES)
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?\Z")

Pairs = Sequence[tuple[str, str]]


def fits(form: Form, choices: Choices) -> bool:
    """Whether a card can show the form: no file is asked for, and its menus are not too long."""
    kinds = {f.kind for f in form.fields}
    return (
        FieldKind.FILE not in kinds
        and 0 < len(form.fields) <= MOST_FIELDS
        and all(len(f.options) <= MOST_OPTIONS for f in form.fields)
        and not (kinds & {*_PEOPLE} and len(choices.people) > MOST_OPTIONS)
    )


def card_fields(form: Form, reader: Reader, choices: Choices) -> list[dict[str, Any]]:
    """The fields, with what stands in them; one with an error is marked and says it when empty."""
    return [_field(field, reader, choices) for field in form.fields]


def errors(form: Form, reader: Reader) -> list[tuple[str, str]]:
    """What is wrong with a form that came back: the field's label, and why."""
    return [
        (_line(f.label, reader), words(f.error, reader)) for f in form.fields if f.error is not None
    ]


def values_of(form: Form, sent: Mapping[str, Any]) -> dict[str, str]:
    """The values by field name; a field that was left empty is there as an empty text.

    Nothing at all was sent: nobody touched the form, and what stood in it stands.
    """
    if not sent:
        return {field.name: field.value for field in form.fields}
    return {field.name: _value(sent.get(field.name)) for field in form.fields}


def holding(form: Form, values: Mapping[str, str]) -> Form:
    """The form with these values in it, so that nothing that was typed is lost; without errors."""
    fields = (replace(f, value=values.get(f.name, f.value), error=None) for f in form.fields)
    return replace(form, fields=tuple(fields))


def _field(field: FormField, reader: Reader, choices: Choices) -> dict[str, Any]:
    label = _line(field.label, reader)
    wrong = words(field.error, reader) if field.error is not None else ""
    help_ = words(field.help, reader) if field.help is not None else ""
    out: dict[str, Any] = {
        "name": field.name,
        "label": f"⚠ {label}" if wrong else label,
        **_input(field, reader, choices),
    }
    if field.required:
        out["required"] = True
        out["requiredMsg"] = template(reader.locale, "dingtalk.form_required").format(label=label)
    hint = wrong or help_
    if hint:
        out["placeholder"] = hint
    return out


def _input(field: FormField, reader: Reader, choices: Choices) -> dict[str, Any]:
    """The kind of input and what stands in it; what it could not show is typed."""
    pairs = _pairs(field, reader, choices)
    if pairs:
        return _menu(field, pairs, reader)
    value = field.value
    if field.kind is FieldKind.DATE and (not value or _is_day(value)):
        return _standing("DATE", value)
    if field.kind is FieldKind.NUMBER and (not value or _NUMBER.match(value)):
        return _standing("NUMBER", value)
    long = field.kind is FieldKind.MULTILINE or "\n" in value
    return _standing("TEXT_AREA" if long else "TEXT", value)


def _standing(kind: str, value: str) -> dict[str, Any]:
    return {"type": kind, **({"defaultValue": value} if value else {})}


def _pairs(field: FormField, reader: Reader, choices: Choices) -> Pairs:
    """What can be picked, with what is picked already; nothing where it is to be typed."""
    if field.kind in _PEOPLE:
        offered = [*choices.people]
    elif field.kind in _STORIES:
        offered = [*choices.stories] if len(choices.stories) <= MOST_OPTIONS else []
    else:
        offered = [(o.value, _line(o.label, reader)) for o in field.options]
    if not offered:
        return ()
    known = {value for value, _ in offered}
    return [*offered, *((c, c) for c in _chosen(field) if c not in known)]


def _menu(field: FormField, pairs: Pairs, reader: Reader) -> dict[str, Any]:
    several = field.kind in _SEVERAL
    if not several and not field.required:
        pairs = [(NONE, template(reader.locale, "dingtalk.form_none")), *pairs]
    out: dict[str, Any] = {
        "type": "MULTI_SELECT" if several else "SELECT",
        "options": [{"value": value, "text": text or value} for value, text in pairs],
    }
    order = [value for value, _ in pairs]
    at = [order.index(c) for c in _chosen(field)]
    if several and at:
        out["defaultValue"] = {"index": at, "value": [order[i] for i in at]}
    elif at:
        out["defaultValue"] = {"index": at[0], "value": order[at[0]]}
    return out


def _chosen(field: FormField) -> list[str]:
    if field.kind not in _SEVERAL:
        return [field.value] if field.value else []
    return list(dict.fromkeys(part for part in re.split(r"[,，\s]+", field.value) if part))


def _value(sent: object) -> str:
    """What the component sent for one field: a text, a number, or what was picked."""
    if isinstance(sent, dict):
        return _value(cast("dict[str, object]", sent).get("value"))
    if isinstance(sent, list):
        return ",".join(filter(None, (_value(each) for each in cast("list[object]", sent))))
    if sent is None or isinstance(sent, bool) or sent == NONE:
        return "" if sent is not True else "true"
    if isinstance(sent, float) and sent.is_integer():
        return str(int(sent))
    return str(sent)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _line(text: Inline, reader: Reader) -> str:
    run = opening(text, reader)
    return " ".join("".join(span["text"] for span in run).split())
