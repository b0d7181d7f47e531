"""What a callback's answer shows: something to the presser alone, or the newest drawing to all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dingtalk.cards import variables as v
from bot.dingtalk.cards.drawing import CANCEL, CONFIRM, VALUES, serial_of
from bot.dingtalk.cards.press import Json
from locales import template

BY_KEY = {"updateCardDataByKey": True, "updatePrivateDataByKey": True}
"""Without it the variables that are given would replace all others (facts, section 4)."""

_BUTTONS_OF_ALL = {v.BUTTONS: "", v.HAS_BUTTONS: ""}


def own(values: Mapping[str, str], newest: Json | None = None) -> Json:
    """The presser's own values of variables.

    :param newest: what is stored of the card, where everybody is to see its latest drawing.
    """
    answer: dict[str, Any] = {
        "cardUpdateOptions": BY_KEY,
        "userPrivateData": {"cardParamMap": dict(values)},
    }
    if newest is not None and newest.get(VALUES):
        answer["cardData"] = {"cardParamMap": dict(newest[VALUES])}
    return answer


def note(text: str) -> dict[str, str]:
    """A line for the presser; a question that they were asked goes."""
    return {v.NOTE: text, v.HAS_NOTE: v.YES, **_BUTTONS_OF_ALL}


def question(text: str, name: str, content: Json, locale: str) -> dict[str, str]:
    """A question in place of the buttons.

    :param name: of the button that it is about; :param content: what is stored of the card.
    """
    serial = serial_of(content)
    yes, no = (template(locale, f"dingtalk.card_{each}") for each in ("yes", "no"))
    both = (
        v.button(CONFIRM, yes, "danger", serial, **{v.OF: name}),
        v.button(CANCEL, no, "default", serial),
    )
    return {v.NOTE: text, v.HAS_NOTE: v.YES, **v.buttons(both)}
