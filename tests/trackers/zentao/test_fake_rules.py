"""The stand-in's rules beyond the recordings: the tables of the facts, quirk by quirk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.fakes.zentao import BOT, BOT_PASSWORD, FakeZentao
from tests.fakes.zentao.markup import purify
from tests.fakes.zentao.votes import outcome_of


class Desk:
    """A fake with a product, and the bot's requests to it."""

    def __init__(self, version: str) -> None:
        self.fake = FakeZentao(version).start()
        self.fake.add_user("po2", realname="产品二")
        self.product = self.fake.add_product("P", po=BOT)
        self.client = httpx.Client(base_url=f"{self.fake.url}/api.php", trust_env=False)
        login = {"account": BOT, "password": BOT_PASSWORD}
        token = self.client.post("/v1/tokens", json=login).json()["token"]
        self.client.headers["Token"] = token

    def close(self) -> None:
        self.client.close()
        self.fake.stop()

    def send(self, line: str, body: Any = None) -> Any:
        method, path = line.split(" ")
        answer = self.client.request(method, path, json=body)
        return answer.json() if answer.content else None

    def create(self, title: str = "需求", **fields: Any) -> int:
        body = {"product": self.product, "title": title, "spec": "s", "pri": 3, **fields}
        body = {"category": "feature", "reviewer": [BOT], **body}
        return self.send("POST /v1/stories", body)["id"]

    def story(self, number: int) -> dict[str, Any]:
        return self.fake.story(number)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk("22.4")
    yield desk
    desk.close()


def _draft(desk: Desk) -> int:
    return desk.create(status="draft")


def _active(desk: Desk) -> int:
    return desk.fake.add_story(desk.product, "active", reviewers=[])


def _changed(desk: Desk) -> int:
    number = _active(desk)
    desk.fake.person("admin").change(number, reviewers=[BOT], spec="s2")
    return number


def _changing(desk: Desk) -> int:
    number = _changed(desk)
    desk.fake.person("admin").recall(number)
    return number


def _closed(desk: Desk, was: Callable[[Desk], int]) -> Callable[[Desk], int]:
    def arrange(_: Desk) -> int:
        number = was(desk)
        desk.fake.person("admin").close(number, "done")
        return number

    return arrange


REJECT = {"result": "reject", "closedReason": "willnotdo"}
REVIEW = "POST /v1/stories/{}/review"
CHANGE = "POST /v1/stories/{}/change"


@pytest.mark.parametrize(
    ("start", "call", "body", "status", "version"),
    [
        pytest.param(
            _draft, "POST /v1/stories/{}/submitreview", {"reviewer": [BOT]}, "reviewing", 1,
            id="draft, submitted",
        ),
        pytest.param(
            _draft, "PUT /v1/stories/{}", {"title": "t", "status": "active", "reviewer": [BOT]},
            "reviewing", 1, id="draft, edited to active with a reviewer",
        ),
        pytest.param(Desk.create, REVIEW, {"result": "pass"}, "active", 1, id="last vote, pass"),
        pytest.param(Desk.create, REVIEW, {"result": "clarify"}, "draft", 1, id="new, clarify"),
        pytest.param(_changed, REVIEW, {"result": "clarify"}, "changing", 2, id="changed, clarify"),
        pytest.param(
            Desk.create, "DELETE /v1/stories/{}/recall", None, "draft", 1, id="new, recall"
        ),
        pytest.param(
            _changed, "DELETE /v1/stories/{}/recall", None, "changing", 2, id="changed, recall"
        ),
        pytest.param(
            _changing, "DELETE /v1/stories/{}/recall", None, "active", 1, id="changing, recall"
        ),
        pytest.param(Desk.create, REVIEW, REJECT, "closed", 1, id="reject"),
        pytest.param(_changed, REVIEW, {"result": "revert"}, "active", 1, id="revert a change"),
        pytest.param(Desk.create, REVIEW, {"result": "revert"}, "active", 0, id="revert version 1"),
        pytest.param(
            _active, CHANGE, {"title": "t2", "reviewer": [BOT]}, "reviewing", 2,
            id="change with reviewers",
        ),
        pytest.param(_active, CHANGE, {"title": "t2"}, "active", 2, id="change without reviewers"),
        pytest.param(
            _active, "PUT /v2/stories/{}/change",
            {"title": "t2", "reviewer": [BOT], "status": "changing"}, "changing", 2,
            id="v2 change, saved",
        ),
        pytest.param(
            _active, "PUT /v2/stories/{}/change", {"title": "t2", "reviewer": [BOT]}, "active", 2,
            id="v2 change without status skips the review",
        ),
        pytest.param(
            _changing, CHANGE, {"title": "t3", "reviewer": [BOT]}, "reviewing", 3,
            id="changing, changed again",
        ),
        pytest.param(
            _active, "POST /v1/stories/{}/close", {"closedReason": "done"}, "closed", 1, id="close"
        ),
    ],
)  # fmt: skip
def test_the_status_machine(
    desk: Desk, start: Callable[[Desk], int], call: str, body: Any, status: str, version: int
) -> None:
    number = start(desk)
    desk.send(call.format(number), body)
    story = desk.story(number)
    assert (story["status"], story["version"]) == (status, version)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        pytest.param(_active, "active", id="active"),
        pytest.param(_draft, "draft", id="draft"),
        pytest.param(Desk.create, "draft", id="reviewing"),
        pytest.param(_changed, "changing", id="a change under review"),
    ],
)
def test_activate_goes_back(desk: Desk, was: Callable[[Desk], int], now: str) -> None:
    number = _closed(desk, was)(desk)
    desk.send(f"POST /v1/stories/{number}/active", {"comment": "again"})
    assert desk.story(number)["status"] == now


@pytest.mark.parametrize(
    ("votes", "half", "outcome"),
    [
        pytest.param(("pass", "pass"), False, "pass", id="all pass"),
        pytest.param(("pass", "reject"), False, "reject", id="one against"),
        pytest.param(("clarify", "pass"), False, "clarify", id="clarify and pass"),
        pytest.param(
            ("reject", "clarify", "reject"), False, "reject", id="majority of those against"
        ),
        pytest.param(("reject", "revert"), False, "revert", id="no majority: the order decides"),
        pytest.param(("pass", "pass", "reject"), True, "pass", id="half is enough"),
        pytest.param(("pass", "reject"), True, "reject", id="half is not more than half"),
        pytest.param(("maybe",), False, None, id="unknown result"),
    ],
)
def test_the_outcome_of_votes(votes: tuple[str, ...], half: bool, outcome: str | None) -> None:
    assert outcome_of(votes, half=half) == outcome


def test_a_vote_of_v1_wipes_what_it_does_not_send(desk: Desk) -> None:
    number = desk.create(reviewer=[BOT, "po2"], estimate=4)
    desk.fake.person("admin").assign(number, "po2")
    desk.send(f"POST /v1/stories/{number}/review", {"result": "pass"})
    story = desk.story(number)
    assert (story["pri"], story["estimate"], story["assignedTo"]) == (0, 0.0, "")
    assert story["status"] == "", "no vote but the last leaves a status"


def test_v2_keeps_the_status_and_fields_that_are_sent(desk: Desk) -> None:
    number = desk.create(reviewer=[BOT, "po2"])
    body = {"result": "pass", "pri": 3, "estimate": 2, "assignedTo": "po2", "status": "reviewing"}
    desk.send(f"PUT /v2/stories/{number}/review", body)
    story = desk.story(number)
    assert (story["status"], story["pri"], story["assignedTo"]) == ("reviewing", 3, "po2")


def test_a_super_reviewer_decides_alone(desk: Desk) -> None:
    desk.fake.settings.super_reviewers = (BOT,)
    number = desk.create(reviewer=["po2", "admin"])
    desk.send(f"POST /v1/stories/{number}/review", {"result": "pass"})
    assert desk.story(number)["status"] == "active"


def test_who_is_no_reviewer_spoils_the_status(desk: Desk) -> None:
    number = desk.create(reviewer=["po2"])
    desk.send(f"POST /v1/stories/{number}/review", {"result": "pass"})
    story = desk.story(number)
    assert (story["status"], story["votes"]) == ("", {"po2": ""})


def test_a_title_that_is_not_sent_is_escaped_again_each_time(desk: Desk) -> None:
    number = desk.create("a <b> & 😀")
    body = {"pri": 1, "reviewer": [BOT]}
    for expected in ("a &lt;b&gt; &amp; 😀", "a &amp;lt;b&amp;gt; &amp;amp; 😀"):
        desk.send(f"PUT /v1/stories/{number}", body)
        assert desk.story(number)["title"] == expected
    desk.send(f"PUT /v2/stories/{number}", {"pri": 2})
    assert "😀" not in desk.story(number)["title"]


def test_an_edit_without_reviewers_removes_them(desk: Desk) -> None:
    number = desk.create()
    desk.send(f"PUT /v1/stories/{number}", {"title": "t", "spec": "ignored"})
    story = desk.story(number)
    assert (story["reviewers"], story["spec"]) == ([], "s")


def test_the_optimistic_lock_is_v2s(desk: Desk) -> None:
    number = desk.create()
    desk.fake.person("admin").edit(number, pri=1)
    read = desk.send(f"GET /v2/stories/{number}")["story"]["lastEditedDate"]
    stale = {"title": "late", "lastEditedDate": "2001-01-01 00:00:00"}
    assert desk.send(f"PUT /v2/stories/{number}", stale)["status"] == "fail"
    fresh = {"title": "in time", "lastEditedDate": read}
    assert desk.send(f"PUT /v2/stories/{number}", fresh)["status"] == "success"
    assert desk.story(number)["title"] == "in time"


def test_linking_without_the_plan_in_the_query_unplans(desk: Desk) -> None:
    plan = desk.fake.add_plan(desk.product, "W48")
    number = desk.fake.add_story(desk.product, "x", plan=plan)
    answer = desk.send(f"PUT /v2/productplans/{plan}/linkStory", {"stories": [number]})
    assert (answer["status"], desk.story(number)["plan"]) == ("success", "0")


def test_assigning_the_same_person_again_loses_the_comment(desk: Desk) -> None:
    number = desk.create()
    for _ in range(2):
        body = {"assignedTo": "po2", "comment": "please"}
        desk.send(f"POST /v1/stories/{number}/assign", body)
    assert [a.action for a in desk.fake.actions(number)].count("assigned") == 1


def test_a_computed_stage_writes_nothing(desk: Desk) -> None:
    number = _active(desk)
    execution = desk.fake.add_execution("Sprint", [number])
    task = desk.fake.add_task(execution, number)
    before = len(desk.fake.actions(number))
    stages = [desk.story(number)["stage"]]
    for status in ("doing", "done"):
        desk.fake.task(task, status)
        stages.append(desk.story(number)["stage"])
    assert stages == ["projected", "developing", "developed"]
    assert len(desk.fake.actions(number)) == before
    assert desk.story(number)["lastEditedDate"] == ""


def test_the_feed_of_a_day_is_oldest_first_and_hides_what_the_account_does_not_see(
    desk: Desk,
) -> None:
    hidden = desk.fake.add_product("hidden", acl="private")
    desk.fake.add_story(hidden, "secret")
    numbers = [desk.create(f"story {n}") for n in range(3)]
    desk.fake.person("admin").delete(numbers[0])
    now = int(desk.fake.state.clock().timestamp())
    path = f"GET /v2/companies/dynamic?browseType=all&date={now}&direction=pre&limit=500"
    rows = desk.send(path)["dateGroups"]
    ids = [row["id"] for row in rows]
    assert ids == sorted(ids)
    assert {row["product"] for row in rows} == {str(desk.product)}
    assert [row["action"] for row in rows][-1] == "deleted"


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        pytest.param("<p onclick='x()'>a</p>", "<p>a</p>", id="handlers dropped"),
        pytest.param("<script>x</script>a", "a", id="scripts dropped"),
        pytest.param('<a href="javascript:x">a</a>', "<a>a</a>", id="javascript links dropped"),
        pytest.param("a < b && c", "a &lt; b &amp;&amp; c", id="plain text escaped once"),
        pytest.param("&lt;b&gt; &amp;", "&lt;b&gt; &amp;", id="escaped text stays"),
        pytest.param("l1\nl2", "l1\nl2", id="line breaks stay"),
        pytest.param("<ul><li>a<li>b", "<ul><li>a<li>b</li></li></ul>", id="open tags closed"),
        pytest.param('<a href="https://x/?a=1&b=2">l</a>', '<a href="https://x/?a=1&amp;b=2">l</a>',
                     id="ampersand in a link"),
    ],
)  # fmt: skip
def test_long_text_is_cleaned_and_stays_so(raw: str, kept: str) -> None:
    assert purify(raw) == kept
    assert purify(kept) == kept


def test_an_uploaded_file_becomes_the_storys(desk: Desk) -> None:
    upload = desk.client.post(
        "/v1/files?uid=u1", files={"imgFile": ("shot.png", b"\x89PNG\r\n\x00", "image/png")}
    ).json()
    number = desk.create(uid="u1", spec=f'<img src="{upload["url"]}">')
    attached = desk.send(f"GET /v1/stories/{number}")["files"]
    assert [entry["title"] for entry in attached.values()] == ["shot.png"]
    assert desk.client.get(f"/v1/files/{upload['id']}").content == b"\x89PNG\r\n\x00"
    answer = desk.client.post(
        "/v2/files",
        files={"file": ("a.txt", b"text", "text/plain")},
        data={"objectType": "story", "objectID": str(number)},
    ).json()
    assert str(answer["id"]) in desk.send(f"GET /v2/stories/{number}")["story"]["files"]


@pytest.mark.parametrize(
    ("line", "privilege"),
    [
        pytest.param("POST /v1/stories/1/close", "story-close", id="close"),
        pytest.param("POST /v1/stories/1/submitreview", "story-submitReview", id="submit"),
        pytest.param("PUT /v2/stories/1/review", "story-review", id="review"),
        pytest.param("GET /v2/companies/dynamic", "company-dynamic", id="feed"),
        pytest.param("POST /v2/actions/comment", "action-comment", id="comment"),
        pytest.param("PUT /v2/productplans/1/start", "productplan-start", id="start a plan"),
    ],
)
def test_a_privilege_that_is_missing_is_a_403(desk: Desk, line: str, privilege: str) -> None:
    desk.fake.revoke(BOT, privilege)
    method, path = line.split(" ")
    answer = desk.client.request(method, path, json={})
    expected = {"error": "Access not allowed"} if "/v1/" in path else {
        "status": "error", "message": "Not allowed",
    }  # fmt: skip
    assert (answer.status_code, answer.json()) == (403, expected)
