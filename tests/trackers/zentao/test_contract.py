"""The gateway keeps to the contract of trackers on both versions, and on a real server if given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.zentao import FakeZentao
from tests.trackers.contract import Abilities, Lab, TrackerContract
from tests.trackers.zentao.labs import ANN, BEN, PLAN, PO, PRODUCT, Workshop, furnish

NEW = Abilities(
    changes_unreviewed=False,
    makes_modules=False,
    keeps_stage=False,
    # The API account takes the reviewers' place to record an outcome, which is an edit.
    beside=frozenset({"edited"}),
)
OLD = Abilities(
    makes_modules=False,
    keeps_stage=False,
    rewrites=False,
    logs_submission=False,
    beside=frozenset({"edited"}),
)


@pytest.fixture(scope="module", params=["22.4", "18.10"])
def server(request: pytest.FixtureRequest) -> Iterator[FakeZentao]:
    with FakeZentao(request.param) as fake:
        furnish(fake)
        yield fake


@pytest.fixture
def lab(server: FakeZentao, workshop: Workshop) -> Lab:
    place = workshop.bench(server)
    abilities = NEW if place.gateway.facts().v2 else OLD
    return Lab(place.gateway, PRODUCT, PLAN, (PO, ANN, BEN), abilities, module="")


class TestZentaoGateway(TrackerContract):
    """Every test of the contract, on 22.4 and on 18.10."""
