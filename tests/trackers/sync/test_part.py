"""ZenTao as a part of the running program: hooks, the mirror's thread, effects."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.core import Core, build_core
from bot.settings import load_settings
from bot.vault import Vault
from bot.zentao.hook import hook_secret, hook_url
from bot.zentao.part import ZentaoPart
from bot.zentao.worker import Worker
from domain.ids import new_id
from domain.people import Person, Product, Workspace
from domain.tracking import ZENTAO, ImportState, Origin, ProductImport
from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.harness import MONDAY
from tests.waiting import until


class Web:
    """Asks routes over ASGI."""

    def __init__(self, *routes: BaseRoute) -> None:
        self._app = Starlette(routes=list(routes))

    def post(self, path: str) -> int:
        return asyncio.run(self._ask("POST", path))

    def get(self, path: str) -> int:
        return asyncio.run(self._ask("GET", path))

    async def _ask(self, method: str, path: str) -> int:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://duban") as client:
            return (await client.request(method, path, json={"text": "x"})).status_code


@dataclass(frozen=True, slots=True)
class Running:
    core: Core
    part: ZentaoPart
    fake: FakeZentao
    workspace: Workspace
    product: Product
    remote: int

    @property
    def key(self) -> str:
        return self.core.settings.secret_keys[0]


@pytest.fixture
def running(sqlite_url: str, tmp_path: Path) -> Iterator[Running]:
    with FakeZentao() as fake:
        settings = load_settings({
            "DUBAN_DATABASE_URL": sqlite_url, "DUBAN_DATA_DIR": str(tmp_path / "data"),
            "ZENTAO_URL": fake.url, "ZENTAO_ACCOUNT": BOT, "ZENTAO_PASSWORD": BOT_PASSWORD,
        })  # fmt: skip
        core = build_core(settings)
        assert settings.zentao is not None
        workspace = core.store.create_workspace(
            "公司", locale="zh", zone="Asia/Shanghai", country="CN", now=MONDAY
        )
        remote = fake.add_product("物流")
        fake.add_stories(remote, 3)
        product = Product(new_id(), "tms", "物流", ZENTAO, str(remote))
        with core.store.write(workspace.id) as uow:
            uow.products.add(product)
            po = Person(new_id(), "po", "陈敏")
            uow.people.add(po)
            now = core.clock.now()
            uow.tracker_imports.save(
                ProductImport(product.id, str(remote), ImportState.LISTING, po.id, Origin(), now)
            )
        part = ZentaoPart(core, settings.zentao, Vault(settings.secret_keys))
        yield Running(core, part, fake, workspace, product, remote)
        part.stop()
        core.intake.close()
        core.store.database.close()


def _titles(running: Running) -> set[str]:
    with running.core.store.read(running.workspace.id) as uow:
        return {s.title for s in uow.stories.of_product(running.product.id)}


@pytest.mark.slow  # a thread and a real clock
def test_a_tick_sets_the_mirror_going_and_a_hook_brings_it_forward(running: Running) -> None:
    running.part.tick(running.core.clock.now())
    threads = {thread.name for thread in threading.enumerate()}
    assert "zentao-sync" in threads, "HTTP has a thread of its own: no tick waits for it"
    until(lambda: _titles(running) == {"需求 1", "需求 2", "需求 3"})

    def ready() -> bool:
        with running.core.store.read(running.workspace.id) as uow:
            item = uow.tracker_imports.get(running.product.id)
        return item is not None and item.state is ImportState.READY

    until(ready)
    client = Web(*running.part.routes())
    number = running.fake.stories(running.remote)[0]["id"]
    running.fake.person("admin").edit(number, title="改了名")

    def hinted() -> bool:
        assert client.post(f"/hooks/zentao/{hook_secret(running.key)}") == 200
        return "改了名" in _titles(running)

    until(hinted)


@pytest.mark.parametrize(
    "secret", [pytest.param("wrong", id="wrong"), pytest.param("%20", id="blank")]
)
def test_a_hook_with_another_word_is_not_heard(running: Running, secret: str) -> None:
    client = Web(*running.part.routes())
    assert client.post(f"/hooks/zentao/{secret}") == 404
    with running.core.store.read(running.workspace.id) as uow:
        assert uow.tracker_feed.get() is None


def test_the_words_of_old_keys_still_open(running: Running) -> None:
    from bot.zentao.hook import hook_route

    heard: list[int] = []
    route = hook_route(("new", "old"), lambda: heard.append(1))
    client = Web(route)
    for key in ("new", "old"):
        assert client.post(f"/hooks/zentao/{hook_secret(key)}") == 200
    assert client.get(f"/hooks/zentao/{hook_secret('new')}") == 405
    assert len(heard) == 2
    assert hook_url("https://po.example/", ("new", "old")).endswith(hook_secret("new"))
    assert hook_secret("new") != hook_secret("old")


def test_what_another_workspace_wants_written_waits(running: Running) -> None:
    """As where no ZenTao is connected at all: nothing is lost once there is one."""
    from domain.ports import Retry
    from storage.messaging import OutboxItem, OutboxStatus

    now = running.core.clock.now()
    item = OutboxItem(
        "x", "tracker:x", "tracker", {"writes": []}, OutboxStatus.PENDING, 0, now, now
    )
    with pytest.raises(Retry) as later:
        running.part.effects()["tracker"]("another", item)
    assert later.value.patient
    assert not later.value.sent


def test_a_worker_goes_on_while_there_is_more_and_ends() -> None:
    pieces: list[int] = []
    closed = threading.Event()

    def work() -> bool:
        pieces.append(1)
        if len(pieces) == 2:
            raise RuntimeError("one bad piece is no reason to stop working")
        return len(pieces) % 3 != 0

    worker = Worker(work, closed.set)
    worker.wake()
    until(lambda: len(pieces) >= 2)
    worker.wake()
    until(lambda: len(pieces) >= 3)
    worker.stop()
    assert closed.is_set()
    worker.wake()
    assert len(pieces) == 3, "after the end nothing begins"
