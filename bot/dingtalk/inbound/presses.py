"""Presses on interactive cards: each is the typed command that its button stands for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.dingtalk.again import write_again
from bot.dingtalk.cards import variables as v
from bot.dingtalk.cards.answering import Answering
from bot.dingtalk.cards.drawing import (
    ASKED,
    CANCEL,
    CONFIRM,
    Button,
    asked_of,
    button_of,
    serial_of,
)
from bot.dingtalk.cards.once import event_of
from bot.dingtalk.cards.press import Json, Press, press_of
from bot.dingtalk.cards.views import note, own, question
from bot.dingtalk.forms.card_presses import FormPress, Reading, is_form, read_press
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.people.homes import Homes
from domain.clock import Clock
from domain.people import Channel
from domain.requests import Kind, Request
from locales import template
from storage.dingtalk import PLATFORM
from storage.dingtalk_sent import SentCard
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dingtalk")

Act = Callable[[Request], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a press comes to.

    :param answer: what the card shows now; :param request: what is to be done.
    """

    answer: Json
    request: Request | None = None


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A press with the card that was pressed."""

    workspace: str
    press: Press
    card: SentCard
    channel: Channel
    locale: str
    zone: str

    def says(self, key: str, **values: str) -> str:
        """A text in the language of the card."""
        return template(self.locale, f"dingtalk.{key}").format_map(values)


class Presses:
    """Does what buttons say; the card is drawn anew by the delivery of what became of it.

    :param act: does a request and shows its answer, or keeps it durably.
    :param answering: knows which cards are being answered.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        homes: Homes,
        directory: Directory,
        act: Act,
        answering: Answering | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._homes = homes
        self._directory = directory
        self._act = act
        self._answering = answering or Answering()

    async def pressed(self, data: Json) -> Json:
        """The content of the answer: what the card shows the presser now; empty: as it was."""
        press = press_of(data)
        if press is None:
            log.warning("dingtalk.unreadable_press")
            return {}
        with self._answering.on(press.track):
            verdict = await asyncio.to_thread(self._judged, press)
            if verdict.request is not None:
                await self._act(verdict.request)
            return verdict.answer

    def _judged(self, press: Press) -> Verdict:
        workspace = self._homes.workspace(press.corp)
        if workspace is None:
            return Verdict({})
        with self._store.read(workspace) as uow:
            card = uow.dingtalk_sent.card(press.track)
            channel = uow.channels.get(card.channel_id) if card else None
            locale, zone = _reading(uow, channel)
        if card is None or channel is None:
            log.warning("dingtalk.unknown_card", extra={"track": press.track[:80]})
            return Verdict(own(note(template(locale, "dingtalk.card_over"))))
        met = _Pressed(workspace, press, card, channel, locale, zone)
        return self._form(met) if is_form(card.content) else self._button(met)

    def _button(self, met: _Pressed) -> Verdict:
        press, content = met.press, met.card.content
        if press.name == CANCEL:
            return Verdict(own(v.NOTHING_OWN))
        asked = press.name == CONFIRM
        button = button_of(content, press.of if asked else press.name)
        if button is None:
            return self._outdated(met)
        if button.confirm and not asked:
            self._remember(met)
            return Verdict(own(question(button.confirm, press.name, content, met.locale)))
        return Verdict(own(note(self._receipt(met, button))), self._request(met, button.command))

    def _form(self, met: _Pressed) -> Verdict:
        """A submission, or that the form is given up; only who was asked may do either."""
        person = self._directory.person(met.workspace, met.press.corp, met.press.user)
        reading = read_press(met.press, met.card.content, person.id)
        if reading is Reading.FOREIGN:
            return Verdict(own(note(met.says("form_foreign"))))
        if reading is Reading.OUTDATED:
            return self._outdated(met)
        form = FormPress(met.card.content)
        if reading is Reading.DISMISSED:
            return Verdict(self._dismissed(met, form))
        request = form.filled(self._request(met, ""), met.press.form or {})
        return Verdict(own(note(met.says("form_received", time=self._time(met)))), request)

    def _dismissed(self, met: _Pressed, form: FormPress) -> Json:
        shown = form.dismissed(met.locale)
        serial = serial_of(met.card.content) + 1

        def end(uow: UnitOfWork) -> None:
            content = form.ended(shown, serial)
            now = self._clock.now()
            uow.dingtalk_sent.save_card(
                SentCard(met.card.track, met.channel.id, met.card.delivery, content, now)
            )

        write_again(self._store, met.workspace, end)
        return own(v.NOTHING_OWN, {"values": shown.drawn(serial)})

    def _outdated(self, met: _Pressed) -> Verdict:
        """The card as it is now, and a line that says so: what was pressed is not there."""
        self._remember(met)
        return Verdict(own(note(met.says("card_newer")), met.card.content))

    def _receipt(self, met: _Pressed, button: Button) -> str:
        return met.says("card_pressed", time=self._time(met), label=button.label)

    def _time(self, met: _Pressed) -> str:
        return f"{self._clock.now().astimezone(ZoneInfo(met.zone)):%H:%M}"

    def _remember(self, met: _Pressed) -> None:
        """That the presser sees something of their own, which the next drawing has to end."""

        def remember(uow: UnitOfWork) -> None:
            card = uow.dingtalk_sent.card(met.card.track) or met.card
            asked = asked_of(card.content)
            if met.press.user not in asked:
                content = {**card.content, ASKED: [*asked, met.press.user]}
                uow.dingtalk_sent.save_card(
                    SentCard(card.track, card.channel_id, card.delivery, content, card.sent_at)
                )

        write_again(self._store, met.workspace, remember)

    def _request(self, met: _Pressed, command: str) -> Request:
        press, now = met.press, self._clock.now()
        person = self._directory.person(met.workspace, press.corp, press.user)
        with self._store.read(met.workspace) as uow:
            event = event_of(uow, press, serial_of(met.card.content), now)
        return Request(
            event_id=event,
            platform=PLATFORM,
            workspace=met.workspace,
            channel=met.channel.id,
            person=person.id,
            received_at=now,
            kind=Kind.COMMAND,
            text=command,
            message_id=press.track,
        )


def _reading(uow: UnitOfWork, channel: Channel | None) -> tuple[str, str]:
    """Language and zone of a card: of its person, of its group, else of the workspace."""
    whole = uow.people.workspace()
    if channel is None:
        return whole.locale, whole.zone
    if channel.person_id:
        person = uow.people.get(channel.person_id)
        return person.locale, person.zone or whole.zone
    return channel.locale, channel.zone or whole.zone
