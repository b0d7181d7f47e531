"""What is meant for ZenTao and is given up comes back to the person who asked for it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.delivery import Abandoned
from bot.zentao.plan_effect import lost_card
from commands.tracker.linking import KIND as PLAN
from domain.clock import Clock
from domain.errors import NotFoundError
from domain.message_json import to_json
from storage.messaging import OutboxItem
from storage.tracker_lane import KIND as STORY
from storage.uow import UnitOfWork
from trackers.zentao.sync.settling import settle_given_up


def abandoned(clock: Clock) -> Mapping[str, Abandoned]:
    """What becomes of rows that nobody tries any more, by their kind."""

    def story(uow: UnitOfWork, item: OutboxItem) -> None:
        settle_given_up(uow, item, clock.now())

    def plan(uow: UnitOfWork, item: OutboxItem) -> None:
        try:
            found = uow.plans.get(str(item.payload["plan"]))
        except NotFoundError:
            return  # nobody waits for the dates of a plan that is gone
        asked = {name: item.payload.get(name) for name in ("channel", "thread", "person")}
        channel = asked["channel"]
        lane = f"channel:{channel}" if channel else f"person:{asked['person']}"
        uow.queue(lane, "post", {**asked, "card": to_json(lost_card(found))}, clock.now())

    return {STORY: story, PLAN: plan}
