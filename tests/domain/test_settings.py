"""The team's rules: words of both languages, stored forms, and what is refused."""

from __future__ import annotations

import pytest

from bot.cards.words import Reader, words
from domain.errors import UserError
from domain.people import Product, Role
from domain.settings import (
    NAMES,
    ROLE_WORDS,
    ClosureNeeds,
    ReviewRule,
    Rules,
    SamePerson,
    checked,
    rules_of,
    with_rule,
)


@pytest.mark.parametrize(
    ("name", "typed", "stored"),
    [
        pytest.param("review_rule", "all", "all", id="all"),
        pytest.param("review_rule", " MAJORITY ", "majority", id="capitals and spaces"),
        pytest.param("review_rule", "全部通过", "all", id="all in Chinese"),
        pytest.param("review_rule", "主持人", "chair", id="chair in Chinese"),
        pytest.param("closure_needs", "双方", "both", id="both in Chinese"),
        pytest.param("closure_needs", "one", "one", id="one"),
        pytest.param("closure_same_person", "允许", "yes", id="yes in Chinese"),
        pytest.param("closure_same_person", "否", "no", id="no in Chinese"),
        pytest.param("change_roles", "po", "po", id="one role"),
        pytest.param("change_roles", "产品经理、项目经理，测试", "po,pm,tester", id="three commas"),
        pytest.param("change_roles", "pm, po ,pm,", "pm,po", id="each once, order kept"),
        pytest.param("change_quorum", "1", "1", id="smallest"),
        pytest.param("change_quorum", "9", "9", id="largest"),
        pytest.param("change_quorum", "２", "2", id="full-width"),
        pytest.param("change_quorum", "03", "3", id="leading zero"),
    ],
)
def test_a_value_has_one_stored_form(name: str, typed: str, stored: str) -> None:
    assert checked(name, typed) == stored
    assert checked(name, stored) == stored


@pytest.mark.parametrize(
    ("name", "typed", "allowed"),
    [
        pytest.param("review_rule", "none", "majority", id="unknown"),
        pytest.param("review_rule", "", "majority", id="nothing"),
        pytest.param("review_rule", "all,chair", "majority", id="two"),
        pytest.param("closure_needs", "all", "both", id="of another rule"),
        pytest.param("change_roles", "customer", "tester", id="customers decide nothing"),
        pytest.param("change_roles", "po,boss", "tester", id="one unknown"),
        pytest.param("change_roles", ",，、", "tester", id="commas"),
        pytest.param("change_quorum", "0", "9", id="zero"),
        pytest.param("change_quorum", "10", "9", id="too many"),
        pytest.param("change_quorum", "-1", "9", id="negative"),
        pytest.param("change_quorum", "1.5", "9", id="a half"),
        pytest.param("change_quorum", "²", "9", id="a superscript"),
        pytest.param("change_quorum", "1,2", "9", id="two numbers"),
    ],
)
def test_what_is_not_allowed_names_what_is(name: str, typed: str, allowed: str) -> None:
    with pytest.raises(UserError) as refused:
        checked(name, typed)
    assert refused.value.key == "setup.bad_rule"
    for locale in ("zh", "en"):
        assert allowed in words(refused.value.text, Reader(locale, "UTC"))


def test_an_unknown_rule_is_answered_with_those_there_are() -> None:
    with pytest.raises(UserError) as refused:
        checked("quorum" * 20, "1")
    shown = words(refused.value.text, Reader("en", "UTC"))
    assert all(name in shown for name in NAMES)
    assert "quorum" * 20 not in shown


def _product(**settings: str) -> Product:
    return Product("p", "tms", "物流", settings=tuple(sorted(settings.items())))


def test_what_was_never_set_has_its_default() -> None:
    assert rules_of(_product()) == Rules(
        ReviewRule.ALL, ClosureNeeds.BOTH, SamePerson.NO, (Role.PO, Role.PM), 1
    )
    assert rules_of(_product(sample_loaded="yes")) == Rules()


def test_what_is_set_is_read_back() -> None:
    product = _product()
    for name, typed in (
        ("review_rule", "过半"),
        ("closure_needs", "一方"),
        ("closure_same_person", "是"),
        ("change_roles", "测试，运维"),
        ("change_quorum", "2"),
    ):
        product = _product(**with_rule(product, name, typed))
    assert rules_of(product) == Rules(
        ReviewRule.MAJORITY,
        ClosureNeeds.ONE,
        SamePerson.YES,
        (Role.TESTER, Role.OPERATIONS),
        2,
    )


def test_a_refused_value_changes_nothing() -> None:
    product = _product(change_quorum="2")
    with pytest.raises(UserError):
        with_rule(product, "change_quorum", "12")
    assert dict(with_rule(product, "review_rule", "chair")) == {
        "change_quorum": "2",
        "review_rule": "chair",
    }


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_chinese_word(role: Role) -> None:
    assert [w for w, r in ROLE_WORDS.items() if r is role and not w.isascii()]
