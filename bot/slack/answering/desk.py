"""What every way of asking has in common: make the request, have it done, show the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import BoltResponse

from bot.intake import Intake, Then
from bot.slack.answering.act import Act, Parts, parts
from bot.slack.answering.modals import Modals, View
from bot.slack.answering.pens import Pens
from bot.slack.answering.tasks import Tasks
from bot.slack.answering.voice import Voice, message_body
from bot.slack.api.tokens import Access
from bot.slack.api.webapi import WebApi
from bot.slack.reading.incoming import Incoming
from bot.slack.reading.resolve import Resolver
from commands.dispatcher import Answer
from commands.grammar import parse
from commands.registry import Registry
from commands.replies import error_reply
from domain.clock import Clock
from domain.errors import DubanError
from domain.messages import Action, Card, Form, Style, T
from storage.uow import Store

Shape = Callable[[Parts], Parts]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer as far as an acknowledgment takes it: one message.

    :param body: the acknowledgment's JSON; :param rest: what is to be shown after it.
    """

    body: str
    rest: Parts


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that all of Slack's acts share.

    :param acted: told of who changed something (their Slack id); it does not wait.
    """

    store: Store
    registry: Registry
    intake: Intake
    clock: Clock
    api: WebApi
    resolver: Resolver
    pens: Pens
    voice: Voice
    modals: Modals
    tasks: Tasks
    acted: Callable[[Access, str], None]

    async def act(self, access: Access, incoming: Incoming, typed: str | None = None) -> Act:
        """The act with its request; raises ``DubanError`` when nobody knows who it is."""
        request = self.resolver.remembered(access, incoming) if typed is None else None
        if request is None:
            request = await self.api.run(
                lambda: self.resolver.request(access, incoming, typed=typed)
            )
        return Act(access, incoming, request)

    async def ask(
        self, act: Act, shape: Shape | None = None, then: Then | None = None
    ) -> Answer | None:
        """Have a command done; None when it takes long: then its answer comes by itself.

        Where the answer may be a form, a modal that says “one moment” is opened meanwhile: the
        trigger does not live long enough to wait.

        :param shape: changes what is shown of a late answer.
        :param then: see ``Intake.handle``.
        """
        moment: list[asyncio.Task[str | None]] = []

        async def late(answer: Answer) -> None:
            self.changed(act)
            view_id = await moment[0] if moment else None
            left = parts(act, answer)
            await self.show_late(act, shape(left) if shape else left, view_id)

        hook = act.hook(self.clock)
        answer = await self.intake.handle(act.request, hook, late, then=then)
        if answer is None and act.incoming.trigger and may_ask(self.registry, act.request.text):
            moment.append(asyncio.create_task(self.modals.loading(act)))
        if answer is not None and answer.failed:
            self.resolver.forget(act.incoming)
        self.changed(act)
        return answer

    def changed(self, act: Act) -> None:
        """After an act: what was kept about how they read, and their home tab, may be outdated."""
        if act.queued.done:
            self.pens.forget(act.request)
            self.acted(act.access, act.incoming.who.user)

    async def show(self, act: Act, left: Parts, *, on_top: bool = False) -> None:
        """Show an answer after the acknowledgment."""
        await self.voice.whisper(act, left.private)
        await self.voice.aloud(act, left.public)
        if left.form is not None:
            await self.show_form(act, left.form, on_top=on_top)

    async def show_form(self, act: Act, form: Form, *, on_top: bool = False) -> None:
        """Open a form; where there is no trigger (any more), offer the button that opens it."""
        if act.incoming.trigger:
            view = await self.modals.form(act, form)
            if await self.modals.open(act, view, on_top=on_top):
                return
        await self.voice.whisper(act, (form_button(act, form),))

    async def show_late(self, act: Act, left: Parts, view_id: str | None) -> None:
        """Show an answer that took long: in the modal that waits for it, if one was opened."""
        if view_id is None:
            await self.show(act, left)
            return
        view = await self.waiting_view(act, left)
        if not await self.modals.change(act, view_id, view):
            await self.show(act, left)
            return
        await self.voice.aloud(act, left.public)

    async def waiting_view(self, act: Act, left: Parts) -> View:
        """What a modal that said “one moment” shows in the end."""
        if left.form is not None:
            return await self.modals.form(act, left.form)
        return await self.modals.notice(act, (*left.private, *left.public))

    def draw(self, act: Act, left: Parts) -> Drawn:
        """What fits into the acknowledgment of a slash command; for worker threads."""
        if left.private:
            first, rest = left.private[0], replace(left, private=left.private[1:])
            pen, kind = self.pens.asker(act.request), "ephemeral"
        else:
            first, rest = left.public[0], replace(left, public=left.public[1:])
            pen, kind = self.pens.everybody(act.request), "in_channel"
        return Drawn(pen.response(first, kind), rest)

    async def refusal(self, access: Access, error: DubanError) -> dict[str, Any]:
        """The answer to somebody about whom we could not find out who they are."""
        cards = error_reply(error).cards
        pen = await self.api.run(lambda: self.pens.anybody(access.workspace_id))
        return message_body(pen.messages(cards)[0], "ephemeral")

    async def refuse(self, access: Access, incoming: Incoming, error: DubanError) -> None:
        """The same after the acknowledgment, where Slack gave an address for answers."""
        if incoming.response_url:
            body = await self.refusal(access, error)
            await self.api.respond(incoming.response_url, body | {"replace_original": False})


def done(body: dict[str, Any] | str | None = None) -> BoltResponse:
    """An acknowledgment."""
    return BoltResponse(status=200, body=body or "")


def again() -> BoltResponse:
    """No acknowledgment: Slack delivers an event again, at once, after a minute, after five."""
    return BoltResponse(status=503, body="")


def form_button(act: Act, form: Form) -> Card:
    """A card with the button that opens a form: a press has a trigger, a message has none."""
    action = Action(form.title, act.request.text, Style.PRIMARY)
    return Card(T("slack.form_here"), actions=(action,))


def may_ask(registry: Registry, text: str) -> bool:
    """Whether a line says so little that its answer may be a form."""
    line = parse(registry, text)
    if line.sub is None or not line.sub.asks:
        return False
    required = sum(a.required for a in line.sub.args)
    return len(line.words) < required or (line.sub.form is not None and not line.words)


def cards_of(left: Parts) -> Sequence[Card]:
    """All that is to be shown."""
    return (*left.private, *left.public)
