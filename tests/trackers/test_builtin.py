"""The built-in tracker keeps to the contract, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from domain.ids import new_id
from domain.people import Person, Product
from domain.plans.model import Plan
from domain.stories import Stage, StoryDraft
from storage.database import Database
from storage.uow import Store
from tests.trackers.contract import Lab, TrackerContract
from trackers.builtin import BuiltinTracker

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture
def lab(db: Database) -> Iterator[Lab]:
    store = Store(db)
    workspace = store.create_workspace("w", locale="zh", zone="UTC", country="CN", now=NOW)
    with store.write(workspace.id) as uow:
        product = Product(new_id(), "tms", "物流")
        uow.products.add(product)
        plan = Plan(new_id(), product.id, "v2.3")
        uow.plans.add(plan, by=None, at=NOW)
        ids = (new_id(), new_id(), new_id())
        for person_id, handle in zip(ids, ("po", "a", "b"), strict=True):
            uow.people.add(Person(person_id, handle, handle))
        yield Lab(BuiltinTracker(uow.stories, NOW), product.id, plan.id, ids)


class TestBuiltinTracker(TrackerContract):
    """Every test of the contract."""


def test_times_follow_what_happens(db: Database) -> None:
    store = Store(db)
    workspace = store.create_workspace("w", locale="zh", zone="UTC", country="CN", now=NOW)
    with store.write(workspace.id) as uow:
        product = Product(new_id(), "tms", "物流")
        uow.products.add(product)
        po = Person(new_id(), "po", "po")
        uow.people.add(po)
        number = BuiltinTracker(uow.stories, NOW).create(StoryDraft(product.id, "x"), po.id).number
        later = NOW + timedelta(days=1)
        BuiltinTracker(uow.stories, later).assign(number, po.id, po.id)
        story = uow.stories.get(number)
        assert (story.opened_at, story.changed_at, story.stage_at) == (NOW, later, NOW)
        BuiltinTracker(uow.stories, later).set_stage(number, Stage.TESTED, po.id)
        assert uow.stories.get(number).stage_at == later


def test_two_at_once_lose_nothing(db: Database) -> None:
    store = Store(db)
    workspace = store.create_workspace("w", locale="zh", zone="UTC", country="CN", now=NOW)
    with store.write(workspace.id) as uow:
        product, po = Product(new_id(), "tms", "物流"), Person(new_id(), "po", "po")
        uow.products.add(product)
        uow.people.add(po)
        number = BuiltinTracker(uow.stories, NOW).create(StoryDraft(product.id, "x"), po.id).number

    def stage() -> None:
        with store.write(workspace.id) as other:
            BuiltinTracker(other.stories, NOW).set_stage(number, Stage.TESTED, po.id)

    with ThreadPoolExecutor(1) as pool:
        with store.write(workspace.id) as uow:
            tracker = BuiltinTracker(uow.stories, NOW)
            assert uow.stories.state(number, to_write=True).story.assigned_to is None
            second = pool.submit(stage)
            with pytest.raises(TimeoutError):
                second.result(0.5)  # it must not even read before we are done
            tracker.assign(number, po.id, po.id)
        second.result(30)
    with store.read(workspace.id) as uow:
        story = uow.stories.get(number)
    assert (story.assigned_to, story.stage) == (po.id, Stage.TESTED)
