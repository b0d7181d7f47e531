"""What somebody answered to the question for one field, as the value of the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from bot.dingtalk.forms.options import NoOption, one, several
from domain.errors import DubanError
from domain.messages import FieldKind, FormField, Inline, T
from domain.stories import story_number

TEXTS = frozenset({FieldKind.TEXT, FieldKind.MULTILINE})
"""The kinds of field that take anything that is typed."""
_SEVERAL = frozenset({FieldKind.CHOICES, FieldKind.STORIES, FieldKind.PEOPLE})
_PARTS = re.compile(r"[\s,，、;；]+")
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,4})?")
_MENTION = re.compile(r"<@([0-9A-Za-z_-]+)>")


class UnfitAnswer(Exception):
    """The answer is no value of the field.

    :ivar text: what is wrong with it.
    """

    def __init__(self, text: Inline) -> None:
        super().__init__(str(text))
        self.text = text


def value_of(field: FormField, text: str, read_date: Callable[[str], object]) -> str:
    """The value that an answer gives; raises :class:`UnfitAnswer`.

    Options are answered by their number, their name in either language, or their value. Everything
    else stays as it is typed, if the command will be able to read it.

    :param read_date: reads a date, or raises ``DubanError``.
    """
    text = text.strip()
    if field.kind is FieldKind.FILE:
        raise UnfitAnswer(T("dingtalk.ask_file"))
    if field.options:
        value = _chosen(field, text)
    elif field.kind in (FieldKind.PERSON, FieldKind.PEOPLE):
        value = ",".join(_MENTION.sub(r" \1 ", text).replace(",", " ").split())
    elif field.kind in TEXTS:
        value = text
    else:
        value = unicodedata.normalize("NFKC", text)
        _readable(field, value, read_date)
    if len(value) > field.max_length:
        limit = {"n": field.max_length, "is": len(value)}
        raise UnfitAnswer(T("dingtalk.answer_long", limit))
    return value


def shown_value(field: FormField, value: str) -> Inline:
    """A value as people know it: an option by its name."""
    names = {o.value: o.label for o in field.options}
    if value in names:
        return names[value]
    if field.kind in (FieldKind.PERSON, FieldKind.PEOPLE):
        return " ".join(f"<@{each}>" for each in value.split(",") if each)
    if field.kind is FieldKind.FILE:
        return value.partition(" ")[2]
    return value


def _readable(field: FormField, value: str, read_date: Callable[[str], object]) -> None:
    """Refuse what no command could read as this kind of value."""
    words = [w for w in _PARTS.split(value) if w]
    if field.kind is FieldKind.DATE:
        try:
            read_date(value)
        except DubanError as error:
            raise UnfitAnswer(error.text) from error
    elif field.kind in (FieldKind.STORY, FieldKind.STORIES):
        wrong = next((w for w in words if story_number(w) is None), None)
        if wrong is not None or not words:
            raise UnfitAnswer(T("dingtalk.no_story", {"text": (wrong or value)[:40]}))
    elif field.kind is FieldKind.NUMBER and _NUMBER.fullmatch(value) is None:
        raise UnfitAnswer(T("dingtalk.no_number", {"text": value[:40]}))


def _chosen(field: FormField, text: str) -> str:
    try:
        if field.kind in _SEVERAL:
            return ",".join(several(field.options, text))
        return one(field.options, text)
    except NoOption as none:
        raise UnfitAnswer(T("dingtalk.no_option", {"text": none.word[:40]})) from none
