"""What comes back from a form on an interactive card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from bot.cards.words import Reader, words
from bot.dingtalk.cards.drawing import DISMISS, OVER, Filled, ended, serial_of, to_content
from bot.dingtalk.cards.press import Press
from bot.dingtalk.forms.card_fields import values_of
from domain.message_json import from_json
from domain.messages import Form
from domain.requests import Kind, Request
from locales import template

FORM, PERSON, ABOUT, ALONE = "form", "person", "about", "alone"
"""Parts of what is kept of a card with a form: the form, who is asked, which channel it is about,
and where the same is asked in words."""

Json = Mapping[str, Any]


class Reading(Enum):
    """What a press on a card with a form is."""

    SUBMITTED = "submitted"
    DISMISSED = "dismissed"
    FOREIGN = "foreign"  # by somebody who was not asked
    OUTDATED = "outdated"  # the form has been submitted, or shows something else by now


def is_form(content: Json) -> bool:
    """Whether a stored card asks for something."""
    return FORM in content


def read_press(press: Press, content: Json, person_id: str) -> Reading:
    """What somebody did on a stored card with a form."""
    if person_id != content[PERSON]:
        return Reading.FOREIGN
    if content.get(OVER) or (press.serial and press.serial != serial_of(content)):
        return Reading.OUTDATED
    if press.name == DISMISS:
        return Reading.DISMISSED
    return Reading.SUBMITTED if press.form is not None else Reading.OUTDATED


@dataclass(frozen=True, slots=True)
class FormPress:
    """A stored card with a form on which its person did something."""

    content: Json

    @property
    def form(self) -> Form:
        """The form as it was drawn."""
        return from_json(self.content[FORM])

    def filled(self, request: Request, sent: Json) -> Request:
        """The request that the submission makes."""
        form = self.form
        return replace(
            request,
            kind=Kind.FORM,
            channel=str(self.content[ABOUT]),
            text=form.command,
            values=values_of(form, sent),
        )

    def dismissed(self, locale: str) -> Filled:
        """The card of a form that was given up."""
        said = template(locale, "dingtalk.form_dismissed")
        return ended(words(self.form.title, Reader(locale, "UTC")), said)

    def ended(self, shown: Filled, serial: int) -> dict[str, Any]:
        """What is kept of the card when its form is over."""
        kept = {k: self.content[k] for k in (FORM, PERSON, ABOUT, ALONE) if k in self.content}
        return {**kept, **to_content(shown, serial, ())}
