"""What digests and reminders ask of the stories."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.errors import ConflictError, NotFoundError
from domain.ids import new_id
from domain.people import Product
from domain.plans.model import Plan
from domain.stories import Stage, Status, Story
from domain.story_store import StoryState
from storage.database import Database
from storage.uow import Store, UnitOfWork

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def add(uow: UnitOfWork, product: Product, number: int, stage: Stage, **fields: object) -> None:
    status = Status.CLOSED if stage is Stage.CLOSED else Status.ACTIVE
    story = Story(number, product.id, f"需求 {number}", status, stage, 1)
    state = StoryState(replace(story, stage_at=NOW - timedelta(days=number), **fields))  # pyright: ignore[reportArgumentType]
    uow.stories.insert([(state, ("opened",))], actor=None, at=NOW)


@pytest.fixture
def store(db: Database) -> Store:
    return Store(db)


@pytest.fixture
def workspace(store: Store) -> str:
    return store.create_workspace("w", locale="zh", zone="UTC", country="CN", now=NOW).id


@pytest.fixture
def product(store: Store, workspace: str) -> Product:
    product = Product(new_id(), "tms", "物流")
    with store.write(workspace) as uow:
        uow.products.add(product)
    return product


def test_what_waits_is_asked_by_stage_longest_first(
    store: Store, workspace: str, product: Product
) -> None:
    with store.write(workspace) as uow:
        for number, stage in enumerate(
            (Stage.TESTED, Stage.TESTED, Stage.VERIFIED, Stage.RELEASED, Stage.CLOSED), 1
        ):
            add(uow, product, number, stage)
        tested = uow.stories.tested_unverified(product.id)
        verified = uow.stories.verified_unclosed(product.id)
    assert [s.number for s in tested] == [2, 1]
    assert [s.number for s in verified] == [4, 3]
    assert tested[0].stage_at == NOW - timedelta(days=2)


def test_counts(store: Store, workspace: str, product: Product) -> None:
    with store.write(workspace) as uow:
        plan = Plan(new_id(), product.id, "v1")
        uow.plans.add(plan, by=None, at=NOW)
        add(uow, product, 1, Stage.TESTED, plan_id=plan.id)
        add(uow, product, 2, Stage.TESTED)
        add(uow, product, 3, Stage.CLOSED)
        tested, closed = (Status.ACTIVE, Stage.TESTED), (Status.CLOSED, Stage.CLOSED)
        assert uow.stories.counts(product.id) == {tested: 2, closed: 1}
        assert uow.stories.counts(product.id, plan.id) == {tested: 1}
        assert uow.stories.counts_by_product() == {product.id: {tested: 2, closed: 1}}
        assert [s.number for s in uow.stories.of_plan(plan.id)] == [1]


def test_a_plan_that_goes_leaves_its_stories(
    store: Store, workspace: str, product: Product
) -> None:
    with store.write(workspace) as uow:
        plan = Plan(new_id(), product.id, "v1")
        uow.plans.add(plan, by=None, at=NOW)
        add(uow, product, 1, Stage.PLANNED, plan_id=plan.id)
        uow.plans.remove(plan.id)
        assert uow.stories.get(1).plan_id is None


def test_every_save_asks_the_next_tick_to_look(
    store: Store, workspace: str, product: Product
) -> None:
    with store.write(workspace) as uow:
        add(uow, product, 1, Stage.WAIT)
        assert [(d.kind, d.subject_id) for d in uow.schedule.due(NOW)] == [("story", "1")]
        uow.schedule.set("story", "1", product.id, NOW + timedelta(days=9))
        uow.stories.update(uow.stories.state(1, to_write=True))
        assert [(d.kind, d.subject_id) for d in uow.schedule.due(NOW)] == [("story", "1")]


def test_numbers_of_another_tracker_are_skipped(
    store: Store, workspace: str, product: Product
) -> None:
    with store.write(workspace) as uow:
        add(uow, product, 2, Stage.WAIT)
        add(uow, product, 3, Stage.WAIT)
        assert uow.stories.next_numbers(3) == (1, 4, 5)
        assert uow.stories.next_numbers(1) == (6,)


def test_a_number_is_taken_once(store: Store, workspace: str, product: Product) -> None:
    with pytest.raises(ConflictError), store.write(workspace) as uow:
        add(uow, product, 7, Stage.WAIT)
        add(uow, product, 7, Stage.WAIT)


def test_a_product_that_goes_takes_its_stories_along(
    store: Store, workspace: str, product: Product
) -> None:
    with store.write(workspace) as uow:
        add(uow, product, 1, Stage.WAIT)
        uow.products.remove(product.id)
        assert uow.stories.find(1) is None
        with pytest.raises(NotFoundError):
            uow.stories.history(1)


def test_two_workspaces_have_their_own_numbers(
    store: Store, workspace: str, product: Product
) -> None:
    other = store.create_workspace("v", locale="zh", zone="UTC", country="CN", now=NOW).id
    theirs = Product(new_id(), "tms", "别家")
    with store.write(workspace) as uow:
        add(uow, product, 1, Stage.WAIT)
    with store.write(other) as uow:
        uow.products.add(theirs)
        assert uow.stories.find(1) is None
        add(uow, theirs, 1, Stage.TESTED)
        assert uow.stories.get(1).product_id == theirs.id
        assert uow.stories.of_product(product.id) == ()
