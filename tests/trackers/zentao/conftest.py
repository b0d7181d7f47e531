"""Fake servers of both versions, and gateways to them that are closed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.fakes.zentao import FakeZentao
from tests.trackers.zentao.labs import Bench, Workshop, furnish


@pytest.fixture
def start_fake() -> Iterator[Callable[[str], FakeZentao]]:
    """Starts servers of a version."""
    started: list[FakeZentao] = []

    def start(version: str) -> FakeZentao:
        fake = FakeZentao(version).start()
        furnish(fake)
        started.append(fake)
        return fake

    yield start
    for fake in started:
        fake.stop()


@pytest.fixture
def fake(start_fake: Callable[[str], FakeZentao]) -> FakeZentao:
    """A 22.4."""
    return start_fake("22.4")


@pytest.fixture
def old(start_fake: Callable[[str], FakeZentao]) -> FakeZentao:
    """An 18.10."""
    return start_fake("18.10")


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    """Makes benches and other accounts' gateways."""
    made = Workshop()
    yield made
    made.close()


@pytest.fixture
def place(fake: FakeZentao, workshop: Workshop) -> Bench:
    """A bench on a 22.4."""
    return workshop.bench(fake)


@pytest.fixture
def old_place(old: FakeZentao, workshop: Workshop) -> Bench:
    """A bench on an 18.10."""
    return workshop.bench(old)
