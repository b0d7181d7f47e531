"""What people say to Duban in groups and alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.people import Role
from storage.dingtalk import PLATFORM, SENDER, UNION, USER
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.saying import ALONE


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("@督办 需求 查看 S1", "登录改版", id="chinese"),
        pytest.param("@督办 /story show S1", "登录改版", id="english-with-slash"),
        pytest.param("@督办　需求　查看　Ｓ１", "登录改版", id="wide"),
        pytest.param("需求 查看 S1 @督办", "登录改版", id="mention-at-the-end"),
        pytest.param("@督办 需求：查看：S1", "登录改版", id="colons"),
        pytest.param("@督办 需秋 查看", "需求 查看", id="a-slip"),
    ],
)
def test_commands_in_a_group(office: Office, typed: str, shown: str) -> None:
    assert shown in office.say("dev", typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param(
            "@督办 待办 @李雷 周五 补接口文档",
            "@督办 待办 添加 @李雷 周五 补接口文档",
            id="an item",
        ),
        pytest.param("@督办 需求池 想要导出", "@督办 需求池 添加 想要导出", id="a wish"),
        pytest.param("@督办 决定 用扫码", "@督办 评审 开始", id="no review for a decision"),
        pytest.param("@督办 记录 都同意", "@督办 评审 开始", id="no review for the minutes"),
    ],
)
def test_what_was_meant_is_there_to_be_sent(office: Office, typed: str, shown: str) -> None:
    office.say("po", "评审 取消 不开了")  # no other test's review is running
    assert shown in office.say("po", typed)


def test_pasted_text_comes_in_parts(office: Office) -> None:
    assert "登录改版" in office.say("dev", "需求 查看 S1", rich=True)


def test_alone_no_mention_is_needed_and_voice_is_read(office: Office) -> None:
    assert "登录改版" in office.alone("dev", "需求 查看 S1")
    spoken = office.screen_after("dev", ALONE, lambda p: p.speak("需求 查看 S1"))
    assert "登录改版" in spoken


@pytest.mark.parametrize(
    ("do", "told"),
    [
        pytest.param(lambda p: p.send_strange(), "只看得懂文字", id="unknown-kind"),
        pytest.param(lambda p: p.speak(""), "只看得懂文字", id="not-understood"),
        pytest.param(lambda p: p.send_picture(b"\x89PNG..."), "不知道要做什么", id="file-alone"),
    ],
)
def test_what_cannot_be_used_is_answered(
    office: Office, do: Callable[[object], object], told: str
) -> None:
    assert told in office.screen_after("dev", ALONE, do)


def test_a_bare_mention_offers_what_one_can_do_here_and_now(office: Office) -> None:
    group = office.say("po", "")
    assert "物流运输管理系统" in group
    assert "@督办 评审 开始" in group
    assert "› 我的首页" in office.alone("po", "菜单")
    other = office.dingtalk.add_group("另一个群", "po", "dev")
    assert "@督办 设置 产品" in office.say("po", "", room=other)
    office.say("po", "评审 开始 排期")
    during = office.say("dev", "")
    assert "@督办 评审 决定" in during
    assert "@督办 评审 开始" not in during
    assert "@督办 评审" not in office.say("customer", "")  # has no rights, so nothing is offered
    office.say("po", "评审 取消")


def test_a_private_answer_goes_to_the_asker_alone(office: Office) -> None:
    said = office.say("tester", "首页")
    assert said.endswith("@督办 首页\n\n督办: 回复在单聊里。")  # nothing else is shown to others
    assert "物流运输管理系统" in office.dingtalk.person("tester").screen(ALONE)


def test_who_is_meant_is_told_by_user_id(office: Office) -> None:
    office.dingtalk.add_user("lei2", "李雷")
    room = office.dingtalk.add_group("重名群", "po", "dev", "lei2", "dev2")
    both = office.say("po", "待办 添加 @李雷 周五 压测", room=room, at=("dev", "lei2"))
    assert "分不清" in both
    office.say("po", "设置 产品 tms", room=room)
    one = office.say("po", "待办 添加 @李雷 周五 压测", room=room, at=("lei2",))
    assert "李雷" in one
    with office.store.read(office.workspace.id) as uow:
        (item,) = uow.actions.open_for(office.person("lei2"))
    assert item.text == "压测"
    two = office.say("po", "待办 添加 @韩梅 周五 写用例", room=room)
    assert "韩梅" in two


def test_a_message_that_comes_twice_is_done_and_answered_once(office: Office) -> None:
    office.dingtalk.add_user("twice", "双喜")
    room = office.dingtalk.add_group("重复群", "twice", "po")
    person = office.dingtalk.person("twice")
    heard = person.say(room, "@督办 帮助")
    payload = person.payload(room, heard.message, ()) | {
        "msgtype": "text",
        "text": {"content": " 帮助"},
    }
    office.settle()
    before = person.screen(ALONE)
    person.run(person.outbound.robot(payload))
    office.settle()
    assert "评审" in before
    assert person.screen(ALONE) == before


def test_people_of_other_companies_have_no_rights(office: Office) -> None:
    refused = office.say("customer", "评审 开始 登录")
    assert "请直接告诉产品经理" in refused
    user = office.dingtalk.world.users["customer"]
    with office.store.read(office.workspace.id) as uow:
        corp = office.dingtalk.world.corp
        ids = [uow.people.identify(PLATFORM, corp, k, i)
               for k, i in ((SENDER, user.sender), (UNION, user.union))]  # fmt: skip
        person = uow.people.get(next(i for i in ids if i))
        assert person.external
        assert uow.people.roles_anywhere(person.id) == frozenset()


def test_a_person_is_read_once_and_kept(office: Office) -> None:
    user = office.dingtalk.add_user("reader", "钱读", email="qian@example.com", title="测试")
    room = office.dingtalk.add_group("只读一次", "reader", "po")
    for _ in range(3):
        office.say("reader", "帮助", room=room)
    reads = [c for c in office.dingtalk.calls if c.body.get("userid") == user.staff]
    assert len(reads) == 1
    with office.store.read(office.workspace.id) as uow:
        colleague = uow.dingtalk.colleague(user.staff)
        person = uow.people.get(office.person("reader"))
        kinds = {kind for _, kind, _ in uow.people.addresses(person.id, PLATFORM)}
    assert colleague is not None
    assert colleague.union_id == user.union
    assert kinds == {USER, UNION}


def test_who_administers_the_company_administers_duban(office: Office) -> None:
    with office.store.read(office.workspace.id) as uow:
        assert Role.ADMIN in uow.people.roles_anywhere(office.person("admin"))
        assert Role.ADMIN not in uow.people.roles_anywhere(office.person("dev"))


def test_help_is_in_the_words_that_are_typed_here(office: Office) -> None:
    shown = office.alone("dev", "帮助")
    assert "评审 review" in shown
    whole, one = office.alone("dev", "帮助 评审"), office.alone("dev", "帮助 评审 意见")
    assert whole.count("“评审 决定”") == 1, "each usage stands there once"
    assert "例：“评审 意见 S12 通过”" in one
    assert "评审 决定" not in one
    assert one in office.alone("dev", "帮助 评审意见").replace("评审意见", "评审 意见", 1)
