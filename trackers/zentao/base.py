"""What every part of the gateway stands on: client, book, and what is known of the server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.settings import Votes
from trackers.zentao.book import AccountBook
from trackers.zentao.client import V1, Client, ZentaoMissing
from trackers.zentao.errors import ZentaoBroken, ZentaoForbidden, ZentaoRefused
from trackers.zentao.mapping import Reading
from trackers.zentao.modules import Modules, module_names
from trackers.zentao.probe import probe
from trackers.zentao.remote import ServerFacts
from trackers.zentao.wire import record

_GOOD_FOR = timedelta(hours=1)
_MODULES_GOOD_FOR = timedelta(minutes=10)


class Memory:
    """What is known of a server: asked for once and good for an hour."""

    def __init__(self) -> None:
        self.facts: tuple[datetime, ServerFacts] | None = None
        self.bot_name: str | None = None
        self.modules: dict[str, tuple[datetime, Modules]] = {}


class Base:
    """A server, an account and a book.

    :param votes: how verdicts are recorded.
    :param memory: shared by gateways of one client.
    :param look_first: each write asks first whether it was done already.
    """

    def __init__(
        self,
        client: Client,
        book: AccountBook,
        *,
        votes: Votes = Votes.LEDGER,
        memory: Memory | None = None,
        look_first: bool = False,
    ) -> None:
        self._client = client
        self._book = book
        self._votes = votes
        self._memory = memory or Memory()
        self._look_first = look_first

    def facts(self) -> ServerFacts:
        """What the server is like."""
        known = self._memory.facts
        now = self._client.now()
        if known is None or now - known[0] > _GOOD_FOR:
            known = (now, probe(self._client))
            if self._memory.bot_name is None:
                self._introduce()
            self._memory.facts = known
        return known[1]

    def url(self, number: int) -> str:
        """The story's web page, in the form that the server uses."""
        base = self._client.base
        if self.facts().pretty:
            return f"{base}/story-view-{number}.html"
        return f"{base}/index.php?m=story&f=view&id={number}"

    def _reading(self, modules: Mapping[str, str] | None = None) -> Reading:
        facts = self.facts()
        return Reading(
            zone=ZoneInfo(facts.zone),
            bot=self._client.account,
            book=self._book,
            url=self.url,
            bot_name="" if facts.v2 else self._memory.bot_name or "",
            modules=modules or {},
            submits=facts.submits,
        )

    def _introduce(self) -> None:
        """Learn how the server writes the account and its real name.

        It lets in whoever writes their account in other letters (``DuBan``), and then logs
        everything under its own; and v1's history gives no accounts, only real names.
        """
        try:
            profile = record(record(self._client.get(f"{V1}/user")).get("profile"))
        except (ZentaoBroken, ZentaoRefused, ZentaoForbidden, ZentaoMissing):
            return  # then it is called as in our settings
        self._memory.bot_name = str(profile.get("realname") or "")
        self._client.is_called(str(profile.get("account") or ""))

    def _modules(self, product_ref: str, *, fresh: bool = False) -> Modules:
        """The modules of a product, remembered for ten minutes."""
        known = self._memory.modules.get(product_ref)
        now = self._client.now()
        if fresh or known is None or now - known[0] > _MODULES_GOOD_FOR:
            answer: Any = self._client.get(
                f"{V1}/modules", "tree-browse", type="story", id=product_ref
            )
            known = (now, module_names(answer))
            self._memory.modules[product_ref] = known
        return known[1]
