"""Forms on interactive cards: delivered to the one who is asked, drawn anew, ended.

Where no card can be sent, the same is asked in words, one field after the other.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards.engine import one_line
from bot.cards.words import Reader, opening, spans
from bot.dingtalk.again import write_again
from bot.dingtalk.api.errors import Refused, UsedUp
from bot.dingtalk.cards import variables as v
from bot.dingtalk.cards.drawing import DISMISS, Button, Filled, ended, plain_values
from bot.dingtalk.cards.posting import CardPosting
from bot.dingtalk.forms.asking import begin
from bot.dingtalk.forms.card_fields import card_fields, errors
from bot.dingtalk.forms.card_presses import ABOUT, ALONE, FORM, PERSON
from bot.dingtalk.forms.card_queue import ENDS, NOTICE, choices_of
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.place import Place
from bot.dingtalk.text.escape import calm
from bot.dingtalk.text.markdown import render_markdown
from bot.surfaces.outward import post_cards
from domain.clock import Clock
from domain.message_json import from_json
from domain.messages import Card, Form, T, Tone
from domain.requests import Request
from locales import template
from storage.dingtalk import PLATFORM
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.dingtalk")

Payload = Mapping[str, Any]


class FormCards:
    """Sends forms and what becomes of them; for worker threads.

    :param posting: None where the company has no template: then everything is asked in words.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        directory: Directory,
        posting: CardPosting | None,
        base_url: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._posting = posting
        self._base_url = base_url

    def send(self, place: Place, payload: Payload, delivery: str, *, doubtful: bool) -> str:
        """Do what a row about a form says; the own id of its card, empty where there is none.

        Raises ``Away`` and ``TooFast``.
        """
        if payload.get(ENDS):
            return self._end(place, str(payload["on"]), from_json(payload["card"]))
        person = str(payload[PERSON])
        staff = self._directory.users(place.workspace).get(person, "")
        try:
            if staff and self._posting is not None:
                track = self._show(
                    self._posting, place, payload, delivery, staff, doubtful=doubtful
                )
                if track:
                    return track
        except (Refused, UsedUp) as no:
            log.warning("dingtalk.no_form_card", extra={"reason": str(no)[:200]})
        self._ask(place.workspace, payload, delivery)
        return ""

    def _show(
        self,
        posting: CardPosting,
        place: Place,
        payload: Payload,
        delivery: str,
        staff: str,
        *,
        doubtful: bool,
    ) -> str:
        """Draw the form on the card that was submitted, else deliver a new one."""
        shown = self._filled(place, payload, staff)
        before = str(payload.get("on") or "")
        if before:
            try:
                posting.update(place, shown, before)
            except Refused as no:
                log.info("dingtalk.card_gone", extra={"reason": no.code})
            else:
                return before
        only = () if place.direct else (staff,)
        posting.post(place, shown, delivery, {}, doubtful=doubtful, only=only)
        return delivery

    def _filled(self, place: Place, payload: Payload, staff: str) -> Filled:
        form: Form = from_json(payload[FORM])
        about = str(payload[ABOUT])
        with self._store.read(place.workspace) as uow:
            person = uow.people.get(str(payload[PERSON]))
            zone = person.zone or uow.people.workspace().zone
            choices = choices_of(uow, form, about)
        reader = replace(place.reader, locale=person.locale, zone=zone, person_id=person.id)
        kept = {k: payload[k] for k in (FORM, PERSON, ABOUT, ALONE)}
        notice: tuple[Card, ...] = tuple(from_json(c) for c in payload.get(NOTICE, ()))
        wrong = bool(notice) or any(f.error is not None for f in form.fields)
        title = one_line(opening(form.title, reader))
        values = {
            **plain_values(
                title,
                self._above(form, reader, notice),
                tone=Tone.WARN if wrong else Tone.INFO,
                hint=template(reader.locale, "dingtalk.form_hint"),
            ),
            v.FORM: v.as_json({"fields": card_fields(form, reader, choices)}),
            v.FORM_SUBMIT: one_line(spans(form.submit, reader)),
            v.HAS_FORM: v.YES,
        }
        label = template(reader.locale, "dingtalk.form_dismiss")
        buttons = {DISMISS: Button(label, "default", "")}
        return Filled(title[:60] or "–", values, buttons, asked=(staff,), more=kept)

    def _above(self, form: Form, reader: Reader, notice: tuple[Card, ...]) -> str:
        """What stands above the fields: what went wrong, and what the form is about."""
        parts = [
            render_markdown(replace(card, actions=()), reader, base_url=self._base_url).text
            for card in notice
        ]
        wrong = [f"- **{calm(label)}** {calm(why)}" for label, why in errors(form, reader)]
        if wrong:
            said = template(reader.locale, "dingtalk.form_wrong")
            parts.append("\n".join([calm(said), "", *wrong]))
        if form.intro is not None:
            parts.append(render_markdown(Card(form.intro), reader, base_url=self._base_url).text)
        return "\n\n".join(parts)

    def _end(self, place: Place, track: str, card: Card) -> str:
        """The card of a form that was taken; where that fails it is only out of date."""
        if self._posting is None:
            return track
        said = template(place.reader.locale, "dingtalk.form_done_does")
        shown = render_markdown(Card(card.title), place.reader)
        status = template(place.reader.locale, "dingtalk.form_done")
        try:
            self._posting.update(
                place, ended(shown.title, said, status=status, tone=Tone.GOOD), track
            )
        except (Refused, UsedUp) as no:
            log.info("dingtalk.form_not_ended", extra={"reason": str(no)[:200]})
        return track

    def _ask(self, workspace: str, payload: Payload, delivery: str) -> None:
        """Ask the same in words, once, however often the row is tried."""
        form: Form = from_json(payload[FORM])
        key, now = f"form:{delivery}", self._clock.now()

        def ask(uow: UnitOfWork) -> None:
            if uow.inbox.answer(key) is not None:
                return
            uow.inbox.add(key, now, {})
            alone = uow.channels.get(str(payload[ALONE]))
            request = Request(
                key, PLATFORM, workspace, str(payload[ABOUT]), str(payload[PERSON]), now
            )
            if alone.id != payload["channel"]:
                told = Card(T("dingtalk.asked_alone", {"form": form.title}))
                where = replace(request, channel=str(payload["channel"]))
                post_cards(uow, where, (told,), self._clock)
            begin(uow, request, form, alone, now)

        write_again(self._store, workspace, ask)
