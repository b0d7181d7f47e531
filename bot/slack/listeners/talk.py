"""What is said to Duban and around it: mentions, direct messages, minutes, emoji."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from slack_bolt import BoltResponse

from bot.slack.answering.act import Act, Parts, parts
from bot.slack.answering.desk import Desk, again, done, form_button
from bot.slack.api.asking import Refused
from bot.slack.api.tokens import Access
from bot.slack.reading.files_in import FilesIn
from bot.slack.reading.incoming import Incoming, Json, part, text_of
from bot.slack.reading.saying import Marked, deleted, edited, marked, said
from bot.surfaces.outward import post_cards
from commands.dispatcher import Answer
from commands.grammar import parse
from commands.replies import error_reply
from domain.errors import ConflictError, DubanError, OutsideError, UserError
from domain.messages import Card, Reply, Tone
from domain.requests import Kind, Reaction

PREPARING = 1.2
"""Seconds for looking things up and fetching files before Slack is asked to deliver again."""


class _UnfitError(Exception):
    """A file that came along is not taken."""

    def __init__(self, act: Act, error: UserError) -> None:
        super().__init__(error)
        self.act = act
        self.error = error


class Talk:
    """Hears messages and reactions.

    An event that cannot be taken now (Slack or the database is away, a file is slow) is not
    acknowledged, and Slack delivers it again; whatever was done for it by then is done once.
    """

    def __init__(self, desk: Desk, files: FilesIn) -> None:
        self._desk = desk
        self._files = files
        self._preparing: dict[str, asyncio.Task[Act]] = {}

    async def message(self, body: Json, access: Access) -> BoltResponse:
        """A ``message`` or ``app_mention`` event."""
        incoming = self._heard(body, access)
        if incoming is None:
            return done()
        try:
            act = await self._prepared(access, incoming)
        except _UnfitError as unfit:
            reply = error_reply(unfit.error)
            await self._settle(unfit.act, Answer(reply, incoming.key, failed=True))
            return done()
        except UserError:
            return done()  # nobody whom Slack knows
        if act is None:
            return again()
        if incoming.kind is Kind.COMMAND:
            return await self._command(act)
        return await self._listen(act)

    async def reaction(self, body: Json, access: Access) -> BoltResponse:
        """A ``reaction_added`` or ``reaction_removed`` event."""
        mark = marked(body, access.bot_user)
        if mark is None:
            return done()
        try:
            act = await self._desk.api.run(lambda: self._reacted(access, mark))
        except (Refused, UserError):
            return done()  # the message is gone, or in a channel that Duban cannot read
        except DubanError:
            return again()
        return await self._listen(act) if act is not None else done()

    def _heard(self, body: Json, access: Access) -> Incoming | None:
        subtype = text_of(part(body, "event"), "subtype")
        if subtype == "message_changed":
            return edited(body, access.bot_user)
        if subtype == "message_deleted":
            return deleted(body, access.bot_user)
        return said(body, access.bot_user, self._is_command)

    def _is_command(self, line: str) -> bool:
        return parse(self._desk.registry, line).command is not None

    async def _prepared(self, access: Access, incoming: Incoming) -> Act | None:
        """The act; None when it takes too long: the next delivery finds what this one fetched."""
        known = self._desk.resolver.remembered(access, incoming) if not incoming.files else None
        if known is not None:
            return Act(access, incoming, known)
        key = incoming.key
        work = self._preparing.get(key)
        if work is None:
            work = asyncio.create_task(self._prepare(access, incoming))
            self._preparing[key] = work
            work.add_done_callback(lambda _: self._preparing.pop(key, None))
        ready, _ = await asyncio.wait({work}, timeout=PREPARING)
        if not ready:
            return None
        try:
            return work.result()
        except OutsideError:
            return None

    async def _prepare(self, access: Access, incoming: Incoming) -> Act:
        return await self._desk.api.run(lambda: self._read(access, incoming))

    def _read(self, access: Access, incoming: Incoming) -> Act:
        request = self._desk.resolver.request(access, incoming)
        if not incoming.files:
            return Act(access, incoming, request)
        try:
            files = self._files.take(access, request.person, incoming.files)
        except UserError as error:
            raise _UnfitError(Act(access, incoming, request), error) from error
        return Act(access, incoming, replace(request, files=files))

    async def _command(self, act: Act) -> BoltResponse:
        alone = act.incoming.where.direct

        async def late(answer: Answer) -> None:
            await self._settle(act, answer)

        hook = act.hook(self._desk.clock, whole=alone)
        answer = await self._desk.intake.handle(act.request, hook, late)
        if answer is not None:
            await self._settle(act, answer)
        return done()

    async def _settle(self, act: Act, answer: Answer) -> None:
        """Show what the work did not queue: once, however often the event is delivered."""
        if answer.repeated:
            return
        left = _in_words(act, parts(act, answer))
        if act.incoming.where.direct:
            hers = () if act.queued.done and answer.reply.private else left.private
            left = Parts(public=(*hers, *left.public))
        if not left.private and not left.public:
            return
        recorded = act.queued.done and not left.public  # by the work itself, which is done once
        if recorded or await self._desk.api.run(lambda: self._claim(act, left.public)):
            self._desk.tasks.spawn(self._desk.voice.whisper(act, left.private))

    def _claim(self, act: Act, public: tuple[Card, ...]) -> bool:
        """Whether nobody has shown this answer yet; then its public part is queued."""
        key = f"{act.incoming.key}:shown"
        try:
            with self._desk.store.write(act.request.workspace) as uow:
                if uow.inbox.answer(key) is not None:
                    return False
                uow.inbox.add(key, act.request.received_at, {})
                post_cards(uow, act.request, public, self._desk.clock)
        except ConflictError:
            return False
        return True

    async def _listen(self, act: Act) -> BoltResponse:
        """Something that is no command: mostly nobody answers, and errors of people stay silent."""

        async def late(answer: Answer) -> None:
            del answer  # what it shows was queued with the work

        answer = await self._desk.intake.handle(act.request, act.hook(self._desk.clock), late)
        return again() if answer is not None and answer.failed and _away(answer.reply) else done()

    def _reacted(self, access: Access, mark: Marked) -> Act | None:
        """The reaction with the text of its message, which the event does not carry."""
        where = mark.incoming.where
        said_by_slack = self._desk.api.call_now(
            access.workspace_id,
            "conversations.replies",
            channel=where.channel,
            ts=where.message,
            latest=where.message,
            inclusive=True,
            limit=1,
        )
        found = said_by_slack.get("messages")
        message = next((m for m in found or () if m.get("ts") == where.message), None)
        if message is None or text_of(message, "user") == access.bot_user:
            return None
        thread, author = text_of(message, "thread_ts"), text_of(message, "user") or mark.author
        known = author and not text_of(message, "bot_id")
        resolver = self._desk.resolver
        reaction = Reaction(
            message_id=where.message or "",
            emoji=mark.emoji,
            added=mark.added,
            text=resolver.words(access, text_of(message, "text")),
            author=resolver.person(access, author).id if known else None,
        )
        inside = replace(where, thread=thread if thread and thread != where.message else None)
        incoming = replace(mark.incoming, where=inside)
        return Act(access, incoming, resolver.request(access, incoming, reaction=reaction))


def _in_words(act: Act, left: Parts) -> Parts:
    """A message has no trigger: instead of a form there is the button that opens it."""
    if left.form is None:
        return left
    return Parts(private=(*left.private, form_button(act, left.form)), public=left.public)


def _away(reply: Reply) -> bool:
    """Whether an error was Duban's own surroundings' (the database), and not the person's."""
    return any(card.tone is Tone.BAD for card in reply.cards)
