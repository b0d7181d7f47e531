"""The doctor names what is wrong and what to do, and goes on where a section breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.core import Core
from bot.doctor import Finding, core_findings, examine, report
from bot.intake import Intake
from bot.settings import load_settings
from domain.errors import OutsideError, UserError
from domain.message_json import to_json
from domain.messages import Card
from tests.harness import Team


@pytest.fixture
def core(team: Team, tmp_path: Path) -> Core:
    settings = load_settings({"DUBAN_DATA_DIR": str(tmp_path), "DUBAN_SECRET_KEYS": "k"})
    parts = (team.clock, team.store, team.files, team.services, team.dispatcher)
    return Core(settings, *parts, Intake(team.store, team.dispatcher, team.clock))


def _read(core: Core, locale: str = "zh") -> tuple[str, bool]:
    card, well = report(core)
    return render_text(card, Reader(locale, "Asia/Shanghai")), well


def test_a_new_installation_is_well(core: Core) -> None:
    shown, well = _read(core, "en")
    assert well
    assert shown.startswith("All is well")
    assert "Time zone Asia/Shanghai, now 2026-11-23 09:00" in shown


def test_what_waits_too_long_and_what_failed(core: Core, team: Team) -> None:
    card = to_json(Card("x"))
    with team.write() as uow:
        payload = {"channel": team.channel.id, "card": card}
        uow.queue("channel:x", "post", payload, team.clock.now())
        lost = uow.queue("channel:y", "post", payload, team.clock.now())
        uow.outbox.give_up(lost, "gone")
    assert "1 条消息没有发出去" in _read(core)[0]
    team.clock.advance(timedelta(minutes=11))
    shown, well = _read(core)
    assert well, "it is a warning"
    assert (
        "! 1 条消息等着发送，最早的从 2026年11月23日（周一） 09:00 就在等 → 看看 duban worker"
        in shown
    )


def test_a_key_that_others_can_read(core: Core, tmp_path: Path) -> None:
    key = tmp_path / "secret.key"
    key.write_text("k")
    key.chmod(0o644)
    shown, well = _read(core, "en")
    assert not well
    assert f"✗ Others can read the key file {key} → chmod 600 {key}" in shown


def test_next_years_holidays_are_missed_in_december_only(core: Core, team: Team) -> None:
    assert "2027" not in _read(core)[0]
    team.clock.advance(timedelta(days=10))
    assert "! CN 2027 年的节假日还不知道" in _read(core)[0]


def test_a_public_address_without_https(core: Core) -> None:
    settings = replace(core.settings, public=True, base_url="http://duban.example")
    shown, _ = _read(replace(core, settings=settings), "en")
    assert "! Public address http://duban.example" in shown
    assert "https" in shown


def test_a_section_that_breaks_does_not_hide_the_others(core: Core) -> None:
    def away(_core: Core) -> Iterator[Finding]:
        raise OutsideError("doctor.no_font")

    def bug(_core: Core) -> Iterator[Finding]:
        raise ZeroDivisionError("1/0")

    found = list(examine(core, {"a": away, "b": bug, "core": core_findings}))
    assert [name for name, _ in found[:2]] == ["a", "b"]
    assert {name for name, _ in found[2:]} == {"core"}


def test_an_unknown_section_names_the_known(core: Core) -> None:
    with pytest.raises(UserError, match=r"doctor\.no_section"):
        report(core, "zentao")
