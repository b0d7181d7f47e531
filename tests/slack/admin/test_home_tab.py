"""The home tab in Slack, over HTTP and Socket Mode: what is on it, and what its buttons do."""

from __future__ import annotations

from tests.slack.harness import ROOM, SlackTeam


def test_the_tab_of_somebody_who_opens_it_for_the_first_time(bare_company: SlackTeam) -> None:
    shown = bare_company.home("dev")
    assert "现在没有等您处理的事" in shown
    assert "我的设置" in shown


def test_what_waits_is_on_it_and_settled_from_it(company: SlackTeam) -> None:
    company.say("po", "/story new 登录改版")
    company.say("tester", "/story stage S1 测试完毕")
    assert "等您验证的需求（1）" in company.home("po")
    company.say("po", "/close waive S1 status 小改动")
    company.press_home("po", "验证")
    assert "等您验证" not in company.home("po")
    assert "等您同意关闭（1）" in company.home("pm")


def test_pressing_a_button_there_draws_the_tab_anew(company: SlackTeam) -> None:
    company.say("pm", "/action add @dev 联调接口")
    assert "您的待办（1）" in company.home("dev")
    company.press_home("dev", "完成")
    user = company.user("dev")
    screen = company.slack.screen("dev", company.team)
    assert "您的待办" not in screen.view(company.team.homes[user])


def test_the_language_is_changed_from_it(company: SlackTeam) -> None:
    company.home("dev")
    company.press_home("dev", "English")
    assert "My settings" in company.home("dev")


def test_messages_of_others_do_not_draw_it_anew(http_company: SlackTeam) -> None:
    company = http_company
    company.home("dev")
    before = len(company.slack.calls_of("views.publish"))
    company.say("pm", "/action add @dev 联调接口")
    company.remark("po", "大家好")
    assert len(company.slack.calls_of("views.publish")) == before


def test_slack_away_leaves_the_tab_as_it_was(http_company: SlackTeam) -> None:
    company = http_company
    company.home("dev")
    company.slack.faults.fail("views.publish", status=500)
    company.person("dev").open_home()
    company.settle()
    assert "我的设置" in company.home("dev"), "and the next time it is drawn again"


def test_a_form_opened_from_it_draws_it_anew(company: SlackTeam) -> None:
    assert "20:00-08:30" not in company.home("dev")
    company.press_home("dev", "设免打扰")
    company.submit("dev", hours="20:00-08:30")
    screen = company.slack.screen("dev", company.team)
    assert "20:00-08:30" in screen.view(company.team.homes[company.user("dev")])


def test_what_its_owner_does_elsewhere_draws_it_anew(company: SlackTeam) -> None:
    company.say("pm", "/action add @dev 联调接口")
    assert "您的待办（1）" in company.home("dev")
    before = len(company.slack.calls_of("views.publish"))
    company.say("dev", "/action done A1")
    company.settle()
    shown = company.slack.screen("dev", company.team).view(company.team.homes[company.user("dev")])
    assert "您的待办" not in shown
    assert len(company.slack.calls_of("views.publish")) == before + 1, "once for one act"


def test_a_tab_that_was_never_opened_is_not_drawn(http_company: SlackTeam) -> None:
    before = len(http_company.slack.calls_of("views.publish"))
    http_company.say("pm", "/action add @dev 联调接口")
    http_company.settle()
    assert len(http_company.slack.calls_of("views.publish")) == before


def test_a_button_in_it_draws_it_once(http_company: SlackTeam) -> None:
    company = http_company
    company.say("pm", "/action add @dev 联调接口")
    company.home("dev")
    before = len(company.slack.calls_of("views.publish"))
    company.press_home("dev", "完成")
    company.settle()
    assert len(company.slack.calls_of("views.publish")) == before + 1


def test_several_acts_in_a_row_draw_it_once(http_company: SlackTeam) -> None:
    company = http_company
    company.home("dev")
    before = len(company.slack.calls_of("views.publish"))
    for n in range(3):
        company.person("dev").command("/action", f"add @dev 第{n}件", ROOM)
    company.settle()
    drawn = len(company.slack.calls_of("views.publish")) - before
    assert 1 <= drawn <= 3, "no more often than there are acts, however slow the machine is"
    shown = company.slack.screen("dev", company.team).view(company.team.homes[company.user("dev")])
    assert "您的待办（3）" in shown
