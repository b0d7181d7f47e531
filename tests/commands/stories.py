"""Stories that the tests of ``/story`` share."""

from __future__ import annotations

from domain.stories import Story, Verdict
from tests.harness import Team


def stored(team: Team, number: int = 1) -> Story:
    with team.read() as uow:
        return uow.stories.get(number)


def make(team: Team, line: str = "登录改版", *, agreed: bool = False) -> Story:
    """A story by the PO; agreed ones went through a review."""
    team.say("po", f"/story new {line}")
    with team.read() as uow:
        story = uow.stories.of_product(team.product.id)[-1]
    if agreed:
        team.say("po", f"/story submit {story.ref} @dev @tester")
        with team.write() as uow:
            tracker = team.services.tracker(uow, team.product, team.clock.now())
            tracker.record_verdict(story.number, Verdict.PASS, "", team.id("po"))
    return stored(team, story.number)
