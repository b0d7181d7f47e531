"""The same in English, and what a reader of the group sees of it."""

from __future__ import annotations

from tests.dingtalk.harness import DingtalkTeam


def test_a_review_and_a_change_in_english(english_company: DingtalkTeam) -> None:
    company = english_company
    assert "S1 New login" in company.say("po", "story new New login")
    started = company.say("po", "review start Login S1")
    assert "R-1" in started
    assert "started" in started
    said = company.say("dev", "review verdict S1 pass")
    assert "Liam Wood" in said
    company.say("po", "review verdict S1 pass")
    assert "keep the old page" in company.say("po", "review decide keep the old page")
    assert "@Liam Wood" in company.say("po", "review action @Liam Wood Friday new prototype")
    assert "[file] Review Record R-1 Login.docx" in company.say("po", "review end")
    said = company.say("dev", "change S1 phone login because the customer asks for it")
    assert "CR-1" in said
    assert "the customer asks for it" in company.transcript()
    assert company.untidy() == {}


def test_a_bare_mention_gives_the_menu(english_company: DingtalkTeam) -> None:
    menu = english_company.say("po", "")
    assert "review start" in menu
    english_company.say("po", "story new New login")
    english_company.say("po", "review start Login S1")
    assert "review verdict" in english_company.say("po", "")


def test_a_form_is_asked_in_english(english_company: DingtalkTeam) -> None:
    english_company.say("po", "story new New login")
    english_company.say("dev", "change log")
    told = english_company.submit("dev", story="S1", what="phone login", reason="customer")
    assert "CR-1" in told
    english_company.say("dev", "change log")
    assert "is cancelled" in english_company.alone("dev", "cancel")
    assert english_company.asked("dev") is None
