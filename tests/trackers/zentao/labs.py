"""A gateway over a fake server, with people, a product and a plan on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from domain.clock import Clock, SystemClock
from domain.stories import StoryDraft
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from trackers.zentao.base import Votes
from trackers.zentao.book import FixedBook
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway

PO, ANN, BEN = "person-po", "person-ann", "person-ben"
PASSWORD = "Secret-2026!"
"""Of every account but the bot's and the administrator's."""
PRODUCT, PLAN = "product-1", "plan-1"


@dataclass(frozen=True, slots=True)
class Bench:
    """A fake server and a gateway to it.

    :param product: the ZenTao product that is ours. :param plan: its plan that is bound to ours.
    """

    fake: FakeZentao
    client: Client
    gateway: ZentaoGateway
    book: FixedBook
    product: int
    plan: int


def furnish(fake: FakeZentao) -> None:
    """The accounts that every bench uses."""
    fake.add_user("zhangsan", realname="张三")
    fake.add_user("ann", realname="安")
    fake.add_user("ben", realname="本")


class Workshop:
    """Makes benches, and closes what they opened."""

    def __init__(self) -> None:
        self._clients: list[Client] = []

    def close(self) -> None:
        """Let go of all connections."""
        for client in self._clients:
            client.close()

    def client(
        self,
        fake: FakeZentao,
        account: str = BOT,
        password: str = BOT_PASSWORD,
        *,
        clock: Clock | None = None,
        **options: Any,
    ) -> Client:
        """A client of an account."""
        made = Client(fake.url, account, password, clock or SystemClock(), **options)
        self._clients.append(made)
        return made

    def bench(
        self,
        fake: FakeZentao,
        *,
        votes: Votes = Votes.LEDGER,
        clock: Clock | None = None,
        **options: Any,
    ) -> Bench:
        """A new product with a plan on the server, and a gateway whose book knows them.

        :param options: for the client: ``timeout``, ``transport``, ``language``.
        """
        product = fake.add_product(f"物流 {uuid4().hex[:8]}")
        plan = fake.add_plan(product, "2.3", "2026-12-01", "2026-12-31")
        book = FixedBook(
            accounts={PO: "zhangsan", ANN: "ann", BEN: "ben"},
            names={PO: "张三", ANN: "安", BEN: "本"},
            plans={PLAN: str(plan)},
            products={PRODUCT: str(product)},
        )
        client = self.client(fake, clock=clock, **options)
        return Bench(fake, client, ZentaoGateway(client, book, votes=votes), book, product, plan)

    def own(self, place: Bench, account: str) -> ZentaoGateway:
        """The gateway with a person's own token."""
        return place.gateway.as_account(self.client(place.fake, account, PASSWORD))


def draft(title: str = "运单跟踪", reviewers: tuple[str, ...] = (), **fields: Any) -> StoryDraft:
    """A story to create."""
    given = {"spec": "v1 spec", "verify": "- 能查", **fields}
    return StoryDraft(PRODUCT, title, reviewers=reviewers, **given)
