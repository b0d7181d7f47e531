"""Change requests from the wish to the acknowledgment, as people type them, on both databases."""

from __future__ import annotations

import pytest

from domain.changes.state import ChangeStatus
from domain.stories import ClosedReason
from tests.commands.changing import add_active_story, change
from tests.harness import Team


@pytest.mark.parametrize(
    ("line", "what", "reason"),
    [
        pytest.param(
            "/change S1 改用扫码登录 因为客户要求", "改用扫码登录", "客户要求", id="short"
        ),
        pytest.param("/change log S1 改用扫码登录", "改用扫码登录", "", id="no reason"),
        pytest.param("变更 登记 #1 改登录，由于 安全组", "改登录", "安全组", id="Chinese"),
        pytest.param("/change S1 QR code because of security", "QR code", "security", id="English"),
        pytest.param("/change S1 改登录 原因=合规", "改登录", "合规", id="named"),
        pytest.param(
            "/change S1 见 https://lanhuapp.com/url/abc 密码:xGAE", "见", "", id="Lanhu link"
        ),
    ],
)
def test_one_line_logs(planned: Team, line: str, what: str, reason: str) -> None:
    assert "已登记变更 CR-1" in planned.say("dev", line)
    logged = change(planned)
    assert (logged.content.what, logged.content.reason) == (what, reason)
    assert logged.author == planned.id("dev")
    assert "xGAE" not in repr(logged)


def test_lanhu_links_are_kept_with_it(planned: Team) -> None:
    planned.say("dev", "/change S1 新原型 https://lanhuapp.com/url/abc 密码:xGAE")
    assert "已有这个链接" in planned.say("dev", "/change link CR-1 https://lanhuapp.com/url/abc")
    assert "没有找到蓝湖链接" in planned.say("dev", "/change link CR-1 https://example.com/")
    shown = planned.say("dev", "/change link CR-1 https://lanhuapp.com/url/def 密码 1234")
    assert "https://lanhuapp.com/url/abc" in shown
    assert "https://lanhuapp.com/url/def" in shown
    assert "1234" not in shown


def test_the_form_has_the_storys_text_and_only_what_differs_is_a_change(planned: Team) -> None:
    assert "原描述" in planned.say("dev", "/change S1")
    planned.submit(
        "dev",
        "change log",
        story="S1",
        what="改标题",
        title="扫码登录",
        spec="原描述",
        verify="- 可登录",
    )
    content = change(planned).content
    assert (content.title, content.spec, content.verify) == ("扫码登录", "", "")


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        pytest.param("dev", "/change", "登记变更", id="nothing opens the form"),
        pytest.param("customer", "/change S1 x", "此操作需要角色", id="customer"),
        pytest.param("dev", "/change S9 x", "S9", id="unknown story"),
        pytest.param("dev", "/change show CR-9", "没有变更 CR-9", id="unknown change"),
    ],
)
def test_what_cannot_be_logged_is_explained(planned: Team, who: str, line: str, shown: str) -> None:
    assert shown in planned.say(who, line)
    with planned.read() as uow:
        assert uow.changes.recent(planned.product.id) == ()


def test_a_closed_story_does_not_change(planned: Team) -> None:
    with planned.write() as uow:
        tracker = planned.services.tracker(uow, planned.product, planned.clock.now())
        tracker.close(1, ClosedReason.CANCEL, "", planned.id("po"))
    assert "已关闭，不能变更" in planned.say("dev", "/change S1 x")


def test_the_impact_is_computed_where_it_can_be(submitted: Team) -> None:
    impact = change(submitted).impact
    assert impact is not None
    assert (impact.effort, impact.days) == (3.0, 2)
    assert impact.stories == (1,)
    assert impact.phases == ("开发", "测试")
    assert impact.milestones == ("上线",)
    assert impact.deliverables == (18, 22)
    ids = {submitted.id(h) for h in ("dev", "tester", "po", "pm")}
    assert set(impact.people) == ids
    assert any("请您审批" in m for m in submitted.sent("pm"))
    assert not any("请您审批" in m for m in submitted.sent("po"))  # the submitter knows


def test_the_submit_form_is_filled_in(planned: Team) -> None:
    planned.say("dev", "/change S1 改用扫码登录")
    shown = planned.say("dev", "/change submit CR-1")
    assert "能算出来的已填好" in shown
    assert "开发" in shown
    answer = planned.submit(
        "dev", "change submit", change="CR-1", effort="1.5", days="0", people=planned.id("sales")
    )
    assert "已提交" in answer
    impact = change(planned).impact
    assert impact is not None
    assert impact.effort == 1.5
    assert impact.people == (planned.id("sales"),)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        pytest.param("/change submit CR-1 人天=-1 顺延=0", "工作量应为", id="negative effort"),
        pytest.param("/change submit CR-1 人天=1 顺延=-2", "顺延天数应为", id="negative delay"),
        pytest.param("/change submit CR-1 人天=1 顺延=1.5", "顺延天数应为", id="half a day"),
        pytest.param("/change submit CR-1 人天=1 顺延=999", "顺延天数应为", id="years"),
        pytest.param("/change submit CR-1 人天=1 顺延=1 阶段=没有", "没有", id="no such phase"),
        pytest.param("/change approve CR-1", "还没有提交审批", id="approve too early"),
        pytest.param("/change apply CR-1", "批准后才能执行", id="apply too early"),
        pytest.param("/change ack CR-1", "还没有执行", id="acknowledge too early"),
    ],
)
def test_what_does_not_fit_is_explained(planned: Team, line: str, shown: str) -> None:
    planned.say("dev", "/change S1 改用扫码登录")
    assert shown in planned.say("po", line)
    assert change(planned).status is ChangeStatus.LOGGED


def test_numbers_are_gapless_per_product(planned: Team) -> None:
    for n in range(1, 4):
        assert f"CR-{n}" in planned.say("dev", "/change S1 第几个")


def test_the_same_delivery_twice_is_one_change(planned: Team) -> None:
    first = planned.say("dev", "/change S1 一次", event_id="e1")
    assert planned.say("dev", "/change S1 一次", event_id="e1") == first
    with planned.read() as uow:
        assert len(uow.changes.recent(planned.product.id)) == 1


@pytest.mark.parametrize(
    ("who", "line", "shown"),
    [
        pytest.param("dev", "/change S1 QR because security", "Change CR-2 is logged", id="log"),
        pytest.param("po", "/change approve CR-1", "is approved and can be applied", id="approve"),
        pytest.param("tester", "/change approve CR-1", "needs the role", id="refused"),
        pytest.param("po", "/change list", "1 open change", id="list"),
        pytest.param("po", "/change show CR-1", "Waits for approval (0 of 1)", id="show"),
        pytest.param("po", "/change submit CR-1 effort=2 days=0", "is submitted and", id="submit"),
        pytest.param("pm", "/change reject CR-1 no", "rejected CR-1: no", id="reject"),
        pytest.param("dev", "/change withdraw CR-1", "is withdrawn", id="withdraw"),
        pytest.param("dev", "/change export CR-1 md", "is being made", id="export"),
    ],
)
def test_the_same_dialog_in_english(english_team: Team, who: str, line: str, shown: str) -> None:
    add_active_story(english_team, "SMS login")
    english_team.say("dev", "/change S1 QR code because the customer asks")
    english_team.say("dev", "/change submit CR-1 effort=1 days=0")
    assert shown in english_team.say(who, line)
