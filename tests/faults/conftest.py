from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.processes import Duban, forks

Start = Callable[..., Duban]


@pytest.fixture
def duban(tmp_path: Path) -> Iterator[Start]:
    """Makes processes by name, each with a folder of its own; all end with the test."""
    made: list[Duban] = []

    def make(name: str = "data", **environment: str) -> Duban:
        process = Duban(forks(), tmp_path / name, **environment)
        made.append(process)
        return process

    yield make
    for process in made:
        process.kill()
