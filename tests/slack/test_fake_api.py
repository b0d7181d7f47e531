"""The stand-in's Web API, asked by the real slack_sdk."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from tests.fakes.slack import FakeSlack


class Ticking:
    """A clock of this test's own, in seconds."""

    def __init__(self) -> None:
        self.now = 1_795_400_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Ticking:
    return Ticking()


@pytest.fixture
def slack(time: Ticking) -> Iterator[FakeSlack]:
    with FakeSlack(time) as running:
        running.outbound.muted = True
        running.add_user("po", "陈敏", email="po@example.com", is_admin=True)
        running.add_user("guest", "客", is_restricted=True, tz="Europe/Berlin", locale="de-DE")
        running.add_user("gone", "旧人", deleted=True)
        running.add_channel("room", "po")
        running.add_channel("secret", "po", private=True, bot=False)
        running.add_channel("open", "po", bot=False)
        yield running


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, timeout=60)


@pytest.fixture
def room(slack: FakeSlack) -> str:
    return slack.channel("room").id


def refused(ask: Callable[[], Any]) -> str:
    with pytest.raises(SlackApiError) as error:
        ask()
    return str(error.value.response["error"])


def section(text: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(label: str = "Go", **more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": label, **more}


def test_thread_history_and_metadata(slack: FakeSlack, client: Any, room: str) -> None:
    metadata = {"event_type": "duban", "event_payload": {"delivery": "d1"}}
    first = client.chat_postMessage(channel=room, text="one", metadata=metadata)
    reply = client.chat_postMessage(channel=room, text="two", thread_ts=first["ts"])
    client.chat_postMessage(channel=room, text="three")
    found = client.conversations_history(channel=room, include_all_metadata=True)["messages"]
    assert [m["text"] for m in found] == ["three", "one"]
    assert found[1]["metadata"] == metadata
    assert found[1]["reply_count"] == 1
    assert "metadata" not in client.conversations_history(channel=room)["messages"][1]
    thread = client.conversations_replies(channel=room, ts=first["ts"])["messages"]
    assert [m["text"] for m in thread] == ["one", "two"]
    (only,) = client.conversations_replies(
        channel=room, ts=reply["ts"], latest=reply["ts"], inclusive=True, limit=1
    )["messages"]
    assert only["text"] == "two"
    newer = client.conversations_history(channel=room, oldest=first["ts"])["messages"]
    assert [m["text"] for m in newer] == ["three"]


def test_pages(slack: FakeSlack, client: Any, room: str) -> None:
    for number in range(5):
        client.chat_postMessage(channel=room, text=str(number))
    found = [
        m["text"]
        for page in client.conversations_history(channel=room, limit=2)
        for m in page["messages"]
    ]
    assert found == ["4", "3", "2", "1", "0"]


def test_update_delete_and_link(client: Any, slack: FakeSlack, room: str) -> None:
    ts = client.chat_postMessage(channel=room, text="one", blocks=[section()])["ts"]
    client.chat_update(channel=room, ts=ts, text="two", blocks=[])
    message = slack.channel("room").get(ts)
    assert (message["text"], "blocks" in message) == ("two", False)
    link = client.chat_getPermalink(channel=room, message_ts=ts)["permalink"]
    assert link.endswith(f"{room}/p{ts.replace('.', '')}")
    client.chat_delete(channel=room, ts=ts)
    assert refused(lambda: client.chat_update(channel=room, ts=ts, text="x")) == "message_not_found"
    mine = slack.person("po").say("room", "mine")
    assert refused(lambda: client.chat_update(channel=room, ts=mine["ts"], text="x")) == (
        "cant_update_message"
    )


def test_where_one_cannot_post(client: Any, slack: FakeSlack, room: str) -> None:
    def post(channel: str) -> Callable[[], Any]:
        return lambda: client.chat_postMessage(channel=channel, text="x")

    assert post(slack.channel("open").id)()["ok"]
    assert refused(post(slack.channel("secret").id)) == "channel_not_found"
    assert refused(post("C404")) == "channel_not_found"
    assert refused(post(slack.team.user("gone").id)) == "user_disabled"
    assert refused(post(slack.bot_user)) == "cannot_dm_bot"
    slack.archive("room", "po")
    assert refused(post(room)) == "is_archived"
    direct = post(slack.team.user("po").id)()
    assert direct["channel"] == slack.direct("po").id
    slack.world.installations[slack.team.id].token.scopes -= {"chat:write.public"}
    assert refused(post(slack.channel("open").id)) == "not_in_channel"


def test_only_members_see_what_is_whispered(client: Any, slack: FakeSlack, room: str) -> None:
    po, guest = slack.team.user("po").id, slack.team.user("guest").id
    client.chat_postEphemeral(channel=room, user=po, text="psst")
    assert [m["text"] for m in slack.seen_by("po", "room")] == ["psst"]
    assert refused(lambda: client.chat_postEphemeral(channel=room, user=guest, text="x")) == (
        "user_not_in_channel"
    )


def many(count: int) -> list[dict[str, Any]]:
    return [section() for _ in range(count)]


MESSAGES = [
    pytest.param({}, "no_text", id="nothing at all"),
    pytest.param({"text": "x", "blocks": many(50)}, None, id="50 blocks"),
    pytest.param({"text": "x", "blocks": many(51)}, "invalid_blocks", id="51 blocks"),
    pytest.param({"blocks": [section("y" * 3000)]}, None, id="3000 characters"),
    pytest.param({"blocks": [section("y" * 3001)]}, "invalid_blocks", id="3001 characters"),
    pytest.param({"blocks": [section("")]}, "invalid_blocks", id="an empty text"),
    pytest.param(
        {"blocks": [section("y" * 2900) for _ in range(5)]}, "msg_blocks_too_long", id="in all"
    ),
    pytest.param(
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "h" * 151}}]},
        "invalid_blocks", id="a long header",
    ),
    pytest.param(
        {"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "h"}}]},
        "invalid_blocks", id="markup in a header",
    ),
    pytest.param({"blocks": [{"type": "chart"}]}, "invalid_blocks", id="an unknown block"),
    pytest.param(
        {"blocks": [{"type": "actions", "elements": [button(str(n)) for n in range(26)]}]},
        "invalid_blocks", id="26 buttons",
    ),
    pytest.param(
        {"blocks": [{"type": "actions", "elements": [button("b" * 76)]}]},
        "invalid_blocks", id="a long button",
    ),
    pytest.param(
        {"blocks": [section(accessory=button(value="v" * 2001))]},
        "invalid_blocks", id="a long value",
    ),
    pytest.param(
        {"blocks": [section(accessory=button()), section(accessory=button())]},
        "invalid_blocks", id="one action id twice",
    ),
    pytest.param(
        {"blocks": [section(block_id="b"), section(block_id="b")]},
        "invalid_blocks", id="one block id twice",
    ),
    pytest.param(
        {"blocks": [{"type": "section", "fields": [{"type": "mrkdwn", "text": "f"}] * 11}]},
        "invalid_blocks", id="11 fields",
    ),
    pytest.param(
        {"blocks": [section(accessory=button(style="green"))]},
        "invalid_blocks", id="an unknown style",
    ),
    pytest.param({"text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format",
                 id="metadata without payload"),
    pytest.param({"text": "x", "thread_ts": "1.2"}, "thread_not_found", id="an unknown thread"),
    pytest.param({"markdown_text": "x", "text": "y"}, "markdown_text_conflict", id="both texts"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "error"), MESSAGES)
def test_messages_are_refused_as_a_whole(
    client: Any, slack: FakeSlack, room: str, parts: dict[str, Any], error: str | None
) -> None:
    def ask() -> Any:
        return client.api_call("chat.postMessage", json={"channel": room, **parts})

    if error is None:
        assert ask()["ok"]
    else:
        assert refused(ask) == error
        assert slack.channel("room").messages == []


def test_a_very_long_text_is_cut(client: Any, slack: FakeSlack, room: str) -> None:
    answer = client.chat_postMessage(channel=room, text="t" * 40_001)
    assert answer["warning"] == "message_truncated"
    assert len(slack.channel("room").messages[0]["text"]) == 40_000
    assert (
        refused(lambda: client.chat_update(channel=room, ts=answer["ts"], text="t" * 4001))
        == "msg_too_long"
    )


def test_people(client: Any, slack: FakeSlack) -> None:
    po = client.users_lookupByEmail(email="PO@example.com")["user"]
    assert (po["id"], po["is_admin"], po["tz"]) == (slack.team.user("po").id, True, "Asia/Shanghai")
    guest = client.users_info(user=slack.team.user("guest").id, include_locale=True)["user"]
    assert (guest["is_restricted"], guest["locale"], guest["tz_offset"]) == (True, "de-DE", 3600)
    assert refused(lambda: client.users_lookupByEmail(email="no@example.com")) == "users_not_found"
    assert len(client.users_list()["members"]) == 4


def test_scopes(client: Any, slack: FakeSlack) -> None:
    token = slack.world.installations[slack.team.id].token
    token.scopes = frozenset({"users:read"})
    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel=slack.channel("room").id, text="x")
    answer = error.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "chat:write")
    user = client.users_info(user=slack.team.user("po").id)["user"]
    assert "email" not in user["profile"]


def test_tokens(client: Any, slack: FakeSlack) -> None:
    assert client.auth_test()["bot_id"] == slack.bot_id
    assert refused(WebClient("xoxb-no", base_url=slack.api_url).auth_test) == "invalid_auth"
    assert refused(WebClient(base_url=slack.api_url).auth_test) == "not_authed"
    slack.revoke()
    assert refused(client.auth_test) == "token_revoked"
    client.token = slack.reinstall()
    assert client.auth_test()["ok"]
    slack.uninstall()
    assert refused(client.auth_test) == "token_revoked"


def test_installing_by_oauth_and_rotating(slack: FakeSlack, time: Ticking) -> None:
    slack.app.token_rotation = True
    other = slack.world.add_team("Other")
    other.add_user("boss", "老板")
    back = slack.consent(
        f"https://slack.com/oauth/v2/authorize?client_id={slack.app.client_id}"
        "&scope=commands,chat:write&state=s1&redirect_uri=https://bot.example.com/done",
        "boss", other,
    )  # fmt: skip
    assert back.startswith("https://bot.example.com/done?code=")
    code = back.partition("code=")[2].partition("&")[0]
    client: Any = WebClient(base_url=slack.api_url)
    keys = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    where = "https://bot.example.com/done"
    made = client.oauth_v2_access(code=code, redirect_uri=where, **keys)
    assert (made["team"]["id"], made["expires_in"]) == (other.id, 43200)
    assert refused(lambda: client.oauth_v2_access(code=code, **keys)) == "invalid_code"
    client.token = made["access_token"]
    time.now += 43_201
    assert refused(client.auth_test) == "token_expired"
    refresh = {"grant_type": "refresh_token", "refresh_token": made["refresh_token"], **keys}
    client.token = None
    fresh = client.oauth_v2_access(**refresh)
    assert refused(lambda: client.oauth_v2_access(**refresh)) == "invalid_refresh_token"
    assert WebClient(fresh["access_token"], base_url=slack.api_url).auth_test()["ok"]


MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [section()],
}


def test_triggers_open_one_view_within_three_seconds(
    client: Any, slack: FakeSlack, time: Ticking
) -> None:
    po = slack.team.user("po").id
    trigger = slack.world.trigger(slack.team.id, po)
    view = client.views_open(trigger_id=trigger, view=MODAL)["view"]
    again = refused(lambda: client.views_open(trigger_id=trigger, view=MODAL))
    assert again == "exchanged_trigger_id"
    late = slack.world.trigger(slack.team.id, po)
    time.now += 3.1
    assert refused(lambda: client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    new = client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)["view"]
    stale = refused(lambda: client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL))
    assert stale == "hash_conflict"
    for _ in range(2):
        trigger = slack.world.trigger(slack.team.id, po)
        new = client.views_push(trigger_id=trigger, view=MODAL)["view"]
    assert new["previous_view_id"] != view["id"] == new["root_view_id"]
    trigger = slack.world.trigger(slack.team.id, po)
    assert refused(lambda: client.views_push(trigger_id=trigger, view=MODAL)) == (
        "push_limit_reached"
    )


VIEWS = [
    pytest.param({"title": {"type": "plain_text", "text": "t" * 25}}, id="a long title"),
    pytest.param({"blocks": many(101)}, id="101 blocks"),
    pytest.param({"private_metadata": "m" * 3001}, id="much metadata"),
    pytest.param({"footer": "x"}, id="an unknown property"),
    pytest.param(
        {"blocks": [{"type": "input", "label": {"type": "plain_text", "text": "l"},
                     "element": {"type": "plain_text_input", "action_id": "a"}}]},
        id="an input without a way to submit it",
    ),
    pytest.param(
        {"blocks": [section(accessory={
            "type": "static_select", "action_id": "a",
            "options": [{"text": {"type": "plain_text", "text": "o"}, "value": str(n)}
                        for n in range(101)]})]},
        id="101 options",
    ),
]  # fmt: skip


@pytest.mark.parametrize("parts", VIEWS)
def test_views_that_are_refused(client: Any, slack: FakeSlack, parts: dict[str, Any]) -> None:
    trigger = slack.world.trigger(slack.team.id, slack.team.user("po").id)
    error = refused(lambda: client.views_open(trigger_id=trigger, view={**MODAL, **parts}))
    assert error == "invalid_arguments"
    assert slack.team.modals(slack.team.user("po").id) == []


def test_files_go_up_in_three_steps_and_come_down_with_a_token(
    client: Any, slack: FakeSlack, room: str
) -> None:
    data = b"%PDF-" + bytes(range(256))
    file = client.files_upload_v2(channel=room, filename="m.pdf", content=data, title="纪要")[
        "file"
    ]
    (message,) = slack.channel("room").messages
    assert message["files"][0]["title"] == "纪要"

    def download(token: str) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        asked = urllib.request.Request(file["url_private_download"], headers=headers)
        return urllib.request.urlopen(asked, timeout=60).read()

    assert download(slack.bot_token) == data
    assert b"<!DOCTYPE html>" in download("xoxb-no")


def test_reply_addresses_work_five_times_for_half_an_hour(slack: FakeSlack, time: Ticking) -> None:
    room, po = slack.channel("room"), slack.team.user("po").id
    hook = WebhookClient(slack.world.hook("commands", room, po, None, None))
    answers = [hook.send(text=str(n), response_type="ephemeral") for n in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert answers[-1].body == "used_url"
    assert [m["text"] for m in slack.seen_by("po", "room")] == ["0", "1", "2", "3", "4"]
    late = WebhookClient(slack.world.hook("commands", room, po, None, None))
    time.now += 1801
    assert late.send(text="x").body == "expired_url"


def test_canvases_depend_on_the_plan(client: Any, slack: FakeSlack, room: str) -> None:
    content = {"type": "markdown", "markdown": "# 纪要"}
    made = client.canvases_create(title="t", document_content=content)["canvas_id"]
    assert slack.team.canvases[made]["markdown"] == "# 纪要"
    slack.team.features = frozenset()
    assert refused(lambda: client.canvases_create(title="t")) == "canvas_disabled_user_team"


def test_unfurls_go_to_the_message_with_the_link(client: Any, slack: FakeSlack) -> None:
    url = "https://lanhuapp.com/x?a=1&b=2"
    said = slack.person("po").say("room", f"see {url}")
    room = slack.channel("room")
    client.chat_unfurl(channel=room.id, ts=said["ts"], unfurls={url: {"blocks": [section()]}})
    assert url in room.unfurls[said["ts"]]
    other = "https://lanhuapp.com/other"
    assert (
        refused(lambda: client.chat_unfurl(channel=room.id, ts=said["ts"], unfurls={other: {}}))
        == "cannot_find_message"
    )
