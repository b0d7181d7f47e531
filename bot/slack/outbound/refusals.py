"""What a refusal of Slack means, in words that say what to do, and who is told."""

from __future__ import annotations

import logging

from bot.cards.words import Reader, words
from bot.slack.api.asking import GONE
from bot.slack.api.tokens import Tokens
from bot.slack.outbound.place import Place
from bot.slack.outbound.sending import No
from bot.slack.people.membership import Membership
from domain.clock import Clock
from domain.errors import ConflictError, OutsideError
from domain.message_json import to_json
from domain.messages import Card, Code, Inline, Para, T, Tone
from domain.people import Role
from domain.ports import GiveUp, Retry
from storage.uow import Store

log = logging.getLogger("duban.slack")

AGAIN = 300.0
"""Seconds until a token that Slack refuses is tried again: Duban may be installed anew."""

_NO_ROOM = frozenset({"channel_not_found", "not_in_channel", "is_archived", "channel_is_archived"})
_NO_PERSON = frozenset(
    {
        "user_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "messages_tab_disabled",
        "user_not_visible",
    }
)
_LOCKED = frozenset(
    {"restricted_action", "restricted_action_read_only_channel",
     "restricted_action_thread_only_channel", "restricted_action_non_threadable_channel"}
)  # fmt: skip


class Refusals:
    """Turns refusals into what the delivery does, and tells the people whom it concerns."""

    def __init__(self, store: Store, tokens: Tokens, membership: Membership, clock: Clock) -> None:
        self._store = store
        self._tokens = tokens
        self._membership = membership
        self._clock = clock
        self._no_files: set[str] = set()

    def of(self, place: Place, no: No, delivery_id: str, *, done: bool) -> Exception:
        """``Retry`` or ``GiveUp``.

        :param done: a part of the delivery is out already.
        """
        if no.code in GONE:
            self._tokens.forget(place.workspace)
            return Retry(
                AGAIN, self._said(place, T("slack.refused_token", {"code": no.code})), sent=done
            )
        text = _reason(place, no)
        if no.code in _NO_ROOM and not place.channel.person_id:
            self._tell_owners(place)
        if not place.channel.person_id:
            self._tell_asker(place, text, delivery_id)
        return GiveUp(self._said(place, text))

    def no_files(self, place: Place, no: No) -> None:
        """Files cannot be uploaded: the administrators are told once, the card is there."""
        if place.workspace in self._no_files:
            return
        self._no_files.add(place.workspace)
        log.error("slack.no_files", extra={"workspace": place.workspace, "reason": no.code})
        text = T("slack.refused_files", {"code": no.needed or no.code})
        with self._store.read(place.workspace) as uow:
            admins = tuple(p.id for p in uow.people.with_role(Role.ADMIN, None))
        day = self._clock.now().date().isoformat()
        for person in admins:
            self._tell(place, person, Card(text, tone=Tone.WARN), f"slack-files:{person}:{day}")

    def _said(self, place: Place, text: Inline) -> str:
        """For the list of what was not delivered, in the workspace's language."""
        with self._store.read(place.workspace) as uow:
            workspace = uow.people.workspace()
        return words(text, Reader(workspace.locale, workspace.zone))

    def _tell_owners(self, place: Place) -> None:
        """Compare the channel with Slack's: whoever owns its product hears what changed."""
        try:
            self._membership.refresh(place.workspace, place.channel)
        except OutsideError as error:
            log.warning("slack.not_compared", extra={"reason": str(error)})

    def _tell_asker(self, place: Place, text: Inline, delivery_id: str) -> None:
        if place.asker is None:
            return
        shown = Card(T("slack.not_posted", {"channel": f"#{place.channel.name}"}), (Para(text),))
        self._tell(place, place.asker, shown, f"slack-unsent:{delivery_id}")

    def _tell(self, place: Place, person: str, card: Card, dedupe: str) -> None:
        """Queue a personal message, once."""
        payload = {"person": person, "card": to_json(card)}
        now = self._clock.now()
        try:
            with self._store.write(place.workspace) as uow:
                uow.queue(f"person:{person}", "post", payload, now, dedupe=dedupe)
        except ConflictError:
            log.info("slack.told_before", extra={"dedupe": dedupe})


def _reason(place: Place, no: No) -> Inline:
    """The refusal in words, with the exact step to take."""
    channel = f"#{place.channel.name}"
    invite = Code("/invite @duban")
    if no.code in ("is_archived", "channel_is_archived"):
        return T("slack.refused_archived", {"channel": channel})
    if no.code in _NO_PERSON or (place.channel.person_id and no.code in _NO_ROOM):
        return T("slack.refused_person", {"name": place.channel.name})
    if no.code in _NO_ROOM:
        return T("slack.refused_member", {"channel": channel, "line": invite})
    if no.code in _LOCKED:
        return T("slack.refused_locked", {"channel": channel})
    if no.code == "missing_scope":
        return T("slack.refused_scope", {"scope": no.needed or "?"})
    return T("slack.refused", {"code": no.code})
