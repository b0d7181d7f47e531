"""Links that are posted show what they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.slack.inbound.stage import ROOM, Stage, playing

ZENTAO = "https://zentao.example.com"


@pytest.fixture
def linked(slack: FakeSlack, sqlite_url: str, tmp_path: Path) -> Iterator[Stage]:
    settings = {
        "ZENTAO_URL": ZENTAO, "ZENTAO_ACCOUNT": "duban", "ZENTAO_PASSWORD": "x",
    }  # fmt: skip
    with playing(Stage(slack, sqlite_url, tmp_path / "data", **settings)) as stage:
        yield stage


def test_a_story_shows_itself(linked: Stage) -> None:
    po = linked.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    said = po.say(ROOM, f"看 {ZENTAO}/story-view-1.html 和 {ZENTAO}/story-view-99.html")
    linked.settle()
    unfurls = linked.slack.channel(ROOM).unfurls[said["ts"]]
    assert list(unfurls) == [f"{ZENTAO}/story-view-1.html"]
    assert "登录改版" in str(unfurls)


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"is_ext_shared_channel": True}, id="a channel shared with another company"),
        pytest.param({"guest": True}, id="posted by a guest"),
    ],
)
def test_outsiders_are_shown_nothing(linked: Stage, more: dict[str, bool]) -> None:
    po = linked.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    if more.pop("guest", False):
        linked.slack.add_user("guest", is_restricted=True)
        linked.slack.channel(ROOM).members.append(linked.slack.team.user("guest").id)
        po = linked.slack.person("guest")
    url = f"{ZENTAO}/story-view-1.html"
    inner = {
        "type": "link_shared", "user": po.user.id, "channel": linked.slack.channel(ROOM).id,
        "message_ts": "1.0", "links": [{"domain": "zentao.example.com", "url": url}],
    }  # fmt: skip
    assert linked.slack.deliver({**linked.slack.event(inner), **more}).ok
    linked.settle()
    assert linked.slack.calls_of("chat.unfurl") == []
