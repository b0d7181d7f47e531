"""HTTP mode: signed messages and sealed events at one address."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from domain.people import ARCHIVED
from storage.dingtalk import PLATFORM
from tests.dingtalk.inbound.office import Office
from tests.fakes.dingtalk.crypto import sign


@pytest.fixture(scope="module")
def posted(new_office: Callable[..., Office]) -> Office:
    """An office to which DingTalk posts."""
    office = new_office(http=True)
    office.furnish()
    return office


def _headers(office: Office, **change: str) -> dict[str, str]:
    stamp = str(int(office.clock.now().timestamp() * 1000))
    made = {"timestamp": stamp, "sign": sign(office.dingtalk.app.client_secret, stamp)}
    return made | change


def _post(office: Office, body: Any, **more: Any) -> httpx.Response:
    return httpx.post(office.dingtalk.app.robot_url, content=json.dumps(body), **more)


def test_commands_by_http(posted: Office) -> None:
    assert "登录改版" in posted.say("dev", "需求 查看 S1")
    assert posted.dingtalk.seen[-1].ok


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({}, 200, id="signed"),
        pytest.param({"sign": "AAAA"}, 401, id="forged"),
        pytest.param({"sign": ""}, 401, id="unsigned"),
        pytest.param({"timestamp": "1"}, 401, id="long-ago"),
    ],
)
def test_only_what_is_signed_is_taken(posted: Office, change: dict[str, str], status: int) -> None:
    answer = _post(posted, {"msgtype": "text"}, headers=_headers(posted, **change))
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"msgtype": "empty"}


def test_what_is_no_json_or_too_large_is_refused(posted: Office) -> None:
    url = posted.dingtalk.app.robot_url
    assert httpx.post(url, content="[1]", headers=_headers(posted)).status_code == 400
    assert httpx.post(url, content="no", headers=_headers(posted)).status_code == 400
    large = b" " * (1024 * 1024 + 1)
    assert httpx.post(url, content=large, headers=_headers(posted)).status_code == 413


def test_events_are_opened_and_answered(posted: Office) -> None:
    room = posted.dingtalk.add_group("要改名的群", "dev")
    posted.say("dev", "帮助", room=room)
    posted.dingtalk.retitle(room, "改了名的群", by="dev")
    posted.settle()
    assert posted.dingtalk.seen[-1].ok
    with posted.store.read(posted.workspace.id) as uow:
        channel = uow.channels.by_external(PLATFORM, room.id)
    assert channel is not None
    assert channel.name == "改了名的群"
    assert channel.kind != ARCHIVED


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"msg_signature": "0" * 40, "timestamp": "1", "nonce": "n"}, id="forged"),
        pytest.param({"signature": ""}, id="empty"),
    ],
)
def test_forged_events_are_refused(posted: Office, query: dict[str, str]) -> None:
    assert _post(posted, {"encrypt": "AAAA"}, params=query).status_code == 401
