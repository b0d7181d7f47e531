"""The gateway to a ZenTao server: the ``Tracker`` port, and what synchronisation asks beside it.

One class, by subject: reading, writing (how every write goes), edits, moves, verdicts, changing,
creating, planning, people, feeding, rights. Each is a module of this package.
"""

from __future__ import annotations

from domain.settings import Votes
from trackers.zentao.book import AccountBook
from trackers.zentao.client import Client
from trackers.zentao.rights import Rights


class ZentaoGateway(Rights):
    """Implements :class:`trackers.zentao.port.Zentao` directly over HTTP, for 18.x to 22.x.

    ``ZentaoGateway(client, book, votes=Votes.LEDGER)``. It keeps nothing but what it knows of the
    server, so one may be made for each piece of work; ``with_book`` shares what is known.
    """

    def let_go(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def looking_first(self) -> ZentaoGateway:
        """The same server for writes that may have been carried out already."""
        return ZentaoGateway(
            self._client, self._book, votes=self._votes, memory=self._memory, look_first=True
        )

    def with_book(self, book: AccountBook) -> ZentaoGateway:
        """The same server with another book: people and plans were bound meanwhile."""
        return ZentaoGateway(
            self._client, book, votes=self._votes, memory=self._memory, look_first=self._look_first
        )

    def voting(self, votes: Votes) -> ZentaoGateway:
        """The same server where outcomes are recorded in another way."""
        return ZentaoGateway(
            self._client,
            self._book,
            votes=votes,
            memory=self._memory,
            look_first=self._look_first,
        )

    def as_account(self, client: Client) -> ZentaoGateway:
        """The same server seen by another account: a reviewer's own token, for their vote."""
        return ZentaoGateway(client, self._book, votes=self._votes, look_first=self._look_first)
