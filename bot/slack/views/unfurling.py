"""Links to stories and designs that people post: Slack shows what they lead to."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import cast

from bot.slack.answering.pens import Pens
from bot.slack.api.asking import Refused
from bot.slack.api.tokens import Access
from bot.slack.api.webapi import WebApi
from bot.slack.blocks import card_message
from bot.slack.reading.incoming import Json, part, text_of
from bot.slack.reading.resolve import Resolver
from bot.slack.reading.text import unescape
from domain.messages import Card
from storage.slack import PLATFORM
from storage.uow import Store, UnitOfWork

log = logging.getLogger("duban.slack")

MOST = 10
"""How many links of one message are looked up."""

Unfurl = Callable[[UnitOfWork, str], Card | None]
"""What a link leads to, as a card, or None for a link that says nothing to Duban."""


class Unfurling:
    """Answers ``link_shared``."""

    def __init__(
        self, store: Store, api: WebApi, pens: Pens, resolver: Resolver, unfurl: Unfurl
    ) -> None:
        self._store = store
        self._api = api
        self._pens = pens
        self._resolver = resolver
        self._unfurl = unfurl

    async def run(self, body: Json, access: Access) -> None:
        """Show what the links of a message lead to, in the channel's language.

        Slack sends the addresses with their ``&`` as entities, and wants them back like that.
        Nothing is shown in channels that are shared with other companies, nor to guests who post
        a link: what stories say is not for them.
        """
        if body.get("is_ext_shared_channel"):
            return
        try:
            await self._api.run(lambda: self._show(part(body, "event"), access))
        except Refused as no:
            log.warning("slack.unfurl", extra={"reason": no.code})

    def _show(self, event: Json, access: Access) -> None:
        user, channel_id = text_of(event, "user"), text_of(event, "channel")
        if not user or user == access.bot_user:
            return
        person = self._resolver.person(access, user)
        if person.external or not person.active:
            return
        links = cast("Sequence[Json]", event.get("links") or ())
        urls = list(dict.fromkeys(text_of(link, "url") for link in links))[:MOST]
        with self._store.read(access.workspace_id) as uow:
            # Links are told of in every conversation: one that is not known stays so.
            channel = uow.channels.by_external(PLATFORM, channel_id)
            cards = {url: self._unfurl(uow, unescape(url)) for url in urls}
        found = {url: card for url, card in cards.items() if card is not None}
        if not found:
            return
        pen = self._pens.in_channel(access.workspace_id, channel.id if channel else None, person.id)
        unfurls = {
            url: {"blocks": card_message(card, pen.reader, pen.users, base_url=pen.base_url).blocks}
            for url, card in found.items()
        }
        self._api.call_now(access.workspace_id, "chat.unfurl", unfurls=unfurls, **_place(event))


def _place(event: Json) -> dict[str, str]:
    """Where the links stand: in a message, or in one that is still being written."""
    unfurl_id, source = text_of(event, "unfurl_id"), text_of(event, "source")
    if unfurl_id and source:
        return {"unfurl_id": unfurl_id, "source": source}
    return {"channel": text_of(event, "channel"), "ts": text_of(event, "message_ts")}
