"""What somebody is offered who asks alone with Duban."""

from __future__ import annotations

from bot.webchat.access import ensure_direct
from tests.harness import Team


def offered_alone(team: Team, who: str, line: str) -> list[str]:
    """The commands of the buttons under the one card of the answer, without their product."""
    with team.write() as uow:
        channel = ensure_direct(uow, team.people[who])
    (card,) = team.ask(team.request(who, line, channel=channel.id)).reply.cards
    return [a.command.split(" in=")[0] for a in card.actions]
