"""Shortcuts on messages and everywhere."""

from __future__ import annotations

from domain.messages import Action, Card
from domain.pool import OPEN
from tests.slack.inbound.stage import ROOM, Stage
from tests.slack.inbound.test_slow import opened


def test_log_as_change_fills_the_form_with_the_message(both: Stage) -> None:
    po = both.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    said = both.slack.person("dev").say(ROOM, "登录要改用 @po 说的短信 & <b>")
    assert po.message_shortcut(ROOM, said["ts"], "log_change").ok
    both.settle()
    fields = {b["block_id"]: b["element"] for b in po.modal.body["blocks"] if b["type"] == "input"}
    assert fields["f:what"]["initial_value"] == "登录要改用 @po 说的短信 & <b>"
    assert said["ts"].replace(".", "") in fields["f:source"]["initial_value"]
    po.submit({"需求": "S1 登录改版"})
    assert "登录要改用 @陈敏 说的短信 & <b>" in both.posts()[-1]


def test_when_the_address_is_slow_the_form_does_not_wait(stage: Stage) -> None:
    po = stage.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    said = po.say(ROOM, "改用短信")
    stage.slack.faults.fail("chat.getPermalink")
    po.message_shortcut(ROOM, said["ts"], "log_change")
    stage.settle()
    fields = {b["block_id"]: b["element"] for b in po.modal.body["blocks"] if b["type"] == "input"}
    assert fields["f:what"]["initial_value"] == "改用短信"
    assert "initial_value" not in fields["f:source"]


def test_the_same_message_is_taken_into_the_pool_once(stage: Stage) -> None:
    po = stage.slack.person("po")
    said = stage.slack.person("dev").say(ROOM, "希望能批量导出运单")
    for _ in range(2):
        po.message_shortcut(ROOM, said["ts"], "add_to_pool")
        stage.settle()
        po.submit({})
    with stage.store.read(stage.workspace.id) as uow:
        items = uow.pool.of_product(stage.product.id, OPEN)
    assert [i.text for i in items] == ["希望能批量导出运单"]
    assert said["ts"].replace(".", "") in items[0].source


def test_the_pools_own_button_may_be_used_again(stage: Stage) -> None:
    po = stage.slack.person("po")
    ts = stage.post(Card("需求池", actions=(Action("添加", "pool add"),)))
    for text in ("一", "二"):
        po.press(ROOM, ts, "添加")
        stage.until(lambda: bool(opened(po)))
        po.submit({"f:text": text})
    with stage.store.read(stage.workspace.id) as uow:
        assert [i.text for i in uow.pool.of_product(stage.product.id, OPEN)] == ["一", "二"]


def test_add_to_review_minutes_needs_no_form(stage: Stage) -> None:
    po = stage.slack.person("po")
    said = stage.slack.person("dev").say(ROOM, "安全组=要求 “加验证码”")
    stage.settle()
    po.command("/review", "start 登录评审", ROOM)
    stage.slack.person("po").message_shortcut(ROOM, said["ts"], "add_to_minutes")
    stage.settle()
    assert stage.heard() == ["@李雷: 安全组=要求 “加验证码”"]


def test_without_a_review_the_person_is_told(stage: Stage) -> None:
    said = stage.slack.person("dev").say(ROOM, "安全组要求")
    stage.slack.person("po").message_shortcut(ROOM, said["ts"], "add_to_minutes")
    stage.settle()
    assert len(stage.seen("po")) == 2
    assert stage.seen("dev") == ["安全组要求"]


def test_a_global_shortcut_asks_where_and_goes_on_there(both: Stage) -> None:
    po = both.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    po.shortcut("new_change")
    both.settle()
    seen = po.submit({"在哪个频道？": ROOM})
    assert seen.error == ""
    assert po.modal.body["title"]["text"] == "登记变更"
    po.submit({"需求": "S1 登录改版", "变更内容": "改用短信"})
    both.settle()
    assert "改用短信" in both.posts()[-1]


def test_a_review_is_started_from_anywhere(stage: Stage) -> None:
    po = stage.slack.person("po")
    po.shortcut("start_review")
    stage.settle()
    po.submit({"在哪个频道？": ROOM})
    stage.settle()
    while opened(po):
        po.submit({"f:title": "登录评审"})
    assert stage.posts()[0].startswith("评审 R-1")


def test_what_stands_in_the_modal_is_meant_for_the_channel_that_was_chosen(both: Stage) -> None:
    room = both.slack.add_channel("other", "po")
    po = both.slack.person("po")
    po.look_at(room)
    po.shortcut("start_review")
    both.settle()
    po.submit({})
    both.settle()
    po.press_modal("绑定 物流运输管理系统")
    both.settle()
    with both.store.read(both.workspace.id) as uow:
        channel = uow.channels.by_external("slack", room.id)
    assert channel is not None
    assert channel.product_id == both.product.id
