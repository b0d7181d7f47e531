"""Whose account is whose: by addresses that agree and are one person's, never by name."""

from __future__ import annotations

import pytest

from domain.account_matching import Address, Matching, match
from domain.people import Person
from domain.tracking import RemoteAccount

LI = Person("p1", "lilei", "李雷", email="lilei@example.com")
HAN = Person("p2", "han", "韩梅", email="han@example.com")
TWIN = Person("p3", "lilei2", "李雷", email="lilei2@example.com")
GUEST = Person("p4", "guest", "客户", email="guest@example.com", external=True)
PEOPLE = (LI, HAN, TWIN, GUEST)
ADDRESSES = (
    Address("p1", "dingtalk", "manager7"),
    Address("p1", "dingtalk", "13800000001"),
    Address("p1", "slack", "U01"),
    Address("p2", "slack", "U02"),
)


def account(name: str = "x", real: str = "某人", **fields: str) -> RemoteAccount:
    return RemoteAccount(name, real, addresses=fields)


def found(*accounts: RemoteAccount, linked: dict[str, str] | None = None) -> Matching:
    return match(accounts, PEOPLE, ADDRESSES, linked or {})


@pytest.mark.parametrize(
    ("fields", "by"),
    [
        pytest.param({"email": "LiLei@Example.com "}, ("email",), id="e-mail, in another case"),
        pytest.param({"slack": "U01"}, ("slack",), id="slack id"),
        pytest.param({"slack": "lilei@example.com"}, ("slack",), id="an e-mail in another field"),
        pytest.param({"dingding": "manager7"}, ("dingding",), id="dingtalk id"),
        pytest.param({"mobile": "+86 138-0000-0001"}, ("mobile",), id="mobile with its country"),
        pytest.param(
            {"email": "lilei@example.com", "slack": "U01"}, ("email", "slack"), id="two that agree"
        ),
        pytest.param(
            {"email": "lilei@example.com", "weixin": "whatever"}, ("email",), id="one says nothing"
        ),
    ],
)
def test_an_address_of_one_person_is_sure(fields: dict[str, str], by: tuple[str, ...]) -> None:
    result = found(account(**fields))
    assert [(m.person, m.fields) for m in result.sure] == [(LI, by)]
    assert result.asked == ()


@pytest.mark.parametrize(
    ("fields", "people", "contrary"),
    [
        pytest.param(
            {"email": "lilei@example.com", "slack": "U02"}, (LI, HAN), True, id="they contradict"
        ),
        pytest.param({}, (), False, id="an empty profile"),
        pytest.param({"email": "nobody@example.com"}, (), False, id="a stranger"),
        pytest.param({"email": "guest@example.com"}, (), False, id="a guest"),
        pytest.param({"mobile": "001"}, (), False, id="no number"),
    ],
)
def test_what_is_not_sure_is_a_question(
    fields: dict[str, str], people: tuple[Person, ...], *, contrary: bool
) -> None:
    result = found(account(**fields))
    assert result.sure == ()
    assert [(q.people, q.contrary) for q in result.asked] == [(people, contrary)]


def test_a_name_is_a_proposal_and_no_more() -> None:
    result = found(account("dev1", "李雷"), account("lilei", "别人"))
    assert result.sure == ()
    assert [q.people for q in result.asked] == [(LI, TWIN), (LI,)]


def test_two_accounts_with_one_address_are_nobodys() -> None:
    result = found(account("a", slack="U01"), account("b", email="lilei@example.com"))
    assert result.sure == ()
    assert [(q.account.account, q.contrary) for q in result.asked] == [("a", True), ("b", True)]


def test_who_is_tied_already_is_left_alone() -> None:
    result = found(
        account("Dev1", email="han@example.com"),
        account("other", slack="U01"),
        linked={"p2": "dev1", "p1": "lilei"},
    )
    assert result.sure == ()
    assert [q.account.account for q in result.asked] == ["other"]
