"""ZenTao accounts and people: tied when the profile says so, else asked and said in chat."""

from __future__ import annotations

import pytest

from commands.tracker.matching import ask_once, tie_sure
from domain.ids import new_id
from domain.tracking import ZENTAO, Feed, RemoteAccount
from tests.harness import Team

SERVER = "zentao.example"
ACCOUNTS = (
    RemoteAccount("lilei", "李雷", "研发", {"slack": "U01"}),
    RemoteAccount("hanmei", "韩梅", "研发"),
    RemoteAccount("zhaoqian", "赵小倩", "测试", {"email": "q@example.com"}),
)


@pytest.fixture
def linked(team: Team) -> Team:
    """A team that is connected to ZenTao; one of its people is known from Slack."""
    with team.write() as uow:
        uow.tracker_feed.save(Feed(SERVER))
        uow.tracker_catalogue.save_accounts(ACCOUNTS)
        uow.people.link(new_id(), team.id("dev"), "slack", "T1", "user", "U01")
    return team


def tie(team: Team) -> bool:
    """What synchronisation does after it has read the accounts; whether somebody was asked."""
    with team.write() as uow:
        found = tie_sure(uow, SERVER, team.clock.now())
        return ask_once(uow, found, team.clock.now())


def accounts(team: Team) -> dict[str, str]:
    with team.read() as uow:
        return dict(uow.people.linked(ZENTAO, SERVER, "account"))


def test_what_the_profile_says_is_tied_and_the_rest_is_asked_once(linked: Team) -> None:
    assert tie(linked)
    assert accounts(linked) == {linked.id("dev"): "lilei"}
    (question,) = linked.sent("admin")
    assert "请确认这些禅道账号是谁（1）" in question
    assert "hanmei · 韩梅 · 研发" in question
    assert "/team tracker @dev2 hanmei" in question
    assert "zhaoqian" not in question, "nobody here may be meant"
    assert not tie(linked), "asked before"
    with linked.read() as uow:
        assert uow.audit_log.verify()[1] is None


def test_a_name_alone_never_ties(linked: Team) -> None:
    tie(linked)
    assert linked.id("dev2") not in accounts(linked)


def test_somebody_who_may_says_who_it_is(linked: Team) -> None:
    tie(linked)
    said = linked.say("admin", "/team tracker @dev2 HanMei")
    assert "韩梅 的禅道账号是 hanmei（韩梅）" in said
    assert accounts(linked)[linked.id("dev2")] == "hanmei"
    assert "韩梅 的禅道账号是 hanmei" in linked.sent("dev2")[0]
    assert "已解除 @韩梅 的禅道账号 hanmei" in linked.say("admin", "/团队 禅道 @dev2 无")
    assert linked.id("dev2") not in accounts(linked)


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        pytest.param("dev", "/team tracker @dev2 hanmei", "此操作需要角色", id="no right"),
        pytest.param("admin", "/team tracker @dev2 nobody", "没有账号“nobody”", id="no account"),
        pytest.param("admin", "/team tracker @dev2 lilei", "已绑定 @李雷", id="taken"),
        pytest.param("admin", "/team tracker @dev lilei", "已经是 lilei", id="twice"),
        pytest.param("admin", "/team tracker hanmei", "请写明人和禅道账号", id="nobody named"),
        pytest.param("admin", "/team tracker @customer hanmei", "外部人员", id="a guest"),
        pytest.param("admin", "/team tracker @dev2 none", "没有绑定", id="nothing to take"),
    ],
)
def test_what_cannot_be_says_why(linked: Team, who: str, line: str, answer: str) -> None:
    tie(linked)
    before = accounts(linked)
    assert answer in linked.say(who, line)
    assert accounts(linked) == before


def test_the_overview_shows_both_sides(linked: Team) -> None:
    tie(linked)
    shown = linked.say("po", "/team tracker")
    assert "李雷 · lilei · 李雷" in shown
    assert "还有 2 个禅道账号没有对上人。" in shown


def test_without_zentao_it_says_how_to_connect(team: Team) -> None:
    assert "duban zentao setup" in team.say("admin", "/team tracker")
