"""What is said to Duban: a command, an answer to a question, or only its name."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.core import Core
from bot.dingtalk.again import write_again
from bot.dingtalk.forms.questions import MENU, STEERING, Questions, asked_in
from bot.dingtalk.inbound.files_in import FilesIn
from bot.dingtalk.inbound.incoming import Json, Said, said
from bot.dingtalk.inbound.menu import menu
from bot.dingtalk.inbound.remarks import in_review, may_be_remark, verdict_in, with_note
from bot.dingtalk.inbound.replies import Replies
from bot.dingtalk.inbound.resolve import Resolver
from bot.dingtalk.inbound.typed import UnclearMentions
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.people.homes import Homes
from commands.context import Context
from commands.dispatcher import Answer, Hook
from commands.grammar import parse
from commands.replies import error_reply
from domain.errors import UserError
from domain.messages import Reply, say, whisper
from domain.requests import Kind, Request
from storage.dingtalk import PLATFORM
from storage.uow import UnitOfWork

log = logging.getLogger("duban.dingtalk")

THREADS = 8
"""How many messages may be looked at (people, files) at once."""

_R = TypeVar("_R")


@dataclass(slots=True)
class _Shown:
    """Whether the transaction of the work has queued what there is to show."""

    done: bool = False


class Talk:
    """Takes messages. When :meth:`message` returns, the message is done or durably kept.

    A message that is delivered again is recognised by its ``msgId``: it is done once, and
    answered once, however many connections and processes there are.
    """

    def __init__(
        self, core: Core, homes: Homes, directory: Directory, files: FilesIn, oapi: str
    ) -> None:
        self._core = core
        self._homes = homes
        self._files = files
        self._oapi = oapi
        self._resolver = Resolver(core.store, core.dispatcher.registry, directory, core.clock)
        self._questions = Questions(
            core.store, core.dispatcher.registry, core.services.holidays, core.clock
        )
        cards = bool(core.settings.dingtalk.card_template)
        self._replies = Replies(core.clock, core.dispatcher.registry, cards=cards)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="duban-dingtalk")
        core.intake.resume_by(PLATFORM, self.resume)

    def close(self) -> None:
        """Take no more messages; what runs ends by itself."""
        self._threads.shutdown(wait=False)

    async def message(self, data: Json) -> None:
        """A robot message, of a stream frame or an HTTP call.

        Raises what storing raises when it can be neither done nor kept: then it must not be
        acknowledged.
        """
        heard = said(data, self._oapi)
        if heard is None:
            log.warning("dingtalk.unreadable", extra={"kind": str(data.get("msgtype"))[:40]})
            return
        request = await self._run(lambda: self._prepared(heard))
        if request is not None:
            await self.act(request)

    async def command(self, request: Request) -> None:
        """Do what a button stands for, whatever questions are open."""
        await self._command(request, None)

    async def act(self, request: Request) -> None:
        """Do what somebody typed: answer a question, or run the command."""
        asked = request.channel
        taken = await self._run(lambda: self._questions.take(request))
        if taken is not None:
            if taken.submit is not None:
                await self._command(taken.submit, asked)
            return
        word = request.text.strip(" ?？。.!！").casefold()
        if word in MENU:
            await self._run(lambda: self._show(request, self._menu(request)))
        elif word in STEERING:
            await self._run(lambda: self._show(request, say("dingtalk.nothing_asked")))
        else:
            meant = await self._run(lambda: self._meant(request))
            if meant is not None:
                await self._command(meant, None)

    def resume(self, request: Request) -> None:
        """Do a request that was acknowledged by a process that died, forms and all."""
        with self._core.store.read(request.workspace) as uow:
            asked = asked_in(uow, request)
        shown = _Shown()
        answer = self._core.dispatcher.dispatch(request, self._hook(request, shown, asked))
        self._settle(request, answer, shown, asked)

    def _hook(self, request: Request, shown: _Shown, asked: str | None) -> Hook:
        def hook(uow: UnitOfWork, reply: Reply) -> None:
            self._replies.queue(uow, request, reply, asked=asked)
            shown.done = True

        return hook

    async def _command(self, request: Request, asked: str | None) -> None:
        shown = _Shown()

        async def late(answer: Answer) -> None:
            await self._run(lambda: self._settle(request, answer, shown, asked))

        answer = await self._core.intake.handle(request, self._hook(request, shown, asked), late)
        if answer is not None:
            await late(answer)

    def _settle(self, request: Request, answer: Answer, shown: _Shown, asked: str | None) -> None:
        """Show what the work did not queue itself: errors, and what only reads."""
        if not (shown.done or answer.repeated):
            reply = answer.reply
            if answer.failed and request.kind is Kind.COMMAND:
                reply = self._looking(request, lambda ctx: _told(ctx, reply))
            self._show(request, reply, failed=answer.failed, asked=asked)

    def _meant(self, request: Request) -> Request | None:
        """A command, or something said in the meeting; None where that has been answered."""
        known = self._core.dispatcher.registry
        if parse(known, request.text).command is not None:
            return request
        member, meeting = self._looking(request, lambda ctx: (ctx.is_member, in_review(ctx)))
        if not member:
            self._show(request, self._menu(request))
            return None
        if meeting and (verdict := verdict_in(known, request.text)):
            return replace(request, text=verdict)
        if meeting and may_be_remark(known, request.text):
            return replace(request, kind=Kind.MESSAGE)
        return request

    def _show(
        self, request: Request, reply: Reply, *, failed: bool = False, asked: str | None = None
    ) -> None:
        """Queue an answer once, however often the message is delivered."""
        key = _shown_key(request.event_id)

        def show(uow: UnitOfWork) -> None:
            if uow.inbox.answer(key) is None:
                uow.inbox.add(key, request.received_at, {})
                self._replies.queue(uow, request, reply, failed=failed, asked=asked)

        write_again(self._core.store, request.workspace, show)

    def _prepared(self, heard: Said) -> Request | None:
        """The request; None where nothing is to be done, or what was wrong has been told."""
        workspace = self._homes.workspace(heard.corp)
        if workspace is None:
            return None
        found = self._resolver.place(workspace, heard)
        with self._core.store.read(workspace) as uow:
            if uow.inbox.answer(_shown_key(heard.key)) is not None:
                return None  # delivered again, after it was answered
        try:
            request = self._resolver.request(workspace, heard, found)
            return self._with_files(request, heard)
        except UnclearMentions:
            error = UserError("dingtalk.unclear_mentions")
        except UserError as wrong:
            error = wrong
        plain = self._resolver.plain(workspace, heard, found)
        self._show(plain, error_reply(error), failed=True)
        return None

    def _with_files(self, request: Request, heard: Said) -> Request | None:
        """The request with its files, which belong to a question or come with a command."""
        if not heard.readable:
            raise UserError("dingtalk.only_text")
        if not heard.files:
            return request
        if not request.text and not self._asked_for_file(request):
            self._show(request, whisper("dingtalk.file_alone"))
            return None
        files = self._files.take(
            request.workspace, request.person, heard.key, heard.robot_code, heard.files
        )
        return replace(request, files=files)

    def _asked_for_file(self, request: Request) -> bool:
        with self._core.store.read(request.workspace) as uow:
            return uow.dingtalk.dialog(request.channel or "", request.person) is not None

    def _menu(self, request: Request) -> Reply:
        def shown(ctx: Context) -> Reply:
            return Reply((menu(ctx),)) if ctx.me.active else error_reply(UserError("core.inactive"))

        return self._looking(request, shown)

    def _looking(self, request: Request, look: Callable[[Context], _R]) -> _R:
        """What can be told by only reading, where and by whom something was said."""
        core = self._core
        with core.store.read(request.workspace) as uow:
            me = uow.people.get(request.person)
            channel = uow.channels.get(request.channel) if request.channel else None
            registry, now = core.dispatcher.registry, core.clock.now()
            ctx = Context(uow, request, now, me, channel, core.services, registry)
            return look(ctx)

    async def _run(self, work: Callable[[], _R]) -> _R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _told(ctx: Context, wrong: Reply) -> Reply:
    """What somebody is told whose command went wrong: who may do nothing here, only that."""
    return with_note(ctx, wrong) if ctx.is_member or not ctx.me.active else Reply((menu(ctx),))


def _shown_key(event_id: str) -> str:
    """Under which the inbox knows that a message was answered."""
    return f"{event_id}:shown"
