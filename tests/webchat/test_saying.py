"""Saying, commanding, pressing, submitting: what is stored and who sees it."""

from datetime import timedelta

import pytest

from domain.messages import Card, Para
from domain.ports import Destination
from tests.webchat.world import client_id


def test_what_is_said_is_seen_by_everybody_with_mentions_as_names(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        po.say("请 @李雷 和 @pm 看 <b>https://a.cn</b>")
        (message,) = dev.messages()
        assert message["author"] == chat.team.id("po")
        assert 'mention me" data-person="' + chat.team.id("dev") in message["html"]
        assert "@王强" in message["html"]
        assert "&lt;b&gt;" in message["html"]
        assert message["text"] is None  # only one's own words can be edited
        assert po.messages()[0]["text"] == "请 @dev 和 @pm 看 <b>https://a.cn</b>"


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("/sampler join", id="slash"),
        pytest.param("／sampler join", id="full-width slash"),
        pytest.param("@督办 样张 加入", id="Chinese mention"),
        pytest.param("＠Duban: sampler join", id="mention with a colon"),
        pytest.param("大家好，@duban sampler join", id="mention inside"),
        pytest.param("/po sampler join", id="umbrella"),
    ],
)
def test_a_command_is_a_command_however_it_is_written(lite, line):
    with lite.browser("po") as po:
        answer = po.say(line)
        assert [m["kind"] for m in answer["messages"]] == ["command", "card"]
        assert "已有 1 次签到" in answer["messages"][1]["html"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("duban 很好用", id="no mention"),
        pytest.param("我问问 @duban 好不好用", id="mention without a command"),
        pytest.param("a@duban.example sampler join", id="mail address"),
        pytest.param("@dubanner sampler join", id="a longer word"),
    ],
)
def test_talk_about_duban_is_talk(lite, line):
    with lite.browser("po") as po:
        assert [m["kind"] for m in po.say(line)["messages"]] == ["said"]


def test_alone_with_duban_every_line_is_a_command(lite):
    with lite.browser("po") as po:
        answer = po.say("sampler join", channel=po.direct())
        assert answer["messages"][1]["kind"] == "card"
        assert po.say("你好", channel=po.direct())["failed"]


def test_a_refused_command_is_shown_to_the_asker_alone(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        answer = po.say("/nonsense")
        assert answer["failed"]
        assert [m["private"] for m in answer["messages"]] == [True, True]
        po.say("/sampler fail")
        po.say("/sampler secret")
        assert [m["private"] for m in po.messages()] == [True] * 6
        assert dev.messages() == []
        private = po.messages()[1]["id"]
        assert dev.http.get(f"/api/v1/chat/messages/{private}/thread").status_code == 404


def test_a_repeated_post_has_one_effect_and_the_same_answer(chat):
    with chat.browser("po") as po:
        for line in ("hello", "/sampler join", "/sampler show", "/sampler secret"):
            twice = [po.say(line, client_id=f"the-same-{line[-4:]}") for _ in range(2)]
            ids = [[m["id"] for m in answer["messages"]] for answer in twice]
            assert ids[0] == ids[1]
        assert len(po.messages()) == 7
        with chat.team.write() as uow:
            assert uow.counters.next("sampler") == 2


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("@李雷 看 https://a.cn", id="said"),
        pytest.param("/sampler join", id="card"),
        pytest.param("/help", id="for the asker alone"),
        pytest.param("/team language en", id="the language changes"),
        pytest.param("/nonsense", id="error"),
    ],
)
def test_the_answer_shows_what_the_page_reads_later(chat, line):
    with chat.browser("po") as po:
        file = po.upload("读我.txt", b"x").json()["id"]
        answer = po.say(line, files=[file, file])["messages"]
        assert answer == po.messages()[-len(answer) :]
        threaded = po.say(line, thread=answer[0]["id"])["messages"]
        inside = po.get(f"/api/v1/chat/messages/{answer[0]['id']}/thread")["messages"]
        later = {m["id"]: m for m in (*po.messages(), *inside)}
        assert threaded == [later[m["id"]] for m in threaded]


def test_the_same_client_id_of_two_people_is_two_acts(lite):
    with lite.browser("po") as po, lite.browser("dev") as dev:
        po.say("one", client_id="client-id-x")
        dev.say("two", client_id="client-id-x")
        assert len(po.messages()) == 2


def test_a_request_that_failed_can_be_tried_again(lite):
    with lite.browser("po") as po:
        first = po.say("/sampler fail", client_id="again-again")
        second = po.say("/sampler fail", client_id="again-again")
        assert (first["failed"], second["failed"]) == (True, True)
        assert len(po.messages()) == 2


def test_a_button_dispatches_its_command_and_shows_no_words(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        card = po.say("/sampler join")["messages"][1]
        answer = dev.press(card["id"], "sampler join")
        assert [m["id"] for m in answer["messages"]] == [card["id"]]
        assert "已有 2 次签到" in answer["messages"][0]["html"]
        assert len(po.messages()) == 2


def test_a_card_far_up_is_posted_anew_and_leaves_a_pointer(chat):
    with chat.browser("po") as po:
        first = po.say("/sampler join")["messages"][1]["id"]
        for number in range(15):
            po.say(f"word {number}")
        assert po.press(first, "sampler join")["messages"][0]["id"] == first
        po.say("one more")
        second = po.press(first, "sampler join")["messages"][0]
        assert second["id"] != first
        pointer = next(m for m in po.messages() if m["id"] == first)
        assert (pointer["moved_to"], pointer["html"], pointer["title"]) == (
            second["id"],
            "",
            "签到表",
        )
        assert po.press(first, "sampler join")["messages"][0]["id"] == second["id"]


def test_private_replies_never_count_against_a_cards_nearness(lite):
    with lite.browser("po") as po:
        first = po.say("/sampler join")["messages"][1]["id"]
        for _ in range(10):
            po.say("/nonsense")
        assert po.press(first, "sampler join")["messages"][0]["id"] == first


def test_a_form_opens_and_stores_nothing_until_it_is_right(chat):
    with chat.browser("po") as po:
        opened = po.say("/sampler log")
        assert opened["messages"] == []
        assert 'data-command="sampler log"' in opened["form"]
        wrong = po.submit("sampler log", {"text": "改 <b>", "who": "", "areas": "db"})
        assert "改数据库要同时改接口" in wrong["form"]
        assert "改 &lt;b&gt;" in wrong["form"]
        assert po.messages() == []
        done = po.submit("sampler log", {"text": "改", "who": chat.team.id("dev"), "areas": "ui"})
        assert done["form"] is None
        assert "@李雷" in done["messages"][0]["html"]
        assert len(po.messages()) == 1


def test_threads_keep_their_replies_and_the_root_counts_them(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        root = po.say("root")["messages"][0]["id"]
        reply = dev.say("reply", thread=root)["messages"][0]
        dev.say("reply to the reply", thread=reply["id"])
        assert [m["id"] for m in po.messages()] == [root]
        assert po.messages()[0]["replies"]["n"] == 2
        thread = po.get(f"/api/v1/chat/messages/{root}/thread")["messages"]
        assert [m["thread"] for m in thread] == [None, root, root]
        dev.send("DELETE", f"/api/v1/chat/messages/{reply['id']}", {})
        assert po.messages()[0]["replies"]["n"] == 1


def test_reactions_come_and_go_with_their_people(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        message = po.say("决定用短信登录")["messages"][0]["id"]
        dev.react(message, "📌")
        chat.team.clock.advance(timedelta(seconds=1))
        po.react(message, "📌")
        po.react(message, "📌")
        assert po.messages()[0]["reactions"] == [
            {"emoji": "📌", "people": ["李雷", "陈敏"], "mine": True}
        ]
        po.react(message, "📌", added=False)
        assert po.messages()[0]["reactions"] == [{"emoji": "📌", "people": ["李雷"], "mine": False}]
        for emoji in ("<b>", "abc", "", "x" * 40):
            body = {"emoji": emoji, "added": True, "client_id": client_id()}
            answer = po.send("POST", f"/api/v1/chat/messages/{message}/reactions", body)
            assert answer.status_code == 422


def test_listeners_hear_what_is_said_and_put_with_its_text_and_author(lite):
    heard = []
    lite.team.registry.on_message.append(lambda ctx: heard.append(ctx.request))
    lite.team.registry.on_reaction.append(lambda ctx: heard.append(ctx.request))
    with lite.browser("po") as po, lite.browser("dev") as dev:
        root = po.say("决定 @dev 负责")["messages"][0]["id"]
        dev.say("好", thread=root)
        dev.react(root, "✅")
        po.say("/sampler join")
    said, reply, reaction = heard
    assert said.text == f"决定 <@{lite.team.id('dev')}> 负责"
    assert said.message_id == root
    assert (reply.text, reply.thread) == ("好", root)
    assert (reaction.reaction.emoji, reaction.reaction.text) == ("✅", said.text)
    assert reaction.reaction.author == lite.team.id("po")


def test_editing_and_taking_back_ones_own_words(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        message = po.say("tomorow")["messages"][0]["id"]
        address = f"/api/v1/chat/messages/{message}"
        assert dev.send("PATCH", address, {"text": "x"}).status_code == 403
        assert dev.send("DELETE", address, {}).status_code == 403
        edited = po.send("PATCH", address, {"text": "tomorrow @dev"}).json()["messages"][0]
        assert (edited["edited"], edited["text"]) == (True, "tomorrow @dev")
        gone = po.send("DELETE", address, {}).json()["messages"][0]
        assert (gone["deleted"], gone["html"]) == (True, "")
        assert po.send("PATCH", address, {"text": "back"}).status_code == 404
        command = po.say("/sampler join")["messages"][0]["id"]
        assert (
            po.send("PATCH", f"/api/v1/chat/messages/{command}", {"text": "x"}).status_code == 403
        )


def test_unread_counts_are_of_others_and_end_with_reading(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        po.say("one")
        po.say("two")
        po.say("/nonsense")

        def unread(browser):
            channels = browser.get("/api/v1/chat/channels")["channels"]
            return {c["id"]: c["unread"] for c in channels}[browser.channel]

        assert (unread(po), unread(dev)) == (0, 2)
        last = dev.messages()[-1]["number"]
        dev.post(f"/api/v1/chat/channels/{dev.channel}/read", {"number": last - 1})
        assert unread(dev) == 1
        dev.post(f"/api/v1/chat/channels/{dev.channel}/read", {"number": 10**6})
        assert unread(dev) == 0
        dev.post(f"/api/v1/chat/channels/{dev.channel}/read", {"number": 0})
        assert unread(dev) == 0
        dev.say("three")
        assert unread(po) == 1


def test_pages_go_back_to_the_first_word(lite):
    with lite.browser("po") as po:
        for number in range(60):
            po.say(f"n{number}")
        path = f"/api/v1/chat/channels/{po.channel}/messages"
        last = po.get(path)
        assert (len(last["messages"]), last["more"]) == (50, True)
        first = po.get(path, before=str(last["messages"][0]["number"]))
        assert (len(first["messages"]), first["more"]) == (10, False)
        shown = [m["text"] for m in first["messages"] + last["messages"]]
        assert shown == [f"n{n}" for n in range(60)]


def test_deliveries_arrive_once_and_edit_their_card(chat):
    with chat.browser("po") as po:
        where = Destination(po.channel)
        card = Card("计划", (Para("v1"),), key="plan:1")
        handle = chat.surface.send(where, card, "delivery-1", None, doubtful=False)
        assert chat.surface.send(where, card, "delivery-1", None, doubtful=False) == handle
        newer = Card("计划", (Para("v2"),), key="plan:1")
        assert chat.surface.send(where, newer, "delivery-2", handle, doubtful=False) == handle
        (message,) = po.messages()
        assert "v2" in message["html"]
        root = po.say("thread")["messages"][0]["id"]
        chat.surface.send(
            Destination(po.channel, root), Card("在话题里"), "delivery-3", None, doubtful=False
        )
        chat.surface.send(
            Destination(po.channel, "gone"), Card("话题没了"), "delivery-4", None, doubtful=False
        )
        assert [m["replies"]["n"] for m in po.messages()] == [0, 1, 0]
