"""The manifest within Slack's limits, and the names that cannot be slash commands."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, load_settings
from bot.settings_outside import SlackSettings
from bot.slack.admin.manifest import (
    EVENTS,
    SHORTCUTS,
    bot_scopes,
    chosen_way,
    is_public_name,
    manifest,
    unfurl_domains,
)
from bot.slack.admin.names import RESERVED, check_names, slash_commands
from bot.slack.listeners.shortcuts import GLOBAL, ON_MESSAGE
from bot.slack.people.membership import HANDLED
from commands.catalog import build_registry
from commands.registry import Command, Registry
from domain.errors import UserError
from domain.messages import T
from locales import LOCALES, template
from tests.fakes.slack.rules.manifest import SHORTCUT_NAME, require_manifest

ROOT = Path(__file__).parents[3]


def _settings(tmp_path: Path, **more: str) -> Settings:
    variables = {
        "DUBAN_DATA_DIR": str(tmp_path),
        "DUBAN_SECRET_KEYS": "k",
        "DUBAN_BASE_URL": "https://duban.example.com",
    }
    return load_settings({**variables, **more})


def _made(settings: Settings, *, socket: bool = False, **more: Any) -> dict[str, Any]:
    return dict(manifest(build_registry(), settings, socket=socket, locale="en", **more).content)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("socket", [True, False], ids=["socket", "http"])
def test_the_manifest_keeps_slacks_limits(tmp_path: Path, locale: str, *, socket: bool) -> None:
    made = manifest(build_registry(), _settings(tmp_path), socket=socket, locale=locale)
    require_manifest(made.content)
    assert json.loads(json.dumps(made.content)) == made.content
    addresses = [text for text in _texts(made.content) if text.startswith("http")]
    assert addresses if not socket else addresses == []


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [t for v in value.values() for t in _texts(v)]
    if isinstance(value, list):
        return [t for v in value for t in _texts(v)]
    return [value] if isinstance(value, str) else []


def test_every_command_is_a_slash_command_beside_the_umbrella(tmp_path: Path) -> None:
    made = _made(_settings(tmp_path))
    names = [c["command"] for c in made["features"]["slash_commands"]]
    assert names[0] == "/po"
    assert set(names[1:]) == {f"/{c.name}" for c in build_registry().commands}
    assert all(c["should_escape"] for c in made["features"]["slash_commands"])
    assert all(c["url"] == "https://duban.example.com/slack/events"
               for c in made["features"]["slash_commands"])  # fmt: skip


def test_a_prefix_stands_before_all_but_the_umbrella(tmp_path: Path) -> None:
    made = _made(_settings(tmp_path, SLACK_COMMAND_PREFIX="duban-", SLACK_UMBRELLA="duban"))
    names = [c["command"] for c in made["features"]["slash_commands"]]
    assert names[0] == "/duban"
    assert "/duban-review" in names
    assert "/review" not in names


def _registry(*names: str) -> Registry:
    registry = Registry()
    for name in names:
        command = Command(name, f"中{name}", T("help.help"))
        command.sub("show", "查看")(lambda ctx, args: None)  # type: ignore[arg-type, return-value]
        registry.add(command)
    return registry


@pytest.mark.parametrize(
    ("name", "prefix", "why"),
    [
        pytest.param("remind", "", "slack.name_reserved", id="built in"),
        pytest.param("topic", "", "slack.name_reserved", id="built in, too"),
        pytest.param("remind", "duban-", None, id="free with a prefix"),
        pytest.param("mind", "re", "slack.name_reserved", id="made built in by the prefix"),
        pytest.param("评审", "", "slack.name_invalid", id="Chinese"),
        pytest.param("x" * 32, "", "slack.name_invalid", id="too long with the slash"),
        pytest.param("x" * 31, "", None, id="as long as it may be"),
        pytest.param("close", "", None, id="an old command of Slack's"),
    ],
)
def test_names_that_cannot_be_slash_commands(
    name: str, prefix: str, why: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    settings = SlackSettings(prefix=prefix)
    found = slash_commands(_registry(name), settings)
    assert [each.why for each in found.left_out] == ([why] if why else [])
    assert (f"/{prefix}{name}" in [c.name for c in found.commands]) is (why is None)
    with caplog.at_level(logging.WARNING):
        check_names(_registry(name), settings)
    assert ("slack.command_left_out" in caplog.text) is (why is not None)
    for each in found.left_out:
        assert each.instead == f"/po {name}"


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_an_umbrella_that_slack_has_is_refused_at_the_start(name: str) -> None:
    with pytest.raises(UserError) as refused:
        check_names(_registry("review"), SlackSettings(umbrella=name))
    assert refused.value.key == "slack.umbrella_reserved"


def test_an_umbrella_that_is_a_command_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        slash_commands(_registry("review"), SlackSettings(umbrella="review"))
    assert refused.value.key == "slack.umbrella_taken"
    slash_commands(_registry("review"), SlackSettings(umbrella="review", prefix="d-"))


def test_more_commands_than_slack_takes() -> None:
    found = slash_commands(_registry(*(f"c{n}" for n in range(60))), SlackSettings())
    assert len(found.commands) == 50
    assert {each.why for each in found.left_out} == {"slack.name_too_many"}
    assert len(found.left_out) == 11


def test_a_command_that_another_app_has_is_left_out_on_demand(tmp_path: Path) -> None:
    made = manifest(
        build_registry(), _settings(tmp_path), socket=True, locale="en", without=["close"]
    )
    names = [c["command"] for c in made.content["features"]["slash_commands"]]
    assert "/close" not in names
    assert [n.key for n in made.notes if isinstance(n, T)] == ["slack.name_unwanted"]


def test_shortcuts_are_those_that_are_handled() -> None:
    assert {name for kind, name in SHORTCUTS if kind == "message"} == set(ON_MESSAGE)
    assert {name for kind, name in SHORTCUTS if kind == "global"} == set(GLOBAL)
    for _, name in SHORTCUTS:
        for locale in LOCALES:
            assert len(template(locale, f"slack.shortcut.{name}")) <= SHORTCUT_NAME


def test_every_event_about_channels_is_asked_for() -> None:
    asked_for_by_membership = HANDLED - {"member_left_channel"}  # a channel_left comes as well
    assert asked_for_by_membership <= set(EVENTS)


# -- links


@pytest.mark.parametrize(
    ("host", "public"),
    [
        pytest.param("zentao.example.com", True, id="a name"),
        pytest.param("10.1.2.3", False, id="an address"),
        pytest.param("::1", False, id="an IPv6 address"),
        pytest.param("localhost", False, id="this machine"),
        pytest.param("zentao", False, id="a bare name"),
        pytest.param("zentao.local", False, id="a name of the house"),
        pytest.param("zentao.corp.internal", False, id="a name of the company's own"),
    ],
)
def test_hosts_that_slack_can_know(host: str, *, public: bool) -> None:
    assert is_public_name(host) is public


def _zentao(url: str) -> dict[str, str]:
    return {"ZENTAO_URL": url, "ZENTAO_ACCOUNT": "a", "ZENTAO_PASSWORD": "p"}


def test_links_of_zentao_and_lanhu_are_unfurled(tmp_path: Path) -> None:
    made = _made(_settings(tmp_path, **_zentao("https://zentao.example.com/zentao")))
    assert made["features"]["unfurl_domains"] == ["zentao.example.com", "lanhuapp.com"]
    assert "link_shared" in made["settings"]["event_subscriptions"]["bot_events"]
    assert {"links:read", "links:write"} <= set(made["oauth_config"]["scopes"]["bot"])


def test_a_private_zentao_is_said_and_left_out(tmp_path: Path) -> None:
    settings = _settings(
        tmp_path, **_zentao("http://10.0.0.3/zentao"), LANHU_HOSTS="lanhu.corp.internal"
    )
    made = manifest(build_registry(), settings, socket=True, locale="en")
    assert "unfurl_domains" not in made.content["features"]
    assert [n.key for n in made.notes if isinstance(n, T)] == ["slack.domain_private"] * 2
    assert "link_shared" not in made.content["settings"]["event_subscriptions"]["bot_events"]
    assert not [s for s in bot_scopes(settings) if s.startswith("links")]


def test_five_domains_and_no_more(tmp_path: Path) -> None:
    hosts = ",".join(f"lanhu{n}.example.com" for n in range(7))
    domains, notes = unfurl_domains(_settings(tmp_path, LANHU_HOSTS=hosts))
    assert len(domains) == 5
    assert [n.key for n in notes if isinstance(n, T)] == ["slack.domain_too_many"] * 2


# -- ways of connecting


def test_http_needs_an_address_that_slack_reaches(tmp_path: Path) -> None:
    for url in ("http://duban.example.com", "https://127.0.0.1:8000", "https://duban"):
        with pytest.raises(UserError) as refused:
            _made(_settings(tmp_path, DUBAN_BASE_URL=url))
        assert refused.value.key == "slack.manifest_no_address"


@pytest.mark.parametrize(
    ("more", "asked", "socket"),
    [
        pytest.param({}, {}, True, id="nothing set: what needs no address"),
        pytest.param({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "x"}, {}, False,
                     id="a signing secret"),
        pytest.param({"SLACK_SIGNING_SECRET": "s", "SLACK_BOT_TOKEN": "x"}, {"socket": True}, True,
                     id="asked for socket"),
        pytest.param({}, {"http": True}, False, id="asked for http"),
    ],
)  # fmt: skip
def test_the_way_is_the_one_of_the_settings(
    tmp_path: Path, more: dict[str, str], asked: dict[str, bool], *, socket: bool
) -> None:
    flags = {"socket": False, "http": False, **asked}
    assert chosen_way(_settings(tmp_path, **more), **flags) is socket


def test_where_slack_sends_an_installer_back_to(tmp_path: Path) -> None:
    oauth = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s", "SLACK_SIGNING_SECRET": "x"}
    made = _made(_settings(tmp_path, **oauth))
    expected = ["https://duban.example.com/slack/oauth_redirect"]
    assert made["oauth_config"]["redirect_urls"] == expected
    assert "redirect_urls" not in _made(_settings(tmp_path))["oauth_config"]


# -- what is printed in the documentation


@pytest.mark.parametrize(
    ("name", "locale"), [("slack-manifest.json", "en"), ("slack-manifest.zh-CN.json", "zh")]
)
def test_the_manifest_in_the_documentation_is_this_one(
    tmp_path: Path, name: str, locale: str
) -> None:
    settings = replace(_settings(tmp_path), base_url="http://127.0.0.1:8000", public=False)
    made = manifest(build_registry(), settings, socket=True, locale=locale)
    text = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
    assert json.loads(text) == made.content, "renew it with python -m bot.manual"
