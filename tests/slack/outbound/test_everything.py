"""Every card and form that the commands make is one that Slack takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.cards.words import Reader
from bot.slack.blocks import Metadata, card_messages, form_values, form_view, home_view
from domain.messages import Card, FieldKind, Form
from tests.fakes.slack.rules.blocks import check_blocks
from tests.fakes.slack.rules.views import require_view
from tests.slack.outbound.everything import SampleCompany, Seen, in_english, sample_company
from tests.slack.outbound.filling import submitted


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleCompany]:
    """The sample product; loading it and asking everything takes seconds, so once."""
    with sample_company(tmp_path_factory.mktemp("everything")) as made:
        yield made


@pytest.fixture(scope="module")
def seen(company: SampleCompany) -> list[Seen]:
    return company.everything()


def readers(company: SampleCompany) -> tuple[Reader, Reader]:
    return company.reader, in_english(company)


def test_there_is_much_to_see(seen: list[Seen]) -> None:
    cards = [s for s in seen if isinstance(s.shown, Card)]
    forms = {s.shown.command for s in seen if isinstance(s.shown, Form)}
    assert len(cards) > 350
    assert len(forms) > 25


def test_every_card_is_taken(company: SampleCompany, seen: list[Seen]) -> None:
    for reader in readers(company):
        for each in seen:
            if isinstance(each.shown, Card):
                _check_card(each, reader, company)


def _check_card(each: Seen, reader: Reader, company: SampleCompany) -> None:
    assert isinstance(each.shown, Card)
    for message in card_messages(each.shown, reader, company.users):
        checked = check_blocks(message.blocks, "message")
        assert checked.problems == [], each.of
        assert checked.characters <= 13_200, each.of
        assert 0 < len(message.text) <= 4000, each.of
        _valid(message.blocks)


def _valid(blocks: list[dict[str, object]]) -> None:
    """The SDK's own rules; it knows every block of ours, and every attribute."""
    for block in blocks:
        known = Block.parse(block)
        assert known is not None, block
        known.validate_json()
        assert known.to_dict().keys() == block.keys()


def test_every_form_is_taken_and_comes_back_as_it_was(
    company: SampleCompany, seen: list[Seen]
) -> None:
    ids = {user: person for person, user in company.users.items()}
    for reader in readers(company):
        for each in seen:
            if not isinstance(each.shown, Form):
                continue
            view = form_view(each.shown, reader, company.users, Metadata(channel="C1"))
            require_view(view, "modal")
            View(**view).validate_json()
            _valid(view["blocks"])
            values = form_values(submitted(view), ids.__getitem__)
            expected = {
                f.name: _kept(f.value) for f in each.shown.fields if f.kind is not FieldKind.FILE
            }
            got = {name: _kept(value) for name, value in values.items()}
            assert {n: got.get(n) for n in expected} == expected, each.of


def _kept(value: str) -> str:
    return value.replace("\r\n", "\n")


def test_home_holds_what_fits(company: SampleCompany, seen: list[Seen]) -> None:
    cards = [s.shown for s in seen if isinstance(s.shown, Card)]
    for few in (cards[:0], cards[:3], cards[:200]):
        view = home_view(few, company.reader, company.users)
        require_view(view, "home")
        assert 1 <= len(view["blocks"]) <= 100
        _valid(view["blocks"])
