"""Where each part of an answer goes: the group, the asker alone, or questions instead of a form."""

from __future__ import annotations

from dataclasses import replace

from bot.dingtalk.forms import card_queue as form_queue
from bot.dingtalk.forms.asking import begin
from bot.dingtalk.people.rooms import open_direct
from bot.surfaces.outward import post_cards
from commands.grammar import first_word, parse
from commands.registry import Registry
from commands.spelling import named
from domain.clock import Clock
from domain.messages import Card, Form, Reply, T, Tone
from domain.people import Channel
from domain.requests import Kind, Request
from storage.uow import UnitOfWork


class Replies:
    """Queues answers in the transaction of the work that they tell of.

    DingTalk has no message that one person alone sees in a group. What is for the asker alone goes
    to their own conversation with Duban; what went wrong is said where they are looking.

    :param cards: whether the company has the template of interactive cards: then forms are cards.
    """

    def __init__(self, clock: Clock, registry: Registry, *, cards: bool = False) -> None:
        self._clock = clock
        self._registry = registry
        self._cards = cards

    def queue(
        self,
        uow: UnitOfWork,
        request: Request,
        reply: Reply,
        *,
        failed: bool = False,
        asked: str | None = None,
    ) -> None:
        """Queue all that a reply shows.

        :param failed: the reply tells of an error.
        :param asked: the channel where the questions were asked whose answers this request submits;
            they have ended, unless nothing but Duban's own surroundings was in the way.
        """
        if request.channel is None:
            return
        here = uow.channels.get(request.channel)
        if form_queue.taken(uow, request, reply, self._clock.now(), failed=failed):
            return
        spoken = uow.channels.get(asked) if asked is not None else here
        alone = spoken if spoken.kind == "direct" else self._alone(uow, request, spoken)
        if asked is not None and not (failed and _away(reply)):
            uow.dingtalk.end_dialog(asked, request.person)
        to = spoken if failed else alone if reply.private else here
        if reply.cards:
            where = replace(request, channel=to.id)
            post_cards(uow, where, reply.cards, self._clock, calls=not failed)
            if to is not spoken:
                self._point(uow, request, spoken, here)
        now = self._clock.now()
        on_card = reply.form is not None and self._cards and asked is None
        if on_card and form_queue.offered(uow, request, reply.form, spoken, alone, now):
            return
        if reply.form is not None:
            if alone is not spoken:
                told = Card(T("dingtalk.asked_alone", {"form": reply.form.title}))
                post_cards(uow, request, (told,), self._clock)
            given = self._given(request, reply.form)
            again = asked is not None and reply.form.command == request.text
            begin(uow, request, reply.form, alone, self._clock.now(), given, again=again)

    def _point(self, uow: UnitOfWork, request: Request, spoken: Channel, here: Channel) -> None:
        """Say where the answer is, in the conversation where somebody looks for it.

        A card that was pressed has said by itself that the press was heard.
        """
        if spoken.kind == "direct":
            said = Card(T("dingtalk.submitted", {"channel": here.name}))
        elif request.message_id and uow.dingtalk_sent.card(request.message_id):
            return
        else:
            said = Card(T("dingtalk.told_alone"))
        post_cards(uow, replace(request, channel=spoken.id), (said,), self._clock, calls=False)

    def _given(self, request: Request, form: Form) -> frozenset[str]:
        """The fields that were filled in by the command that opened the form, or by one before."""
        if request.kind is Kind.FORM:
            return frozenset(name for name, value in request.values.items() if value)
        line = parse(self._registry, request.text)
        if line.sub is None or not line.explicit:
            # A short line, whose first word stands for the command that the form submits to.
            line = parse(self._registry, f"{form.command} {first_word(line.text)[1]}")
        return named(line.sub, line.words) if line.sub is not None else frozenset()

    def _alone(self, uow: UnitOfWork, request: Request, here: Channel) -> Channel:
        """The asker's own conversation; the group for somebody to whom Duban cannot write."""
        return open_direct(uow, uow.people.get(request.person)) or here


def _away(reply: Reply) -> bool:
    """Whether an error was Duban's own surroundings' (the database), and not the person's."""
    return any(card.tone is Tone.BAD for card in reply.cards)
