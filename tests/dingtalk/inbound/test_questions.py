"""Forms asked field by field: steered, corrected, interrupted, and still there after a restart."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from domain.clock import ManualClock
from domain.messages import FieldKind, Form, FormField, Option, T
from storage.dingtalk import Dialog
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.saying import ALONE

LOG = "变更 登记"


@pytest.fixture
def asked(office: Office) -> Office:
    """Somebody is asked for a change's fields, in their own conversation."""
    office.alone("po", "取消")
    assert "单聊里问您" in office.say("po", LOG)
    return office


def _changes(office: Office) -> int:
    with office.store.read(office.workspace.id) as uow:
        (product,) = uow.products.all()
        return len(uow.changes.recent(product.id, 1000))


def test_a_form_is_asked_alone_and_its_result_is_shown_in_the_group(asked: Office) -> None:
    before = asked.dingtalk.person("po").screen(asked.group)
    assert "2/" in asked.alone("po", "S1")
    assert "选填" in asked.alone("po", "支持扫码")
    assert "已提交" in asked.alone("po", "完成")
    assert "支持扫码" in asked.dingtalk.person("dev").screen(asked.group)[len(before) - 200 :]
    assert "督办能帮您做什么" in asked.alone("po", "菜单")  # nothing is asked any more


def test_everything_is_asked_but_what_the_command_said(office: Office) -> None:
    """As in a form on a screen; what has a value already is kept by a word."""
    office.alone("po", "取消")
    shown = office.say("po", "变更 S1 支持扫码登录")
    found = re.search(r"CR-\d+", shown)
    assert found is not None
    office.say("po", f"变更 提交 {found.group()}")
    asked = [office.dingtalk.person("po").screen(ALONE).rpartition("督办:")[2]]
    assert f"针对“变更 提交 {found.group()}”" in asked[0], "what it is about stands there once"
    while "已提交" not in asked[-1]:
        assert len(asked) < 12, asked
        answer = "好" if "现在是" in asked[-1] else "2" if "人天" in asked[-1] else "跳过"
        asked.append(office.alone("po", answer))
    for label in ("人天", "顺延", "现在是：0", "需求", "现在是：S1", "说明"):
        assert any(label in each for each in asked), label
    assert not any(found.group() in each for each in asked[1:-1]), "it was said with the command"
    with office.store.read(office.workspace.id) as uow:
        (product,) = uow.products.all()
        change = uow.changes.by_number(product.id, int(found.group()[3:]))
    assert change is not None
    assert change.impact is not None
    assert (change.impact.effort, change.impact.days) == (2, 0)


def test_the_menu_and_a_greeting_are_heard_while_a_number_is_asked(asked: Office) -> None:
    for text in ("菜单", "你好"):
        assert "督办能帮您做什么" in asked.alone("po", text)
    asked.alone("po", "S1")
    assert "（3/" in asked.alone("po", "菜单"), "a change may be about a menu"


def test_a_form_without_any_answer_says_what_it_lacks(office: Office) -> None:
    office.alone("po", "取消")
    office.say("po", "站会 填写")
    assert "请至少填一项" in office.alone("po", "完成")
    office.alone("po", "取消")


def test_a_wrong_value_of_the_command_is_not_offered_to_be_kept(office: Office) -> None:
    office.alone("po", "取消")
    person = office.dingtalk.person("po")
    before = person.screen(ALONE)
    office.say("po", "需求 编辑 S1 预计工时=很多")
    shown = person.screen(ALONE)[len(before) :]
    assert "“很多”不是工时" in shown
    assert "现在是" not in shown
    assert "保留" not in shown
    assert "已提交" in office.alone("po", "8")


def test_in_the_group_it_is_said_where_a_private_answer_is(office: Office) -> None:
    assert "回复在单聊里" in office.say("dev", "帮助")
    assert "回复在单聊里" not in office.alone("dev", "帮助")


def test_what_has_a_value_can_be_emptied(office: Office) -> None:
    office.alone("po", "取消")
    found = re.search(r"S(\d+)", office.say("po", "需求 新建 清空试试"))
    assert found is not None
    number = found.group(1)
    office.say("po", f"需求 编辑 S{number} 描述=会被去掉")
    shown = office.alone("po", f"需求 编辑 S{number}")
    for _ in range(12):
        if "已提交" in shown or "描述" in shown.partition("（选填）")[0][-8:]:
            break
        shown = office.alone("po", "好")
    assert "现在是：会被去掉" in shown
    assert "“清空”去掉" in shown
    office.alone("po", "清空")
    office.alone("po", "完成")
    assert "会被去掉" not in office.alone("po", f"需求 查看 S{number}")


def test_every_field_one_by_one(asked: Office) -> None:
    steps = ["S1", "支持指纹"]
    answers = [asked.alone("po", step) for step in steps]
    last = answers[-1]
    for _ in range(10):
        if "已提交" in last:
            break
        last = asked.alone("po", "跳过")
    assert "已提交" in last


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        pytest.param("登录页", "不是需求编号", id="no-story"),
        pytest.param("跳过", "不能跳过", id="required"),
        pytest.param("完成", "还差这一项", id="too-early"),
        pytest.param("Ｓ1", "（2/", id="wide-letters"),
        pytest.param("cancel", "已取消", id="cancel-in-english"),
        pytest.param("算了", "已取消", id="cancel"),
        pytest.param("/需求 查看 S1", "登录改版", id="a-command-with-its-slash"),
        pytest.param("需求 查看 S1", "登录改版", id="a-whole-command"),
    ],
)
def test_the_first_field(asked: Office, typed: str, shown: str) -> None:
    assert shown in asked.alone("po", typed)


def test_back_and_again(asked: Office) -> None:
    asked.alone("po", "S1")
    asked.alone("po", "支持扫码")
    back = asked.alone("po", "返回")
    assert "现在是：支持扫码" in back
    assert "（3/" in asked.alone("po", "支持指纹")
    assert "（3/" in asked.alone("po", "")  # said nothing: asked again


def test_text_may_look_like_a_command(asked: Office) -> None:
    asked.alone("po", "S1")
    assert "（3/" in asked.alone("po", "评审 开始 之前要先登录")


def test_what_others_say_is_no_answer(asked: Office) -> None:
    assert "（2/" not in asked.alone("dev", "S1")
    assert "（2/" in asked.alone("po", "S1")


def test_an_answer_that_comes_twice_is_taken_once(asked: Office) -> None:
    person = asked.dingtalk.person("po")
    heard = person.say(ALONE, "S1")
    asked.settle()
    text = {"msgtype": "text", "text": {"content": "S1"}}
    before = person.screen(ALONE)
    person.run(
        person.outbound.robot(person.payload(asked.dingtalk.direct("po"), heard.message, ()) | text)
    )
    asked.settle()
    assert person.screen(ALONE) == before


def test_the_last_answer_that_comes_twice_is_done_once(asked: Office) -> None:
    asked.alone("po", "S1")
    asked.alone("po", "支持刷脸")
    count, person = _changes(asked), asked.dingtalk.person("po")
    heard = person.say(ALONE, "完成")
    asked.settle()
    text = {"msgtype": "text", "text": {"content": "完成"}}
    person.run(
        person.outbound.robot(person.payload(asked.dingtalk.direct("po"), heard.message, ()) | text)
    )
    asked.settle()
    assert _changes(asked) == count + 1


def test_questions_go_on_after_a_restart(new_office: Callable[..., Office]) -> None:
    office = new_office()
    office.furnish()
    office.say("po", LOG)
    office.alone("po", "S1")
    office.restart()
    assert "（3/" in office.alone("po", "支持扫码")
    assert "已提交" in office.alone("po", "完成")


def test_a_form_that_nobody_goes_on_with_is_forgotten(new_office: Callable[..., Office]) -> None:
    office = new_office()
    office.furnish()
    office.say("po", LOG)
    assert isinstance(office.clock, ManualClock)
    office.clock.set(office.clock.now() + timedelta(days=8))
    office.platform.tick(office.clock.now())
    assert "（2/" not in office.alone("po", "S1")


def test_a_file_is_asked_for_and_sent(office: Office) -> None:
    office.alone("po", "取消")
    office.alone("po", "计划 导入")
    asked = office.dingtalk.person("po").screen(ALONE)
    assert "请把文件发过来" in asked
    assert "请在单聊里直接把文件发给督办" in office.alone("po", "计划.csv")
    sheet = "阶段,开始,结束\n需求,2026-12-01,2026-12-10\n".encode()
    shown = office.screen_after("po", ALONE, lambda p: p.send_file("计划.csv", sheet))
    assert "请把文件发过来" not in shown
    office.alone("po", "取消")


OPTIONS = (Option("pass", T("review.verdict.pass")), Option("clarify", T("review.verdict.clarify")))
CHOICE = FormField("v", "结论", FieldKind.CHOICE, required=True, options=OPTIONS)
MANY = FormField("m", "结论", FieldKind.CHOICES, options=OPTIONS)
PLAN_OPTIONS = (Option("p1", "V1.0 一期"), Option("p2", "V2.0 二期 联调"))
PLAN = FormField("plan", "计划", FieldKind.CHOICE, options=PLAN_OPTIONS)
PLANS = FormField("plans", "计划", FieldKind.CHOICES, options=PLAN_OPTIONS)
POINT_OPTIONS = (Option("1.1", "1. 手机号可登录"), Option("1.2", "2. 邮箱可登录"))
POINTS = FormField("points", "验收点", FieldKind.CHOICES, options=POINT_OPTIONS)
DOES = FormField("act", "操作", FieldKind.CHOICE, options=(Option("done", "完成"),))
SHORT = FormField("t", "说明", max_length=3)
NUMBER, DAY = FormField("n", "数", FieldKind.NUMBER), FormField("d", "日", FieldKind.DATE)
WHO, ALL = FormField("p", "谁", FieldKind.PERSON), FormField("a", "谁", FieldKind.PEOPLE)


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        pytest.param(CHOICE, "2", "clarify", id="number"),
        pytest.param(CHOICE, "２。", "clarify", id="wide-number"),
        pytest.param(CHOICE, "确认通过", "pass", id="name"),
        pytest.param(CHOICE, "PASS", "pass", id="value"),
        pytest.param(CHOICE, "3", None, id="no-such-number"),
        pytest.param(CHOICE, "也许", None, id="no-such-name"),
        pytest.param(MANY, "1、2", "pass,clarify", id="several"),
        pytest.param(MANY, "1 1", "pass", id="one-twice"),
        pytest.param(MANY, "1 9", None, id="one-of-them-wrong"),
        pytest.param(MANY, "全部", "pass,clarify", id="all"),
        pytest.param(PLAN, "v2.0　二期 联调", "p2", id="name-with-spaces"),
        pytest.param(PLAN, "第２个", "p2", id="place-in-words"),
        pytest.param(PLANS, "V2.0 二期 联调 V1.0 一期", "p2,p1", id="names-with-spaces"),
        pytest.param(PLANS, "V1.0 一期，２", "p1,p2", id="name-and-wide-number"),
        pytest.param(PLANS, "V2.0 三期", None, id="half-a-name"),
        pytest.param(POINTS, "手机号可登录", "1.1", id="name-behind-its-number"),
        pytest.param(POINTS, "1 2", "1.1,1.2", id="numbers-of-numbered"),
        pytest.param(DOES, "完成", "done", id="an-option-called-as-a-word-that-steers"),
        pytest.param(SHORT, "好的", "好的", id="text"),
        pytest.param(SHORT, "太长了吧", None, id="too-long"),
        pytest.param(NUMBER, "１２.５", "12.5", id="wide-decimal"),
        pytest.param(NUMBER, "十二", None, id="no-number"),
        pytest.param(DAY, "周五", "周五", id="date"),
        pytest.param(DAY, "改天", None, id="no-date"),
        pytest.param(WHO, "<@01abc>", "01abc", id="person"),
        pytest.param(ALL, "<@01abc> 李雷", "01abc,李雷", id="people"),
    ],
)
def test_answers_become_values(
    office: Office, field: FormField, typed: str, value: str | None
) -> None:
    if "former" not in office.dingtalk.world.users:
        office.dingtalk.add_user("former", "方问")
        office.alone("former", "帮助")
    person = office.person("former")
    end = FormField("end", "最后", required=True)
    with office.store.write(office.workspace.id) as uow:
        channel = uow.channels.direct("dingtalk", person)
        assert channel is not None
        form = Form("change log", "试填", (field, end), "提交")
        now = office.clock.now()
        uow.dingtalk.save_dialog(Dialog(channel.id, person, channel.id, form, {}, 0, now))
    office.alone("former", typed)
    with office.store.read(office.workspace.id) as uow:
        dialog = uow.dingtalk.dialog(channel.id, person)
    assert dialog is not None
    assert dialog.answers.get(field.name) == value
    assert dialog.at == (0 if value is None else 1)
