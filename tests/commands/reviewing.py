"""Reviews that the tests of several dialogs share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.reviews.state import Review
from domain.settings import with_rule
from domain.stories import Story, StoryDraft
from tests.harness import Team


def add_story(team: Team, title: str, *reviewers: str) -> Story:
    with team.write() as uow:
        tracker = team.services.tracker(uow, team.product, team.clock.now())
        people = tuple(team.id(r) for r in reviewers)
        draft = StoryDraft(team.product.id, title, "描述", "- 可登录", reviewers=people)
        return tracker.create(draft, team.id("po"))


def story(team: Team, number: int) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def review(team: Team, number: int = 1) -> Review:
    with team.read() as uow:
        found = uow.reviews.by_number(team.product.id, number)
    assert found is not None
    return found


def set_rule(team: Team, name: str, value: str) -> None:
    with team.write() as uow:
        product = uow.products.get(team.product.id)
        uow.products.save(replace(product, settings=tuple(with_rule(product, name, value).items())))


def end_all(team: Team) -> str:
    for who in ("dev", "tester"):
        team.say(who, "/review verdict S1 pass")
        team.say(who, "/review verdict S2 clarify")
    return team.say("po", "/review end")


@pytest.fixture
def meeting(team: Team) -> Team:
    """An open review of S1 and S2 (reviewers dev and tester)."""
    add_story(team, "短信登录", "dev", "tester")
    add_story(team, "扫码登录", "dev", "tester")
    team.say("po", "/review start 登录改版")
    return team
