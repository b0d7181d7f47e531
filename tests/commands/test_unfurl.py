"""A pasted link shows what it leads to: only links of configured hosts, only what is known here."""

from __future__ import annotations

import pytest

from bot.cards.text import render_text
from commands.unfurl import LinkHosts, unfurl
from tests.harness import Team

HOSTS = LinkHosts("https://pm.example.com/zentao", ("lanhuapp.com",))
PAGE = "https://pm.example.com/zentao/story-view-1.html"
DESIGN = "https://lanhuapp.com/web/#/item/project/stage?tid=t1&pid=p1"


def _shown(team: Team, url: str, hosts: LinkHosts = HOSTS) -> str | None:
    with team.read() as uow:
        card = unfurl(uow, url, hosts)
    return render_text(card, team.reader("po")) if card else None


@pytest.fixture
def known(team: Team) -> Team:
    team.say("po", "/story new 登录 <改版>")
    team.say("po", "/story assign S1 @dev")
    team.say("po", f"/change log S1 换成短信登录 {DESIGN}")
    return team


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(PAGE, id="path form"),
        pytest.param(
            "https://pm.example.com/zentao/index.php?m=story&f=view&id=1", id="query form"
        ),
    ],
)
def test_a_story(known: Team, url: str) -> None:
    shown = _shown(known, url)
    assert shown is not None
    assert shown.startswith(f"S1 登录 <改版> ({url}) · 草稿 · 未开始")
    assert "指派给: @李雷" in shown
    assert "未完成的变更: CR-1 已登记" in shown
    assert "/story show S1" in shown


def test_a_design(known: Team) -> None:
    shown = _shown(known, DESIGN)
    assert shown is not None
    assert "CR-1" in shown


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://evil.example/zentao/story-view-1.html", id="another host"),
        pytest.param("https://pm.example.com:444/zentao/story-view-1.html", id="another port"),
        pytest.param("https://pm.example.com/story-view-1.html", id="outside of the path"),
        pytest.param("https://pm.example.com/zentao/story-view-9.html", id="unknown story"),
        pytest.param("https://pm.example.com/zentao/bug-view-1.html", id="not a story"),
        pytest.param("https://lanhuapp.com/web/#/item/project/stage?pid=p2", id="unknown design"),
        pytest.param("https://[", id="no address"),
    ],
)
def test_what_is_left_alone(known: Team, url: str) -> None:
    assert _shown(known, url) is None


def test_without_a_zentao_no_link_is_a_story(known: Team) -> None:
    assert _shown(known, PAGE, LinkHosts(None, ())) is None
