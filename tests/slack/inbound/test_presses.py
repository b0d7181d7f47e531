"""Buttons in messages, modals and the home tab."""

from __future__ import annotations

from domain.messages import Action, Card
from tests.slack.inbound.stage import ROOM, Stage


def card(command: str) -> Card:
    return Card("卡片", actions=(Action("按我", command),))


def test_a_button_is_a_typed_command(both: Stage) -> None:
    ts = both.post(card("story add 登录改版"))
    seen = both.slack.person("po").press(ROOM, ts, "按我")
    assert seen is not None
    assert (seen.ok, seen.body) == (True, None)
    both.settle()
    assert both.stories() == ["登录改版"]
    assert len(both.posts()) == 1
    assert both.queued()[0].payload["thread"] is None


def test_in_a_thread_it_is_answered_there(stage: Stage) -> None:
    root = stage.slack.person("po").say(ROOM, "话题")["ts"]
    ts = stage.post(card("story add 登录改版"), thread=root)
    stage.slack.person("po").press(ROOM, ts, "按我")
    stage.settle()
    assert stage.queued()[0].payload["thread"] == root


def test_what_only_the_asker_is_to_see(both: Stage) -> None:
    ts = both.post(card("help"))
    both.slack.person("dev").press(ROOM, ts, "按我")
    both.settle()
    assert "评审" in both.seen("dev")[-1]
    assert both.seen("po") == ["卡片\n→ 按我: /help"]


def test_a_reading_answer_is_for_everybody_and_nothing_is_written(stage: Stage) -> None:
    stage.slack.person("po").command("/story", "add 登录改版", ROOM)
    ts = stage.post(card("story list"))
    writes = stage.writes()
    stage.slack.person("dev").press(ROOM, ts, "按我")
    stage.settle()
    assert "登录改版" in stage.seen("tester")[-1]
    assert writes() == 0


def test_a_command_that_says_too_little_opens_its_form(stage: Stage) -> None:
    stage.slack.person("po").command("/story", "add 登录改版", ROOM)
    ts = stage.post(card("change log"))
    stage.slack.person("po").press(ROOM, ts, "按我")
    stage.settle()
    assert stage.slack.person("po").modal.body["title"]["text"] == "登记变更"


def test_a_link_is_acknowledged_and_nothing_else(stage: Stage) -> None:
    payload = {
        "type": "block_actions",
        **stage.slack.person("po").frame,
        "actions": [{"type": "button", "action_id": "x", "url": "https://x.cn"}],
    }
    seen = stage.slack.run(stage.slack.outbound.interaction(payload, "x"))
    assert seen.ok


def test_the_home_tab_is_drawn_and_its_buttons_answer_in_a_modal(both: Stage) -> None:
    po = both.slack.person("po")
    po.open_home()
    both.settle()
    user = both.slack.team.user("po").id
    view = both.slack.team.homes[user]
    view.body["blocks"] = [
        {
            "type": "actions",
            "block_id": "b",
            "elements": [
                {
                    "type": "button",
                    "action_id": "act:1",
                    "text": {"type": "plain_text", "text": "帮助"},
                    "value": "help",
                }
            ],
        }
    ]
    both.slack.calls.clear()
    po.press_home("帮助")
    both.settle()
    assert "评审" in str(po.modal.body["blocks"])
    assert [c.method for c in both.slack.calls] == ["views.open", "views.publish"]
