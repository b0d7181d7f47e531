"""Buttons, menus and date pickers in messages, modals and the home tab: each is a typed command."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, cast

from slack_bolt import BoltResponse

from bot.slack.answering.act import Act, Parts, parts
from bot.slack.answering.desk import Desk, cards_of, done
from bot.slack.api.tokens import Access
from bot.slack.blocks import pressed_command, read_metadata
from bot.slack.reading.incoming import Incoming, Json, Where, interaction, part, text_of
from domain.errors import DubanError

Refresh = Callable[[Access, str], Coroutine[Any, Any, None]]
"""Shows somebody's home tab (Slack user id) as it stands now."""


class Presses:
    """Does what buttons say. They are acknowledged at once; answers follow.

    :param refresh: for buttons in the home tab.
    """

    def __init__(self, desk: Desk, refresh: Refresh) -> None:
        self._desk = desk
        self._refresh = refresh

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The acknowledgment of a press."""
        command = _command(body)
        if command is None:
            return done()  # a link, or a picker whose value is read when the form is submitted
        view = part(body, "view")
        incoming = _in_modal(body, view) if text_of(view, "type") == "modal" else interaction(body)
        try:
            act = await self._desk.act(access, incoming, command)
        except DubanError as error:
            self._desk.tasks.spawn(self._desk.refuse(access, incoming, error))
            return done()
        answer = await self._desk.ask(act)
        if answer is not None:
            self._desk.tasks.spawn(self._show(act, parts(act, answer), text_of(view, "type")))
        return done()

    async def _show(self, act: Act, left: Parts, surface: str) -> None:
        """In a message by its response URL; in a view, which has none, by another view."""
        if not surface:
            await self._desk.show(act, left)
            return
        if left.form is not None:
            await self._desk.show_form(act, left.form, on_top=surface == "modal")
        elif cards := cards_of(left):
            view = await self._desk.modals.notice(act, cards)
            if not await self._desk.modals.open(act, view, on_top=surface == "modal"):
                await self._desk.voice.whisper(act, cards)
        if surface == "home":
            await self._refresh(act.access, act.incoming.who.user)


def _command(body: Json) -> str | None:
    actions = cast("Sequence[Json]", body.get("actions") or ())
    return pressed_command(actions[0]) if actions else None


def _in_modal(body: Json, view: Json) -> Incoming:
    """A press in a modal: where the modal was asked for."""
    kept = read_metadata(view)
    where = Where(kept.channel, thread=kept.thread or None, message=kept.message or None)
    return replace(interaction(body), where=where, response_url=kept.reply)
