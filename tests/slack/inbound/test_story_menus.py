"""The menu of stories in a form: every story can be chosen, however many there are."""

from __future__ import annotations

import pytest

from bot.slack.answering.stories import MOST
from domain.messages import Action, Card
from domain.stories import Stage as At
from domain.stories import Status, Story
from domain.story_store import StoryState
from tests.fakes.slack.person import Person
from tests.slack.inbound.stage import ROOM, Stage


def stories(stage: Stage, opened: int, closed: int = 0) -> None:
    """Open stories first, then closed ones, by number."""
    now = stage.core.clock.now()
    states = [(Status.ACTIVE, At.TESTED)] * opened + [(Status.CLOSED, At.CLOSED)] * closed
    rows = [
        StoryState(Story(n, stage.product.id, f"登录改版 {n} & <b>", status, at, 1, stage_at=now))
        for n, (status, at) in enumerate(states, 1)
    ]
    with stage.store.write(stage.workspace.id) as uow:
        uow.stories.insert([(row, ("opened",)) for row in rows], actor=None, at=now)


def form(stage: Stage, who: str, command: str) -> Person:
    ts = stage.post(Card("卡片", actions=(Action("按我", command),)))
    person = stage.slack.person(who)
    person.press(ROOM, ts, "按我")
    stage.settle()
    return person


def menu(person: Person) -> str:
    blocks = person.modal.body["blocks"]
    return str(next(b["element"]["type"] for b in blocks if b.get("block_id") == "f:story"))


def test_few_open_stories_are_in_the_menu_itself(stage: Stage) -> None:
    stories(stage, 3)
    assert menu(form(stage, "po", "change log")) == "static_select"


def test_a_closed_story_is_found_by_its_number_and_can_be_opened_again(both: Stage) -> None:
    stories(both, 2, closed=1)
    po = form(both, "po", "close reopen")
    assert [o["value"] for o in po.search("f:story", "")] == ["S2", "S1", "S3"]
    seen = po.submit({"f:story": "S3", "f:reason": "客户又发现问题"})
    assert (seen.ok, seen.error, seen.body) == (True, "", None)
    with both.store.read(both.workspace.id) as uow:
        assert uow.stories.get(3).status is not Status.CLOSED


@pytest.mark.parametrize(
    ("typed", "first", "lines"),
    [
        pytest.param("", f"S{MOST + 30}", MOST, id="nothing yet: the newest"),
        pytest.param("7", "S7", None, id="a number"),
        pytest.param("S7", "S7", 1, id="as it is written"),
        pytest.param("9" * 30, None, 0, id="no number of a story"),
        pytest.param("改版 12 &", "S12", 1, id="a part of the title"),
        pytest.param("没有这个", None, 0, id="nothing like it"),
    ],
)
def test_of_very_many_the_right_ones_are_offered(
    stage: Stage, typed: str, first: str | None, lines: int | None
) -> None:
    stories(stage, MOST + 30)
    po = form(stage, "po", "change log")
    assert menu(po) == "external_select"
    found = po.search("f:story", typed)
    assert [o["value"] for o in found][:1] == ([first] if first else [])
    assert lines is None or len(found) == lines


def test_what_was_chosen_stands_in_the_menu_by_its_title(stage: Stage) -> None:
    stories(stage, MOST + 30)
    po = form(stage, "po", "change log S5")
    (element,) = (b["element"] for b in po.modal.body["blocks"] if b.get("block_id") == "f:story")
    assert element["initial_option"]["text"]["text"] == "S5 登录改版 5 & <b>"
    assert po.submit({"f:what": "改用短信"}).ok
    assert "S5 登录改版 5" in stage.posts()[-1]


def test_what_need_not_be_filled_in_offers_none(stage: Stage) -> None:
    stories(stage, MOST + 30)
    po = stage.slack.person("po")
    block = {
        "type": "input", "block_id": "f:story", "optional": True,
        "label": {"type": "plain_text", "text": "需求"},
        "element": {"type": "external_select", "action_id": "v:story", "min_query_length": 0},
    }  # fmt: skip
    form(stage, "po", "change log")
    po.modal.body["blocks"] = [block]
    offered = po.search("f:story", "")
    assert (offered[0]["text"]["text"], len(offered)) == ("（不选）", MOST + 1)
    assert po.search("f:story", "S7") == [
        {
            "text": {"type": "plain_text", "text": "S7 登录改版 7 & <b>", "emoji": False},
            "value": "S7",
        }
    ]
