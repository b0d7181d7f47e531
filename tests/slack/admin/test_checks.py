"""What ``duban doctor`` says of Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import build_core
from bot.doctor import report
from tests.slack.admin.office import Office


def _read(office: Office, locale: str = "zh", **more: str) -> tuple[str, bool]:
    settings = office.settings_with(DUBAN_DATABASE_URL=office.store.database.url, **more)
    core = build_core(settings, office.clock)
    card, well = report(core, "slack")
    core.store.database.close()
    return render_text(card, Reader(locale, "Asia/Shanghai")), well


def test_all_is_well(office: Office) -> None:
    shown, well = _read(office)
    assert well, shown
    assert "会在督办第一次连上时接到第一个督办工作区" in shown
    assert "权限齐全" in shown
    assert "✓ Slack 要能访问 https://duban.example.com/slack/events" in shown
    with office.read() as uow:
        assert uow.slack.installation() is None, "the doctor changes nothing"
    office.tokens.for_team(office.slack.team.id)
    assert "Slack 工作区 Acme 对应督办的" in _read(office)[0]
    assert office.slack.bot_token not in shown


def test_it_speaks_english(office: Office) -> None:
    assert "✓ all permissions are granted" in _read(office, "en")[0]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "不可用（invalid_auth）", id="wrong token"),
        pytest.param({"SLACK_APP_TOKEN": "xapp-wrong"}, "不接受 SLACK_APP_TOKEN（invalid_auth）",
                     id="wrong socket token"),
        pytest.param({"DUBAN_BASE_URL": "https://192.168.1.2"}, "公网可达的 https",
                     id="an address that Slack cannot reach"),
        pytest.param({"DUBAN_BASE_URL": "http://duban.example.com"}, "公网可达的 https",
                     id="no https"),
    ],
)  # fmt: skip
def test_what_is_wrong_and_what_to_do(office: Office, more: dict[str, str], says: str) -> None:
    shown, well = _read(office, **more)
    assert not well
    assert says in shown


def test_missing_permissions_are_named(office: Office) -> None:
    token = office.slack.world.installations[office.slack.team.id].token
    token.scopes -= {"channels:history", "files:write"}
    shown, well = _read(office)
    assert not well
    assert "缺少权限：channels:history、files:write" in shown
    assert "duban manifest" in shown


def test_slack_away(office: Office) -> None:
    office.slack.faults.fail("auth.test", status=503)
    shown, well = _read(office)
    assert not well
    assert "HTTPS_PROXY" in shown


def test_another_team_than_the_workspaces(office: Office) -> None:
    office.tokens.for_team(office.slack.team.id)
    other = office.slack.world.add_team("Other Ltd")
    token = office.slack.world.install(other).token.value
    shown, well = _read(office, SLACK_BOT_TOKEN=token)
    assert not well
    assert "已经接了 Acme" in shown


def test_an_installation_that_ended_says_how_to_begin_again(office: Office) -> None:
    app = office.slack.app
    oauth = {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": app.client_id,
        "SLACK_CLIENT_SECRET": app.client_secret,
    }
    shown, well = _read(office, **oauth)
    assert not well
    assert (
        "还没有哪个 Slack 工作区装了督办 → 请打开 https://duban.example.com/slack/install" in shown
    )
    office.tokens.for_team(office.slack.team.id)
    with office.write() as uow:
        found = uow.slack.installation()
        assert found is not None
        assert uow.slack.end(office.clock.now(), found.installed_at)
    shown, well = _read(office, **oauth)
    assert not well
    assert "Acme 已在 2026年11月23日（周一） 09:00 移除督办" in shown


def test_the_settings_token_was_taken_out(office: Office) -> None:
    office.tokens.for_team(office.slack.team.id)
    app = office.slack.app
    shown, well = _read(
        office,
        SLACK_BOT_TOKEN="",
        SLACK_CLIENT_ID=app.client_id,
        SLACK_CLIENT_SECRET=app.client_secret,
    )
    assert not well
    assert "是用 SLACK_BOT_TOKEN 接入的，现在没有设这个变量" in shown


def test_a_token_that_nobody_renews(office: Office) -> None:
    from tests.slack.admin.test_tokens import _stored

    ends = office.clock.now() + timedelta(minutes=20)
    _stored(office, refresh=office.vault.seal("xoxe"), expires_at=ends)
    shown, well = _read(office)
    assert well, "it works for a while yet"
    assert "还没有换新" in shown


def test_names_that_slack_has_are_named(office: Office) -> None:
    shown, well = _read(office, SLACK_UMBRELLA="remind")
    assert not well
    assert "请把 SLACK_UMBRELLA 换成别的词" in shown
