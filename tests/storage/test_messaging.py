"""What came in once, what must happen outside, where a card hangs, and the open items."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from domain.actions import ActionItem, ItemKind
from domain.errors import ConflictError
from domain.ids import new_id
from storage.messaging import OutboxStatus
from tests.harness import MONDAY, Team

LATER = MONDAY + timedelta(minutes=5)


def _add(team: Team, lane: str = "channel:c", **more: Any) -> str:
    with team.write() as uow:
        return uow.outbox.add(lane, "post", {"card": "卡"}, MONDAY, **more)


def _pending(team: Team, at: Any = MONDAY, limit: int = 100) -> list[str]:
    with team.read() as uow:
        return [i.id for i in uow.outbox.pending(at, limit)]


def test_a_delivery_is_remembered_with_its_answer(team: Team) -> None:
    answer = {"cards": [{"title": "好", "n": [1, None, True]}]}
    with team.write() as uow:
        uow.inbox.add("Ev1", MONDAY, answer)
        uow.inbox.add("Ev2", MONDAY + timedelta(seconds=1), {})
    with team.read() as uow:
        assert uow.inbox.answer("Ev1") == answer
        assert uow.inbox.answer("Ev3") is None
    with pytest.raises(ConflictError), team.write() as uow:
        uow.inbox.add("Ev1", LATER, {})
    with team.write() as uow:
        assert uow.inbox.forget_before(MONDAY) == 0
        assert uow.inbox.forget_before(MONDAY + timedelta(seconds=1)) == 1
    with team.read() as uow:
        assert uow.inbox.answer("Ev1") is None


def test_an_outbox_row_comes_back_as_queued(team: Team) -> None:
    item_id = _add(team, due_at=LATER)
    with team.read() as uow:
        item = uow.outbox.get(item_id)
        assert uow.outbox.get("nothing") is None
    assert item is not None
    assert (item.lane, item.kind, item.payload) == ("channel:c", "post", {"card": "卡"})
    assert (item.status, item.attempts, item.error) == (OutboxStatus.PENDING, 0, None)
    assert (item.due_at, item.created_at) == (LATER, MONDAY)


def test_rows_are_sent_when_due_and_in_order(team: Team) -> None:
    first, later, third = _add(team), _add(team, due_at=LATER), _add(team, "person:p")
    assert _pending(team) == [first, third]
    assert _pending(team, LATER) == [first, later, third]
    assert _pending(team, LATER, limit=1) == [first]
    assert _pending(team, MONDAY - timedelta(seconds=1)) == []


def test_a_lane_waits_for_its_oldest_row_even_when_that_is_not_due(team: Team) -> None:
    first, second = _add(team, due_at=LATER), _add(team)
    with team.read() as uow:
        oldest = uow.outbox.next_in("channel:c")
        assert uow.outbox.next_in("channel:other") is None
    assert oldest is not None
    assert oldest.id == first
    with team.write() as uow:
        assert uow.outbox.done(first, MONDAY, {"ts": "1"})
        assert not uow.outbox.done(first, MONDAY, {"ts": "2"})  # somebody else sent it
        after = uow.outbox.next_in("channel:c")
        sent = uow.outbox.get(first)
    assert after is not None
    assert after.id == second
    assert sent is not None
    assert (sent.status, sent.handle) == (OutboxStatus.DONE, {"ts": "1"})


def test_the_same_thing_is_queued_once(team: Team) -> None:
    _add(team, dedupe="digest:1")
    _add(team, dedupe=None)
    _add(team, dedupe=None)
    with pytest.raises(ConflictError):
        _add(team, dedupe="digest:1")
    assert len(_pending(team)) == 3


def test_tries_are_counted_given_up_and_begun_anew(team: Team) -> None:
    item_id = _add(team)
    with team.write() as uow:
        uow.outbox.retry(item_id, LATER, "timeout", doubtful=False)
        uow.outbox.retry(item_id, LATER, "timeout again", doubtful=False)
    assert _pending(team) == []
    with team.write() as uow:
        uow.outbox.give_up(item_id, "no such channel")
        assert not uow.outbox.done(item_id, LATER, None)
    assert _pending(team, LATER) == []
    with team.read() as uow:
        (failed,) = uow.outbox.failed()
    assert (failed.attempts, failed.error, failed.status) == (
        2,
        "no such channel",
        OutboxStatus.FAILED,
    )
    with team.write() as uow:
        assert uow.outbox.send_again(item_id, LATER)
        assert not uow.outbox.send_again(item_id, LATER)
        again = uow.outbox.get(item_id)
    assert again is not None
    assert (again.status, again.attempts, again.due_at) == (OutboxStatus.PENDING, 0, LATER)
    assert _pending(team, LATER) == [item_id]


def test_what_failed_last_is_shown_first(team: Team) -> None:
    ids = [_add(team) for _ in range(3)]
    with team.write() as uow:
        for item_id in ids:
            uow.outbox.give_up(item_id, "x")
    with team.read() as uow:
        assert [i.id for i in uow.outbox.failed(2)] == [ids[2], ids[1]]


def test_a_card_hangs_in_one_place_per_destination(team: Team) -> None:
    with team.write() as uow:
        uow.cards.save("review:1", "channel:a", {"ts": "1"})
        uow.cards.save("review:1", "channel:b", {"ts": "2"})
        uow.cards.save("review:1", "channel:a", {"ts": "3"})
    with team.read() as uow:
        assert uow.cards.handle("review:1", "channel:a") == {"ts": "3"}
        assert uow.cards.handle("review:1", "channel:b") == {"ts": "2"}
        assert uow.cards.handle("review:2", "channel:a") is None


def test_a_card_posted_anew_keeps_the_threads_where_people_talk(team: Team) -> None:
    with team.write() as uow:
        for thread in ("t1", "t2", "t1"):
            uow.cards.save("review:1", "channel:a", {"ts": thread, "thread": thread})
    with team.read() as uow:
        assert uow.cards.handle("review:1", "channel:a") == {
            "ts": "t1", "thread": "t1", "threads": ["t1", "t2"],
        }  # fmt: skip


# -- items


def _item(team: Team, number: int, **more: Any) -> ActionItem:
    base = ActionItem(
        new_id(), number, team.product.id, ItemKind.ACTION, f"事 {number}", "", None, None,
        MONDAY, team.id("po"),
    )  # fmt: skip
    item = replace(base, **more)
    with team.write() as uow:
        uow.actions.save(item)
    return item


def test_an_item_comes_back_as_stored_and_changed(team: Team) -> None:
    item = _item(team, 1, source="review:r", owner=team.id("dev"), due=date(2026, 12, 1))
    done = replace(item, done_at=LATER, done_by=team.id("dev"), text="改了")
    with team.read() as uow:
        assert uow.actions.get(item.id) == item
        assert uow.actions.by_number(team.product.id, 1) == item
        assert uow.actions.by_number(team.product.id, 2) is None
        assert uow.actions.by_number("other", 1) is None
        assert uow.actions.get("nothing") is None
    with team.write() as uow:
        uow.actions.save(done)
    with team.read() as uow:
        assert uow.actions.get(item.id) == done
        assert uow.actions.many((item.id, "nothing")) == (done,)
        assert uow.actions.many(()) == ()


def test_open_items_nearest_day_first_and_without_a_day_last(team: Team) -> None:
    dev, po = team.id("dev"), team.id("po")
    none = _item(team, 1, owner=dev)
    late = _item(team, 2, owner=dev, due=date(2026, 12, 5))
    soon = _item(team, 3, owner=po, due=date(2026, 12, 1), kind=ItemKind.BLOCKER)
    same = _item(team, 4, owner=dev, due=date(2026, 12, 5), source="review:r")
    _item(team, 5, owner=dev, done_at=LATER, done_by=dev, source="review:r")
    _item(team, 6, owner=dev, dropped_at=LATER)
    product = team.product.id
    with team.read() as uow:
        assert uow.actions.open_of(product) == (soon, late, same, none)
        assert uow.actions.open_of(product, ItemKind.BLOCKER) == (soon,)
        assert uow.actions.open_of(product, ItemKind.QUESTION) == ()
        assert uow.actions.open_of("other") == ()
        assert uow.actions.open_for(dev) == (late, same, none)
        assert uow.actions.open_for(dev, product) == (late, same, none)
        assert uow.actions.open_for(dev, "other") == ()
        assert [i.number for i in uow.actions.of_source("review:r")] == [4, 5]


def test_two_items_never_share_a_number(team: Team) -> None:
    _item(team, 1)
    with pytest.raises(ConflictError):
        _item(team, 1)


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_item_without_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="needs an id and a text"):
        ActionItem("a", 1, "p", ItemKind.ACTION, text, "", None, None, MONDAY, None)


# -- events


def test_a_stream_is_appended_to_and_read_in_order(team: Team) -> None:
    with team.write() as uow:
        for seq in (1, 2, 3):
            uow.events.append(
                "change:x", seq, f"t{seq}", {"n": seq, "字": "值"}, actor=None, at=MONDAY,
                product_id=None,
            )  # fmt: skip
    with team.read() as uow:
        assert [(e.seq, e.type, e.payload["n"]) for e in uow.events.stream("change:x")] == [
            (1, "t1", 1), (2, "t2", 2), (3, "t3", 3),
        ]  # fmt: skip
        assert [e.seq for e in uow.events.tail("change:x", 2)] == [2, 3]
        assert uow.events.tail("change:y", 2) == ()
    with pytest.raises(ConflictError), team.write() as uow:
        uow.events.append("change:x", 3, "t", {}, actor=None, at=MONDAY, product_id=None)
