"""Slack's menus: shortcuts on a message, and global ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from slack_bolt import BoltResponse

from bot.slack.answering.act import Act, Parts, parts
from bot.slack.answering.desk import Desk, done
from bot.slack.api.asking import Refused
from bot.slack.api.tokens import Access
from bot.slack.listeners.where import where_view
from bot.slack.reading.incoming import Incoming, Json, interaction, part, text_of
from domain.errors import DubanError, OutsideError
from domain.messages import Card, Form, T, Tone
from domain.requests import Kind

LINK_WAIT = 1.0
"""Seconds to wait for the message's address: the form must be open within three."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a shortcut on a message does.

    :param text: the fields that take the message's words, the first that the form has.
    :param link: the fields that take its address; without any it follows the words.
    :param at_once: the words are all that the command needs, so no form is opened.
    """

    command: str
    text: tuple[str, ...]
    link: tuple[str, ...] = ()
    at_once: bool = False


ON_MESSAGE: Mapping[str, Plan] = {
    "log_change": Plan("change log", ("what",), ("source",)),
    "add_to_pool": Plan("pool add", ("text", "what", "title"), ("source", "link")),
    "add_to_minutes": Plan("review note", ("text",), at_once=True),
}
"""By callback id, as the manifest names them."""

GLOBAL: Mapping[str, str] = {"new_change": "change log", "start_review": "review start"}
"""The command of each global shortcut; in which channel it is meant is asked first."""


class Shortcuts:
    """Does shortcuts: each is a typed command, or its form with the message in it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The acknowledgment; what follows, follows in a modal or by the response URL."""
        callback = text_of(body, "callback_id")
        incoming = interaction(body)
        if callback in GLOBAL:
            self._desk.tasks.spawn(self._ask_where(access, incoming, GLOBAL[callback]))
        elif (plan := ON_MESSAGE.get(callback)) is not None:
            await self._on_message(access, incoming, plan, part(body, "message"))
        return done()

    async def _ask_where(self, access: Access, incoming: Incoming, command: str) -> None:
        try:
            act = await self._desk.act(access, incoming, command)
        except DubanError as error:
            await self._desk.refuse(access, incoming, error)
            return
        pen = await self._desk.api.run(lambda: self._desk.pens.asker(act.request))
        await self._desk.modals.open(act, where_view(command, pen.reader))

    async def _on_message(
        self, access: Access, incoming: Incoming, plan: Plan, message: Json
    ) -> None:
        try:
            act = replace(await self._desk.act(access, incoming, plan.command), about=True)
            words = await self._desk.api.run(lambda: self._words(access, incoming, message, plan))
        except DubanError as error:
            self._desk.tasks.spawn(self._desk.refuse(access, incoming, error))
            return
        if not words:
            empty = Card(T("slack.no_words"), tone=Tone.WARN)
            self._desk.tasks.spawn(self._desk.voice.whisper(act, (empty,)))
            return
        if plan.at_once:
            values = {plan.text[0]: words}
            request = replace(act.request, kind=Kind.FORM, values=values)
            await self._do(replace(act, request=request), lambda left: left)
            return
        link = await self._link(act)
        await self._do(act, lambda left: filled(left, plan, words, link))

    async def _do(self, act: Act, shape: Callable[[Parts], Parts]) -> None:
        answer = await self._desk.ask(act, shape)
        if answer is not None:
            self._desk.tasks.spawn(self._desk.show(act, shape(parts(act, answer))))

    def _words(self, access: Access, incoming: Incoming, message: Json, plan: Plan) -> str:
        """What the message says; in minutes also who said it, if it was somebody else."""
        words = self._desk.resolver.words(access, text_of(message, "text")).strip()
        author = text_of(message, "user")
        if not words or not plan.at_once or author in ("", incoming.who.user, access.bot_user):
            return words
        return f"<@{self._desk.resolver.person(access, author).id}>: {words}"

    async def _link(self, act: Act) -> str:
        """The message's address, if Slack gives it in time; the form does not wait longer."""
        where = act.incoming.where
        asking = self._desk.api.call(
            act.access.workspace_id,
            "chat.getPermalink",
            channel=where.channel,
            message_ts=where.message,
        )
        try:
            said = await asyncio.wait_for(asking, LINK_WAIT)
        except (TimeoutError, Refused, OutsideError):
            return ""
        return text_of(said, "permalink")


def filled(left: Parts, plan: Plan, words: str, link: str) -> Parts:
    """The form with the message in it."""
    form = left.form
    if form is None:
        return left
    names = {f.name for f in form.fields}
    into = next((n for n in plan.text if n in names), None)
    beside = next((n for n in plan.link if n in names), None)
    values: dict[str, str] = {}
    if into is not None:
        values[into] = words if beside or not link else f"{words}\n{link}"
    if beside is not None and link:
        values[beside] = link
    return replace(left, form=_with(form, values))


def _with(form: Form, values: Mapping[str, str]) -> Form:
    fields = (replace(f, value=values.get(f.name, f.value)[: f.max_length]) for f in form.fields)
    return replace(form, fields=tuple(fields))
