"""A server and an installation that is connected to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.core import Core, build_core
from bot.settings import load_settings
from domain.clock import ManualClock
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.harness import MONDAY

Connect = Callable[..., Core]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(MONDAY)


@pytest.fixture
def fake(request: pytest.FixtureRequest, clock: ManualClock) -> Iterator[FakeZentao]:
    """ZenTao 22.4, or the version that the test asks for."""
    fake = FakeZentao(str(getattr(request, "param", "22.4")), clock=clock.now)
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def connect(
    fake: FakeZentao, clock: ManualClock, sqlite_url: str, tmp_path: Path
) -> Iterator[Connect]:
    """Makes an installation; ``connect(known=False)`` one that knows of no ZenTao yet."""
    made: list[Core] = []

    def make(*, known: bool = True, **environment: str) -> Core:
        ours = {
            "DUBAN_DATA_DIR": str(tmp_path / "data"),
            "DUBAN_DATABASE_URL": sqlite_url,
            "DUBAN_SECRET_KEYS": "key",
        }
        theirs = {
            "ZENTAO_URL": fake.url,
            "ZENTAO_ACCOUNT": BOT,
            "ZENTAO_PASSWORD": BOT_PASSWORD,
        }
        core = build_core(
            load_settings({**ours, **(theirs if known else {}), **environment}), clock
        )
        made.append(core)
        if not core.store.workspaces():
            core.store.create_workspace(
                "公司", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
            )
        return core

    yield make
    for core in made:
        core.store.database.close()


@pytest.fixture
def core(connect: Connect) -> Core:
    """A connected installation."""
    return connect()
