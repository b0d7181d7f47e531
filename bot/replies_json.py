"""Replies as scripts get them: JSON with the text, the neutral cards and the form."""

from __future__ import annotations

from typing import Any

from bot.cards.alike import drawn_once
from bot.cards.text import render_text
from bot.cards.words import Reader
from commands.dispatcher import Answer
from domain.message_json import to_json
from domain.messages import Card, Reply
from storage.types import dump_json


def reply_json(answer: Answer, reader: Reader) -> str:
    """The reply as an object of ``text``, ``cards`` and ``form``, in the reader's words.

    A card that is for the asker alone is mostly one that many ask for, and is drawn once. What was
    recorded was written as JSON already.
    """
    reply = answer.reply
    if answer.written is not None:
        return _object(reply, reader, answer.written.get("cards", []))
    if reply.private and reply.form is None and len(reply.cards) == 1:
        return drawn_once(_one_card, reply.cards[0], reader)
    return _object(reply, reader, [to_json(card) for card in reply.cards])


def _one_card(card: Card, reader: Reader) -> str:
    return _object(Reply((card,)), reader, [to_json(card)])


def _object(reply: Reply, reader: Reader, cards: list[Any]) -> str:
    text = render_text(reply, reader)
    return dump_json({"text": text, "cards": cards, "form": to_json(reply.form)})
