"""A change request is what its events fold to; an approval counts for exactly what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.changes import events as e
from domain.changes.digest import digest
from domain.changes.fold import UNDOABLE, fold, last_step
from domain.changes.record import record_of
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.lanhu import DesignKind, DesignLink
from domain.people import Role

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PEOPLE = ("po", "pm", "dev", "tester")
CONTENT = e.Content(12, "改用短信登录", "客户要求")
IMPACT = e.Impact(effort=3, days=2, stories=(12,), people=("dev", "tester"))
LOGGED = e.Logged(12, "p", CONTENT)
SUBMITTED = e.Submitted(IMPACT, (Role.PO, Role.PM), 1)

people = st.sampled_from(PEOPLE)
texts = st.text(max_size=12)
contents = st.builds(e.Content, st.integers(1, 3), texts, texts, texts, texts, texts, texts)
impacts = st.builds(
    e.Impact, st.floats(0, 100), st.integers(0, 9), people=st.lists(people, max_size=3).map(tuple)
)
moves = st.builds(
    e.PlanMove, texts, st.none() | st.dates(), st.dates(), st.none() | st.dates(), st.dates()
)
links = st.builds(DesignLink, texts, st.sampled_from(DesignKind), texts)
bodies = st.one_of(
    st.builds(e.Logged, st.integers(1, 9), st.just("p"), contents),
    st.builds(e.Edited, contents, texts),
    st.builds(e.Submitted, impacts, st.just((Role.PO, Role.PM)), st.integers(1, 3)),
    st.builds(e.Approved, st.just(digest(CONTENT, IMPACT)) | texts, texts, st.booleans()),
    st.builds(e.Rejected, texts),
    st.builds(e.Withdrawn, texts),
    st.builds(
        e.Applied,
        st.integers(1, 3),
        st.integers(1, 3),
        st.lists(people, max_size=3).map(tuple),
        st.lists(moves, max_size=2).map(tuple),
    ),
    st.builds(e.Acknowledged, people),
    st.builds(
        e.Linked,
        st.builds(DesignLink, texts, st.sampled_from(DesignKind), texts),
        texts,
        st.booleans(),
    ),
    st.builds(e.Undone, st.integers(1, 20)),
    st.just(e.Unknown("of 2030")),
)
acts = st.lists(st.tuples(people, bodies), max_size=20)


def log_of(*done: tuple[str, e.Body]) -> list[e.Event]:
    return [
        e.Event(n, by, NOW + timedelta(minutes=n), body) for n, (by, body) in enumerate(done, 1)
    ]


def approved(by: ChangeRequest) -> e.Approved:
    assert by.impact is not None
    return e.Approved(digest(by.content, by.impact))


def submitted(quorum: int = 1) -> list[e.Event]:
    return log_of(("dev", LOGGED), ("po", replace(SUBMITTED, quorum=quorum)))


def then(log: list[e.Event], by: str, body: e.Body) -> list[e.Event]:
    return [*log, e.Event(len(log) + 1, by, NOW + timedelta(hours=len(log)), body)]


@given(acts)
def test_no_list_of_events_makes_the_fold_fail(done: list[tuple[str, e.Body]]) -> None:
    log = log_of(*done)
    change = fold("c", log)
    assert change.seq == len(log)
    last_step(log)
    if change.versions:
        record_of(change, product="P", story_title="S", zone="UTC", name=str.upper)


@given(acts)
def test_events_survive_their_stored_form(done: list[tuple[str, e.Body]]) -> None:
    log = log_of(("dev", LOGGED), *done)
    words = e.WORDS
    again = [
        replace(x, body=words.body_of(words.word_of(x.body), words.payload_of(x.body))) for x in log
    ]
    assert again == log


@given(acts)
def test_undo_is_exact(done: list[tuple[str, e.Body]]) -> None:
    log = log_of(("dev", LOGGED), *done)
    step = last_step(log)
    assert step is not None
    if not isinstance(step.body, UNDOABLE):
        return
    after = fold("c", then(log, "po", e.Undone(step.seq)))
    never = fold("c", [x for x in log if x.seq != step.seq])
    assert replace(after, seq=0) == replace(never, seq=0)


@given(acts)
def test_approved_means_enough_valid_approvals(done: list[tuple[str, e.Body]]) -> None:
    change = fold("c", log_of(("dev", LOGGED), *done))
    assert len({a.by for a in change.approvals}) == len(change.approvals)
    if change.status is ChangeStatus.APPROVED:
        valid = change.valid_approvals
        assert len(valid) >= change.quorum or any(a.override for a in valid)
        assert change.impact is not None
        now = digest(change.content, change.impact)
        assert all(a.digest == now for a in valid)


@given(contents)
def test_any_edit_withdraws_the_approvals(content: e.Content) -> None:
    log = submitted()
    log = then(log, "pm", approved(fold("c", log)))
    assert fold("c", log).status is ChangeStatus.APPROVED
    edited = fold("c", then(log, "dev", e.Edited(content)))
    if content == CONTENT:
        assert edited.status is ChangeStatus.APPROVED
    else:
        assert edited.status is ChangeStatus.SUBMITTED
        assert not edited.valid_approvals
        assert len(edited.approvals) == 1


@given(impacts)
def test_another_impact_withdraws_the_approvals(impact: e.Impact) -> None:
    log = submitted()
    log = then(log, "pm", approved(fold("c", log)))
    again = fold("c", then(log, "po", e.Submitted(impact, (Role.PO,), 1)))
    assert (again.status is ChangeStatus.APPROVED) == (impact == IMPACT)


def test_a_quorum_of_two_needs_two_people() -> None:
    log = submitted(quorum=2)
    yes = approved(fold("c", log))
    log = then(then(log, "pm", yes), "pm", yes)
    assert fold("c", log).status is ChangeStatus.SUBMITTED
    assert fold("c", then(log, "po", yes)).status is ChangeStatus.APPROVED


def test_an_approval_of_something_else_does_not_count() -> None:
    log = then(submitted(), "pm", e.Approved("0" * 64))
    assert fold("c", log).status is ChangeStatus.SUBMITTED


def test_versions_are_kept() -> None:
    log = then(submitted(), "dev", e.Edited(replace(CONTENT, what="扫码登录")))
    change = fold("c", log)
    assert [v.content.what for v in change.versions] == ["改用短信登录", "扫码登录"]
    record = record_of(change, product="P", story_title="S", zone="UTC", name=str.upper)
    assert record.versions[1].changed == ("what",)
    assert record.author == "DEV"


def applied() -> list[e.Event]:
    log = submitted()
    log = then(log, "pm", approved(fold("c", log)))
    moved = e.PlanMove("上线", None, date(2026, 12, 1), None, date(2026, 12, 3))
    return then(log, "po", e.Applied(1, 2, ("dev", "tester"), (moved,)))


def test_it_is_done_when_everybody_affected_has_read_it() -> None:
    log = applied()
    assert fold("c", log).status is ChangeStatus.APPLIED
    log = then(log, "dev", e.Acknowledged("dev"))
    assert fold("c", log).pending_acks == ("tester",)
    log = then(log, "tester", e.Acknowledged("tester"))
    assert fold("c", log).status is ChangeStatus.ACKNOWLEDGED


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(e.Edited(replace(CONTENT, what="x")), id="edit"),
        pytest.param(SUBMITTED, id="submit"),
        pytest.param(e.Rejected("x"), id="reject"),
        pytest.param(e.Withdrawn("x"), id="withdraw"),
        pytest.param(e.Applied(2, 3), id="apply"),
        pytest.param(e.Undone(3), id="undo the approval"),
    ],
)
def test_what_is_applied_stays(body: e.Body) -> None:
    log = applied()
    before = fold("c", log)
    assert replace(fold("c", then(log, "po", body)), seq=0) == replace(before, seq=0)
