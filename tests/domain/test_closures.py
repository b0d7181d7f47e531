"""The closure's log: what counts, what is void, and what is still in the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.closures.events import (
    Agreed,
    Body,
    Closed,
    Event,
    Refused,
    Reopened,
    Requested,
    Ticked,
    Undone,
    Verified,
    Waived,
)
from domain.closures.evidence import Around, evidence, ready_to_close, waivable, words_missing
from domain.closures.state import Closure, Step, fold, last_undoable
from domain.event_log import Unknown
from domain.people import Role
from domain.settings import ClosureNeeds
from domain.stories import Stage, Status, Story

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
STORY = Story(
    12, "p", "导出", Status.ACTIVE, Stage.TESTED, version=1, verify="- 有 Excel\n- 有 CSV"
)
ACCEPTED = replace(STORY, stage=Stage.VERIFIED)
BOTH = ("有 Excel", "有 CSV")


def log(*bodies: Body, by: str = "po") -> tuple[Event, ...]:
    return tuple(
        Event(n, "pm" if isinstance(body, Agreed) else by, NOW + timedelta(hours=n), body)
        for n, body in enumerate(bodies, 1)
    )


def closure(*bodies: Body, by: str = "po") -> Closure:
    return fold("p", 12, log(*bodies, by=by))


@pytest.mark.parametrize(
    ("bodies", "step"),
    [
        pytest.param((), Step.OPEN, id="nothing"),
        pytest.param((Requested(),), Step.REQUESTED, id="requested"),
        pytest.param((Ticked(1, BOTH),), Step.OPEN, id="ticked alone"),
        pytest.param((Verified(1),), Step.VERIFIED, id="verified"),
        pytest.param((Verified(1), Requested()), Step.VERIFIED, id="requested when verified"),
        pytest.param((Verified(1), Agreed(1)), Step.AGREED, id="agreed"),
        pytest.param((Verified(1), Agreed(1), Closed(1)), Step.CLOSED, id="closed"),
        pytest.param((Verified(1), Refused("少列")), Step.REFUSED, id="refused"),
        pytest.param((Refused("少列"), Requested()), Step.REQUESTED, id="asked for again"),
        pytest.param((Closed(1), Reopened("客户")), Step.OPEN, id="reopened"),
        pytest.param((Verified(1), Undone(1)), Step.OPEN, id="undone"),
    ],
)
def test_steps(bodies: tuple[Body, ...], step: Step) -> None:
    folded = closure(*bodies)
    assert folded.step is step
    assert folded.seq == len(bodies)


@pytest.mark.parametrize("end", [Refused("少列"), Reopened("客户")])
def test_a_new_round_starts_from_nothing(end: Body) -> None:
    folded = closure(Requested(), Ticked(1, BOTH), Waived("stage", "急"), Verified(1), end)
    assert (folded.points, folded.waivers, folded.verified, folded.requested) == (
        (),
        (),
        None,
        None,
    )
    assert folded.rounds == 1


def test_ticks_and_words_are_about_one_version() -> None:
    folded = closure(Ticked(1, BOTH), Verified(1))
    changed = replace(ACCEPTED, version=2)
    assert folded.ticked(ACCEPTED) == BOTH
    assert folded.verification(ACCEPTED) is not None
    assert folded.ticked(changed) == ()
    assert folded.verification(changed) is None


def test_a_story_that_went_back_must_be_verified_anew() -> None:
    folded = closure(Verified(1))
    assert folded.verification(STORY) is None, "it is at tested again"


@pytest.mark.parametrize(
    ("story", "bodies", "around", "words"),
    [
        pytest.param(STORY, (Ticked(1, BOTH),), Around(), [], id="nothing missing"),
        pytest.param(STORY, (), Around(), ["1", "2"], id="points"),
        pytest.param(STORY, (Ticked(1, BOTH[:1]),), Around(), ["2"], id="one point"),
        pytest.param(replace(STORY, verify=""), (), Around(), [], id="a story without points"),
        pytest.param(
            replace(STORY, stage=Stage.TESTING), (Ticked(1, BOTH),), Around(), ["stage"], id="stage"
        ),
        pytest.param(
            replace(STORY, status=Status.DRAFT), (Ticked(1, BOTH),), Around(), ["status"],
            id="draft",
        ),
        pytest.param(
            STORY, (Ticked(1, BOTH),), Around(("CR-3", "CR-4"), 2), ["CR-3", "CR-4", "bugs"],
            id="changes and bugs",
        ),
        pytest.param(
            STORY, (Waived("point:有 CSV", "下期"), Waived("CR-3", "不要紧")), Around(("CR-3",)),
            ["1"],
            id="waived",
        ),
    ],
)  # fmt: skip
def test_evidence(story: Story, bodies: tuple[Body, ...], around: Around, words: list[str]) -> None:
    assert [m.word for m in evidence(story, closure(*bodies), around)] == words


@pytest.mark.parametrize(
    ("word", "key"),
    [
        pytest.param("2", "point:有 CSV", id="a point's number"),
        pytest.param("cr-3", "CR-3", id="a change in small letters"),
        pytest.param("3", None, id="no such point"),
        pytest.param("bugs", None, id="nothing missing there"),
    ],
)
def test_what_people_mean_by_a_word(word: str, key: str | None) -> None:
    found = waivable(STORY, closure(), Around(("CR-3",)), word)
    assert (found.key if found else None) == key


@pytest.mark.parametrize(
    ("bodies", "needs", "same", "lack"),
    [
        pytest.param((), "both", False, (Role.PO, Role.PM), id="nobody yet"),
        pytest.param((Verified(1),), "both", False, (Role.PM,), id="PO only"),
        pytest.param((Agreed(1),), "both", False, (Role.PO,), id="PM only"),
        pytest.param((Verified(1), Agreed(1)), "both", False, (), id="both"),
        pytest.param((Verified(1),), "one", False, (), id="one is enough: PO"),
        pytest.param((Agreed(1),), "one", False, (), id="one is enough: PM"),
        pytest.param((), "one", False, (Role.PO, Role.PM), id="one is not none"),
    ],
)
def test_whose_word_is_missing(
    bodies: tuple[Body, ...], needs: str, same: bool, lack: tuple[Role, ...]
) -> None:
    found = words_missing(ACCEPTED, closure(*bodies), ClosureNeeds(needs), same_person=same)
    assert found == lack


@pytest.mark.parametrize(("same", "lack"), [(False, (Role.PM,)), (True, ())])
def test_one_person_counts_once_unless_allowed(same: bool, lack: tuple[Role, ...]) -> None:
    events = (Event(1, "x", NOW, Verified(1)), Event(2, "x", NOW, Agreed(1)))
    folded = fold("p", 12, events)
    assert words_missing(ACCEPTED, folded, ClosureNeeds.BOTH, same_person=same) == lack


def test_ready_needs_words_and_evidence() -> None:
    done = closure(Ticked(1, BOTH), Verified(1), Agreed(1))
    assert ready_to_close(ACCEPTED, done, Around(), ())
    assert not ready_to_close(ACCEPTED, done, Around(("CR-1",)), ())
    assert not ready_to_close(ACCEPTED, done, Around(), (Role.PM,))


@pytest.mark.parametrize(
    ("bodies", "seq"),
    [
        pytest.param((), None, id="nothing"),
        pytest.param((Requested(), Ticked(1, BOTH)), 2, id="the last"),
        pytest.param((Requested(), Ticked(1, BOTH), Undone(2)), 1, id="the one before"),
        pytest.param((Requested(), Undone(1)), None, id="all undone"),
        pytest.param((Verified(1), Refused("x")), None, id="a refusal stands"),
        pytest.param((Verified(1), Closed(1)), None, id="closed: reopen instead"),
    ],
)
def test_what_undo_takes_back(bodies: tuple[Body, ...], seq: int | None) -> None:
    event = last_undoable(log(*bodies))
    assert (event.seq if event else None) == seq


def test_an_event_of_a_newer_duban_changes_nothing() -> None:
    known = (Requested(), Verified(1))
    newer = log(*known, Unknown("of 2030"))
    assert fold("p", 12, newer) == replace(closure(*known), seq=3)
    assert last_undoable(newer) == newer[1]
