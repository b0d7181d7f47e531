"""Menus whose lines come from us as somebody types: the stories of a form."""

from __future__ import annotations

from typing import Any, cast

from slack_bolt import BoltResponse

from bot.slack.answering.desk import Desk, done
from bot.slack.answering.stories import found_stories
from bot.slack.api.tokens import Access
from bot.slack.blocks import found_options, read_metadata
from bot.slack.reading.incoming import Incoming, Json, Where, part, presser, text_of
from domain.errors import DubanError
from locales import template


class Searches:
    """Answers ``block_suggestion``; who is not known is offered nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def run(self, body: Json, access: Access) -> BoltResponse:
        """The lines for what was typed, in the conversation where the form was asked for."""
        try:
            options = await self._desk.api.run(lambda: self._found(body, access))
        except DubanError:
            options = []
        return done({"options": options})

    def _found(self, body: Json, access: Access) -> list[dict[str, Any]]:
        view, who = part(body, "view"), presser(body)
        incoming = Incoming("", who, Where(read_metadata(view).channel))
        request = self._desk.resolver.request(access, incoming, typed="")
        with self._desk.store.read(access.workspace_id) as uow:
            locale = uow.people.get(request.person).locale
            pairs = found_stories(uow, request.channel, text_of(body, "value"))
        alone = _may_be_empty(view, text_of(body, "block_id"))
        none = template(locale, "slack.none") if alone and not body.get("value") else None
        return found_options(pairs, none)


def _may_be_empty(view: Json, block_id: str) -> bool:
    """Whether the field is for one thing at most, and need not be filled in."""
    blocks = cast("list[Json]", view.get("blocks") or [])
    block = next((b for b in blocks if b.get("block_id") == block_id), None)
    if block is None:
        return False
    return bool(block.get("optional")) and part(block, "element").get("type") == "external_select"
