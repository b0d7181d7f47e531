"""Whose token speaks in which team, and what happens when it changes, ends or is not to be had."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.slack.api.tokens import KEPT, NotConnectedError
from bot.vault import Vault
from storage.platforms import Tenant
from storage.slack import PLATFORM, Installation
from tests.harness import MONDAY
from tests.slack.admin.office import Office


def test_the_settings_token_is_learned_once_and_bound_to_the_first_workspace(
    shared_office: Office,
) -> None:
    office = shared_office
    access = office.tokens.for_team(office.slack.team.id)
    assert access is not None
    assert (access.workspace_id, access.token) == (office.workspace.id, office.slack.bot_token)
    assert (access.bot_user, access.bot_id) == (office.slack.bot_user, office.slack.bot_id)
    office.tokens.for_team(office.slack.team.id)
    office.clock.advance(timedelta(hours=5))
    assert office.tokens.for_workspace(office.workspace.id) == access
    assert len(office.slack.calls_of("auth.test")) == 1
    with office.read() as uow:
        assert uow.tenants.of(PLATFORM) == Tenant(PLATFORM, office.slack.team.id, "Acme")
        installation = uow.slack.installation()
    assert installation is not None
    assert installation.token is None, "the settings' token is not stored"


def test_many_requests_at_the_start_ask_slack_once(office: Office) -> None:
    team = office.slack.team.id
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(office.tokens.for_team, [team] * 32))
    assert len(set(found)) == 1
    assert found[0] is not None
    assert len(office.slack.calls_of("auth.test")) == 1


def test_a_worker_that_sends_first_finds_the_team_by_the_workspace(office: Office) -> None:
    client = office.tokens.client(office.workspace.id)
    assert client.auth_test()["team_id"] == office.slack.team.id


def test_memory_answers_without_asking_anybody(office: Office) -> None:
    team = office.slack.team.id
    assert office.tokens.remembered(team) is None
    access = office.tokens.for_team(team)
    assert office.tokens.remembered(team) == access
    office.clock.advance(KEPT)
    assert office.tokens.remembered(team) is None, "what is old is looked up again"


def test_an_unknown_team_has_no_access(office: Office) -> None:
    assert office.tokens.for_team("T0STRANGER") is None


def test_slack_away_at_the_start_is_asked_again_a_little_later(office: Office) -> None:
    office.slack.faults.fail("auth.test", status=503)
    assert office.tokens.for_team(office.slack.team.id) is None
    assert office.tokens.for_team(office.slack.team.id) is None
    assert len(office.slack.calls_of("auth.test")) == 1, "not once per request"
    office.clock.advance(timedelta(seconds=6))
    assert office.tokens.for_team(office.slack.team.id) is not None


def test_a_refused_token_is_said_in_the_log_without_the_token(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = office.another_process(SLACK_BOT_TOKEN="xoxb-nobody-knows")
    with caplog.at_level(logging.DEBUG):
        assert stranger.tokens.for_workspace(stranger.workspace.id) is None
        with pytest.raises(NotConnectedError):
            stranger.tokens.client(stranger.workspace.id)
    assert "slack.token_refused" in caplog.text
    assert "xoxb-nobody-knows" not in caplog.text


def test_a_second_team_does_not_take_the_first_ones_workspace(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with office.write() as uow:
        uow.tenants.bind(Tenant(PLATFORM, "T0OTHER", "Other"))
    assert office.tokens.for_team(office.slack.team.id) is None
    assert "slack.other_team" in caplog.text
    with office.read() as uow:
        bound = uow.tenants.of(PLATFORM)
    assert bound is not None
    assert bound.tenant == "T0OTHER"


def _stored(office: Office, **more: object) -> str:
    """The team's token in the database, as an installation leaves it."""
    fake = office.slack.world.installations[office.slack.team.id]
    sealed = Vault(["key-of-yesterday"]).seal(fake.token.value)
    found = Installation(
        office.slack.team.id, "A1", fake.bot_user, fake.bot_id, ("chat:write",), "U1", MONDAY,
        token=sealed, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    with office.write() as uow:
        uow.tenants.bind(Tenant(PLATFORM, office.slack.team.id, "Acme"))
        uow.slack.install(found)
    return sealed


@pytest.fixture
def distributed(office: Office) -> Office:
    """An app that several teams install: no token in the settings."""
    app = office.slack.app
    return office.another_process(
        SLACK_BOT_TOKEN="", SLACK_CLIENT_ID=app.client_id, SLACK_CLIENT_SECRET=app.client_secret
    )


def test_an_ended_installation_is_known_in_every_process_soon(distributed: Office) -> None:
    _stored(distributed)
    team = distributed.slack.team.id
    assert distributed.tokens.for_team(team) is not None
    with distributed.write() as uow:  # another process heard of it
        found = uow.slack.installation()
        assert found is not None
        assert uow.slack.end(distributed.clock.now(), found.installed_at)
    distributed.clock.advance(KEPT)
    assert distributed.tokens.for_team(team) is None
    with distributed.read() as uow:
        ended = uow.slack.installation()
    assert ended is not None
    assert (ended.token, ended.refresh) == (None, None)
    assert ended.ended_at == MONDAY


def test_tokens_are_stored_sealed_and_resealed_with_the_first_key(distributed: Office) -> None:
    old = _stored(distributed)
    token = distributed.slack.bot_token
    assert token not in old
    distributed.tokens.reseal()
    with distributed.read() as uow:
        found = uow.slack.installation()
    assert found is not None
    assert found.token is not None
    assert found.token != old
    assert Vault(["key-of-today"]).open(found.token) == token
    access = distributed.tokens.for_team(distributed.slack.team.id)
    assert access is not None
    assert access.token == token
    assert token not in repr(access)
    assert token not in repr(found)


def test_what_no_key_opens_is_logged_and_left_alone(
    distributed: Office, caplog: pytest.LogCaptureFixture
) -> None:
    sealed = Vault(["a-key-that-was-lost"]).seal("xoxb-1")
    _stored(distributed)
    with distributed.write() as uow:
        found = uow.slack.installation()
        assert found is not None
        assert found.token is not None
        uow.slack.reseal(sealed, None, instead_of=found.token)
    distributed.tokens.reseal()
    assert "slack.no_key_fits" in caplog.text
    with distributed.read() as uow:
        kept = uow.slack.installation()
    assert kept is not None
    assert kept.token == sealed


def _rotating(office: Office) -> None:
    """The app's tokens expire; this one does in half an hour."""
    slack, now = office.slack, office.clock.now()
    slack.app.token_rotation = True
    made = slack.world.installations[slack.team.id]
    made.token.refresh, made.token.expires = "xoxe-1-first", now.timestamp() + 1800
    refresh = office.vault.seal(made.token.refresh)
    _stored(office, refresh=refresh, expires_at=now + timedelta(minutes=30))


def test_an_expiring_token_is_renewed_once_by_one_process(distributed: Office) -> None:
    _rotating(distributed)
    app = distributed.slack.app
    second = distributed.another_process(
        SLACK_BOT_TOKEN="", SLACK_CLIENT_ID=app.client_id, SLACK_CLIENT_SECRET=app.client_secret
    )
    before = distributed.slack.bot_token
    first = distributed.tokens.for_team(distributed.slack.team.id)
    other = second.tokens.for_team(distributed.slack.team.id)
    assert first is not None
    assert first == other
    assert first.token == distributed.slack.bot_token != before
    assert len(distributed.slack.calls_of("oauth.v2.access")) == 1
    distributed.clock.advance(timedelta(hours=11, minutes=30))
    renewed = distributed.tokens.client(distributed.workspace.id).auth_test()
    assert renewed["ok"]
    assert len(distributed.slack.calls_of("oauth.v2.access")) == 2, "a refresh token works once"


def test_nobody_uses_a_refresh_token_that_another_process_has(distributed: Office) -> None:
    _rotating(distributed)
    with distributed.write() as uow:
        found = uow.slack.installation()
        assert found is not None
        now = distributed.clock.now()
        assert uow.slack.begin_refresh(found.refresh or "", now, now + timedelta(seconds=60))
        assert not uow.slack.begin_refresh(found.refresh or "", now, now + timedelta(seconds=60))
    access = distributed.tokens.for_team(distributed.slack.team.id)
    assert access is not None, "the token that is there still works"
    assert distributed.slack.calls_of("oauth.v2.access") == []
    distributed.clock.advance(timedelta(seconds=61))  # that process died
    distributed.tokens.for_team(distributed.slack.team.id)
    assert len(distributed.slack.calls_of("oauth.v2.access")) == 1


def test_slack_away_does_not_use_up_the_refresh_token(distributed: Office) -> None:
    _rotating(distributed)
    distributed.slack.faults.fail("oauth.v2.access", status=500)
    before = distributed.tokens.for_team(distributed.slack.team.id)
    distributed.clock.advance(timedelta(seconds=61))
    after = distributed.tokens.for_team(distributed.slack.team.id)
    assert before is not None
    assert after is not None
    assert before.token != after.token


def test_a_token_that_ended_and_cannot_be_renewed_ends_the_installation(
    distributed: Office,
) -> None:
    _rotating(distributed)
    distributed.slack.faults.refuse("oauth.v2.access", "invalid_refresh_token", times=2)
    assert distributed.tokens.for_team(distributed.slack.team.id) is not None
    distributed.clock.advance(timedelta(minutes=31))
    assert distributed.tokens.for_team(distributed.slack.team.id) is None


def _again(office: Office) -> str:
    """The app is installed anew; its sealed token."""
    office.clock.advance(timedelta(seconds=1))
    sealed = office.vault.seal("xoxb-new")
    with office.write() as uow:
        found = uow.slack.installation()
        assert found is not None
        new = replace(
            found, token=sealed, refresh=office.vault.seal("xoxe-new"),
            installed_at=office.clock.now(), expires_at=office.clock.now() + timedelta(hours=12),
        )  # fmt: skip
        uow.slack.install(new)
    return sealed


@pytest.mark.parametrize(
    "refused", [pytest.param(False, id="renewed"), pytest.param(True, id="refused at its end")]
)
def test_an_installation_during_a_renewal_is_what_stays(
    distributed: Office, *, refused: bool
) -> None:
    """Slack's answer for the old token comes after the app was installed anew."""
    _rotating(distributed)
    team = distributed.slack.team.id
    if refused:
        distributed.clock.advance(timedelta(minutes=31))
        distributed.slack.world.installations[team].token.refresh = "xoxe-another"
    held = distributed.slack.faults.hold("oauth.v2.access")
    found: list[str | None] = []

    def ask() -> None:
        access = distributed.tokens.for_team(team)
        found.append(access.token if access else None)

    renewing = threading.Thread(target=ask)
    renewing.start()
    held.wait()
    sealed = _again(distributed)
    held.release()
    renewing.join(60)
    assert not renewing.is_alive()
    with distributed.read() as uow:
        kept = uow.slack.installation()
    assert kept is not None
    assert kept.token == sealed
    assert kept.ended_at is None
    assert found == ["xoxb-new"]


def test_a_removal_that_is_looked_into_does_not_end_what_comes_meanwhile(
    distributed: Office,
) -> None:
    _stored(distributed)
    team = distributed.slack.team.id
    distributed.slack.revoke(told=False)
    held = distributed.slack.faults.hold("auth.test")
    ended: list[bool] = []
    looking = threading.Thread(target=lambda: ended.append(distributed.installer.ended(team)))
    looking.start()
    held.wait()
    sealed = _again(distributed)
    held.release()
    looking.join(60)
    assert ended == [False]
    with distributed.read() as uow:
        kept = uow.slack.installation()
    assert kept is not None
    assert (kept.token, kept.ended_at) == (sealed, None)
