"""Tokens for scripts: listed with whose they are, ended at once, and in the audit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import tokens
from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import Core
from bot.intake import Intake
from bot.settings import load_settings
from domain.errors import NotFoundError, UserError
from storage.records import ApiToken
from tests.harness import Team


@pytest.fixture
def core(team: Team, tmp_path: Path) -> Core:
    settings = load_settings({"DUBAN_DATA_DIR": str(tmp_path), "DUBAN_SECRET_KEYS": "k"})
    parts = (team.clock, team.store, team.files, team.services, team.dispatcher)
    return Core(settings, *parts, Intake(team.store, team.dispatcher, team.clock))


def _shown(core: Core, locale: str = "en") -> str:
    return render_text(tokens.listed(core), Reader(locale, "Asia/Shanghai"))


def _works(core: Core, text: str) -> bool:
    digest = hashlib.sha256(text.encode()).hexdigest()
    with core.store.read_by_token(digest, core.clock.now()) as found:
        return found is not None


def test_none_at_first(core: Core) -> None:
    assert _shown(core) == "There is no token."
    assert _shown(core, "zh") == "还没有令牌。"


def test_they_are_listed_without_their_text(core: Core, team: Team) -> None:
    text = tokens.create(core, "@po", "ci")
    tokens.create(core, "dev", "")
    shown = _shown(core)
    assert text not in shown
    assert text.removeprefix("duban_") not in shown
    first, second = shown.splitlines()[1:]
    assert "@po" in first
    assert "ci" in first
    assert "09:00" in first
    assert "@dev" in second
    assert "2 个令牌" in _shown(core, "zh")


def test_a_revoked_token_ends_at_once(core: Core, team: Team) -> None:
    text, other = tokens.create(core, "po", ""), tokens.create(core, "po", "other")
    with team.read() as uow:
        token = uow.tokens.all()[0]
    assert _works(core, text)
    tokens.revoke(core, token.id)
    assert not _works(core, text)
    assert _works(core, other)
    assert "revoked" in _shown(core).splitlines()[1]
    with team.read() as uow:
        acts = [e.action for e in uow.audit_log.of(f"token:{token.id}")]
    assert acts == ["token:token:made", "token:token:revoked"]
    with pytest.raises(UserError, match=r"cli\.token_over"):
        tokens.revoke(core, token.id)


@pytest.mark.parametrize(
    ("days", "word"),
    [pytest.param(-1, "expired", id="over"), pytest.param(1, "until", id="still good")],
)
def test_one_with_an_end_says_when(core: Core, team: Team, days: int, word: str) -> None:
    now = datetime(2026, 11, 23, 1, tzinfo=UTC)
    made = ApiToken("t" * 26, team.id("po"), "", now, now + timedelta(days=days), None)
    with team.write() as uow:
        uow.tokens.add(made, "h" * 64)
    assert word in _shown(core)
    with team.read() as uow:
        assert uow.tokens.all() == (made,)


def test_what_is_not_there(core: Core) -> None:
    with pytest.raises(NotFoundError, match=r"cli\.no_person"):
        tokens.create(core, "ghost", "")
    with pytest.raises(NotFoundError, match=r"cli\.no_token"):
        tokens.revoke(core, "nonsense")


def test_another_workspaces_tokens_are_not_seen(core: Core, team: Team) -> None:
    tokens.create(core, "po", "ours")
    other = team.store.create_workspace(
        "别家", locale="zh", zone="Asia/Shanghai", country="CN", now=team.clock.now()
    )
    with team.store.write(other.id) as uow:
        assert uow.tokens.all() == ()
        stranger = replace(team.people["po"], id="p" * 26)
        uow.people.add(stranger)
        uow.tokens.add(
            ApiToken("t" * 26, stranger.id, "theirs", team.clock.now(), None, None), "h" * 64
        )
    assert "theirs" not in _shown(core)
