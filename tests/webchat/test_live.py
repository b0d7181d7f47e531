"""Live updates: who gets what, in what order, and what a broken connection misses (nothing)."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from domain.messages import Card
from domain.ports import Destination
from storage.database import Database
from storage.uow import Store
from tests.webchat.world import Event, client_id

DEADLINE = 90
MOST_HEARTBEATS = 300
"""At 0.3 s each."""


def messages(stream: Iterator[Event], count: int) -> list[Event]:
    """The next so many messages; too many heartbeats without one are a failure."""
    found: list[Event] = []
    silent = 0
    while len(found) < count:
        event = next(stream)
        silent = silent + 1 if event.event == "comment" else 0
        assert silent < MOST_HEARTBEATS, f"only {len(found)} of {count} messages came"
        if event.event == "message":
            found.append(event)
    return found


def test_others_see_it_at_once_in_their_language(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        dev.send("PATCH", "/api/v1/chat/me", {"locale": "en"})
        with dev.listening(None) as stream:
            assert next(stream).event == "comment"  # it has begun to listen
            po.say("/sampler show")
            said, card = messages(stream, 2)
            assert (said.data["kind"], card.data["kind"]) == ("command", "card")
            assert said.id == said.data["seq"] < card.id
            assert "Thu, 31 Dec 2026" in card.data["html"]


def test_private_answers_and_other_peoples_conversations_are_not_sent(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev, dev.listening(0) as stream:
        po.say("/nonsense")
        po.say("help", channel=po.direct())
        pair = po.post("/api/v1/chat/direct", {"person": chat.team.id("pm")})["channel"]
        po.say("unter vier Augen", channel=pair)
        po.say("for everybody")
        (event,) = messages(stream, 1)
        assert "for everybody" in event.data["html"]


def test_edits_reactions_and_replies_come_as_changes_of_their_message(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        first = po.say("draft")["messages"][0]
        with dev.listening(first["seq"]) as stream:
            po.send("PATCH", f"/api/v1/chat/messages/{first['id']}", {"text": "final"})
            po.react(first["id"], "📌")
            po.say("reply", thread=first["id"])
            edited, reacted, reply, root = messages(stream, 4)
        assert edited.data["edited"]
        assert reacted.data["reactions"][0]["emoji"] == "📌"
        assert reply.data["thread"] == first["id"]
        assert root.data["replies"]["n"] == 1
        assert {e.data["number"] for e in (edited, reacted, root)} == {first["number"]}


def test_a_broken_connection_goes_on_where_it_ended(chat):
    with chat.browser("po") as po, chat.browser("dev") as dev:
        seen = []
        last = "0"
        for number in range(6):
            po.say(f"n{number}")
        while len(seen) < 6:
            with dev.listening(None, last=last) as stream:
                for event in messages(stream, 2):
                    seen.append(event.data["number"])
                    last = str(event.id)
        assert seen == sorted(set(seen))


def test_who_missed_too_much_is_told_to_load_anew(lite, monkeypatch):
    monkeypatch.setattr("bot.webchat.events.TOO_FAR", 3)
    with lite.browser("po") as po:
        last = 0
        for number in range(5):
            last = po.say(f"n{number}")["messages"][0]["seq"]
        for after in ("0", "999999"):
            with po.listening(int(after)) as stream:
                event = next(e for e in stream if e.event != "comment")
                assert (event.event, event.id) == ("reset", last)


def test_what_another_process_writes_is_found(chat):
    other = Store(Database(chat.team.store.database.url))
    with chat.browser("dev") as dev, dev.listening(0) as stream:
        assert next(stream).event == "comment"
        surface = type(chat.surface)(other, chat.team.clock)
        surface.send(
            Destination(dev.channel), Card("从别处来"), "elsewhere-1", None, doubtful=False
        )
        (event,) = messages(stream, 1)
        assert "从别处来" in event.data["html"]
    other.database.close()


def test_who_is_switched_off_is_told_and_the_stream_ends(lite):
    with lite.browser("dev") as dev, dev.listening(0) as stream:
        assert next(stream).event == "comment"
        with lite.team.write() as uow:
            uow.people.save(replace(lite.team.people["dev"], active=False))
        assert [e.event for e in stream if e.event != "comment"] == ["signed-out"]


@pytest.mark.parametrize("after", ["x", "-1", "99999999999"])
def test_a_number_that_cannot_be_is_refused(lite, after):
    with lite.browser("po") as po:
        answer = po.http.get("/api/v1/chat/events", params={"after": after})
        assert answer.status_code == 422


def test_nothing_is_lost_or_out_of_order_when_many_talk_at_once(chat):
    """Whoever follows by the last number seen gets every message, though many commit at once."""
    writers, each = 4, 6
    with chat.browser("dev") as dev, dev.listening(0) as stream:
        assert next(stream).event == "comment"
        errors = []

        def talk(writer: int) -> None:
            with httpx.Client(base_url=chat.url, timeout=DEADLINE, trust_env=False) as http:
                me = http.get("/api/v1/chat/me").json()
                for _ in range(each):
                    answer = http.post(
                        f"/api/v1/chat/channels/{dev.channel}/messages",
                        json={"text": f"w{writer}", "client_id": client_id()},
                        headers={"x-csrf-token": me["csrf"]},
                    )
                    if answer.status_code != 200:
                        errors.append(answer.text)

        threads = [threading.Thread(target=talk, args=(w,)) for w in range(writers)]
        for thread in threads:
            thread.start()
        got = messages(stream, writers * each)
        for thread in threads:
            thread.join(DEADLINE)
        assert errors == []
        numbers = [e.id or 0 for e in got]
        assert numbers == sorted(set(numbers))
        assert len({e.data["id"] for e in got}) == writers * each
