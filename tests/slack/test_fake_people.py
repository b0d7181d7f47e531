"""The person's side of the stand-in, towards an app on the real slack_bolt, both ways."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from tests.fakes.slack import CannotDo, FakeSlack, Signature
from tests.slack.boltapp import over_http, over_socket
from tests.waiting import until


class Listener:
    """Notes what the app received, and answers a little."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, Any]]] = []
        self.pause = 0.0
        self.acks: dict[str, Any] = {}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [body for name, body in self.got if name == kind]

    def build(self, app: AsyncApp) -> None:
        async def note(kind: str, body: dict[str, Any]) -> None:
            self.got.append((kind, body))
            await asyncio.sleep(self.pause)

        @app.command("/po")
        async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
            await note("command", body)
            if body["text"] == "form":
                await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            await ack(**self.acks)

        @app.action("go")
        async def action(ack: Any, body: dict[str, Any]) -> None:
            await note("action", body)
            await ack()

        @app.view("f")
        async def view(ack: Any, body: dict[str, Any]) -> None:
            await note("view", body)
            await ack(**self.acks)

        @app.shortcut("log")
        async def shortcut(ack: Any, body: dict[str, Any]) -> None:
            await note("shortcut", body)
            await ack()

        @app.options("story")
        async def options(ack: Any, body: dict[str, Any]) -> None:
            await note("options", body)
            text = {"type": "plain_text", "text": body["value"]}
            await ack(options=[{"text": text, "value": "1"}])

        async def event(event: dict[str, Any], body: dict[str, Any]) -> None:
            await note(event["type"], body)

        for name in ("app_mention", "message", "reaction_added", "link_shared", "app_home_opened"):
            app.event(name)(event)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "f",
    "title": plain("Form"),
    "submit": plain("Send"),
    "blocks": [
        {"type": "input", "block_id": "t", "label": plain("Title"),
         "element": {"type": "plain_text_input", "action_id": "t", "max_length": 10}},
        {"type": "input", "block_id": "who", "label": plain("Who"), "optional": True,
         "element": {"type": "multi_users_select", "action_id": "who"}},
        {"type": "input", "block_id": "s", "label": plain("Story"), "optional": True,
         "element": {"type": "external_select", "action_id": "story", "min_query_length": 1}},
        {"type": "input", "block_id": "day", "label": plain("Day"), "optional": True,
         "element": {"type": "datepicker", "action_id": "day", "initial_date": "2026-11-23"}},
    ],
}  # fmt: skip
BUTTON = [
    {"type": "actions", "elements": [
        {"type": "button", "action_id": "go", "text": plain("Go"), "value": "change approve CR-1"}
    ]}
]  # fmt: skip


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    with FakeSlack() as running:
        running.add_user("po", "陈敏")
        running.add_user("dev", "李雷")
        running.add_channel("dev-room", "po", "dev")
        yield running


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture(params=["http", "socket"])
def app(request: pytest.FixtureRequest, slack: FakeSlack, listener: Listener) -> Iterator[None]:
    start = over_http if request.param == "http" else over_socket
    with start(slack, listener.build):
        yield


def test_command_arrives_with_its_mentions_escaped(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    seen = slack.person("po").command("/po", "给 @李雷 a<b & #dev-room", "dev-room")
    assert (seen.ok, seen.status) == (True, 200)
    (body,) = listener.of("command")
    dev, room = slack.team.user("dev"), slack.channel("dev-room")
    assert body["text"] == f"给 <@{dev.id}|dev> a&lt;b &amp; <#{room.id}|dev-room>"
    assert (body["channel_id"], body["channel_name"]) == (room.id, "dev-room")
    assert "thread_ts" not in body


def test_mentions_stay_text_where_the_manifest_does_not_escape(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    slack.app.commands = {"/po": False}
    slack.person("po").command("/po", "@李雷 <", "dev-room")
    assert listener.of("command")[0]["text"] == "@李雷 &lt;"
    with pytest.raises(CannotDo, match="not a valid command"):
        slack.person("po").command("/nothing")


def test_the_answer_is_seen_by_the_asker_alone(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    listener.acks = {"text": "done"}
    slack.person("po").command("/po", "x", "dev-room")
    assert [m["text"] for m in slack.seen_by("po", "dev-room")] == ["done"]
    assert slack.seen_by("dev", "dev-room") == []
    listener.acks = {"text": "for all", "response_type": "in_channel"}
    slack.person("po").command("/po", "x", "dev-room")
    assert [m["text"] for m in slack.seen_by("dev", "dev-room")] == ["for all"]


def test_a_late_acknowledgement_is_a_failure(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    slack.outbound.ack_seconds, listener.pause = 0.1, 2.0
    seen = slack.person("po").command("/po", "x", "dev-room")
    assert (seen.late, seen.ok) == (True, False)
    (notice,) = slack.seen_by("po", "dev-room")
    assert "operation_timeout" in notice["text"]


def test_a_mention_is_told_twice(slack: FakeSlack, listener: Listener, app: None) -> None:
    slack.person("po").say("dev-room", "@Duban 评审 开始")
    slack.settle()
    (mention,), (message,) = listener.of("app_mention"), listener.of("message")
    assert mention["event"]["text"] == f"<@{slack.bot_user}> 评审 开始" == message["event"]["text"]
    assert mention["event"]["ts"] == message["event"]["ts"]
    assert mention["event_id"] != message["event_id"]
    assert message["event"]["channel_type"] == "channel"


def test_what_is_said_elsewhere_is_not_told(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    slack.add_channel("other", "po", bot=False)
    slack.person("po").say("other", "@Duban hello")
    slack.settle()
    assert listener.got == []
    assert "not in this channel" in slack.seen_by("po", "other")[-1]["text"]


def test_edit_delete_react_and_links(slack: FakeSlack, listener: Listener, app: None) -> None:
    po = slack.person("po")
    said = po.say("dev-room", "see https://lanhuapp.com/x?a=1&b=2 please")
    reply = po.say("dev-room", "in the thread", thread=said["ts"])
    po.react("dev-room", reply["ts"], "pushpin")
    po.edit("dev-room", reply["ts"], "changed")
    po.delete("dev-room", reply["ts"])
    slack.settle()
    kinds = [m["event"].get("subtype") for m in listener.of("message")]
    assert sorted(kinds, key=str) == [None, None, "message_changed", "message_deleted"]
    (shared,) = listener.of("link_shared")
    assert shared["event"]["links"] == [
        {"domain": "lanhuapp.com", "url": "https://lanhuapp.com/x?a=1&amp;b=2"}
    ]
    (reaction,) = listener.of("reaction_added")
    assert reaction["event"]["item"]["ts"] == reply["ts"]
    with pytest.raises(CannotDo):
        slack.person("dev").edit("dev-room", said["ts"], "mine")


def test_a_button_arrives_with_its_message(slack: FakeSlack, listener: Listener, app: None) -> None:
    ts = post(slack, blocks=BUTTON)
    seen = slack.person("po").press("dev-room", ts, "Go")
    assert seen is not None
    assert seen.ok
    (body,) = listener.of("action")
    assert body["actions"][0]["value"] == "change approve CR-1"
    assert body["message"]["ts"] == ts
    assert body["container"]["is_ephemeral"] is False
    with pytest.raises(CannotDo, match="among"):
        slack.person("po").press("dev-room", ts, "Stop")


def test_a_form_is_opened_filled_in_and_submitted(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    po = slack.person("po")
    po.command("/po", "form", "dev-room")
    with pytest.raises(CannotDo, match="required"):
        po.submit({})
    with pytest.raises(CannotDo, match="too long"):
        po.submit({"Title": "12345678901"})
    (option,) = po.search("Story", "登录")
    listener.acks = {"response_action": "errors", "errors": {"t": "no"}}
    seen = po.submit({"Title": "登录", "Who": ["李雷"], "Story": option})
    assert seen.body["errors"] == {"t": "no"}
    assert po.modal.is_open
    state = listener.of("view")[0]["view"]["state"]["values"]
    assert state["t"]["t"]["value"] == "登录"
    assert state["who"]["who"]["selected_users"] == [slack.team.user("dev").id]
    assert state["s"]["story"]["selected_option"] == option
    assert state["day"]["day"]["selected_date"] == "2026-11-23"
    listener.acks = {}
    po.submit({"Title": "登录"})
    with pytest.raises(CannotDo, match="no modal"):
        _ = po.modal


def test_answers_to_a_form_that_make_no_sense_are_noted(
    slack: FakeSlack, listener: Listener, app: None
) -> None:
    po = slack.person("po")
    po.command("/po", "form", "dev-room")
    listener.acks = {"response_action": "errors", "errors": {"unknown": "no"}}
    assert "invalid_errors" in po.submit({"Title": "x"}).error


def test_shortcuts(slack: FakeSlack, listener: Listener, app: None) -> None:
    said = slack.person("dev").say("dev-room", "please")
    slack.person("po").message_shortcut("dev-room", said["ts"], "log")
    slack.person("po").shortcut("log")
    message, everywhere = listener.of("shortcut")
    assert message["message"]["text"] == "please"
    assert (message["type"], everywhere["type"]) == ("message_action", "shortcut")


def test_an_event_comes_again_until_it_is_acknowledged(slack: FakeSlack) -> None:
    slack.app.request_url = "http://127.0.0.1:9/slack/events"
    slack.person("po").say("dev-room", "hello")
    slack.settle()
    assert [s.retry for s in slack.seen] == [0, 1, 2, 3]
    assert {s.error for s in slack.seen} == {"connection_failed"}


def test_repetitions_have_the_same_id_and_say_why(slack: FakeSlack, listener: Listener) -> None:
    ids: list[str] = []
    enough = threading.Event()

    def build(app: AsyncApp) -> None:
        @app.middleware
        async def refuse(req: Any) -> BoltResponse:
            ids.append(req.body["event_id"])
            ids.append(req.headers.get("x-slack-retry-reason", [""])[0])
            last = len(ids) == 6
            if last:
                enough.set()
            return BoltResponse(status=500, headers={"X-Slack-No-Retry": "1"} if last else {})

    with over_http(slack, build):
        slack.person("po").say("dev-room", "hello")
        slack.settle()
    assert enough.is_set()
    assert len(set(ids[::2])) == 1
    assert ids[1::2] == ["", "http_error", "http_error"]


@pytest.mark.parametrize(
    ("how", "status"),
    [
        (Signature.GOOD, 200),
        (Signature.FORGED, 401),
        (Signature.OLD, 401),
        (Signature.NONE, 401),
        (Signature.NOT_A_NUMBER, 500),
    ],
)
def test_signatures_as_bolt_judges_them(
    slack: FakeSlack, listener: Listener, how: Signature, status: int
) -> None:
    with over_http(slack, listener.build):
        seen = slack.person("po").command("/po", "x", how=how)
    assert seen.status == status


def test_envelopes_go_to_one_of_several_connections(slack: FakeSlack, listener: Listener) -> None:
    with over_socket(slack, listener.build, connections=3):
        for number in range(30):
            slack.person("po").command("/po", str(number))
        assert len(listener.of("command")) == 30
        assert len(set(slack.sockets.used)) == 3


def test_a_connection_is_made_anew_after_disconnect(slack: FakeSlack, listener: Listener) -> None:
    with over_socket(slack, listener.build):
        slack.run(slack.sockets.disconnect_all("refresh_requested"))
        until(lambda: slack.sockets.greeted >= 2)
        # The SDK answers the word and the end of the connection each by connecting, and
        # ends the first new one for the second: between the two there is none.
        person = slack.person("po")
        until(lambda: person.command("/po", "x").ok)


def test_home(slack: FakeSlack, listener: Listener, app: None) -> None:
    slack.person("po").open_home()
    slack.settle()
    assert listener.of("app_home_opened")[0]["event"]["user"] == slack.team.user("po").id


def post(slack: FakeSlack, **parts: Any) -> str:
    from slack_sdk import WebClient

    client = WebClient(slack.bot_token, base_url=slack.api_url)
    room = slack.channel("dev-room")
    answer = client.chat_postMessage(channel=room.id, text="words", **parts)
    return str(answer["ts"])
