"""What stands around stories: products, plans, people, the feed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from domain.errors import NotFoundError, UserError
from domain.stories import ClosedReason, Verdict
from tests.fakes.zentao import BOT, FakeZentao
from tests.trackers.zentao.labs import ANN, PLAN, PO, PRODUCT, Bench, Workshop, draft
from trackers.zentao.errors import ZentaoRefused

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BOTH = pytest.mark.parametrize("where", ["place", "old_place"], ids=["22.4", "18.10"])


def of(request: pytest.FixtureRequest, where: str) -> Bench:
    found: Bench = request.getfixturevalue(where)
    return found


class TestPlans:
    """Productplans in and out."""

    @BOTH
    def test_a_plan_is_read(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        undated = place.fake.add_plan(place.product, "以后 & 再说")
        plans = place.gateway.plans(str(place.product))
        assert [(x.title, x.begins, x.ends, x.status) for x in plans] == [
            ("2.3", date(2026, 12, 1), date(2026, 12, 31), "wait"),
            ("以后 & 再说", None, None, "wait"),
        ]
        assert place.gateway.plan(str(undated)).begins is None

    @BOTH
    def test_a_plan_is_made_and_moved(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        made = place.gateway.create_plan(
            str(place.product), "<b> & 😀", date(2026, 12, 1), date(2026, 12, 4)
        )
        moved = place.gateway.edit_plan(made.ref, ends=date(2026, 12, 11))
        assert (moved.title, moved.begins, moved.ends) == (
            "<b> & 😀",
            date(2026, 12, 1),
            date(2026, 12, 11),
        )

    def test_an_edit_keeps_the_description(self, place: Bench) -> None:
        ref = place.fake.add_plan(
            place.product, "x", "2026-12-01", "2026-12-04", desc="<p>目标 <b>粗</b></p>"
        )
        before = place.fake.plan(ref)["desc"]
        place.gateway.edit_plan(str(ref), title="y")
        assert place.fake.plan(ref)["desc"] == before

    def test_an_undated_plan_gets_days_and_a_title(self, place: Bench) -> None:
        made = place.gateway.create_plan(str(place.product), "以后", None, None)
        assert (made.begins, made.ends) == (None, None)
        assert place.gateway.edit_plan(made.ref, title="很快").title == "很快"
        dated = place.gateway.edit_plan(made.ref, begins=date(2026, 12, 1), ends=date(2026, 12, 2))
        assert (dated.begins, dated.ends) == (date(2026, 12, 1), date(2026, 12, 2))

    def test_what_zentao_refuses_without_a_word_is_said(self, place: Bench) -> None:
        ref = str(place.product)
        with pytest.raises(UserError) as refused:
            place.gateway.create_plan(ref, "x", date(2026, 12, 4), date(2026, 12, 1))
        assert refused.value.key == "zentao.plan_days"
        with pytest.raises(UserError):
            place.gateway.create_plan(ref, "  ", None, None)

    def test_a_lost_answer_makes_no_second_plan(self, place: Bench) -> None:
        place.fake.lose_replies("POST .*/plans")
        made = place.gateway.create_plan(str(place.product), "只建一次", None, None)
        titles = [x.title for x in place.gateway.plans(str(place.product))]
        assert titles.count("只建一次") == 1
        assert made.title == "只建一次"

    @BOTH
    def test_unknown_ones(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        for call in (
            lambda: place.gateway.plan("999"),
            lambda: place.gateway.plans("999"),
            lambda: place.gateway.create_plan("999", "x", None, None),
        ):
            with pytest.raises(NotFoundError):
                call()

    def test_many_plans_come_whole(self, place: Bench) -> None:
        for number in range(205):
            place.fake.add_plan(place.product, f"p{number}")
        plans = place.gateway.plans(str(place.product))
        assert len({x.ref for x in plans}) == 206


class TestPeople:
    """Accounts with what may tell who they are."""

    def test_profiles(self, place: Bench) -> None:
        place.fake.add_user(
            "lisi", realname="李四 & 子", email="li@x.cn", dingding="d1", slack="U1"
        )
        found = {x.account: x for x in place.gateway.users()}
        assert found["lisi"].name == "李四 & 子"
        assert found["lisi"].addresses == {"email": "li@x.cn", "dingding": "d1", "slack": "U1"}
        assert found["lisi"].role == "po"

    def test_without_the_privilege_names_remain(self, place: Bench) -> None:
        place.fake.revoke(BOT, "company-browse")
        assert {"ann", "ben"} <= {x.account for x in place.gateway.users()}

    @BOTH
    def test_one(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        place.fake.add_user("lisi", realname="李四", email="li@x.cn", mobile="138")
        one = place.gateway.user("lisi")
        assert one is not None
        assert one.addresses == {"email": "li@x.cn", "mobile": "138"}
        assert place.gateway.user("nobody") is None
        assert place.gateway.reviewable_by(["lisi", "nobody", "ann"]) == ("lisi", "ann")

    @BOTH
    def test_products(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        hidden = place.fake.add_product("机密", acl="private", po="admin")
        found = {x.ref: x.name for x in place.gateway.products()}
        assert str(place.product) in found
        assert str(hidden) not in found


class TestFeed:
    """What happened since a cursor."""

    def test_a_quiet_minute_is_one_request(self, place: Bench) -> None:
        place.gateway.create(draft(), PO)
        start = place.gateway.newest()
        assert start.cursor_at is not None
        place.fake.forget_requests()
        page = place.gateway.feed(start.cursor, start.cursor_at)
        assert (page.actions, page.cursor, page.complete) == ((), start.cursor, True)
        assert len(place.fake.requests) == 1

    def test_everything_that_the_log_holds(self, place: Bench) -> None:
        number = place.gateway.create(draft("x", (ANN,)), PO).number
        start = place.gateway.newest()
        assert start.cursor_at is not None
        person = place.fake.person("ann")
        person.review(number, "clarify", "不清楚")
        place.fake.person("admin").edit(number, title="新标题")
        place.gateway.link_plan(number, PLAN, PO)
        place.fake.person("admin").delete(number)
        page = place.gateway.feed(start.cursor, start.cursor_at)
        told = [(x.kind, x.action.action, x.ours) for x in page.actions]
        assert ("story", "reviewed", False) in told
        assert ("story", "edited", False) in told
        assert ("story", "deleted", False) in told
        reviewed = next(x for x in page.actions if x.action.action == "reviewed")
        assert (reviewed.action.actor, reviewed.action.comment) == (ANN, "不清楚")
        assert [x.id for x in page.actions] == sorted(x.id for x in page.actions)
        assert place.gateway.feed(page.cursor, page.cursor_at or LONG_AGO).actions == ()

    @pytest.mark.parametrize("count", [49, 50, 51, 450])
    def test_a_busy_minute_loses_nothing(self, place: Bench, count: int) -> None:
        start = place.gateway.newest()
        since = start.cursor_at or place.client.now()
        number = place.fake.add_story(place.product, "x")
        for n in range(count):
            place.fake.person("admin").edit(number, title=f"标题 {n}")
        page = place.gateway.feed(start.cursor, since)
        edits = [x for x in page.actions if x.action.action == "edited"]
        assert len(edits) == count

    def test_times_are_utc(self, place: Bench) -> None:
        before = place.client.now().replace(microsecond=0)
        place.fake.add_story(place.product, "x")
        newest = place.gateway.newest()
        assert newest.cursor_at is not None
        assert timedelta() <= newest.cursor_at - before < timedelta(minutes=1)

    def test_an_old_server_tells_what_was_made_and_edited(self, old_place: Bench) -> None:
        place = old_place
        quiet = place.fake.add_story(place.product, "不动的", openedDate="2026-01-01 00:00:00")
        since = place.client.now() - timedelta(seconds=2)
        number = place.gateway.create(draft(), PO).number
        place.gateway.close(number, ClosedReason.DONE, "", PO)
        page = place.gateway.feed(0, since, product_ref=str(place.product))
        assert not page.complete
        acts = [x.action.action for x in page.actions if x.action.number == number]
        assert acts[0] == "opened"
        assert acts[-1] == "closed"
        assert quiet not in {x.action.number for x in page.actions}
        again = place.gateway.feed(
            page.cursor, page.cursor_at or since, product_ref=str(place.product)
        )
        assert again.actions == ()

    @BOTH
    def test_our_own_acts_are_ours(self, request: pytest.FixtureRequest, where: str) -> None:
        place = of(request, where)
        number = place.gateway.create(draft("x", (ANN,)), PO).number
        place.gateway.record_verdict(number, Verdict.PASS, "好", PO)
        place.fake.person("ann").edit(number, title="她的")
        actions = place.gateway.remote(number).actions
        ours = [x.ours for x in actions if x.action.action != "reviewpassed"]
        assert ours == [True] * (len(ours) - 1) + [False]


@BOTH
def test_a_refused_sheet_leaves_nothing_behind(request: pytest.FixtureRequest, where: str) -> None:
    place = of(request, where)
    place.fake.grant(BOT, "story-delete")
    with pytest.raises(UserError):
        place.gateway.create_all([draft("a"), draft("b", priority=9)], PO)
    assert place.fake.stories(place.product) == [], "checked before the first"
    made = place.gateway.create_all([draft("a"), draft("b")], PO)
    assert [x.title for x in made] == ["a", "b"]
    assert len(place.gateway.stories(PRODUCT)) == 2


def test_a_refusal_in_the_middle_takes_back_what_was_made(
    fake: FakeZentao, workshop: Workshop
) -> None:
    calls: list[str] = []

    class Picky(httpx.HTTPTransport):
        """Refuses the second creation."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and request.url.path.endswith("/stories"):
                calls.append("create")
                if len(calls) == 2:
                    return httpx.Response(400, json={"error": {"title": ["『研发需求名称』…"]}})
            return super().handle_request(request)

    place = workshop.bench(fake, transport=Picky())
    fake.grant(BOT, "story-delete")
    with pytest.raises(ZentaoRefused):
        place.gateway.create_all([draft("a"), draft("b"), draft("c")], PO)
    assert fake.stories(place.product) == []
    assert len(calls) == 2


class Stingy(httpx.HTTPTransport):
    """Asks for pages of three, whatever was asked for: servers set limits of their own."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for name in ("limit", "recPerPage"):
            if int(request.url.params.get(name, 0)) > 3 and "dynamic" not in request.url.path:
                request.url = request.url.copy_set_param(name, 3)
        return super().handle_request(request)


@pytest.mark.parametrize("version", ["22.4", "18.10"])
def test_a_server_that_gives_small_pages_gives_everything(
    start_fake: Callable[[str], FakeZentao], workshop: Workshop, version: str
) -> None:
    fake = start_fake(version)
    place = workshop.bench(fake, transport=Stingy())
    fake.add_stories(place.product, 8)
    for number in range(7):
        fake.add_plan(place.product, f"p{number}")
        fake.add_product(f"q{number}")
        fake.add_user(f"u{number}")
    assert len(place.gateway.stories(PRODUCT)) == 8
    assert len(place.gateway.plans(str(place.product))) == 8
    assert len(place.gateway.products()) == 8
    assert len({x.account for x in place.gateway.users()}) == 12


@pytest.mark.parametrize(
    ("status", "version", "voted", "now"),
    [
        pytest.param("draft", 1, False, "reviewing", id="a new story waits for its reviewers"),
        pytest.param("draft", 1, True, "draft", id="they want it clarified"),
        pytest.param("changing", 2, False, "reviewing", id="a change waits"),
        pytest.param("active", 1, False, "active", id="a super reviewer decided alone"),
        pytest.param("closed", 1, False, "closed", id="closed is closed"),
    ],
)
def test_open_votes_are_the_review_where_nothing_can_be_submitted(
    old_place: Bench, status: str, version: int, voted: bool, now: str
) -> None:
    place = old_place
    number = place.fake.add_story(
        place.product, "x", status=status, version=version, reviewers=["ann"]
    )
    if voted:
        place.fake.state.votes[number, version]["ann"] = "clarify"
    assert not place.gateway.facts().submits
    assert place.gateway.story(number).status == now
