"""A review is what its events fold to: whatever the events, undo exact, one vote per person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.reviews import events as e
from domain.reviews.fold import UNDOABLE, advance, fold, last_entry
from domain.reviews.outcome import tally, undecided
from domain.reviews.seal import broken_seals, digest
from domain.reviews.state import Review, ReviewStatus
from domain.settings import ReviewRule
from domain.stories import Verdict

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PEOPLE = ("po", "dev", "tester", "pm")

people = st.sampled_from(PEOPLE)
texts = st.text(min_size=1, max_size=12)
stories = st.integers(1, 4)
numbers = st.integers(1, 30)
bodies = st.one_of(
    st.builds(
        e.Started,
        number=numbers,
        product_id=st.just("p"),
        title=texts,
        chair=people,
        rule=st.sampled_from(ReviewRule),
    ),
    st.builds(e.Invited, st.lists(people, max_size=3).map(tuple)),
    st.builds(e.Joined, people),
    st.builds(e.Excused, people, texts),
    st.builds(
        e.AgendaAdded, stories, st.integers(1, 3), texts, st.lists(people, max_size=2).map(tuple)
    ),
    st.builds(e.TopicAdded, texts),
    st.builds(e.AgendaRemoved, stories),
    st.builds(e.VerdictGiven, stories, st.integers(1, 3), people, st.sampled_from(Verdict), texts),
    st.builds(e.Decided, texts, st.none() | texts),
    st.builds(e.ActionAdded, numbers, texts, people, st.none() | st.dates()),
    st.builds(e.QuestionRaised, numbers, texts),
    st.builds(e.Noted, texts, st.none() | texts),
    st.builds(e.Edited, numbers, texts),
    st.builds(e.Removed, numbers),
    st.builds(e.Undone, numbers),
    st.builds(e.Ended, texts),
    st.builds(e.Reopened, texts),
    st.builds(e.Cancelled, texts),
    st.builds(e.Nudged),
    st.builds(e.Shelved),
    st.just(e.Unknown("of 2030")),
)


def log_of(*all_bodies: e.Body, by: str = "po") -> list[e.Event]:
    return [
        e.Event(n, by, NOW + timedelta(minutes=n), body) for n, body in enumerate(all_bodies, 1)
    ]


STARTED = e.Started(5, "p", "登录改版", "po", ReviewRule.ALL)
logs = st.lists(bodies, max_size=25).map(lambda rest: log_of(*rest))
meetings = st.lists(bodies, max_size=25).map(lambda rest: log_of(STARTED, *rest))


@given(logs)
def test_no_list_of_events_makes_the_fold_fail(log: list[e.Event]) -> None:
    review = fold("r", log)
    assert review.seq == len(log)
    undecided(review)
    digest(review)
    last_entry(log)


@given(meetings)
def test_events_survive_their_stored_form(log: list[e.Event]) -> None:
    words = e.WORDS
    again = [
        replace(x, body=words.body_of(words.word_of(x.body), words.payload_of(x.body))) for x in log
    ]
    assert again == log


@given(meetings, st.integers(0, 25))
def test_going_on_from_a_state_is_folding_the_whole_log(log: list[e.Event], at: int) -> None:
    state = advance(fold("r", log[:at]), log[at:])
    if state is None:
        assert any(isinstance(x.body, e.Undone) for x in log[at:])
    else:
        assert state == fold("r", log)


@given(meetings)
def test_undo_is_exact(log: list[e.Event]) -> None:
    """After an undo the review stands as if the entry had never been written."""
    event = last_entry(log)
    if event is None:
        return
    undo = e.Event(len(log) + 1, "po", NOW, e.Undone(event.seq))
    after = fold("r", [*log, undo])
    never = fold("r", [x for x in log if x.seq != event.seq])
    assert replace(after, seq=0) == replace(never, seq=0)


@given(meetings)
def test_undoing_again_and_again_ends(log: list[e.Event]) -> None:
    steps = 0
    while (event := last_entry(log)) is not None:
        assert isinstance(event.body, UNDOABLE)
        log = [*log, e.Event(len(log) + 1, "po", NOW, e.Undone(event.seq))]
        steps += 1
        assert steps <= 30
    assert last_entry(log) is None


@given(meetings)
def test_each_person_is_counted_once(log: list[e.Event]) -> None:
    review = fold("r", log)
    for item in review.agenda:
        stand = tally(review, item)
        voted = [v.person for v in stand.counted]
        assert len(voted) == len(set(voted))
        assert set(voted) | set(stand.missing) == set(stand.voters)
        assert all(v.version == item.version for v in stand.counted)


@given(st.lists(st.tuples(people, st.sampled_from(Verdict)), min_size=1, max_size=12))
def test_a_verdict_is_replaced_and_not_added(votes: list[tuple[str, Verdict]]) -> None:
    given_votes = [e.VerdictGiven(1, 1, person, verdict) for person, verdict in votes]
    review = fold("r", log_of(STARTED, e.AgendaAdded(1, 1, "x", PEOPLE), *given_votes))
    item = review.agenda[0]
    assert {v.person: v.verdict for v in item.votes} == dict(votes)
    assert len(item.votes) == len(dict(votes))


def review_with(rule: ReviewRule, *votes: tuple[str, Verdict], excused: str = "") -> Review:
    bodies: list[e.Body] = [replace(STARTED, rule=rule)]
    bodies.append(e.AgendaAdded(1, 1, "x", ("dev", "tester", "pm")))
    bodies += [e.VerdictGiven(1, 1, person, verdict) for person, verdict in votes]
    if excused:
        bodies.append(e.Excused(excused))
    return fold("r", log_of(*bodies))


P, C, R, V = Verdict.PASS, Verdict.CLARIFY, Verdict.REJECT, Verdict.REVERT


@pytest.mark.parametrize(
    ("rule", "votes", "excused", "outcome"),
    [
        pytest.param("all", (("dev", P), ("tester", P), ("pm", P)), "", P, id="all pass"),
        pytest.param("all", (("dev", P), ("tester", P)), "", None, id="one missing"),
        pytest.param("all", (("dev", P), ("tester", P)), "pm", P, id="the missing one is excused"),
        pytest.param("all", (("dev", P), ("tester", P), ("pm", R)), "", C, id="one rejects"),
        pytest.param("all", (("dev", P), ("tester", R), ("pm", R)), "", R, id="most reject"),
        pytest.param("all", (("dev", P), ("tester", V), ("pm", V)), "", V, id="most revert"),
        pytest.param("all", (("po", P),), "", None, id="somebody who does not vote"),
        pytest.param("majority", (("dev", P), ("tester", P)), "", P, id="two of three"),
        pytest.param("majority", (("dev", P),), "", None, id="one of three"),
        pytest.param("majority", (("dev", P), ("tester", C), ("pm", R)), "", C, id="three ways"),
        pytest.param("majority", (("dev", P), ("tester", C)), "", None, id="a tie may turn"),
        pytest.param("majority", (("dev", P), ("tester", C)), "pm", C, id="a tie of two"),
        pytest.param("chair", (("dev", R), ("tester", R)), "", None, id="the chair is silent"),
        pytest.param("chair", (("dev", R), ("po", P)), "", P, id="the chair speaks"),
        pytest.param("all", (("dev", P), ("dev", R), ("dev", P), ("tester", P), ("pm", P)), "", P,
                     id="a changed mind"),
    ],
)  # fmt: skip
def test_the_outcome_follows_the_rule(
    rule: str, votes: tuple[tuple[str, Verdict], ...], excused: str, outcome: Verdict | None
) -> None:
    review = review_with(ReviewRule(rule), *votes, excused=excused)
    assert tally(review, review.agenda[0]).outcome is outcome


def test_without_named_reviewers_everybody_here_votes() -> None:
    bodies = (STARTED, e.AgendaAdded(1, 1, "x"), e.Joined("dev"), e.VerdictGiven(1, 1, "dev", P))
    review = fold("r", log_of(*bodies))
    assert tally(review, review.agenda[0]).missing == ("po",)
    assert tally(review, review.agenda[0]).outcome is None


def test_a_new_version_of_the_story_asks_everybody_anew() -> None:
    bodies: tuple[e.Body, ...] = (
        STARTED,
        e.AgendaAdded(1, 1, "x", ("dev",)),
        e.VerdictGiven(1, 1, "dev", P),
        e.AgendaAdded(1, 2, "x", ("dev",)),
    )
    review = fold("r", log_of(*bodies))
    assert tally(review, review.agenda[0]).outcome is None
    assert review.agenda[0].votes[0].version == 1


def test_nothing_happens_after_the_end_but_a_reopening() -> None:
    log = log_of(STARTED, e.Ended("x"), e.Decided("late"), e.Joined("dev"), e.Ended("y"))
    review = fold("r", log)
    assert review.status is ReviewStatus.ENDED
    assert not review.entries
    assert len(review.endings) == 1
    again = fold("r", [*log, e.Event(6, "po", NOW, e.Reopened("x"))])
    assert again.status is ReviewStatus.OPEN
    assert again.version == 2


def test_what_an_ending_sealed_cannot_be_undone() -> None:
    log = log_of(STARTED, e.Decided("a"), e.Ended("x"), e.Reopened(), e.Undone(2))
    assert [x.text for x in fold("r", log).entries] == ["a"]
    assert last_entry(log) is None


def test_a_chat_line_is_not_taken_back_by_undo() -> None:
    log = log_of(STARTED, e.Decided("a"), e.Noted("said in the thread", "m1"))
    event = last_entry(log)
    assert event is not None
    assert event.seq == 2


@given(st.lists(bodies, max_size=12))
@settings(max_examples=50)
def test_a_seal_holds_and_shows_tampering(rest: list[e.Body]) -> None:
    log = log_of(STARTED, e.Decided("a"), *(b for b in rest if not isinstance(b, e.Ended)))
    sealed = [*log, e.Event(len(log) + 1, "po", NOW, e.Ended(digest(fold("r", log))))]
    assert broken_seals("r", sealed) == ()
    forged = [replace(x, body=e.Decided("b")) if x.seq == 2 else x for x in sealed]
    if fold("r", forged) != fold("r", sealed):
        assert broken_seals("r", forged) == (len(sealed),)


def test_a_seal_depends_on_every_word() -> None:
    base = log_of(
        STARTED, e.AgendaAdded(1, 1, "x"), e.ActionAdded(1, "a", "dev", date(2026, 12, 1))
    )
    other = [*base[:-1], replace(base[-1], body=e.ActionAdded(1, "a", "dev", date(2026, 12, 2)))]
    assert digest(fold("r", base)) != digest(fold("r", other))
