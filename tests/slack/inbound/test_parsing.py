"""Payloads as plain values: commands, presses, events."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.reading.emoji import character
from bot.slack.reading.incoming import Where, Who, interaction, shared_files, slash
from bot.slack.reading.saying import deleted, edited, marked, said
from commands.reviews.listeners import EMOJI
from domain.requests import Kind

BOT = "UB"


def command(**more: str) -> dict[str, str]:
    return {
        "team_id": "T1", "user_id": "U1", "channel_id": "C1", "channel_name": "dev",
        "command": "/review", "text": "start 登录改版", "trigger_id": "1.2.x",
        "response_url": "https://hooks.slack.com/x", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "prefix", "text"),
    [
        pytest.param({}, "", "review start 登录改版", id="plain"),
        pytest.param({"command": "/duban-review"}, "duban-", "review start 登录改版", id="prefix"),
        pytest.param({"command": "/po", "text": "评审 开始"}, "", "评审 开始", id="umbrella"),
        pytest.param({"command": "/po", "text": ""}, "duban-", "", id="umbrella alone"),
        pytest.param({"text": "  `start x` "}, "", "review start x", id="fenced"),
        pytest.param({"text": ""}, "", "review", id="no words"),
    ],
)
def test_slash(given: dict[str, str], prefix: str, text: str) -> None:
    found = slash(command(**given), prefix, "po")
    assert (found.text, found.kind, found.key) == (text, Kind.COMMAND, "slack:T1:1.2.x")
    assert (found.who, found.where) == (Who("T1", "U1", "T1"), Where("C1", "dev"))


@pytest.mark.parametrize("name", ["directmessage", "privategroup"])
def test_names_that_are_none(name: str) -> None:
    assert slash(command(channel_name=name), "", "po").where == Where("C1")


def test_a_conversation_of_two_is_not_taken_for_ours() -> None:
    assert slash(command(channel_id="D1"), "", "po").where.direct is False


def test_a_press_in_a_thread() -> None:
    found = interaction(
        {
            "user": {"id": "U1", "team_id": "T2"},
            "team": {"id": "T1"},
            "channel": {"id": "C1", "name": "dev"},
            "container": {"message_ts": "2.0", "thread_ts": "1.0"},
            "message": {"ts": "2.0", "thread_ts": "1.0"},
            "trigger_id": "t",
        }
    )
    assert found.who == Who("T1", "U1", "T2")
    assert found.where == Where("C1", "dev", thread="1.0", message="2.0")


def test_the_parent_of_a_thread_is_not_in_it() -> None:
    found = interaction({"user": {"id": "U1"}, "message": {"ts": "1.0", "thread_ts": "1.0"}})
    assert (found.where.thread, found.where.message) == (None, "1.0")


def event(**inner: Any) -> dict[str, Any]:
    base = {"type": "message", "user": "U1", "team": "T1", "channel": "C1", "ts": "5.0"}
    return {"team_id": "T1", "event_id": "Ev1", "event": {**base, "text": "hello", **inner}}


def is_command(line: str) -> bool:
    return line.startswith(("评审", "review"))


@pytest.mark.parametrize(
    ("inner", "kind", "text"),
    [
        pytest.param({}, Kind.MESSAGE, "hello", id="said to people"),
        pytest.param({"text": "<@UB> 什么"}, Kind.COMMAND, "什么", id="a mention first"),
        pytest.param({"text": "<@UB>"}, Kind.COMMAND, "", id="a mention alone"),
        pytest.param({"text": "好 <@UB> 评审 x"}, Kind.COMMAND, "评审 x", id="a command within"),
        pytest.param(
            {"text": "问 <@UB> 吧"}, Kind.MESSAGE, "问 <@UB> 吧", id="a mention in passing"
        ),
        pytest.param({"channel": "D1"}, Kind.COMMAND, "hello", id="to Duban alone"),
        pytest.param(
            {"channel": "D1", "text": "<@UB> 评审"}, Kind.COMMAND, "评审", id="both at once"
        ),
        pytest.param({"subtype": "file_share"}, Kind.MESSAGE, "hello", id="with a file"),
        pytest.param(
            {"subtype": "thread_broadcast"}, Kind.MESSAGE, "hello", id="also to the channel"
        ),
    ],
)
def test_said(inner: dict[str, Any], kind: Kind, text: str) -> None:
    found = said(event(**inner), BOT, is_command)
    assert found is not None
    assert (found.kind, found.text) == (kind, text)
    mention = said(event(**{**inner, "type": "app_mention"}), BOT, is_command)
    assert mention == found


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param({"user": BOT}, id="by Duban"),
        pytest.param({"bot_id": "B9"}, id="by another bot"),
        pytest.param({"user": None, "subtype": "bot_message"}, id="by an integration"),
        pytest.param({"subtype": "channel_join"}, id="a note of Slack's"),
        pytest.param({"text": "", "subtype": "file_share"}, id="a file without words"),
    ],
)
def test_what_is_none_of_our_business(inner: dict[str, Any]) -> None:
    assert said(event(**inner), BOT, is_command) is None


def test_people_from_elsewhere() -> None:
    found = said(event(user_team="T9"), BOT, is_command)
    assert found is not None
    assert found.who == Who("T1", "U1", "T9")


def change(now: dict[str, Any], before: dict[str, Any], **inner: Any) -> dict[str, Any]:
    message = {"user": "U1", "ts": "5.0", "text": "a"}
    return event(
        subtype="message_changed", user=None, ts="6.0", text=None, event_ts="6.0",
        message={**message, **now}, previous_message={**message, **before}, **inner,
    )  # fmt: skip


def test_an_edit() -> None:
    found = edited(change({"text": "b", "thread_ts": "1.0", "edited": {"ts": "6.0"}}, {}), BOT)
    assert found is not None
    assert (found.kind, found.text, found.who.user) == (Kind.EDIT, "b", "U1")
    assert (found.where.message, found.where.thread) == ("5.0", "1.0")
    assert found.key == "slack:T1:C1:5.0:6.0"


@pytest.mark.parametrize(
    ("now", "before"),
    [
        pytest.param({"attachments": [{}]}, {}, id="a link unfolded"),
        pytest.param({"text": "b", "user": BOT, "bot_id": "B1"}, {}, id="Duban's own"),
        pytest.param({"text": "b", "subtype": "bot_message"}, {}, id="a bot's"),
    ],
)
def test_no_edit(now: dict[str, Any], before: dict[str, Any]) -> None:
    assert edited(change(now, before), BOT) is None


def removal(**before: Any) -> dict[str, Any]:
    message = {"user": "U1", "ts": "5.0", "text": "a", "thread_ts": "1.0", **before}
    return event(
        subtype="message_deleted", user=None, ts="7.0", deleted_ts="5.0", previous_message=message
    )


def test_a_deletion() -> None:
    found = deleted(removal(), BOT)
    assert found is not None
    assert (found.kind, found.text, found.where.message) == (Kind.DELETE, "", "5.0")
    assert deleted(removal(user=BOT), BOT) is None


def test_a_deleted_message_whose_thread_stays() -> None:
    body = change({"subtype": "tombstone", "user": "USLACKBOT", "text": "deleted"}, {})
    found = edited(body, BOT)
    assert found is not None
    assert (found.kind, found.where.message) == (Kind.DELETE, "5.0")


def reaction(**inner: Any) -> dict[str, Any]:
    item = {"type": "message", "channel": "C1", "ts": "5.0"}
    return event(**{"type": "reaction_added", "reaction": "pushpin", "item": item, **inner})


def test_a_reaction() -> None:
    found = marked(reaction(type="reaction_removed", item_user="U2"), BOT)
    assert found is not None
    assert (found.emoji, found.added, found.author) == ("📌", False, "U2")
    assert found.incoming.where == Where("C1", message="5.0")
    assert found.incoming.key == "slack:T1:Ev1"


@pytest.mark.parametrize(
    "inner",
    [
        pytest.param({"reaction": "tada"}, id="an emoji without meaning"),
        pytest.param({"user": BOT}, id="by Duban"),
        pytest.param({"item": {"type": "file", "file": "F1"}}, id="on a file"),
    ],
)
def test_reactions_that_mean_nothing(inner: dict[str, Any]) -> None:
    assert marked(reaction(**inner), BOT) is None


def test_every_emoji_that_makes_minutes_has_a_name() -> None:
    names = ["pushpin", "round_pushpin", "white_check_mark", "ballot_box_with_check",
             "heavy_check_mark", "question", "grey_question"]  # fmt: skip
    assert {character(n) for n in names} == set(EMOJI)
    assert character("white_check_mark::skin-tone-2") == "✅"


def test_files() -> None:
    listed = [
        {
            "id": "F1",
            "name": "a.csv",
            "url_private_download": "https://files.slack.com/a",
            "size": 3,
        },
        {"id": "F2", "mode": "tombstone", "url_private": "https://files.slack.com/b"},
        {"id": "F3", "name": "no address"},
        "nothing",
    ]
    (found,) = shared_files(listed)
    assert (found.id, found.name, found.size) == ("F1", "a.csv", 3)
    assert shared_files(None) == ()
