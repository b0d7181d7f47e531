"""A company on DingTalk, one for each module of tests: starting it costs more than most tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.dingtalk.inbound.office import Office


@pytest.fixture(scope="module")
def new_office(
    _migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Office]]:
    """Opens offices, each with a database of its own; they are closed at the end."""
    with ExitStack() as open_ones:

        def opened(**more: Any) -> Office:
            folder = tmp_path_factory.mktemp("office")
            file = folder / "duban.sqlite"
            shutil.copyfile(_migrated_file, file)
            office = Office(f"sqlite:///{file}", folder, **more)
            return open_ones.enter_context(office.open())

        yield opened


@pytest.fixture(scope="module")
def office(new_office: Callable[..., Office]) -> Office:
    """An office with a product in its group."""
    office = new_office()
    office.furnish()
    return office
