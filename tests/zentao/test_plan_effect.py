"""A plan's dates on their way to ZenTao: late, twice, refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import Core
from bot.zentao.abandoned import abandoned
from bot.zentao.link import make_client
from bot.zentao.plan_effect import PlanEffect
from domain.clock import ManualClock
from domain.ids import new_id
from domain.message_json import from_json
from domain.messages import Card
from domain.people import Person, Product
from domain.plans import Phase, Plan
from domain.ports import Retry
from storage.messaging import OutboxItem, OutboxStatus
from tests.fakes.zentao import BOT, FakeZentao
from tests.harness import MONDAY
from trackers.zentao.book import FixedBook
from trackers.zentao.gateway import ZentaoGateway

FIRST, LAST = date(2026, 12, 3), date(2026, 12, 29)


class Road:
    """A plan of ours, its product in ZenTao, and the effect between them."""

    def __init__(self, core: Core, fake: FakeZentao, clock: ManualClock) -> None:
        settings = core.settings.zentao
        assert settings is not None
        self.core, self.fake = core, fake
        self.workspace = core.store.workspaces()[0].id
        self.product = fake.add_product("物流")
        self.person = Person(new_id(), "po", "陈敏")
        ours = Product(new_id(), "tms", "物流", "zentao", str(self.product))
        phase = Phase(new_id(), "交付", FIRST, LAST)
        self.plan = Plan(new_id(), ours.id, "V1.0", (phase,))
        with core.store.write(self.workspace) as uow:
            uow.people.add(self.person)
            uow.products.add(ours)
            uow.plans.add(self.plan, by=self.person.id, at=MONDAY)
        self.client = make_client(core, settings, None)
        gateway = ZentaoGateway(self.client, FixedBook(products={ours.id: str(self.product)}))
        self.effect = PlanEffect(core.store, clock, lambda _: gateway)

    def bind(self) -> int:
        ref = self.fake.add_plan(self.product, "V1.0", "2026-12-01", "2026-12-25")
        self.plan = replace(self.plan, tracker_ref=str(ref))
        with self.core.store.write(self.workspace) as uow:
            uow.plans.save(self.plan, by=self.person.id, at=MONDAY, act="bound")
        return ref

    def go(self, *, attempts: int = 0, doubtful: bool = False) -> str:
        """What the card says of a try."""
        payload = {
            "plan": self.plan.id, "begins": FIRST.isoformat(), "ends": LAST.isoformat(),
            "person": self.person.id, "channel": None, "thread": None,
        }  # fmt: skip
        item = OutboxItem(
            "i", "tracker:x", "tracker_plan", payload, OutboxStatus.PENDING, attempts, MONDAY,
            MONDAY, begun_at=MONDAY if doubtful else None,
        )  # fmt: skip
        card = self.effect(self.workspace, item)
        assert isinstance(card, Card)
        return render_text(card, Reader("zh", "Asia/Shanghai"))

    def there(self) -> list[tuple[str, str]]:
        plans = [p for p in self.fake.state.plans.values() if not p.deleted]
        return [(p.begin, p.end) for p in plans]


@pytest.fixture
def road(core: Core, fake: FakeZentao, clock: ManualClock) -> Road:
    return Road(core, fake, clock)


@pytest.fixture(autouse=True)
def _let_go(road: Road) -> object:
    yield None
    road.client.close()


@pytest.mark.parametrize("fake", ["22.4", "18.10"], indirect=True)
def test_dates_come_to_stand_there_and_twice_does_no_harm(road: Road) -> None:
    road.bind()
    assert "禅道计划“V1.0”的日期已改为" in road.go()
    road.go(doubtful=True)
    assert road.there() == [("2026-12-03", "2026-12-29")]
    with road.core.store.read(road.workspace) as uow:
        link = uow.plan_links.get(road.plan.id)
    assert link is not None
    assert link.span == road.plan.span, "what synchronisation sees next is no news"


def test_a_plan_that_is_not_there_yet_is_made_once(road: Road) -> None:
    road.fake.lose_replies("POST .*plans")
    assert "已在禅道新建计划“V1.0”" in road.go()
    assert road.there() == [("2026-12-03", "2026-12-29")]
    with road.core.store.read(road.workspace) as uow:
        assert uow.plans.get(road.plan.id).tracker_ref == "1"


def test_a_plan_that_was_made_before_a_crash_is_found_again(road: Road) -> None:
    road.fake.add_plan(road.product, "V1.0", "2026-12-03", "2026-12-29")
    assert "已在禅道新建计划“V1.0”" in road.go(doubtful=True)
    assert road.there() == [("2026-12-03", "2026-12-29")]


def _down(fake: FakeZentao) -> None:
    fake.down()


def _no_login(fake: FakeZentao) -> None:
    fake.refuse_logins()


def _broken(fake: FakeZentao) -> None:
    fake.crash("PUT", times=None)


@pytest.mark.parametrize(
    ("trouble", "patient"),
    [
        pytest.param(_down, True, id="away"),
        pytest.param(_no_login, True, id="a login that stops working"),
        pytest.param(_broken, False, id="a server error"),
    ],
)
def test_trouble_over_there_is_waited_for(
    road: Road, trouble: Callable[[FakeZentao], None], *, patient: bool
) -> None:
    road.bind()
    trouble(road.fake)
    with pytest.raises(Retry) as later:
        road.go()
    assert later.value.patient is patient
    assert road.there() == [("2026-12-01", "2026-12-25")]


def test_what_is_refused_comes_back_with_the_reason(road: Road) -> None:
    road.bind()
    road.fake.revoke(BOT, "productplan-edit")
    shown = road.go()
    assert "禅道没有接受“V1.0”的新日期" in shown
    assert "productplan-edit" in shown


def test_what_nobody_foresaw_comes_back_as_well(road: Road, clock: ManualClock) -> None:
    payload = {"plan": road.plan.id, "person": road.person.id, "channel": None, "thread": None}
    item = OutboxItem(
        "i", "tracker:x", "tracker_plan", payload, OutboxStatus.FAILED, 12, MONDAY, MONDAY
    )
    with road.core.store.write(road.workspace) as uow:
        abandoned(clock)["tracker_plan"](uow, item)
    with road.core.store.read(road.workspace) as uow:
        told = uow.outbox.next_in(f"person:{road.person.id}")
    assert told is not None
    shown = render_text(from_json(told.payload["card"]), Reader("zh", "Asia/Shanghai"))
    assert "禅道没有接受“V1.0”的新日期" in shown
    assert "已不再重试" in shown
    assert "/plan push" in shown
