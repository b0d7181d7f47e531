"""What a real server does besides: other kinds of rows, families of stories, capital letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from domain.stories import ClosedReason, Stage, Status, Verdict
from tests.fakes.zentao import BOT, FakeZentao
from tests.trackers.zentao.labs import ANN, PO, PRODUCT, Bench, Workshop, draft
from trackers.zentao.errors import ZentaoGone
from trackers.zentao.gateway import ZentaoGateway


class Nesting(httpx.HTTPTransport):
    """Puts children into their parents' rows, as the lists of older servers do."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if not request.url.path.endswith("/stories") or request.method != "GET":
            return response
        response.read()
        answer: dict[str, Any] = response.json()
        found = {row["id"]: row | {"children": []} for row in answer["stories"]}
        above = {n: next(iter(row["parent"]), 0) for n, row in found.items()}
        for number, parent in above.items():
            if parent in found:
                found[parent]["children"].append(found[number])
        answer["stories"] = [found[n] for n, parent in above.items() if parent not in found]
        headers = {"Content-Type": "application/json"}
        return httpx.Response(response.status_code, text=json.dumps(answer), headers=headers)


@pytest.fixture(params=["22.4", "18.10"])
def either(request: pytest.FixtureRequest, start_fake: Callable[[str], FakeZentao]) -> FakeZentao:
    return start_fake(request.param)


def test_children_in_their_parents_rows_are_stories_too(
    either: FakeZentao, workshop: Workshop
) -> None:
    place = workshop.bench(either, transport=Nesting())
    parent = either.add_story(place.product, "登录")
    child = either.add_story(place.product, "短信登录", parent=parent)
    grandchild = either.add_story(place.product, "重发短信", parent=child)
    alone = either.add_story(place.product, "导出")
    page = place.gateway.page(str(place.product), 1)
    assert {x.story.number for x in page.stories} == {parent, child, grandchild, alone}
    assert len(page.stories) == page.total


def test_a_requirement_of_users_is_no_story_of_ours(either: FakeZentao, workshop: Workshop) -> None:
    place = workshop.bench(either)
    number = either.add_story(place.product, "用户想要导出", type="requirement")
    with pytest.raises(ZentaoGone):
        place.gateway.story(number)
    assert place.gateway.stories(PRODUCT) == ()


def test_capital_letters_in_the_account_make_nobody_else_of_it(
    either: FakeZentao, workshop: Workshop
) -> None:
    """ZenTao lets such an account in, and writes its own name of it into every row."""
    place = workshop.bench(either)
    client = workshop.client(either, BOT.title())
    assert client.account != BOT
    gateway = ZentaoGateway(client, place.book)
    made = gateway.create(draft(), PO)
    assert client.account == BOT
    assert made.opened_by == PO, "the signature is ours"
    remote = gateway.remote(made.number)
    assert all(x.ours for x in remote.actions)
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    again = gateway.created_already(draft(), begun)
    assert again is not None
    assert again.number == made.number, "it would be made once more otherwise"


def test_the_review_of_such_an_account_decides(either: FakeZentao, workshop: Workshop) -> None:
    place: Bench = workshop.bench(either)
    client = workshop.client(either, BOT.title())
    gateway = ZentaoGateway(client, place.book)

    number = gateway.create(draft(reviewers=(ANN,)), PO).number
    assert gateway.record_verdict(number, Verdict.PASS, "好", PO).status is Status.ACTIVE


def test_the_second_api_is_never_sent_an_empty_account(place: Bench) -> None:
    """It looks for the account that a story is given to, and nobody has seen it take ``""``."""
    gateway = place.gateway
    number = gateway.create(draft(reviewers=(ANN,)), PO).number
    gateway.record_verdict(number, Verdict.PASS, "好", PO)
    gateway.assign(number, ANN, PO)
    story = gateway.assign(number, None, PO, "还没有人手")
    assert story.assigned_to is None
    gateway.set_stage(number, Stage.DEVELOPING, PO)
    gateway.close(number, ClosedReason.POSTPONED, "", PO)
    assert gateway.activate(number, "", PO).assigned_to is None
    bodies = [
        json.loads(x.body) for x in place.fake.requests if "/v2/" in x.path and x.method == "PUT"
    ]
    assert len(bodies) >= 5
    assert [x for x in bodies if x.get("assignedTo", "somebody") == ""] == []
    assert "还没有人手" in " ".join(x.comment for x in gateway.history(number))


@pytest.mark.parametrize("begin", ["", "0000-00-00", "待定"], ids=["none", "zeros", "in words"])
def test_an_undated_plan_is_renamed(either: FakeZentao, workshop: Workshop, begin: str) -> None:
    """However a server writes that a day is open, it takes ``2030-01-01`` for it alone."""
    place = workshop.bench(either)
    ref = either.add_plan(place.product, "以后")
    plan = either.state.plans[ref]
    plan.begin = plan.end = begin
    made = place.gateway.edit_plan(str(ref), title="明年")
    assert (made.title, made.begins, made.ends) == ("明年", None, None)


class Frugal(httpx.HTTPTransport):
    """Takes “all” for its default of three, as lists of stories do (``limit=0`` → 20)."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.params.get("limit") == "0":
            request.url = request.url.copy_set_param("limit", 3)
        return super().handle_request(request)


def test_all_accounts_are_known_without_the_second_api(old: FakeZentao, workshop: Workshop) -> None:
    place = workshop.bench(old, transport=Frugal())
    for number in range(7):
        old.add_user(f"u{number}")
    assert len(place.gateway.users()) == 12
