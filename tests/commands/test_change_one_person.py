"""Two accounts of one person are one voice about a change, as soon as they are linked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.changes import events as e
from domain.changes.digest import digest
from domain.changes.fold import fold
from domain.changes.people import as_people
from domain.changes.state import ChangeStatus
from domain.ids import new_id
from domain.people import Person, Role, RoleGrant
from tests.commands.changing import change
from tests.commands.reviewing import set_rule
from tests.harness import Team

AT = datetime(2026, 11, 23, tzinfo=UTC)
CONTENT = e.Content(1, "改用扫码登录")
IMPACT = e.Impact(effort=1.0)


def _second_account(team: Team) -> None:
    """A younger account on Slack, with a role that decides."""
    person = Person(new_id(), "chen", "Chen Min")
    with team.write() as uow:
        uow.people.add(person)
        uow.people.link(new_id(), person.id, "slack", "T1", "user", "U7")
        uow.people.grant(RoleGrant(person.id, Role.PO, team.product.id), new_id())
    team.people["chen"] = person


def _link(team: Team) -> None:
    request = replace(team.request("chen", "/team link", channel=None), platform="slack")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", team.shown("chen", team.ask(request)))
    assert code is not None
    assert "已绑定" in team.say("po", f"/team link {code.group()} yes")


@pytest.fixture
def two(planned: Team) -> Team:
    _second_account(planned)
    return planned


def test_what_the_other_account_logged_is_ones_own_request(two: Team) -> None:
    two.say("chen", "/change S1 改用扫码登录")
    two.say("chen", "/change submit CR-1 人天=1 顺延=0")
    _link(two)
    assert "approve CR-1" not in two.say("po", "/home")
    assert "不能批准自己提出的变更" in two.say("po", "/change approve CR-1 我说了算")
    assert "withdraw CR-1" in two.say("po", "/change reject CR-1 不要了")
    assert change(two).status is ChangeStatus.SUBMITTED
    assert change(two).author == two.id("po")
    two.say("pm", "/change approve CR-1")
    assert change(two).status is ChangeStatus.APPROVED


def test_two_accounts_are_no_quorum_of_two(two: Team) -> None:
    set_rule(two, "change_quorum", "2")
    two.say("dev", "/change S1 改用扫码登录")
    two.say("dev", "/change submit CR-1 人天=1 顺延=0")
    two.say("chen", "/change approve CR-1")
    _link(two)
    assert "已批准过 CR-1" in two.say("po", "/change approve CR-1")
    assert change(two).status is ChangeStatus.SUBMITTED
    two.say("pm", "/change approve CR-1")
    assert change(two).status is ChangeStatus.APPROVED


def test_one_undoes_what_one_did_with_the_other_account(two: Team) -> None:
    two.say("dev", "/change S1 改用扫码登录")
    two.say("dev", "/change submit CR-1 人天=1 顺延=0")
    two.say("chen", "/change approve CR-1")
    _link(two)
    two.say("po", "/change undo CR-1")
    assert change(two).status is ChangeStatus.SUBMITTED


def _log(*steps: tuple[str, e.Body]) -> tuple[e.Event, ...]:
    begun: Sequence[tuple[str, e.Body]] = (
        ("young", e.Logged(1, "P", CONTENT)),
        ("young", e.Submitted(IMPACT, (Role.PO,), 1)),
    )
    return tuple(e.Event(n, who, AT, body) for n, (who, body) in enumerate((*begun, *steps), 1))


APPROVED = e.Approved(digest(CONTENT, IMPACT))
JOINED = {"young": "old"}


def test_an_approval_of_before_the_link_counts_no_more() -> None:
    state = fold("C", as_people(_log(("old", APPROVED)), JOINED))
    assert (state.status, state.approvals, state.seq) == (ChangeStatus.SUBMITTED, (), 3)
    state = fold("C", as_people(_log(("old", replace(APPROVED, override=True))), JOINED))
    assert state.status is ChangeStatus.APPROVED


def test_what_was_applied_stays_applied_and_is_acknowledged_by_who_it_is_now() -> None:
    applied = e.Applied(1, 2, ("young", "old", "dev"))
    log = _log(("old", APPROVED), ("pm", applied), ("dev", e.Acknowledged("dev")))
    state = fold("C", as_people(log, JOINED))
    assert (state.status, state.author) == (ChangeStatus.APPLIED, "old")
    assert state.pending_acks == ("old",)
    log = (*log, e.Event(6, "old", AT, e.Acknowledged("old")))
    assert fold("C", as_people(log, JOINED)).status is ChangeStatus.ACKNOWLEDGED


def test_a_log_without_them_is_left_alone() -> None:
    log = _log(("old", APPROVED))
    assert as_people(log, {"somebody": "else"}) is log


def test_who_was_linked_twice_is_who_they_are_now(two: Team) -> None:
    with two.write() as uow:
        for name in ("a", "b"):
            uow.people.add(Person(name, f"{name}{name}", name))
        uow.people.join("a", "b")
        uow.people.join("b", two.id("po"))
        assert uow.people.joined() == {"a": two.id("po"), "b": two.id("po")}
