"""In which channel a global shortcut is meant: Slack does not say, so the person does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from slack_bolt import BoltResponse

from bot.cards.words import Reader
from bot.slack.answering.act import Act, parts
from bot.slack.answering.desk import Desk, cards_of, done
from bot.slack.api.tokens import Access
from bot.slack.blocks import read_metadata
from bot.slack.reading.incoming import Incoming, Json, Where, part, presser, text_of
from commands.replies import error_reply
from domain.errors import DubanError
from locales import template

CALLBACK = "duban_where"
_BLOCK, _ELEMENT = "where", "channel"

View = dict[str, Any]


def where_view(command: str, reader: Reader) -> View:
    """The question, answered already with the channel in which the person is."""

    def text(key: str) -> View:
        return {"type": "plain_text", "text": template(reader.locale, key), "emoji": False}

    picker = {
        "type": "conversations_select",
        "action_id": _ELEMENT,
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    question = {
        "type": "input",
        "block_id": _BLOCK,
        "label": text("slack.which_channel"),
        "element": picker,
    }
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": text("slack.app"),
        "submit": text("slack.next"),
        "close": text("slack.cancel"),
        "private_metadata": f'{{"command": "{command}"}}',
        "blocks": [question],
    }


class Chosen:
    """Goes on where the person said."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The acknowledgment: the command's form, or what it answered."""
        view = part(body, "view")
        incoming = _chosen(body, view)
        command = read_metadata(view).command
        try:
            act = await self._desk.act(access, incoming, command)
        except DubanError as error:
            cards = error_reply(error).cards
            kept = await self._desk.api.run(
                lambda: self._desk.modals.kept_for(access.workspace_id, view, cards)
            )
            return done({"response_action": "update", "view": kept})
        return await self._go_on(act)

    async def _go_on(self, act: Act) -> BoltResponse:
        answer = await self._desk.ask(act)
        if answer is None:
            return done()  # the answer comes in the modal that says “one moment”
        left = parts(act, answer)
        if left.form is not None:
            view = await self._desk.modals.form(act, left.form)
            return done({"response_action": "update", "view": view})
        if act.queued.done:
            self._desk.tasks.spawn(self._desk.voice.advise(act))
        if cards := cards_of(left):
            view = await self._desk.modals.notice(act, cards)
            return done({"response_action": "update", "view": view})
        return done()


def _chosen(body: Json, view: Json) -> Incoming:
    state = part(part(view, "state"), "values")
    channel = text_of(part(part(state, _BLOCK), _ELEMENT), "selected_conversation")
    urls = cast("Sequence[Json]", body.get("response_urls") or ())
    reply = next((text_of(u, "response_url") for u in urls), "")
    who, trigger = presser(body), text_of(body, "trigger_id")
    return Incoming(
        key=f"slack:{who.team}:{trigger}",
        who=who,
        where=Where(channel),
        response_url=reply,
        trigger=trigger,
    )
