"""One act of one person in Slack, and what of its answer is still to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.slack.api.tokens import Access
from bot.slack.blocks import Metadata
from bot.slack.reading.incoming import Incoming
from bot.surfaces.outward import post_cards, queue_reply
from commands.dispatcher import Answer, Hook
from domain.clock import Clock
from domain.messages import Card, Form, Reply
from domain.requests import Request
from storage.uow import UnitOfWork


@dataclass(slots=True)
class Queued:
    """Whether the transaction of the work has queued what there is to show."""

    done: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """What was done, as Slack and as we name it.

    :param about: whether it is about the message where it was done (a shortcut on it), which a form
        must then remember. A button's own message is only where it stands.
    """

    access: Access
    incoming: Incoming
    request: Request
    queued: Queued = field(default_factory=Queued)
    about: bool = False

    def hook(self, clock: Clock, *, whole: bool = False) -> Hook:
        """Queues what everybody is to see, with the work itself.

        :param whole: also what only the asker is to see: the channel is theirs alone.
        """
        posting = queue_reply(self.request, clock)

        def run(uow: UnitOfWork, reply: Reply) -> None:
            if whole and reply.private:
                post_cards(uow, self.request, reply.cards, clock)
            posting(uow, reply)
            self.queued.done = True

        return run

    @property
    def metadata(self) -> Metadata:
        """What a form must remember of where it was asked for."""
        where = self.incoming.where
        return Metadata(
            channel=where.channel,
            thread=where.thread or "",
            message=(where.message or "") if self.about else "",
            reply=self.incoming.response_url,
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """What is to be shown, and to whom.

    :param private: for the asker alone; :param public: for everybody in the channel, who do not get
        it in another way.
    """

    private: tuple[Card, ...] = ()
    public: tuple[Card, ...] = ()
    form: Form | None = None


NOTHING_LEFT = Parts()
"""All was shown."""


def parts(act: Act, answer: Answer) -> Parts:
    """What is left to show: what the work queued goes its own way, and goes there once."""
    reply = answer.reply
    if reply.private or answer.failed or act.request.channel is None:
        return Parts(private=reply.cards, form=reply.form)
    if act.queued.done or answer.repeated:
        return Parts(form=reply.form)
    return Parts(public=reply.cards, form=reply.form)
