"""The home tab in Slack, over HTTP and Socket Mode: what is on it, and what its buttons do."""

from __future__ import annotations

from tests.slack.harness import SlackTeam


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
