"""Submitted forms."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import BoltResponse

from bot.slack.answering.act import Act, parts
from bot.slack.answering.desk import Desk, cards_of, done
from bot.slack.answering.modals import View, has_field
from bot.slack.api.tokens import Access
from bot.slack.blocks import (
    FORM_CALLBACK,
    form_errors,
    form_files,
    form_values,
    loading_view,
    read_metadata,
)
from bot.slack.listeners.presses import Refresh
from bot.slack.reading.files_in import FilesIn
from bot.slack.reading.incoming import Incoming, Json, Where, part, presser, shared_files, text_of
from bot.webchat.mentions import keep_mentions
from commands.dispatcher import Answer
from commands.replies import error_reply
from domain.errors import DubanError
from domain.messages import Form
from domain.requests import Kind

PREPARING = 1.0
"""Seconds for fetching what was chosen, before the form says “one moment”."""
SAVING = 30.0
"""Seconds that saving may take once the form says so; the request is kept after that."""


class Submissions:
    """Does what forms ask for.

    A form stays open until what it says is saved: wrong values are shown beside their fields, and
    whatever else goes wrong above them.

    :param refresh: draws somebody's home tab anew.
    """

    def __init__(self, desk: Desk, files: FilesIn, refresh: Refresh) -> None:
        self._desk = desk
        self._files = files
        self._refresh = refresh

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The acknowledgment of a submission."""
        view = part(body, "view")
        if text_of(view, "callback_id") != FORM_CALLBACK:
            return done()
        incoming, command = submitted(body, view)
        work = asyncio.create_task(self._prepare(access, incoming, command, view))
        ready, _ = await asyncio.wait({work}, timeout=PREPARING)
        if not ready:
            self._desk.tasks.spawn(self._finish(work, access, view))
            return await self._one_moment(access)
        try:
            act = work.result()
        except DubanError as error:
            return _update(await self._refused(access, view, error))
        answer = await self._save(act, view)
        if answer is None:
            return await self._one_moment(access)
        return await self._acknowledge(act, answer, view)

    async def _prepare(self, access: Access, incoming: Incoming, command: str, view: Json) -> Act:
        return await self._desk.api.run(lambda: self._read(access, incoming, command, view))

    def _read(self, access: Access, incoming: Incoming, command: str, view: Json) -> Act:
        resolver = self._desk.resolver
        values = form_values(view, lambda user: resolver.person(access, user).id)
        if any("@" in value or "＠" in value for value in values.values()):
            values = self._with_people(access, values)
        request = resolver.request(access, incoming, typed=command, values=values)
        if incoming.files:
            files = self._files.take(access, request.person, incoming.files)
            request = replace(request, files=files)
        return Act(access, incoming, request, about=incoming.where.message is not None)

    def _with_people(self, access: Access, values: Mapping[str, str]) -> dict[str, str]:
        """Who is named with ``@`` in a text: Slack's inputs know no mentions."""
        with self._desk.store.read(access.workspace_id) as uow:
            people = uow.people.all(with_inactive=True)
        return {name: keep_mentions(value, people) for name, value in values.items()}

    async def _save(self, act: Act, view: Json, patience: float | None = None) -> Answer | None:
        async def late(answer: Answer) -> None:
            self._desk.changed(act)
            await self._show_late(act, answer, view)

        hook = act.hook(self._desk.clock)
        answer = await self._desk.intake.handle(act.request, hook, late, patience)
        self._desk.changed(act)
        return answer

    async def _acknowledge(self, act: Act, answer: Answer, view: Json) -> BoltResponse:
        left = parts(act, answer)
        if answer.failed:
            return _update(await self._desk.modals.again(act, view, left.private))
        if left.form is not None:
            return await self._another(act, left.form, view)
        nowhere = not act.incoming.where.channel and not act.incoming.response_url
        if nowhere:  # the form was opened from the home tab, which shows what it changed
            self._desk.tasks.spawn(self._refresh(act.access, act.incoming.who.user))
        if nowhere and (cards := cards_of(left)):
            return _update(await self._desk.modals.notice(act, cards))
        self._desk.tasks.spawn(self._desk.show(act, left))
        return done()

    async def _another(self, act: Act, form: Form, view: Json) -> BoltResponse:
        """The same form with what is wrong in it, or the next one."""
        pen = await self._desk.api.run(lambda: self._desk.pens.asker(act.request))
        wrong = form_errors(form, pen.reader)
        same = form.command == act.request.text
        if same and wrong and all(has_field(view, block) for block in wrong):
            return done({"response_action": "errors", "errors": wrong})
        return _update(await self._desk.modals.form(act, form))

    async def _finish(self, work: asyncio.Task[Act], access: Access, view: Json) -> None:
        """Go on with a form whose files take long; it says “one moment”."""
        view_id = text_of(view, "id")
        try:
            act = await work
        except DubanError as error:
            again = await self._refused(access, view, error)
            await self._desk.api.call(
                access.workspace_id, "views.update", view_id=view_id, view=again
            )
            return
        answer = await self._save(act, view, SAVING)
        if answer is not None:
            await self._show_late(act, answer, view)

    async def _show_late(self, act: Act, answer: Answer, view: Json) -> None:
        left, view_id = parts(act, answer), text_of(view, "id")
        if answer.failed:
            again = await self._desk.modals.again(act, view, left.private)
            if not await self._desk.modals.change(act, view_id, again):
                await self._desk.voice.whisper(act, left.private)
            return
        await self._desk.show_late(act, left, view_id)

    async def _one_moment(self, access: Access) -> BoltResponse:
        pen = await self._desk.api.run(lambda: self._desk.pens.anybody(access.workspace_id))
        return _update(loading_view(pen.reader))

    async def _refused(self, access: Access, view: Json, error: DubanError) -> View:
        """The form again, for somebody whom we do not know, or whose file we do not get."""
        cards = error_reply(error).cards
        return await self._desk.api.run(
            lambda: self._desk.modals.kept_for(access.workspace_id, view, cards)
        )


def submitted(body: Json, view: Json) -> tuple[Incoming, str]:
    """Who submitted what, and the command that takes it."""
    kept, who = read_metadata(view), presser(body)
    incoming = Incoming(
        key=f"slack:{who.team}:{_once(body, view)}",
        who=who,
        where=Where(kept.channel, thread=kept.thread or None, message=kept.message or None),
        kind=Kind.FORM,
        response_url=kept.reply,
        trigger=text_of(body, "trigger_id"),
        files=shared_files([*form_files(view)]),
    )
    return incoming, kept.command


def _once(body: Json, view: Json) -> str:
    """What is the same for every delivery of one submission, and another for the next one.

    A view keeps its hash when its errors are shown, so the hash alone would take the corrected
    values for a repetition of the wrong ones.
    """
    trigger = text_of(body, "trigger_id")
    if trigger:
        return trigger
    state = json.dumps(view.get("state"), sort_keys=True)
    return f"{view.get('id')}:{view.get('hash')}:{hashlib.sha256(state.encode()).hexdigest()[:16]}"


def _update(view: Mapping[str, Any]) -> BoltResponse:
    return done({"response_action": "update", "view": dict(view)})
