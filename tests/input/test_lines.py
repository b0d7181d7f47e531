"""Whatever is typed or submitted, by whomever: an answer in words, and never a trace."""

from __future__ import annotations

import logging
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.html import Choices, render_card, render_form
from bot.cards.text import render_text
from bot.cards.words import Reader
from commands.catalog import build_registry
from commands.dispatcher import Answer
from domain.message_json import from_json, to_json
from domain.messages import Reply, T
from domain.requests import Kind
from tests.harness import Team
from tests.input.generated import PEOPLE, budget, forms, lines

REGISTRY = build_registry()
READERS = (Reader("zh", "Asia/Shanghai"), Reader("en", "Europe/Berlin"))
FORBIDDEN = frozenset({"script", "iframe", "object", "embed", "link", "meta", "style", "base"})


class Harmless(HTMLParser):
    """Fails on an element or attribute that could run or load something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in FORBIDDEN, tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name in ("href", "src"):
                assert (value or "").startswith(("/", "http://", "https://")), value


def shown_to_everybody(reply: Reply) -> None:
    """Every part of the reply can be stored and read in both languages, as text and in the page."""
    assert from_json(to_json(reply)) == reply
    for reader in READERS:
        text = render_text(reply, reader)
        assert "Traceback" not in text
        for card in reply.cards:
            Harmless().feed(render_card(card, reader))
        if reply.form is not None:
            Harmless().feed(render_form(reply.form, reader, Choices()))


def no_bug(answer: Answer, caplog: pytest.LogCaptureFixture, what: object) -> None:
    """The answer is not the short reference of an unexpected error."""
    for card in answer.reply.cards:
        bug = isinstance(card.title, T) and card.title.key == "core.bug"
        assert not bug, f"{what!r}\n{caplog.text}"


def sent(team: Team) -> None:
    """What was queued for others can be read, too."""
    with team.read() as uow:
        items = uow.outbox.pending(team.clock.now(), limit=10_000)
    for item in items:
        if item.kind == "post":
            shown_to_everybody(Reply((from_json(item.payload["card"]),)))


def test_500_lines_are_answered_in_words(busy_team, caplog):
    caplog.set_level(logging.ERROR)

    @budget(500)
    @given(who=st.sampled_from(PEOPLE), line=lines(REGISTRY), hours=st.sampled_from((0, 0, 0, 7)))
    def typed(who: str, line: str, hours: int) -> None:
        busy_team.clock.advance(timedelta(hours=hours))
        answer = busy_team.ask(busy_team.request(who, line))
        no_bug(answer, caplog, (who, line))
        shown_to_everybody(answer.reply)

    typed()
    sent(busy_team)


def test_300_forms_are_answered_in_words(busy_team, caplog):
    caplog.set_level(logging.ERROR)

    @budget(300)
    @given(who=st.sampled_from(PEOPLE), form=forms(REGISTRY))
    def submitted(who: str, form: tuple[str, dict[str, str]]) -> None:
        command, values = form
        request = busy_team.request(who, command, kind=Kind.FORM, values=values)
        answer = busy_team.ask(request)
        no_bug(answer, caplog, (who, form))
        shown_to_everybody(answer.reply)

    submitted()
    sent(busy_team)


@pytest.mark.parametrize("where", [pytest.param(None, id="nowhere"), pytest.param("x", id="gone")])
def test_a_line_from_no_known_conversation_is_answered(team, caplog, where):
    for line in ("/review start x", "/plan", "/digest", "/standup", "/setup", "/story list"):
        answer = team.ask(team.request("po", line, channel=where))
        no_bug(answer, caplog, line)
        shown_to_everybody(answer.reply)
