"""A reviewer's own token, kept for their vote: a new one takes the place of the old at once."""

from __future__ import annotations

from bot.vault import Vault
from bot.zentao.own_tokens import OwnTokens
from domain.stories import Verdict
from tests.harness import Team
from tests.trackers.zentao.labs import ANN, PASSWORD, PO, Bench, draft
from trackers.zentao.own import OwnToken, fetch_token
from trackers.zentao.port import Zentao

KEYS = ("k" * 44,)


def _tokens(team: Team, place: Bench) -> OwnTokens:
    return OwnTokens(
        team.store, Vault(KEYS), team.clock, team.workspace.id, place.fake.url, "zentao", "zh-cn"
    )


def _fresh(team: Team, place: Bench) -> OwnToken:
    return fetch_token(place.fake.url, "ann", PASSWORD, team.clock)


def _view(tokens: OwnTokens, place: Bench, person: str) -> Zentao:
    found = tokens.view(place.gateway, person)
    assert found is not None
    return found


def test_a_token_that_another_process_was_given_is_used(team: Team, place: Bench) -> None:
    """The old one is dead: voting with it would throw the new one away as well."""
    person = team.id("dev")
    here, elsewhere = _tokens(team, place), _tokens(team, place)
    here.keep(person, _fresh(team, place))
    assert _view(here, place, person).facts().version
    place.fake.kill_tokens("ann")
    elsewhere.keep(person, _fresh(team, place))
    number = place.gateway.create(draft(reviewers=(ANN,)), PO).number
    assert _view(here, place, person).vote(number, Verdict.PASS, "", ANN).status == "active"
    for each in (here, elsewhere):
        each.close()
