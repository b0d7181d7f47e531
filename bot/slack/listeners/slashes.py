"""Slash commands."""

from __future__ import annotations

from slack_bolt import BoltResponse

from bot.slack.answering.act import NOTHING_LEFT, parts
from bot.slack.answering.desk import Desk, Drawn, cards_of, done
from bot.slack.api.tokens import Access
from bot.slack.reading.incoming import Json, slash
from commands.dispatcher import Answer
from domain.errors import DubanError


class Slashes:
    """Does slash commands; the answer goes out with the acknowledgment.

    What everybody is to see of a command that changed something goes by the outbox, with the work
    itself; what a reading command answers is in the acknowledgment, and nothing is written.
    """

    def __init__(self, desk: Desk, prefix: str, umbrella: str) -> None:
        self._desk = desk
        self._prefix = prefix
        self._umbrella = umbrella

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The acknowledgment of a command."""
        incoming = slash(body, self._prefix, self._umbrella)
        try:
            act = await self._desk.act(access, incoming)
        except DubanError as error:
            return done(await self._desk.refusal(access, error))
        drawn: list[Drawn] = []

        def draw(answer: Answer) -> None:
            left = parts(act, answer)
            if cards_of(left):
                drawn.append(self._desk.draw(act, left))

        answer = await self._desk.ask(act, then=draw)
        if answer is None:
            return done()
        if drawn:
            if drawn[0].rest != NOTHING_LEFT:
                self._desk.tasks.spawn(self._desk.show(act, drawn[0].rest))
            return done(drawn[0].body)
        if answer.reply.form is not None:
            self._desk.tasks.spawn(self._desk.show_form(act, answer.reply.form))
        elif answer.reply.cards:
            self._desk.tasks.spawn(self._desk.voice.advise(act))
        return done()
