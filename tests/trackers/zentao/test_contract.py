"""The gateway keeps to the contract of trackers on both versions, and on a real server if given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.fakes.zentao import FakeZentao
from tests.trackers.contract import Abilities, Lab, TrackerContract
from tests.trackers.zentao.labs import ANN, BEN, PLAN, PO, PRODUCT, Workshop, furnish
from tests.trackers.zentao.raw import Deaf

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
    resumes_reviews=True,
    rewrites=False,
    logs_submission=False,
    beside=frozenset({"edited"}),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A server to try.

    :param deaf: its edit over v1 does not know the status, so a story cannot be put under review
        by it: on 18.x that is what open votes mean.
    """

    version: str
    deaf: bool = False


KINDS = [
    pytest.param(Kind("22.4"), id="22.4"),
    pytest.param(Kind("18.10"), id="18.10"),
    pytest.param(Kind("18.10", deaf=True), id="18.10 without status"),
]


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest) -> Iterator[tuple[FakeZentao, Kind]]:
    kind: Kind = request.param
    with FakeZentao(kind.version) as fake:
        furnish(fake)
        yield fake, kind


@pytest.fixture
def lab(server: tuple[FakeZentao, Kind], workshop: Workshop) -> Lab:
    fake, kind = server
    place = workshop.bench(fake, transport=Deaf() if kind.deaf else None)
    abilities = NEW if place.gateway.facts().v2 else OLD
    return Lab(place.gateway, PRODUCT, PLAN, (PO, ANN, BEN), abilities, module="")


class TestZentaoGateway(TrackerContract):
    """Every test of the contract, on 22.4 and on 18.10."""
