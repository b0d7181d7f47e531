"""What a server is like, and what the account may do there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.fakes.zentao import BOT, FakeZentao
from tests.trackers.zentao.labs import PO, Bench, Workshop, draft
from trackers.zentao.errors import ZentaoBroken
from trackers.zentao.probe import probe
from trackers.zentao.remote import Right


class TestProbing:
    """What a server is like."""

    def test_a_new_one(self, place: Bench) -> None:
        facts = place.gateway.facts()
        assert (facts.version, facts.edition, facts.v2) == ("22.4", "open", True)
        assert (facts.zone, facts.language) == ("Asia/Shanghai", "zh-cn")
        assert facts.review_required
        assert abs(facts.clock_skew) < 60

    def test_an_old_one(self, old_place: Bench) -> None:
        facts = old_place.gateway.facts()
        assert (facts.version, facts.v2) == ("18.10", False)

    def test_it_is_asked_once(self, place: Bench) -> None:
        place.gateway.facts()
        place.fake.forget_requests()
        place.gateway.with_book(place.book).facts()
        assert place.fake.requests == []

    def test_what_an_administrator_set(self, fake: FakeZentao, workshop: Workshop) -> None:
        fake.settings.review_required = False
        fake.settings.zone = ZoneInfo("Europe/Berlin")
        fake.settings.request_type = "GET"
        place = workshop.bench(fake)
        facts = place.gateway.facts()
        assert (facts.review_required, facts.zone, facts.pretty) == (False, "Europe/Berlin", False)
        assert place.gateway.url(8) == f"{fake.url}/index.php?m=story&f=view&id=8"

    def test_pretty_addresses(self, place: Bench) -> None:
        assert place.gateway.url(8) == f"{place.fake.url}/story-view-8.html"

    @pytest.mark.parametrize(
        ("version", "edition", "number"),
        [
            ("22.4", "open", "22.4"),
            ("biz8.10", "biz", "8.10"),
            ("20.0.beta2", "open", "20.0.beta2"),
        ],
    )
    def test_editions(self, version: str, edition: str, number: str, workshop: Workshop) -> None:
        fake = FakeZentao("22.4")
        transport = httpx.MockTransport(
            lambda request: (
                httpx.Response(200, json={"version": version, "requestType": "GET"})
                if "getconfig" in str(request.url)
                else httpx.Response(201, json={"token": "t"})
                if "tokens" in request.url.path
                else httpx.Response(200, json=[])
            )
        )
        with fake:
            facts = probe(workshop.client(fake, transport=transport))
        assert (facts.edition, facts.version, facts.v2) == (edition, number, False)

    def test_something_that_is_no_zentao(self, fake: FakeZentao, workshop: Workshop) -> None:
        transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"hello": "world"}))
        with pytest.raises(ZentaoBroken):
            probe(workshop.client(fake, transport=transport))


class TestRights:
    """Each privilege is tried, and nothing is changed by it."""

    def _missing(self, rights: tuple[Right, ...]) -> set[str]:
        return {x.name for x in rights if x.granted is False}

    def test_nothing_changes(self, place: Bench) -> None:
        place.gateway.create(draft(), PO)
        actions = len(place.fake.state.actions)
        rows = len(place.fake.state.stories), len(place.fake.state.plans)
        place.gateway.rights()
        assert len(place.fake.state.actions) == actions
        assert (len(place.fake.state.stories), len(place.fake.state.plans)) == rows

    def test_what_the_shipped_role_lacks(self, place: Bench) -> None:
        place.fake.revoke(BOT, "story-submitReview")
        missing = self._missing(place.gateway.rights())
        assert missing == {
            "story-submitReview", "productplan-start", "productplan-finish", "productplan-close",
            "productplan-activate",
        }  # fmt: skip
        by_hand = {x.name for x in place.gateway.rights() if x.by_hand}
        assert missing <= by_hand

    @pytest.mark.parametrize(
        "privilege",
        [
            "story-create", "story-edit", "story-change", "story-review", "story-recall",
            "story-close", "story-activate", "story-assignTo", "story-view", "productplan-create",
            "productplan-edit", "productplan-linkStory", "productplan-browse", "company-dynamic",
            "action-comment",
        ],
    )  # fmt: skip
    def test_each_missing_one_is_named(self, place: Bench, privilege: str) -> None:
        place.fake.revoke(BOT, privilege)
        assert privilege in self._missing(place.gateway.rights())

    @pytest.mark.parametrize("privilege", ["story-edit", "story-close", "productplan-linkStory"])
    def test_on_an_old_server(self, old_place: Bench, privilege: str) -> None:
        old_place.fake.revoke(BOT, privilege)
        assert privilege in self._missing(old_place.gateway.rights())
