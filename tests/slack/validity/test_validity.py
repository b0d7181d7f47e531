"""Every block, view and manifest of Duban is one that Slack's SDK and type definitions take."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.settings import load_settings
from bot.slack.admin.manifest import manifest
from bot.slack.blocks import Metadata, card_messages, form_view
from commands.catalog import build_registry
from domain.messages import Card, FieldKind
from storage.migrate import upgrade
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rules.manifest import require_manifest
from tests.slack.harness import SlackTeam
from tests.slack.outbound.everything import in_english, sample_company
from tests.slack.test_dialogs_main_job import main_job
from tests.slack.validity.typescript import TypeScript, unique
from tests.slack.world import running

Thing = tuple[str, str, Any]
UNTYPED = {"canvases:write"}
"""Documented with ``canvases.create``; not in ``BotScope`` of @slack/web-api 8.2.0."""


@pytest.fixture(scope="module")
def things(tmp_path_factory: pytest.TempPathFactory) -> list[Thing]:
    """What the main job sends to Slack, and every card and form that commands make."""
    folder = tmp_path_factory.mktemp("validity")
    return unique([*_of_the_main_job(folder), *_of_everything(folder), *_manifests(folder)])


def _of_the_main_job(folder: Path) -> Iterator[Thing]:
    url = f"sqlite:///{folder / 'job.sqlite'}"
    upgrade(url)
    for program in running(url, folder / "job", "http"):
        company = SlackTeam(program, bare=True)
        main_job(company)
        for who in ("po", "pm", "dev", "tester", "admin", "customer"):
            company.home(who)
        company.say("po", "/help")
        yield from sent(program.slack)


def sent(slack: FakeSlack) -> Iterator[Thing]:
    """Everything that went to the platform: by the Web API, as acknowledgments, to reply URLs."""
    for call in slack.calls:
        for name in ("blocks", "view"):
            if value := call.args.get(name):
                yield _named(call.method, json.loads(value) if isinstance(value, str) else value)
    for seen in slack.seen:
        body = seen.body if isinstance(seen.body, dict) else {}
        for name in ("blocks", "view"):
            if body.get(name):
                yield _named(f"acknowledgment of {seen.name}", body[name])
    for room in (r for team in slack.world.teams.values() for r in team.channels.values()):
        for message in room.whispers:
            if message.get("blocks"):
                yield "blocks", "an answer for one person", message["blocks"]


def _named(where: str, value: Any) -> Thing:
    kind = "blocks" if isinstance(value, list) else value["type"]
    return kind, where, value


def _of_everything(folder: Path) -> Iterator[Thing]:
    with sample_company(folder) as company:
        for each in company.everything():
            for reader in (company.reader, in_english(company)):
                if isinstance(each.shown, Card):
                    for message in card_messages(each.shown, reader, company.users):
                        yield "blocks", each.of, message.blocks
                else:
                    for searched in ((), (FieldKind.STORY, FieldKind.STORIES)):
                        asked = Metadata(channel="C1")
                        view = form_view(
                            each.shown, reader, company.users, asked, searched=searched
                        )
                        yield "modal", each.of, view


def _manifests(folder: Path) -> Iterator[Thing]:
    settings = load_settings(
        {
            "DUBAN_DATA_DIR": str(folder / "manifest"),
            "DUBAN_BASE_URL": "https://duban.example.com",
            "DUBAN_SECRET_KEYS": "a-secret-of-the-tests",
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "a-secret-of-the-tests",
            "ZENTAO_URL": "https://zentao.example.com",
            "ZENTAO_ACCOUNT": "duban",
            "ZENTAO_PASSWORD": "a-secret-of-the-tests",
        }
    )
    for locale in ("zh", "en"):
        for socket in (False, True):
            made = manifest(build_registry(), settings, socket=socket, locale=locale)
            require_manifest(made.content)
            yield "manifest", f"{locale} {'socket' if socket else 'http'}", _typed(made.content)


def _typed(content: Mapping[str, Any]) -> dict[str, Any]:
    """Without the scopes that Slack documents and its type definitions do not know yet."""
    found: dict[str, Any] = json.loads(json.dumps(content))
    scopes = found["oauth_config"]["scopes"]
    assert set(scopes["bot"]) >= UNTYPED, "known by now, or not asked for any more"
    scopes["bot"] = [s for s in scopes["bot"] if s not in UNTYPED]
    return found


def test_there_is_something_of_every_kind(things: list[Thing]) -> None:
    kinds = [kind for kind, _, _ in things]
    assert {k for k in kinds if kinds.count(k)} == {"blocks", "modal", "home", "manifest"}
    assert kinds.count("blocks") > 80
    assert kinds.count("modal") > 20


def test_the_sdk_finds_nothing_wrong(things: list[Thing]) -> None:
    for kind, where, value in things:
        if kind == "manifest":
            continue
        blocks = value if kind == "blocks" else value["blocks"]
        if kind != "blocks":
            View(**value).validate_json()
        for block in blocks:
            known = Block.parse(block)
            assert known is not None, (where, block)
            known.validate_json()
            assert known.to_dict().keys() == block.keys(), where


def test_slacks_types_fit(things: list[Thing], tmp_path: Path) -> None:
    assert TypeScript().complaints(things, tmp_path) == ""


def test_the_compiler_would_notice(tmp_path: Path) -> None:
    wrong: list[Thing] = [
        ("blocks", "no text", [{"type": "header"}]),
        ("blocks", "unknown property", [{"type": "divider", "colour": "red"}]),
        ("modal", "unknown block", {"type": "modal", "title": {"type": "plain_text", "text": "t"},
                                    "blocks": [{"type": "chart"}]}),
        ("manifest", "no name", {"display_information": {}}),
        ("manifest", "unknown part", {"display_information": {"name": "x"}, "colour": "red"}),
    ]  # fmt: skip
    said = TypeScript().complaints(wrong, tmp_path)
    assert said.count("error TS") >= len(wrong), said
