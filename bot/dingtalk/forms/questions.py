"""Answers to the questions of a form: taken one by one, then submitted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.dingtalk.again import write_again
from bot.dingtalk.forms.asking import asked_before, lacking, put, say, to_ask
from bot.dingtalk.forms.card_queue import submitted_card
from bot.dingtalk.forms.fields import TEXTS, UnfitAnswer, value_of
from commands.grammar import parse
from commands.registry import Registry
from domain.calendar import HolidaySource
from domain.clock import Clock
from domain.dates import parse_date
from domain.errors import NotFoundError
from domain.messages import Card, FieldKind, FileRef, Inline, T
from domain.requests import Kind, Request
from storage.calendars import working_calendar
from storage.dingtalk import PLATFORM, Dialog
from storage.uow import Store, UnitOfWork

CANCEL = frozenset({"取消", "算了", "不填了", "cancel"})
SKIP = frozenset({"跳过", "不改", "skip", "keep"})
KEEP = frozenset({"好", "好的", "行", "可以", "默认", "保留", "ok", "okay", "yes"})
"""Keep the value that a field has; to a field that has none they are answers like any other."""
CLEAR = frozenset({"清空", "不要", "clear"})
DONE = frozenset({"完成", "提交", "done", "submit"})
BACK = frozenset({"返回", "上一步", "back"})
STEERING = CANCEL | SKIP | CLEAR | DONE | BACK
"""Words that mean nothing where nothing is asked."""
MENU = frozenset({"", "菜单", "menu", "督办", "duban"}) | frozenset(
    {"你好", "您好", "在吗", "在么", "hi", "hello", "hey"}
)
"""What asks for the menu, besides a bare mention (an empty text): also a greeting."""


_Steer = Callable[[UnitOfWork, Dialog, Request], Request | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an answer.

    :param submit: the form with all its values, to be done now; None: the next question was put,
        or the same message was taken before.
    """

    submit: Request | None = None


class Questions:
    """Takes answers; for worker threads.

    An answer that is delivered twice is taken once, however many processes there are.
    """

    def __init__(
        self, store: Store, registry: Registry, holidays: HolidaySource, clock: Clock
    ) -> None:
        self._store = store
        self._registry = registry
        self._holidays = holidays
        self._clock = clock

    def take(self, request: Request) -> Taken | None:
        """Take what was said for the answer to an open question; None when it is none.

        A command with its slash is never an answer; a complete command is one only to a question
        that takes any text.
        """
        with self._store.read(request.workspace) as uow:
            if uow.inbox.answer(request.event_id) is not None:
                return Taken()
            dialog = uow.dingtalk.dialog(request.channel or "", request.person)
            if dialog is None or self._is_command(uow, dialog, request):
                return None
        return write_again(self._store, request.workspace, lambda uow: self._take(uow, request))

    def _take(self, uow: UnitOfWork, request: Request) -> Taken | None:
        if uow.inbox.answer(request.event_id) is not None:
            return Taken()
        dialog = uow.dingtalk.dialog(request.channel or "", request.person)
        if dialog is None:
            return None
        submit = self._answer(uow, dialog, request)
        if submit is None:
            uow.inbox.add(request.event_id, request.received_at, {})
        return Taken(submit)

    def _is_command(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> bool:
        line, field = parse(self._registry, request.text), dialog.form.fields[dialog.at]
        word = request.text.strip(" ?？。.!！").casefold()
        if word in MENU and word:
            return field.kind not in TEXTS or bool(field.options)
        if line.command is None or word in CANCEL:
            return False
        if request.text.startswith("/"):
            return True
        if field.kind in TEXTS and not field.options:
            return False
        try:
            self._value(uow, dialog, request)
        except UnfitAnswer:
            return True
        return line.explicit

    def _answer(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        """Go on with the form; the request that submits it, when it is complete."""
        word = request.text.strip(" 。.!！").casefold()
        dialog = replace(dialog, changed_at=self._clock.now())
        if word in CANCEL:
            return self._cancel(uow, dialog)
        if not self._names_option(dialog, word):
            steered = self._steering(dialog, word, empty=not (word or request.files))
            if steered is not None:
                return steered(uow, dialog, request)
        field = dialog.form.fields[dialog.at]
        try:
            value = self._value(uow, dialog, request)
        except UnfitAnswer as wrong:
            return self._ask(uow, dialog, wrong.text)
        answers = {**dialog.answers, field.name: value}
        return self._next(uow, replace(dialog, answers=answers), request)

    def _steering(self, dialog: Dialog, word: str, *, empty: bool) -> _Steer | None:
        """What a word does that is no answer."""
        field = dialog.form.fields[dialog.at]
        kept = bool(dialog.answers.get(field.name))
        passed = kept or (not field.required and field.kind not in TEXTS)
        if word in DONE:
            return self._done
        if word in BACK:
            return self._back
        if word in SKIP or (word in KEEP and passed):
            return self._skip
        if word in CLEAR and kept and not field.required:
            return self._clear
        return self._again if empty else None

    def _names_option(self, dialog: Dialog, word: str) -> bool:
        """Whether a word that might steer is an option's name here (``完成`` of a phase)."""
        field = dialog.form.fields[dialog.at]
        if not field.options or not word:
            return False
        try:
            value_of(field, word, lambda text: text)
        except UnfitAnswer:
            return False
        return True

    def _value(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> str:
        """The value that was given; a file by its id and name. Raises ``UnfitAnswer``."""
        field = dialog.form.fields[dialog.at]
        if field.kind is FieldKind.FILE and request.files:
            return f"{request.files[0].file_id} {request.files[0].name}"
        return value_of(field, request.text, lambda text: self._date(uow, dialog, text))

    def _date(self, uow: UnitOfWork, dialog: Dialog, text: str) -> object:
        workspace, about = uow.people.workspace(), uow.channels.get(dialog.about_id)
        zone = ZoneInfo(about.zone or workspace.zone)
        today = self._clock.now().astimezone(zone).date()
        return parse_date(text, today, working_calendar(uow, workspace, self._holidays))

    def _skip(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        field = dialog.form.fields[dialog.at]
        if field.required and not dialog.answers.get(field.name):
            return self._ask(uow, dialog, T("dingtalk.not_skipped"))
        return self._next(uow, dialog, request)

    def _clear(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        name = dialog.form.fields[dialog.at].name
        answers = {**dialog.answers, name: ""}
        return self._next(uow, replace(dialog, answers=answers), request)

    def _back(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        del request
        before = asked_before(dialog)
        return self._ask(uow, dialog if before is None else replace(dialog, at=before))

    def _again(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        """Hear the question again."""
        del request
        return self._ask(uow, dialog)

    def _next(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        at = next(to_ask(dialog), None)
        if at is not None:
            return self._ask(uow, replace(dialog, at=at))
        return self._done(uow, dialog, request)

    def _done(self, uow: UnitOfWork, dialog: Dialog, request: Request) -> Request | None:
        missing = lacking(dialog)
        if missing is not None:
            at = dialog.form.fields.index(missing)
            return self._ask(uow, replace(dialog, at=at), T("dingtalk.still_needed"))
        uow.dingtalk.save_dialog(dialog)  # it ends with the work: see bot.dingtalk.inbound.replies
        names = [f.name for f in dialog.form.fields if f.kind is FieldKind.FILE]
        files = tuple(_stored(uow, dialog.answers[n]) for n in names if dialog.answers.get(n))
        return replace(
            request,
            kind=Kind.FORM,
            channel=dialog.about_id,
            text=dialog.form.command,
            values={n: v for n, v in dialog.answers.items() if n not in names},
            files=files,
        )

    def _cancel(self, uow: UnitOfWork, dialog: Dialog) -> Request | None:
        uow.dingtalk.end_dialog(dialog.channel_id, dialog.person_id)
        where = uow.channels.get(dialog.channel_id)
        card = Card(T("dingtalk.cancelled", {"form": dialog.form.title}))
        say(uow, where, dialog.person_id, card, self._clock.now())
        return None

    def _ask(self, uow: UnitOfWork, dialog: Dialog, wrong: Inline | None = None) -> Request | None:
        uow.dingtalk.save_dialog(dialog)
        where = uow.channels.get(dialog.channel_id)
        put(uow, dialog, where, self._clock.now(), wrong)
        return None


def asked_in(uow: UnitOfWork, request: Request) -> str | None:
    """The channel of the questions whose answers a request submits; None where it submits none."""
    if request.kind is not Kind.FORM or submitted_card(uow, request) is not None:
        return None
    alone = uow.channels.direct(PLATFORM, request.person)
    for channel in (alone.id if alone else None, request.channel):
        dialog = uow.dingtalk.dialog(channel, request.person) if channel else None
        if dialog and (dialog.about_id, dialog.form.command) == (request.channel, request.text):
            return channel
    return None


def _stored(uow: UnitOfWork, value: str) -> FileRef:
    file_id = value.partition(" ")[0]
    known = uow.files.get(file_id)
    if known is None:
        raise NotFoundError("file.gone")
    return FileRef(known.id, known.name, known.mime, known.size)
