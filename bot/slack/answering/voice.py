"""Telling people what came of what they did, after the acknowledgment or instead of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.slack.answering.act import Act
from bot.slack.answering.pens import Pens
from bot.slack.api.asking import Refused
from bot.slack.api.webapi import WebApi
from bot.slack.blocks import Message
from bot.slack.people.directory import Directory
from bot.surfaces.outward import post_cards, tell_asker
from domain.clock import Clock
from domain.errors import OutsideError
from domain.messages import Card, Code, Para, Reply, T, Tone
from storage.uow import Store

log = logging.getLogger("duban.slack")

POSTS = 5
"""How often a response URL takes something."""
LOOKED = timedelta(minutes=10)
"""How long Duban takes itself for a member of a channel where it was one."""

_NOT_THERE = frozenset({"not_in_channel", "channel_not_found", "user_not_in_channel"})
"""Slack's words for a conversation in which Duban, or the asker, is no member."""


class Voice:
    """Answers the asker by the nearest way that is open, and never silently by none.

    The response URL works without membership and in every conversation; then an ephemeral message
    in the channel; then a message of Duban to the person, which the outbox sees through.
    """

    def __init__(
        self, api: WebApi, pens: Pens, directory: Directory, store: Store, clock: Clock
    ) -> None:
        self._api = api
        self._pens = pens
        self._directory = directory
        self._store = store
        self._clock = clock
        self._looked: dict[str, datetime] = {}

    async def whisper(self, act: Act, cards: Sequence[Card]) -> None:
        """Show cards to the asker alone."""
        if not cards:
            return
        pen = await self._api.run(lambda: self._pens.asker(act.request))
        left = await self._respond(act, pen.messages(cards), "ephemeral")
        try:
            for at in range(left, len(cards)):
                await self._ephemeral(act, pen.messages(cards[at : at + 1])[0])
                left = at + 1
        except Refused as no:
            told = (*self._advice(act, no), *cards[left:])
            await self._api.run(lambda: self._tell(act, told))
        except OutsideError:
            await self._api.run(lambda: self._tell(act, cards[left:]))

    async def aloud(self, act: Act, cards: Sequence[Card]) -> None:
        """Show an answer that nothing queued to everybody in the channel."""
        if not cards:
            return
        pen = await self._api.run(lambda: self._pens.everybody(act.request))
        shown = await self._respond(act, pen.messages(cards), "in_channel")
        if shown < len(cards):
            await self._api.run(lambda: self._queue(act, tuple(cards[shown:])))

    async def advise(self, act: Act) -> None:
        """After something was done: what to do where Duban cannot post, or hears nothing.

        Slack takes commands in every conversation, also where Duban is no member. Where Slack
        cannot be asked nothing is said: the next command asks again.
        """
        channel, now = act.incoming.where.channel, self._clock.now()
        known = self._looked.get(channel)
        if not act.incoming.response_url or channel.startswith("D") or (known and now < known):
            return
        workspace = act.access.workspace_id
        try:
            room = await self._api.run(lambda: self._directory.room(workspace, channel))
        except OutsideError as error:
            log.warning("slack.not_advised", extra={"reason": error.key})
            return
        if room is not None and room.open:
            self._looked[channel] = now + LOOKED
        elif room is None:
            await self.whisper(act, (_invite("slack.not_in_private", T("slack.was_done")),))
        else:
            await self.whisper(act, (_invite("slack.not_in_public", T("slack.was_done")),))

    async def _respond(self, act: Act, messages: Sequence[Message], response_type: str) -> int:
        """Post by the response URL; how many of the messages went that way."""
        url, thread = act.incoming.response_url, act.incoming.where.thread
        if not url:
            return 0
        for number, message in enumerate(messages[:POSTS]):
            body = message_body(message, response_type) | {"replace_original": False}
            if thread:
                body["thread_ts"] = thread
            if not await self._api.respond(url, body):
                return number
        return min(len(messages), POSTS)

    async def _ephemeral(self, act: Act, message: Message) -> None:
        where = act.incoming.where
        if not where.channel:
            raise OutsideError("slack.away")
        await self._api.call(
            act.access.workspace_id,
            "chat.postEphemeral",
            channel=where.channel,
            user=act.incoming.who.user,
            text=message.text,
            blocks=message.blocks,
            thread_ts=where.thread,
        )

    def _advice(self, act: Act, no: Refused) -> tuple[Card, ...]:
        if no.code not in _NOT_THERE or act.incoming.where.channel.startswith("D"):
            return ()
        return (_invite("slack.not_in_private"),)

    def _tell(self, act: Act, cards: Sequence[Card]) -> None:
        with self._store.write(act.request.workspace) as uow:
            tell_asker(uow, act.request, Reply(tuple(cards), private=True), self._clock)

    def _queue(self, act: Act, cards: tuple[Card, ...]) -> None:
        with self._store.write(act.request.workspace) as uow:
            post_cards(uow, act.request, cards, self._clock)


def message_body(message: Message, response_type: str) -> dict[str, Any]:
    """A message as an acknowledgment or a post to a response URL."""
    return {"response_type": response_type, "text": message.text, "blocks": message.blocks}


def _invite(key: str, *more: T) -> Card:
    """How to bring Duban into a channel, in the exact words to type there."""
    line = T("slack.invite", {"line": Code("/invite @duban")})
    return Card(T(key), tuple(Para(text) for text in (line, *more)), tone=Tone.WARN)
