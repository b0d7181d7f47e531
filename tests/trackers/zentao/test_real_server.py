"""The contract on a real ZenTao, where one is named in the environment.

Set ``ZENTAO_URL``, ``ZENTAO_ACCOUNT`` and ``ZENTAO_PASSWORD`` and run this file. Each test makes a
product of its own, whose name begins with ``duban-contract``, and deletes it again; nothing else on
the server is touched. The account needs the privileges of the manual, ``product-create`` and
``product-delete``, and two other accounts must exist, who are named as reviewers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import uuid4

import pytest

from domain.clock import SystemClock
from tests.trackers.contract import Abilities, Lab, TrackerContract
from tests.trackers.zentao.labs import ANN, BEN, PLAN, PO, PRODUCT
from trackers.zentao.book import FixedBook
from trackers.zentao.client import V1, Call, Client
from trackers.zentao.gateway import ZentaoGateway

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client(zentao_server: Mapping[str, str]) -> Iterator[Client]:
    made = Client(
        zentao_server["url"], zentao_server["account"], zentao_server["password"], SystemClock()
    )
    yield made
    made.close()


@pytest.fixture(scope="module")
def gateway(client: Client) -> ZentaoGateway:
    """Without a book: it knows the server, and nobody's products yet."""
    return ZentaoGateway(client, FixedBook())


@pytest.fixture(scope="module")
def reviewers(client: Client, gateway: ZentaoGateway) -> tuple[str, str]:
    others = [x.account for x in gateway.users() if x.account != client.account]
    assert len(others) >= 2, "the server needs two accounts beside the one of the tests"
    return others[0], others[1]


@pytest.fixture
def lab(client: Client, gateway: ZentaoGateway, reviewers: tuple[str, str]) -> Iterator[Lab]:
    form = {"name": f"duban-contract {uuid4().hex[:12]}", "acl": "open", "type": "normal"}
    product = str(client.call(Call("POST", f"{V1}/products", "product-create", body=form))["id"])
    try:
        plan = gateway.create_plan(product, "2.3", date(2026, 12, 1), date(2026, 12, 31))
        book = FixedBook(
            accounts={PO: client.account, ANN: reviewers[0], BEN: reviewers[1]},
            names={PO: "Duban", ANN: reviewers[0], BEN: reviewers[1]},
            plans={PLAN: plan.ref},
            products={PRODUCT: product},
        )
        people = (PO, ANN, BEN)
        yield Lab(gateway.with_book(book), PRODUCT, PLAN, people, _abilities(gateway), module="")
    finally:
        client.call(Call("DELETE", f"{V1}/products/{product}", "product-delete"))


def _abilities(gateway: ZentaoGateway) -> Abilities:
    facts = gateway.facts()
    return Abilities(
        changes_unreviewed=not facts.review_required,
        makes_modules=False,
        keeps_stage=False,
        resumes_reviews=not facts.submits,
        rewrites=facts.v2,
        logs_submission=facts.v2,
        beside=frozenset({"edited"}),
    )


class TestRealZentao(TrackerContract):
    """Every test of the contract."""
