"""Two people at once, on both databases: one wins, the other gets a clear answer."""

from __future__ import annotations

import threading
from collections.abc import Callable

from commands.changes.family import approve_command
from domain.changes.state import ChangeStatus
from tests.commands.changing import add_active_story
from tests.commands.reviewing import add_story
from tests.harness import Team


def at_once(team: Team, *lines: tuple[str, str]) -> list[str]:
    """Everybody types at the same instant; the answers in the order of the lines."""
    requests = [team.request(who, line) for who, line in lines]
    barrier = threading.Barrier(len(requests))
    answers: dict[int, str] = {}

    def run(index: int) -> Callable[[], None]:
        def go() -> None:
            barrier.wait(90)
            answer = team.ask(requests[index])
            answers[index] = team.shown(lines[index][0], answer)

        return go

    threads = [threading.Thread(target=run(i)) for i in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return [answers[i] for i in range(len(requests))]


def test_two_start_at_once(team: Team) -> None:
    shown = at_once(team, ("po", "/review start 甲"), ("pm", "/review start 乙"))
    assert sorted("正在进行评审 R-1" in s for s in shown) == [False, True]
    with team.read() as uow:
        assert len(uow.reviews.recent(team.product.id)) == 1


def test_two_end_at_once(team: Team) -> None:
    add_story(team, "短信登录", "dev")
    team.say("po", "/review start x")
    shown = at_once(team, ("po", "/review end R-1 yes"), ("pm", "/review end R-1 yes"))
    assert sorted("R-1 已由 @" in s for s in shown) == [False, True]
    with team.read() as uow:
        review = uow.reviews.recent(team.product.id)[0]
        documents = [i for i in uow.outbox.pending(team.clock.now()) if i.kind == "document"]
    assert len(review.endings) == 1
    assert len(documents) == 1


def test_all_reviewers_vote_at_once(team: Team) -> None:
    add_story(team, "短信登录", "dev", "tester", "pm")
    team.say("po", "/review start x")
    votes = [(who, "/review verdict S1 pass") for who in ("dev", "tester", "pm")]
    at_once(team, *votes)
    assert "确认通过 3" in team.say("po", "/review")


def test_changes_logged_at_once_have_different_numbers(team: Team) -> None:
    add_active_story(team, "短信登录")
    shown = at_once(team, *[(who, "/change S1 改") for who in ("dev", "tester", "po")])
    assert sorted(n for n in (1, 2, 3) for s in shown if f"已登记变更 CR-{n}。" in s) == [1, 2, 3]


def test_an_approval_and_an_edit_at_once_never_approve_what_was_not_seen(team: Team) -> None:
    """Whoever comes second: the approved text is the text that was approved."""
    add_active_story(team, "短信登录")
    team.say("dev", "/change S1 第一版")
    team.say("dev", "/change submit CR-1 人天=1 顺延=0")
    with team.read() as uow:
        logged = uow.changes.by_number(team.product.id, 1)
    assert logged is not None
    button = approve_command(logged)
    at_once(team, ("po", f"/{button}"), ("dev", "/change edit CR-1 第二版"))
    with team.read() as uow:
        change = uow.changes.by_number(team.product.id, 1)
    assert change is not None
    assert change.content.what == "第二版"
    assert not change.valid_approvals
    assert change.status is ChangeStatus.SUBMITTED
