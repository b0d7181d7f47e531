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


@pytest.mark.parametrize(
    ("path", "named"),
    [
        pytest.param("story-view-{}.html", "story-view-1.html", id="a path"),
        pytest.param(
            "index.php?m=story&f=view&id={}", "index.php?m=story&amp;f=view&amp;id=1",
            id="a query, whose & Slack sends as an entity",
        ),
    ],
)  # fmt: skip
def test_a_story_shows_itself(linked: Stage, path: str, named: str) -> None:
    po = linked.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    said = po.say(ROOM, f"看 {ZENTAO}/{path.format(1)} 和 {ZENTAO}/{path.format(99)}")
    linked.settle()
    unfurls = linked.slack.channel(ROOM).unfurls[said["ts"]]
    assert list(unfurls) == [f"{ZENTAO}/{named}"]
    assert "登录改版" in str(unfurls)
    assert "&amp;amp;" not in str(unfurls)


@pytest.mark.parametrize("room", ["COMPOSER", "C0UNKNOWN", "D0OTHERS"])
def test_a_place_that_duban_does_not_know_is_not_made_a_channel(linked: Stage, room: str) -> None:
    """Slack tells of links in every conversation, and of those that are still being written."""
    po = linked.slack.person("po")
    po.command("/story", "add 登录改版", ROOM)
    url = f"{ZENTAO}/story-view-1.html"
    inner = {
        "type": "link_shared", "user": po.user.id, "channel": room, "message_ts": "Uxxx-909b",
        "links": [{"domain": "zentao.example.com", "url": url}],
        "unfurl_id": "Uxxx-909b", "source": "composer",
    }  # fmt: skip
    linked.settle()
    linked.slack.calls.clear()
    assert linked.slack.deliver(linked.slack.event(inner)).ok
    linked.settle()
    assert [c.method for c in linked.slack.calls] == ["chat.unfurl"]
    with linked.store.read(linked.workspace.id) as uow:
        assert uow.channels.by_external("slack", room) is None


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
