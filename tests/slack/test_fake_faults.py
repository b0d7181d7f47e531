"""What goes wrong between an app and the stand-in on demand, as the real slack_sdk meets it."""

from __future__ import annotations

import threading
import urllib.error
from collections.abc import Iterator
from http.client import RemoteDisconnected
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import FakeSlack


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        running.outbound.muted = True
        running.add_user("po", "陈敏")
        running.add_channel("room", "po")
        running.add_channel("open", "po", bot=False)
        yield running


@pytest.fixture
def client(slack: FakeSlack) -> Any:
    return WebClient(slack.bot_token, base_url=slack.api_url, timeout=60)


@pytest.fixture
def room(slack: FakeSlack) -> str:
    return slack.channel("room").id


def test_too_many_messages_to_one_channel(client: Any, slack: FakeSlack, room: str) -> None:
    slack.pace.burst, slack.pace.per_second = 2, 1
    for _ in range(2):
        client.chat_postMessage(channel=room, text="x")
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel=room, text="x")
    answer = error.value.response
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
    assert client.chat_postMessage(channel=slack.channel("open").id, text="x")["ok"]


def test_what_goes_wrong_on_demand(client: Any, slack: FakeSlack, room: str) -> None:
    def post() -> Any:
        return client.chat_postMessage(channel=room, text="x")

    slack.faults.fail("chat.*", status=503)
    with pytest.raises(SlackApiError) as error:
        post()
    assert error.value.response.status_code == 503
    slack.faults.refuse("chat.postMessage", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        post()
    slack.faults.storm(seconds=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as error:
            post()
        assert error.value.response.headers["retry-after"] == "7"
    slack.faults.calm()
    assert slack.channel("room").messages == []
    client.retry_handlers.clear()
    slack.faults.drop("chat.*")
    with pytest.raises((RemoteDisconnected, ConnectionError, urllib.error.URLError)):
        post()
    assert slack.channel("room").messages == []
    slack.faults.drop("chat.*", after=True)
    with pytest.raises((RemoteDisconnected, ConnectionError, urllib.error.URLError)):
        post()
    assert len(slack.channel("room").messages) == 1
    client.timeout = 1
    slack.faults.hang("chat.*", 1.3, after=True)
    with pytest.raises(TimeoutError):
        post()
    assert len(slack.channel("room").messages) == 2


def test_a_held_answer_waits_for_the_test(client: Any, slack: FakeSlack, room: str) -> None:
    held = slack.faults.hold("chat.postMessage")
    answers: list[Any] = []
    asking = threading.Thread(
        target=lambda: answers.append(client.chat_postMessage(channel=room, text="x"))
    )
    asking.start()
    held.wait()
    assert [len(slack.channel("room").messages), answers] == [1, []]
    held.release()
    asking.join(90)
    assert answers[0]["ok"]
