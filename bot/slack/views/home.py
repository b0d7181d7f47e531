"""The app's home tab: ``/home`` of the person who looks at it, drawn as a view."""

from __future__ import annotations

import json
import logging

from bot.slack.answering.pens import Pens
from bot.slack.api.asking import Refused, ask
from bot.slack.api.tokens import Access, Tokens
from bot.slack.blocks.home import home_view
from bot.slack.people.directory import Directory
from commands.dispatcher import Dispatcher
from domain.clock import Clock
from domain.errors import DubanError
from domain.ids import new_id
from domain.requests import Request
from storage.slack import PLATFORM

log = logging.getLogger("duban.slack")

COMMAND = "home"


class SlackHome:
    """Publishes home tabs: when somebody opens theirs, and after what they do there themselves."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        directory: Directory,
        tokens: Tokens,
        pens: Pens,
        clock: Clock,
    ) -> None:
        self._dispatcher = dispatcher
        self._directory = directory
        self._tokens = tokens
        self._pens = pens
        self._clock = clock

    def publish(self, access: Access, user: str) -> bool:
        """Show a person their home tab as of now; whether Slack took it.

        Call it from a worker thread. What goes wrong is logged: the tab stays as it was, and is
        drawn again when the person opens it the next time.

        :param user: Slack's id of the person.
        """
        try:
            view = self._view(access, user)
            client = self._tokens.client(access.workspace_id)
            ask(client, "views.publish", user_id=user, view=json.dumps(view))
        except Refused as no:
            log.warning("slack.home_refused", extra={"reason": no.code})
            return False
        except DubanError as error:
            log.warning("slack.home_put_off", extra={"reason": error.key})
            return False
        return True

    def _view(self, access: Access, user: str) -> dict[str, object]:
        person = self._directory.person(access.workspace_id, access.team, user)
        now = self._clock.now()
        request = Request(
            event_id=f"home:{new_id()}",
            platform=PLATFORM,
            workspace=access.workspace_id,
            channel=None,
            person=person.id,
            received_at=now,
            text=COMMAND,
        )
        reply = self._dispatcher.dispatch(request).reply
        pen = self._pens.of(access.workspace_id, person.id)
        return home_view(reply.cards, pen.reader, pen.users, base_url=pen.base_url)
