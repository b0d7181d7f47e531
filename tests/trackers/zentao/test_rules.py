"""The twelve rules of the recorded behaviour. Each test first shows what happens without the guard.

The part that shows the damage fails if the fake forgives it, so that no rule is proved by a server
that would not have done any harm.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from domain.errors import NotFoundError, UserError
from domain.stories import ClosedReason, Stage, Status, Verdict
from tests.fakes.zentao import BOT, FakeZentao
from tests.trackers.zentao.labs import ANN, BEN, PASSWORD, PLAN, PO, PRODUCT, Bench, Workshop, draft
from tests.trackers.zentao.raw import Careless, Liar
from trackers.zentao.base import Votes
from trackers.zentao.book import FixedBook
from trackers.zentao.client import Call
from trackers.zentao.errors import (
    ZentaoAway,
    ZentaoBroken,
    ZentaoForeign,
    ZentaoIgnored,
    ZentaoLogin,
    ZentaoRefused,
)

TITLE = '<b>登录</b> & "引号" 😀'


class TestRule1HttpStatusMeansLittle:
    """Good is one document, not empty, without a complaint; and what is read back."""

    def test_a_refusal_with_status_200_is_refused_in_its_own_words(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        answer = Careless(place.fake).send(
            "PUT", f"v2/stories/{number}/close", {"closedReason": ""}
        )
        assert answer.status_code == 200
        with pytest.raises(ZentaoRefused) as refused:
            place.client.call(_close(number))
        assert "关闭原因" in refused.value.reason

    def test_success_is_believed_only_when_read_back(
        self, fake: FakeZentao, workshop: Workshop
    ) -> None:
        place = workshop.bench(fake, transport=Liar("/close"))
        number = place.gateway.create(draft(), PO).number
        with pytest.raises(ZentaoIgnored):
            place.gateway.close(number, ClosedReason.DONE, "", PO)
        assert place.gateway.story(number).status is Status.DRAFT

    def test_an_empty_answer_to_work_that_was_done_is_success(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        place.fake.empty_answers("PUT .*close")
        assert place.gateway.close(number, ClosedReason.DONE, "", PO).status is Status.CLOSED

    def test_an_error_500_is_no_success(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        place.fake.crash("PUT .*close")
        with pytest.raises(ZentaoBroken):
            place.gateway.close(number, ClosedReason.DONE, "", PO)

    @pytest.mark.parametrize("cut", [False, True], ids=["half a page", "connection cut"])
    def test_half_a_page_is_no_answer(self, place: Bench, *, cut: bool) -> None:
        number = place.gateway.create(draft(), PO).number
        place.fake.half_pages("GET .*/stories/", cut=cut)
        with pytest.raises(ZentaoAway):
            place.gateway.story(number)


def test_rule_2_one_token_is_never_used_twice_at_once(place: Bench) -> None:
    place.fake.add_stories(place.product, 200)
    path = f"v1/products/{place.product}/stories"
    careless = Careless(place.fake)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            list(pool.map(lambda _: careless.send("GET", path, limit=200), range(8)))
    assert careless.send("GET", path).status_code == 401, "it killed its own token"

    logins = place.fake.logins
    with ThreadPoolExecutor(8) as pool:
        lists = list(pool.map(lambda _: place.gateway.stories(PRODUCT), range(24)))
    assert {len(x) for x in lists} == {200}
    assert place.fake.logins == logins + 1, "one login was enough"


class TestRule3LogInAgainOnce:
    """On 401, and on 302 to the login page."""

    def test_a_token_that_died_is_replaced(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        careless = Careless(place.fake)
        place.fake.kill_tokens()
        assert careless.send("GET", f"v2/stories/{number}").status_code == 302
        assert careless.send("PUT", f"v2/stories/{number}/close", {}).status_code == 401
        assert place.gateway.story(number).number == number
        place.fake.kill_tokens()
        assert place.gateway.close(number, ClosedReason.DONE, "", PO).status is Status.CLOSED

    def test_a_login_page_is_not_followed(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        place.fake.login_pages("GET .*/stories/")
        place.fake.forget_requests()
        assert place.gateway.story(number).number == number
        assert place.fake.count("GET .*login") == 0
        assert place.fake.count("POST .*/tokens") == 1

    def test_a_login_that_does_not_help_is_told(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        place.fake.login_pages("GET .*/stories/", times=None)
        place.fake.forget_requests()
        with pytest.raises(ZentaoLogin):
            place.gateway.story(number)
        assert place.fake.count("POST .*/tokens") == 1, "once, not for ever"


class TestRule4ReviewerIsAlwaysAList:
    """A missing key or a text ends in HTTP 500."""

    @pytest.mark.parametrize("reviewer", [None, "ann"], ids=["missing", "a text"])
    def test_careless(self, place: Bench, reviewer: str | None) -> None:
        body = {
            "product": place.product,
            "title": "t",
            "spec": "s",
            "pri": 3,
            "category": "feature",
        }
        if reviewer:
            body["reviewer"] = reviewer
        assert Careless(place.fake).send("POST", "v1/stories", body).status_code == 500

    def test_creating_a_draft(self, place: Bench) -> None:
        assert place.gateway.create(draft(), PO).status is Status.DRAFT

    def test_editing_a_draft_over_v1(self, fake: FakeZentao, workshop: Workshop) -> None:
        fake.weak_password(BOT)  # v2 is closed, v1 of 22.4 is what remains
        place = workshop.bench(fake)
        number = place.gateway.create(draft(), PO).number
        edit = {"title": "t", "pri": 1}
        assert Careless(fake).send("PUT", f"v1/stories/{number}", edit).status_code == 500
        assert place.gateway.edit(number, {"priority": 1}, PO).priority == 1


class TestRule5TheTitleAlwaysGoesAlong:
    """Left out, the server escapes its own escaped title once more, each time."""

    def test_v2_edit(self, place: Bench) -> None:
        hurt, kept = (place.gateway.create(draft(TITLE), PO).number for _ in range(2))
        Careless(place.fake).send("PUT", f"v2/stories/{hurt}", {"pri": 1})
        assert place.fake.story(hurt)["title"] != TITLE
        place.gateway.edit(kept, {"priority": 1}, PO)
        assert place.fake.story(kept)["title"] == TITLE

    def test_v2_stage(self, place: Bench) -> None:
        number = place.gateway.create(draft(TITLE), PO).number
        place.gateway.set_stage(number, Stage.TESTED, PO)
        assert place.fake.story(number)["title"] == TITLE

    def test_v2_change(self, place: Bench) -> None:
        number = _active(place, TITLE)
        story = place.gateway.story(number)
        place.gateway.change(
            number, title=story.title, spec="v2", verify="", reviewers=(ANN,), comment="", actor=PO
        )
        assert place.fake.story(number)["title"] == TITLE

    def test_v1_edit(self, old_place: Bench) -> None:
        hurt, kept = (old_place.gateway.create(draft(TITLE), PO).number for _ in range(2))
        Careless(old_place.fake).send("PUT", f"v1/stories/{hurt}", {"pri": 1, "reviewer": []})
        assert old_place.fake.story(hurt)["title"] != TITLE
        old_place.gateway.edit(kept, {"priority": 1}, PO)
        assert old_place.fake.story(kept)["title"] == TITLE


class TestRule6AVoteSendsEveryField:
    """What is not sent is wiped; a vote that is not the last empties the status."""

    def _reviewing(self, place: Bench) -> int:
        made = draft("x", (ANN, BEN), priority=1, estimate=4.0, assigned_to=BEN)
        return place.gateway.create(made, PO).number

    def test_careless(self, place: Bench) -> None:
        number = self._reviewing(place)
        ann = Careless(place.fake, "ann", PASSWORD)
        ann.send("PUT", f"v2/stories/{number}/review", {"result": "pass", "comment": "好"})
        hurt = place.fake.story(number)
        assert (hurt["status"], hurt["pri"], hurt["assignedTo"]) == ("", 0, "")

    def test_a_vote_with_a_reviewers_own_token(self, place: Bench, workshop: Workshop) -> None:
        number = self._reviewing(place)
        own = workshop.own(place, "ann")
        story = own.vote(number, Verdict.PASS, "好", ANN)
        assert (story.status, story.priority, story.estimate) == (Status.REVIEWING, 1, 4.0)
        assert story.assigned_to == BEN

    @pytest.mark.parametrize("where", ["place", "old_place"], ids=["22.4", "18.10"])
    def test_an_outcome(self, request: pytest.FixtureRequest, where: str) -> None:
        place: Bench = request.getfixturevalue(where)
        number = self._reviewing(place)
        story = place.gateway.record_verdict(number, Verdict.PASS, "好", PO)
        assert (story.status, story.priority, story.estimate) == (Status.ACTIVE, 1, 4.0)
        assert story.assigned_to == BEN

    def test_a_status_that_another_client_emptied_is_put_right(self, place: Bench) -> None:
        number = self._reviewing(place)
        ann = Careless(place.fake, "ann", PASSWORD)
        ann.send("PUT", f"v2/stories/{number}/review", {"result": "pass"})
        assert place.fake.story(number)["status"] == ""
        assert place.gateway.story(number).status is Status.REVIEWING
        assert place.gateway.record_verdict(number, Verdict.PASS, "", PO).status is Status.ACTIVE


@pytest.mark.parametrize("votes", [Votes.LEDGER, Votes.SUPER])
def test_rule_7_never_revert_on_version_1(
    fake: FakeZentao, workshop: Workshop, votes: Votes
) -> None:
    place = workshop.bench(fake, votes=votes)
    hurt, kept = (place.gateway.create(draft("x", (ANN,)), PO).number for _ in range(2))
    careless = Careless(fake, "ann", PASSWORD)
    careless.send("PUT", f"v2/stories/{hurt}/review", {"result": "revert"})
    assert (fake.story(hurt)["version"], fake.story(hurt)["title"]) == (0, "")
    with pytest.raises(UserError) as refused:
        place.gateway.record_verdict(kept, Verdict.REVERT, "", PO)
    assert refused.value.key == "story.cannot.revert"
    assert fake.story(kept)["title"] == "x"


def test_rule_8_the_client_keeps_the_status_machine(place: Bench) -> None:
    number = place.gateway.create(draft(), PO).number
    place.gateway.close(number, ClosedReason.DONE, "", PO)
    change = {"title": "t", "spec": "s", "reviewer": ["ann"], "status": "reviewing"}
    hurt = place.gateway.create(draft(), PO).number
    place.gateway.close(hurt, ClosedReason.DONE, "", PO)
    Careless(place.fake).send("PUT", f"v2/stories/{hurt}/change", change)
    assert (place.fake.story(hurt)["status"], place.fake.story(hurt)["stage"]) == (
        "reviewing",
        "closed",
    )
    with pytest.raises(UserError) as refused:
        place.gateway.change(
            number, title="t", spec="s", verify="", reviewers=(ANN,), comment="", actor=PO
        )
    assert refused.value.key == "story.cannot.change"


class TestRule9IdsAreNotChecked:
    """An unknown product answers with another one's stories, or takes an orphan."""

    def test_a_list_of_another_product_is_not_believed(self, place: Bench) -> None:
        place.fake.add_stories(place.product, 3)
        careless = Careless(place.fake)
        careless.send("GET", f"v1/products/{place.product}/stories")
        answer = careless.send("GET", "v1/products/999/stories").json()
        assert {x["product"] for x in answer["stories"]} == {place.product}
        place.gateway.stories(PRODUCT)
        with pytest.raises(NotFoundError):
            place.gateway.page("999", 1)

    def test_two_documents_glued_together_are_no_answer(self, place: Bench) -> None:
        hidden = place.fake.add_product("机密", acl="private", po="admin")
        place.fake.add_stories(hidden, 2)
        place.fake.add_stories(place.product, 2)
        place.gateway.stories(PRODUCT)
        with pytest.raises((ZentaoBroken, NotFoundError)):
            place.gateway.page(str(hidden), 1)

    def test_no_orphan_of_a_product_that_is_gone(self, place: Bench) -> None:
        form = {
            "product": 999, "title": "t", "spec": "s", "pri": 3, "category": "feature",
            "reviewer": ["ann"],
        }  # fmt: skip
        before = len(place.fake.state.stories)
        Careless(place.fake).send("POST", "v1/stories", form)
        assert len(place.fake.state.stories) == before + 1, "an orphan"
        gateway = place.gateway.with_book(_book(place, PRODUCT, "999"))
        with pytest.raises(NotFoundError):
            gateway.create(draft(), PO)
        assert len(place.fake.state.stories) == before + 1

    def test_no_write_to_a_story_of_a_product_that_is_not_ours(self, place: Bench) -> None:
        theirs = place.fake.add_story(place.fake.add_product("别人的"), "别人的需求")
        with pytest.raises(ZentaoForeign):
            place.gateway.close(theirs, ClosedReason.DONE, "", PO)
        with pytest.raises(ZentaoForeign):
            place.gateway.comment(theirs, "?", PO)
        assert place.fake.story(theirs)["status"] == "active"

    def test_no_story_on_a_plan_of_another_product(self, place: Bench) -> None:
        number = place.gateway.create(draft(), PO).number
        foreign = place.fake.add_plan(place.fake.add_product("别人的"), "1.0")
        body = {"stories": [number]}
        hurt = Careless(place.fake).send("POST", f"v1/productplans/{foreign}/linkstories", body)
        assert hurt.status_code == 200
        assert number in place.fake.plan(foreign)["stories"]
        book = _book(place, PRODUCT, str(place.product), plans={PLAN: str(foreign)})
        other = place.gateway.create(draft(), PO).number
        with pytest.raises(UserError):
            place.gateway.with_book(book).link_plan(other, PLAN, PO)


def test_rule_10_a_page_past_the_end_is_the_last_one_again(place: Bench) -> None:
    place.fake.add_stories(place.product, 5)
    path = f"v1/products/{place.product}/stories"
    again = Careless(place.fake).send("GET", path, limit=2, page=9).json()
    assert (again["page"], len(again["stories"])) == (3, 1)
    past = place.gateway.page(str(place.product), 9, size=2)
    assert (past.stories, past.last) == ((), True)
    pages = [place.gateway.page(str(place.product), n, size=2) for n in (1, 2, 3)]
    assert [len(x.stories) for x in pages] == [2, 2, 1]
    assert [x.last for x in pages] == [False, False, True]


@pytest.mark.parametrize("language", ["zh-cn", "en"])
def test_rule_12_sentences_decide_nothing(
    fake: FakeZentao, workshop: Workshop, language: str
) -> None:
    place = workshop.bench(fake, language=language)
    number = place.gateway.create(draft(), PO).number
    with pytest.raises(NotFoundError):
        place.gateway.story(99_999)
    with pytest.raises(ZentaoRefused) as refused:
        place.client.call(_close(number))
    chinese = any("\u4e00" <= x <= "\u9fff" for x in refused.value.reason)
    assert chinese == (language == "zh-cn"), "shown as ZenTao says it"


def _close(number: int) -> Call:
    """A request that ZenTao refuses with status 200."""
    return Call("PUT", f"api.php/v2/stories/{number}/close", body={"closedReason": ""})


def _active(place: Bench, title: str = "x") -> int:
    number = place.gateway.create(draft(title, (ANN,)), PO).number
    place.gateway.record_verdict(number, Verdict.PASS, "", PO)
    return number


def _book(
    place: Bench, product_id: str, ref: str, plans: dict[str, str] | None = None
) -> FixedBook:
    known = place.book
    return FixedBook(known.accounts, known.names, plans or known.plans, {product_id: ref})
