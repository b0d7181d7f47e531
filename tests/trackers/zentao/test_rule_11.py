"""The eleventh rule: creating is not idempotent, so after a lost answer it is looked first."""

from __future__ import annotations

import pytest

from tests.fakes.zentao import FakeZentao
from tests.trackers.impatience import give_up_soon
from tests.trackers.zentao.labs import ANN, PO, Bench, Workshop, draft
from tests.trackers.zentao.raw import Careless


class TestRule11CreatingIsNotIdempotent:
    """After a lost answer it is looked first."""

    def test_careless(self, place: Bench) -> None:
        form = {
            "product": place.product, "title": "t", "spec": "s", "pri": 3, "category": "feature",
            "reviewer": ["ann"],
        }  # fmt: skip
        careless = Careless(place.fake)
        for _ in range(2):
            careless.send("POST", "v1/stories", form)
        assert len(place.fake.stories(place.product)) == 2

    @pytest.mark.parametrize("where", ["place", "old_place"], ids=["22.4", "18.10"])
    @pytest.mark.parametrize("how", ["connection cut", "empty answer", "half a page"])
    def test_a_lost_answer(self, request: pytest.FixtureRequest, where: str, how: str) -> None:
        place: Bench = request.getfixturevalue(where)
        fake = place.fake
        faults = {
            "connection cut": fake.lose_replies,
            "empty answer": fake.empty_answers,
            "half a page": fake.half_pages,
        }
        faults[how]("POST .*/stories$")
        story = place.gateway.create(draft("只建一次", (ANN,)), PO)
        assert [x["id"] for x in fake.stories(place.product)] == [story.number]

    def test_a_time_out_while_the_server_goes_on(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        place = workshop.bench(fake)
        place.gateway.facts()
        give_up_soon(place.client._http, fake.faults)
        fake.hang_after(1.5, "POST .*/stories$", times=1)
        story = place.gateway.create(draft("只建一次"), PO)
        assert [x["id"] for x in fake.stories(place.product)] == [story.number]

    def test_the_same_title_twice_on_purpose(self, place: Bench) -> None:
        first = place.gateway.create(draft("一样"), PO)
        place.fake.lose_replies("POST .*/stories$")
        second = place.gateway.create(draft("一样"), PO)
        assert second.number > first.number

    def test_a_later_process_finds_what_an_earlier_one_made(
        self, place: Bench, workshop: Workshop
    ) -> None:
        began = place.client.now()
        made = place.gateway.create(draft("一样"), PO)
        again = workshop.bench(place.fake).gateway.with_book(place.book)
        found = again.created_already(draft("一样"), began)
        assert found is not None
        assert found.number == made.number
        assert again.created_already(draft("一样"), began, known=[made.number]) is None
        assert again.created_already(draft("一样", spec="另一段"), began) is None
        assert again.created_already(draft("别的"), began) is None
