"""A team takes Duban in from the browser, and takes it away again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from bot.slack.admin.oauth import COOKIE, OAuthPages
from domain.errors import OutsideError
from domain.people import Role
from storage.slack import PLATFORM
from tests.fakes.slack.team import Team
from tests.slack.admin.office import Office

BASE = "https://duban.example.com"


class Browser:
    """A person's browser, with its cookies."""

    def __init__(self, office: Office) -> None:
        pages = OAuthPages(office.installer, office.settings, office.clock)
        app = Starlette(routes=list(pages.routes()))
        self.office = office
        self._loop = asyncio.Runner()
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE)

    def get(self, address: str, **more: Any) -> httpx.Response:
        """Open a page; redirects are not followed."""
        return self._loop.run(self.client.get(address, **more))

    def close(self) -> None:
        """Close the window."""
        self._loop.run(self.client.aclose())
        self._loop.close()

    def begin(self) -> str:
        """Open the page of the installation; where the browser is sent."""
        answer = self.get("/slack/install")
        assert answer.status_code == 302
        return answer.headers["location"]

    def allow(self, address: str, user: str, team: Team | None = None) -> str:
        """Agree on Slack's page; where the browser is sent back to."""
        return self.office.slack.consent(address, user, team)

    def install(self, user: str, team: Team | None = None) -> str:
        """All of it; what the last page says."""
        answer = self.get(self.allow(self.begin(), user, team))
        assert answer.status_code == 200, answer.text
        return answer.text


@pytest.fixture
def distributed(shared_office: Office) -> Office:
    app = shared_office.slack.app
    return shared_office.another_process(
        SLACK_BOT_TOKEN="", SLACK_CLIENT_ID=app.client_id, SLACK_CLIENT_SECRET=app.client_secret
    )


@pytest.fixture
def browser(distributed: Office) -> Iterator[Browser]:
    found = Browser(distributed)
    yield found
    found.close()


def _admins(office: Office, workspace: str) -> list[str]:
    with office.store.read(workspace) as uow:
        return [p.name for p in uow.people.with_role(Role.ADMIN, None)]


def test_the_first_team_takes_the_first_workspace(browser: Browser) -> None:
    office = browser.office
    assert "督办已装进 Acme" in browser.install("chen")
    access = office.tokens.for_team(office.slack.team.id)
    assert access is not None
    assert access.workspace_id == office.workspace.id
    assert access.token == office.slack.bot_token
    assert access.bot_id == office.slack.bot_id
    assert "陈敏" in _admins(office, office.workspace.id)
    (card,) = office.told(office.meet("chen"))
    assert "/invite @duban" in card


def test_every_further_team_gets_a_workspace_of_its_own(browser: Browser) -> None:
    office = browser.office
    browser.install("chen")
    other = office.slack.world.add_team("Other Ltd")
    other.add_user("ann", "Ann Lee", locale="en-GB", tz="Europe/London")
    browser.install("ann", other)
    access = office.tokens.for_team(other.id)
    assert access is not None
    assert access.workspace_id != office.workspace.id
    made = next(w for w in office.store.workspaces() if w.id == access.workspace_id)
    assert (made.name, made.locale, made.zone) == ("Other Ltd", "en", "Europe/London")
    assert _admins(office, made.id) == ["Ann Lee"]
    assert "Ann Lee" not in _admins(office, office.workspace.id)


def test_installing_again_keeps_the_workspace_and_makes_nobody_an_administrator(
    browser: Browser,
) -> None:
    office = browser.office
    browser.install("chen")
    office.slack.add_user("li", "李雷")
    first = office.tokens.for_team(office.slack.team.id)
    browser.install("li")
    again = office.tokens.for_team(office.slack.team.id)
    assert first is not None
    assert again is not None
    assert again.workspace_id == first.workspace_id
    assert again.token == office.slack.bot_token != first.token
    assert "李雷" not in _admins(office, office.workspace.id)
    assert len(office.store.workspaces()) == 1


def test_the_browser_is_sent_to_slack_with_what_the_app_needs(browser: Browser) -> None:
    office = browser.office
    address = browser.begin()
    assert address.startswith(office.slack.world.base + "/oauth/v2/authorize?")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    assert asked["redirect_uri"] == f"{BASE}/slack/oauth_redirect"
    assert {"commands", "chat:write", "channels:history"} <= set(asked["scope"].split(","))
    cookie = browser.get("/slack/install").headers["set-cookie"]
    assert {"HttpOnly", "Secure", "SameSite=lax"} <= set(cookie.split("; "))
    assert asked["state"] not in cookie


def _refused(browser: Browser, address: str, says: str, status: int = 400) -> None:
    answer = browser.get(address, headers={"accept-language": "zh-CN"})
    assert answer.status_code == status
    assert says in answer.text
    assert 'href="/slack/install"' in answer.text
    with browser.office.read() as uow:
        assert uow.tenants.of(PLATFORM) is None


def test_who_says_no_on_slacks_page(browser: Browser) -> None:
    state = parse_qs(urlsplit(browser.begin()).query)["state"][0]
    address = f"/slack/oauth_redirect?error=access_denied&state={state}"
    _refused(browser, address, "您在 Slack 的页面上取消了安装")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda b, a: a.replace("state=", "state=x"), id="forged"),
        pytest.param(lambda b, a: a.partition("&state=")[0], id="missing"),
        pytest.param(lambda b, a: (b.client.cookies.clear(), a)[1], id="another browser"),
        pytest.param(
            lambda b, a: (b.client.cookies.set(COOKIE, "x", domain="duban.example.com"), a)[1],
            id="a browser that began another one",
        ),
        pytest.param(
            lambda b, a: (b.office.clock.advance(timedelta(minutes=11)), a)[1], id="too late"
        ),
        pytest.param(lambda b, a: a + "é", id="odd characters"),
    ],
)  # fmt: skip
def test_a_state_that_is_not_this_browsers(browser: Browser, spoil: object) -> None:
    address = browser.allow(browser.begin(), "chen")
    _refused(browser, spoil(browser, address), "不是在这个浏览器里打开的")  # type: ignore[operator]
    assert browser.office.slack.calls_of("oauth.v2.access") == []


def test_an_installation_is_good_for_one_use(browser: Browser) -> None:
    address = browser.allow(browser.begin(), "chen")
    cookie = browser.client.cookies[COOKIE]
    assert browser.get(address).status_code == 200
    browser.client.cookies.set(COOKIE, cookie, domain="duban.example.com")
    again = browser.get(address)
    assert again.status_code == 400
    assert len(browser.office.slack.calls_of("oauth.v2.access")) == 1


def test_a_code_that_slack_does_not_take(browser: Browser) -> None:
    address = browser.allow(browser.begin(), "chen").replace("code=", "code=x")
    _refused(browser, address, "Slack 没有同意安装（invalid_code）")


def test_slack_away_at_the_exchange(browser: Browser) -> None:
    address = browser.allow(browser.begin(), "chen")
    browser.office.slack.faults.fail("oauth.v2.access", status=500)
    _refused(browser, address, "Slack 暂时没有回应", 503)


def test_pages_speak_the_browsers_language(browser: Browser) -> None:
    answer = browser.get("/slack/oauth_redirect", headers={"accept-language": "en-US"})
    assert "Please begin again" in answer.text
    assert '<html lang="en">' in answer.text


def test_without_a_client_id_nobody_can_install(shared_office: Office) -> None:
    office = shared_office
    assert OAuthPages(office.installer, office.settings, office.clock).routes() == ()


def test_rotating_tokens_are_kept_with_their_refresh_token(browser: Browser) -> None:
    office = browser.office
    office.slack.app.token_rotation = True
    browser.install("chen")
    with office.read() as uow:
        found = uow.slack.installation()
    assert found is not None
    assert found.refresh is not None
    assert found.expires_at is not None
    assert found.expires_at - office.clock.now() == timedelta(hours=12)
    token = office.slack.world.installations[office.slack.team.id].token
    assert token.value not in (found.token or "")
    assert office.vault.open(found.refresh) == token.refresh


# -- taken away again


def test_a_team_that_removes_the_app_is_forgotten_but_not_its_data(browser: Browser) -> None:
    office = browser.office
    browser.install("chen")
    person = office.meet("chen")
    with office.write() as uow:
        assert office.directory.direct(uow, person) is not None
    office.slack.uninstall()
    assert office.installer.ended(office.slack.team.id)
    assert not office.installer.ended(office.slack.team.id), "the second event changes nothing"
    assert office.tokens.for_team(office.slack.team.id) is None
    with office.read() as uow:
        found = uow.slack.installation()
        assert uow.channels.direct(PLATFORM, person.id) is None, "told elsewhere from now on"
        assert uow.people.get(person.id).active
        admin = uow.people.by_handle("admin")
    assert found is not None
    assert (found.token, found.refresh) == (None, None)
    assert admin is not None
    assert f"{BASE}/slack/install" in office.told(admin)[-1]


def test_installed_again_all_is_as_before(browser: Browser) -> None:
    office = browser.office
    browser.install("chen")
    person = office.meet("chen")
    with office.write() as uow:
        before = office.directory.direct(uow, person)
    office.slack.uninstall()
    office.installer.ended(office.slack.team.id)
    browser.install("chen")
    assert office.tokens.for_team(office.slack.team.id) is not None
    with office.read() as uow:
        assert uow.channels.direct(PLATFORM, person.id) == before


def test_an_old_message_of_a_removal_does_not_end_a_new_installation(browser: Browser) -> None:
    office = browser.office
    browser.install("chen")
    assert not office.installer.ended(office.slack.team.id), "the token works"
    assert office.tokens.for_team(office.slack.team.id) is not None


def test_whether_it_ended_cannot_be_said_while_slack_is_away(browser: Browser) -> None:
    office = browser.office
    browser.install("chen")
    office.slack.faults.fail("auth.test", status=503)
    with pytest.raises(OutsideError):
        office.installer.ended(office.slack.team.id)
    assert office.tokens.for_team(office.slack.team.id) is not None


def test_a_removal_told_by_a_stranger_is_no_matter(browser: Browser) -> None:
    assert not browser.office.installer.ended("T0STRANGER")


def test_the_settings_token_can_end_and_come_back(shared_office: Office) -> None:
    office = shared_office
    person = office.meet("chen")
    office.slack.revoke(told=False)
    assert office.installer.ended(office.slack.team.id)
    assert office.tokens.for_team(office.slack.team.id) is None
    office.slack.world.installations[office.slack.team.id].token.revoked = False
    office.clock.advance(timedelta(seconds=31))
    assert office.tokens.for_team(office.slack.team.id) is None, "not asked at every request"
    office.clock.advance(timedelta(seconds=31))
    assert office.tokens.for_team(office.slack.team.id) is not None
    with office.write() as uow:
        assert office.directory.direct(uow, person) is not None
