"""Every card that the commands make reads well on a telephone, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.cards.words import Reader
from bot.dingtalk import ways
from bot.dingtalk.cards.drawing import filled
from bot.dingtalk.text.markdown import TITLE, render_markdown
from bot.dingtalk.text.pages import BYTES, CHARACTERS, MOST, pages_of, weight
from domain.messages import Card
from tests.fakes.dingtalk.reading import blemishes, plain
from tests.slack.outbound.everything import SampleCompany, sample_company


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleCompany]:
    """The sample product; loading it and asking everything takes seconds, so once."""
    with sample_company(tmp_path_factory.mktemp("everything")) as made:
        yield made


@pytest.fixture(scope="module")
def cards(company: SampleCompany) -> list[tuple[str, Card]]:
    return [(s.of, s.shown) for s in company.everything() if isinstance(s.shown, Card)]


def _readers(company: SampleCompany) -> tuple[Reader, ...]:
    group = replace(company.reader, person_id="", way=ways.GROUP)
    return (group, replace(group, locale="en"), replace(company.reader, way=ways.DIRECT))


def test_every_card_is_whole_and_within_the_limits(company, cards):
    assert len(cards) > 100
    for of, card in cards:
        for reader in _readers(company):
            shown = render_markdown(card, reader, base_url="https://duban.example.com")
            assert not blemishes(shown.text), (of, shown.text)
            assert 0 < len(shown.title) <= TITLE
            pages = pages_of(shown, "", "left out")
            assert len(pages) < MOST, of
            for page in pages:
                assert len(page.text) <= CHARACTERS
                assert weight(page.text) <= BYTES
            for action in card.actions:
                typed = reader.way.typed(action.typed or action.command, reader.locale)
                assert " ".join(typed.split()) in " ".join(plain(shown.text).split()), of


def test_every_card_fills_the_template_with_texts(company, cards):
    for of, card in cards:
        shown = filled(card, _readers(company)[0], base_url="https://duban.example.com")
        assert all(isinstance(v, str) for v in shown.drawn(1).values()), of
        assert not blemishes(shown.values["body"]), of
        commands = [b.command for b in shown.buttons.values()]
        assert commands == list(dict.fromkeys(a.command for a in card.actions[:8])), of
