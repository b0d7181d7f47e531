"""Channels, people and the app itself change in Slack; what people see of it, both ways."""

from __future__ import annotations

import httpx

from storage.slack import PLATFORM
from tests.slack.harness import SlackTeam


def _app(company: SlackTeam, who: str) -> str:
    """What Duban has told somebody alone."""
    return company.screen(who, "app")


def test_invited_into_a_channel_it_says_what_it_does_there(bare_company: SlackTeam) -> None:
    company = bare_company
    company.team.add_channel("fresh", company.user("po"), company.user("dev"))
    company.slack.invite_bot("fresh", "po", company.team)
    company.settle()
    shown = company.screen("dev", "fresh")
    assert "督办来到 #fresh" in shown
    assert "/setup product" in shown


def test_the_button_of_the_greeting_binds_the_channel(company: SlackTeam) -> None:
    company.team.add_channel("fresh", company.user("po"))
    company.slack.invite_bot("fresh", "po", company.team)
    company.settle()
    company.press("po", "绑定产品", channel="fresh")
    assert "产品" in company.form("po")


def test_the_owner_hears_of_an_archived_channel_and_of_its_return(company: SlackTeam) -> None:
    company.say("po", "/help")
    company.slack.archive("wuliu", "dev")
    company.settle()
    assert "频道 #wuliu 已归档" in _app(company, "po")
    assert "已归档" not in _app(company, "dev")
    company.slack.unarchive("wuliu", "dev")
    company.settle()
    assert "又可以用了" in _app(company, "po")


def test_the_owner_hears_when_duban_is_removed(company: SlackTeam) -> None:
    company.slack.remove_bot("wuliu", "dev", company.team)
    company.settle()
    assert "/invite @duban" in _app(company, "po")
    assert _app(company, "po").count("督办已被移出频道 #wuliu") == 1


def test_a_renamed_channel_stays_bound(company: SlackTeam) -> None:
    company.slack.rename("wuliu", "wuliu-tms")
    company.settle()
    assert "改名为 #wuliu-tms" in _app(company, "po")
    assert "物流" in company.say("po", "/setup show", channel="wuliu-tms")


def test_a_zone_changed_in_slack_is_the_persons_zone(company: SlackTeam) -> None:
    company.say("dev", "/help")
    company.slack.change_user("dev", tz="Europe/Berlin")
    company.settle()
    assert "Europe/Berlin" in company.home("dev")


def test_a_removed_app_is_forgotten_and_an_installed_one_goes_on(company: SlackTeam) -> None:
    company.slack.uninstall(company.team)
    company.settle()
    assert company.program.platform.tokens.for_team(company.team.id) is None
    with company.read() as uow:
        found = uow.slack.installation()
    assert found is not None
    assert found.token is None
    company.program.install(company.team)
    company.settle()
    assert "计划" in company.say("po", "/help")
    with company.read() as uow:
        assert uow.tenants.of(PLATFORM) is not None


def test_the_page_of_the_installation_is_served(http_company: SlackTeam) -> None:
    events = http_company.slack.app.request_url
    page = events.replace("/slack/events", "/slack/install")
    with httpx.Client(trust_env=False) as browser:
        answer = browser.get(page, headers={"host": "duban.example.com"})
        assert answer.status_code == 302
        assert "/oauth/v2/authorize?" in answer.headers["location"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert browser.get(page, headers={"host": "evil.example.com"}).status_code == 421
