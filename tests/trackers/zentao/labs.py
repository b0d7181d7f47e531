"""A gateway over a fake server, with people, a product and a plan on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from domain.clock import SystemClock
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from trackers.zentao.base import Votes
from trackers.zentao.book import FixedBook
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway

PO, ANN, BEN = "person-po", "person-ann", "person-ben"
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

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()


def furnish(fake: FakeZentao) -> None:
    """The accounts that every bench uses."""
    fake.add_user("zhangsan", realname="张三")
    fake.add_user("ann", realname="安")
    fake.add_user("ben", realname="本")


def bench(fake: FakeZentao, *, votes: Votes = Votes.LEDGER, timeout: float = 10.0) -> Bench:
    """A new product with a plan on the server, and a gateway whose book knows them."""
    product = fake.add_product(f"物流 {uuid4().hex[:8]}")
    plan = fake.add_plan(product, "2.3", "2026-12-01", "2026-12-31")
    book = FixedBook(
        accounts={PO: "zhangsan", ANN: "ann", BEN: "ben"},
        names={PO: "张三", ANN: "安", BEN: "本"},
        plans={PLAN: str(plan)},
        products={PRODUCT: str(product)},
    )
    client = Client(fake.url, BOT, BOT_PASSWORD, SystemClock(), timeout=timeout)
    return Bench(fake, client, ZentaoGateway(client, book, votes=votes), book, product, plan)


def lines(fake: FakeZentao, number: int) -> Iterable[str]:
    """The acts in a story's history as the server has them."""
    return [x.action for x in fake.actions(number)]
