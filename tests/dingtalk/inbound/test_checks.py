"""``duban doctor dingtalk``: what is well in DingTalk, what is not, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.cards.text import render_text
from bot.cards.words import Reader
from bot.dingtalk.checks import dingtalk_findings
from bot.doctor import Level, report
from domain.messages import Card
from tests.dingtalk.inbound.office import Office

KEY = "Yue0EfdN5900c1ce5cf6A152c63DDe1808a60c5ecd7"


def _said(office: Office, **change: Any) -> list[tuple[Level, str]]:
    dingtalk = replace(office.core.settings.dingtalk, **change)
    core = replace(office.core, settings=replace(office.core.settings, dingtalk=dingtalk))
    return [
        (f.level, render_text(Card(f.text), Reader("zh", "UTC"))) for f in dingtalk_findings(core)
    ]


def test_a_connected_company_is_well(office: Office) -> None:
    found = _said(office)
    assert {level for level, _ in found} == {Level.GOOD}
    shown = "\n".join(text for _, text in found)
    assert "凭证有效" in shown
    assert "Stream 网关接受连接" in shown
    assert office.dingtalk.world.corp in shown
    assert "共 10000 次" in shown


@pytest.mark.parametrize(
    ("change", "level", "told"),
    [
        pytest.param({"client_secret": "no"}, Level.BAD, "不接受应用的凭证", id="credentials"),
        pytest.param({"api_base_url": "http://127.0.0.1:9"}, Level.BAD, "连不上", id="away"),
        pytest.param({"event_token": "t"}, Level.BAD, "加密密钥不全", id="half-a-key"),
        pytest.param({"event_token": "t", "event_aes_key": KEY},
                     Level.GOOD, "HTTP 推送地址", id="events-by-http"),
        pytest.param({"monthly_calls": 1}, Level.BAD, "共 1 次", id="calls-used-up"),
        pytest.param({"card_template": "x.schema"}, Level.GOOD, "已设置模板", id="template"),
    ],
)  # fmt: skip
def test_what_is_found(office: Office, change: dict[str, Any], level: Level, told: str) -> None:
    assert any(found is level and told in text for found, text in _said(office, **change))


def test_a_company_that_was_never_heard_of(new_office: Callable[..., Office]) -> None:
    assert (Level.WARN, "还没有收到过钉钉的消息") in _said(new_office())


def test_the_doctor_has_a_section(office: Office) -> None:
    card, well = report(office.core, "dingtalk")
    assert well
    assert "钉钉" in render_text(card, Reader("zh", "UTC"))
