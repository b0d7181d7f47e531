"""A form asked field by field: which question comes next, and how it is put.

Runs in a transaction. The questions of one person in one conversation stand in the database, so
they go on after a restart, in whichever process the next answer arrives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from bot.dingtalk.forms.fields import shown_value
from bot.dingtalk.forms.options import numbered
from domain.message_json import to_json
from domain.messages import (
    Block,
    Bullet,
    Bullets,
    Card,
    Code,
    FieldKind,
    Form,
    FormField,
    Inline,
    Join,
    Option,
    Para,
    Strong,
    T,
    Tone,
)
from domain.people import Channel
from domain.requests import Kind, Request
from storage.dingtalk import Dialog
from storage.uow import UnitOfWork

MOST_KNOWN = 60
"""Characters of a line that is shown once more."""


def begin(
    uow: UnitOfWork,
    request: Request,
    form: Form,
    where: Channel,
    now: datetime,
    given: frozenset[str] = frozenset(),
    *,
    again: bool = False,
) -> None:
    """Ask the first question of a form, in place of what the person was asked there before.

    :param request: what asked for the form; its channel is what the form is about.
    :param given: the fields that the person has filled in already, with the command.
    :param again: it was submitted, and lacks something that none of its fields is to blame for.
    """
    answers = {f.name: f.value for f in form.fields if f.value and f.error is None}
    about = request.channel or where.id
    left = _left(form, given, request.text if request.kind is Kind.COMMAND else "")
    dialog = Dialog(where.id, request.person, about, left, answers, -1, now)
    dialog = replace(dialog, at=next(to_ask(dialog), 0))
    uow.dingtalk.save_dialog(dialog)
    lacks = again and all(f.error is None for f in form.fields)
    put(uow, dialog, where, now, T("dingtalk.nothing_filled") if lacks else None)


def _left(form: Form, given: frozenset[str], line: str) -> Form:
    """The form without what need not be asked; its values are among the answers all the same."""
    if any(f.error is not None for f in form.fields):
        return form
    left = tuple(f for f in form.fields if not (f.name in given and f.value))
    if not left:
        return form
    known = _known(line)
    if known is None or len(left) == len(form.fields):
        return replace(form, fields=left)
    intro = known if form.intro is None else Join((form.intro, known), "\n")
    return replace(form, fields=left, intro=intro)


def _known(line: str) -> Inline | None:
    """What the questions are about, where they do not say it: the line that was typed."""
    line = line.strip().lstrip("/")
    if not line or len(line) > MOST_KNOWN or "<@" in line or "\n" in line:
        return None
    return T("dingtalk.ask_about", {"line": Code(f"/{line}")})


def to_ask(dialog: Dialog) -> Iterator[int]:
    """The numbers of the fields that are still to be asked, after the present one.

    Of a form that came back those with errors; else all, as a person would see them in a form:
    what has a value already can be kept, and all may be submitted as soon as nothing is lacking.
    """
    fields = dialog.form.fields
    wrong = [n for n, f in enumerate(fields) if f.error is not None]
    return (n for n in wrong or range(len(fields)) if n > dialog.at)


def asked_before(dialog: Dialog) -> int | None:
    """The number of the field that was asked before the present one."""
    every = to_ask(replace(dialog, at=-1))
    return max((n for n in every if n < dialog.at), default=None)


def lacking(dialog: Dialog) -> FormField | None:
    """A required field that has no value yet."""
    fields = dialog.form.fields
    return next((f for f in fields if f.required and not dialog.answers.get(f.name)), None)


def put(
    uow: UnitOfWork, dialog: Dialog, where: Channel, now: datetime, wrong: Inline | None = None
) -> None:
    """Queue the present question.

    :param wrong: what was wrong with the last answer.
    """
    card = question(dialog, group=where.kind != "direct", wrong=wrong)
    say(uow, where, dialog.person_id, card, now)


def say(uow: UnitOfWork, where: Channel, person_id: str, card: Card, now: datetime) -> None:
    """Queue a card for somebody in a conversation."""
    payload = {"channel": where.id, "card": to_json(card), "person": person_id}
    uow.queue(f"channel:{where.id}", "post", payload, now)


def question(dialog: Dialog, *, group: bool, wrong: Inline | None = None) -> Card:
    """The card that asks for the present field.

    :param group: answers must mention Duban.
    """
    field = dialog.form.fields[dialog.at]
    order = [*to_ask(replace(dialog, at=-1))]
    at = order.index(dialog.at) if dialog.at in order else 0
    number: Mapping[str, Inline | int] = {
        "form": dialog.form.title, "at": at + 1, "all": max(1, len(order)),
    }  # fmt: skip
    error = wrong or field.error
    blocks: list[Block] = [Para(error)] if error is not None else []
    if dialog.form.intro is not None and at == 0 and error is None:
        blocks.append(Para(dialog.form.intro))
    required = T("dingtalk.ask_required" if field.required else "dingtalk.ask_optional")
    blocks.append(Para(Join((Strong(field.label), required))))
    if field.help is not None:
        blocks.append(Para(field.help, muted=True))
    if field.options:
        rows = (Bullet(_option(o, n)) for n, o in enumerate(field.options, 1))
        blocks.append(Bullets(tuple(rows)))
    if now := dialog.answers.get(field.name):
        blocks.append(Para(T("dingtalk.ask_now", {"value": shown_value(field, now)})))
    blocks.append(Para(_how(dialog, field, group=group), muted=True))
    tone = Tone.WARN if error is not None else Tone.PLAIN
    return Card(T("dingtalk.ask", number), tuple(blocks), tone=tone)


def _option(option: Option, number: int) -> Inline:
    """An option with its number, which stands there once."""
    if numbered(option, number):
        return option.label
    return T("dingtalk.ask_option", {"at": number, "option": option.label})


def _how(dialog: Dialog, field: FormField, *, group: bool) -> Inline:
    """How to answer, and the words that steer; only those that mean something here."""
    asked = T(f"dingtalk.how_{_kind(field)}")
    steering = [T(f"dingtalk.how_{word}") for word in _steering(dialog, field)]
    ways: list[Inline] = [asked, Join((Join(tuple(steering), ", "), T("dingtalk.how_end")))]
    if group:
        ways.append(T("dingtalk.how_group"))
    return Join(tuple(ways))


def _steering(dialog: Dialog, field: FormField) -> Iterator[str]:
    kept = bool(dialog.answers.get(field.name))
    if kept or not field.required:
        yield "keep" if kept else "skip"
    if kept and not field.required:
        yield "clear"
    if lacking(dialog) is None and next(to_ask(dialog), None) is not None:
        yield "done"
    if asked_before(dialog) is not None:
        yield "back"
    yield "cancel"


def _kind(field: FormField) -> str:
    if field.options:
        several = field.kind in (FieldKind.CHOICES, FieldKind.STORIES, FieldKind.PEOPLE)
        return "choices" if several else "choice"
    return {
        FieldKind.DATE: "date",
        FieldKind.PERSON: "person",
        FieldKind.PEOPLE: "people",
        FieldKind.STORY: "story",
        FieldKind.STORIES: "stories",
        FieldKind.NUMBER: "number",
        FieldKind.FILE: "file",
    }.get(field.kind, "text")
