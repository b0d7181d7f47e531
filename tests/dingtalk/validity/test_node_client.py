"""DingTalk's official Node client works against the stand-in, too."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.dingtalk.validity.installing import node_client
from tests.fakes.dingtalk import Card, CardScreen, FakeDingtalk, Offer, Template

pytestmark = pytest.mark.slow


class NodeApp:
    """The program of the other SDK, and what it says."""

    def __init__(self, dingtalk: FakeDingtalk) -> None:
        folder = node_client()
        more = {
            "BASE": dingtalk.url, "CLIENT_ID": dingtalk.app.client_id,
            "CLIENT_SECRET": dingtalk.app.client_secret, "NO_PROXY": "127.0.0.1",
        }  # fmt: skip
        self.process = subprocess.Popen(
            ["node", "robot.mjs"], cwd=folder, env=os.environ | more, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def said(self, kind: str) -> dict[str, Any]:
        """The next thing that it says, which is of this kind."""
        found = self._said.get(timeout=90)
        assert found.pop("kind") == kind, found
        return found

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(90)
        self._thread.join(90)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


@pytest.fixture
def dingtalk() -> Iterator[FakeDingtalk]:
    with FakeDingtalk() as running:
        running.add_user("po", "陈敏")
        running.add_group("物流", "po")
        yield running


@pytest.fixture
def node(dingtalk: FakeDingtalk) -> Iterator[NodeApp]:
    app = NodeApp(dingtalk)
    try:
        dingtalk.connected()
        yield app
    finally:
        app.stop()


def test_the_node_client_takes_all_that_the_stand_in_sends(
    dingtalk: FakeDingtalk, node: NodeApp
) -> None:
    po = dingtalk.person("po")
    token = node.said("token")["token"]
    dingtalk.world.keys.check("old", token, dingtalk.world.clock())
    assert dingtalk.gateway.open[0].ua == "node-client-of-the-tests"

    seen = po.say("物流", "@督办 评审 开始").seen
    assert seen is not None
    assert (seen.ok, seen.body) == (True, {"response": None})
    staff = dingtalk.world.users["po"].staff
    assert node.said("robot") == {"text": "评审 开始", "from": staff, "errcode": 0}
    assert po.screen("物流").endswith("督办: 收到：评审 开始")

    dingtalk.retitle(dingtalk.room("物流"), "物流二期", by="po")
    dingtalk.settle()
    event = node.said("event")
    assert (event["type"], event["data"]["title"]) == ("chat_update_title", "物流二期")
    assert [s.ok for s in dingtalk.seen if s.kind == "event"] == [True]

    offer = Offer("同意", "approve")
    template = Template("0a-1.schema", lambda v: CardScreen(f"CR-1 {v['status']}", (offer,)))
    card = Card("cr-1", template, {"status": "待审批"}, callback="STREAM")
    dingtalk.world.cards[card.track] = card
    dingtalk.world.say(dingtalk.room("物流二期"), "card", "", card=card.track)
    assert po.press("物流二期", "同意").ok
    assert node.said("card") == {"track": "cr-1", "actions": ["approve"]}
    assert card.values == {"status": "已批准"}

    assert dingtalk.ping()
    greeted = dingtalk.gateway.greeted
    dingtalk.disconnect(0.1)
    dingtalk.connected()
    assert dingtalk.gateway.greeted == greeted + 1
    assert dingtalk.gateway.faults == []
