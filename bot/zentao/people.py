"""What happens here once accounts and plans of ZenTao were read: who is who, and what moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.tracker.following import follow_plans
from commands.tracker.matching import ask_once, tie_sure
from domain.calendar import HolidaySource
from domain.tracking import ZENTAO, RemotePlan
from storage.calendars import working_calendar
from storage.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Learned:
    """Listens to synchronisation, in the transaction that stores what was read."""

    holidays: HolidaySource

    def accounts(self, uow: UnitOfWork, now: datetime) -> None:
        """Tie the accounts that are surely somebody's; ask about those that may be."""
        feed = uow.tracker_feed.get()
        if feed is not None:
            ask_once(uow, tie_sure(uow, feed.server, now), now)

    def plan(
        self, uow: UnitOfWork, old: RemotePlan | None, new: RemotePlan | None, now: datetime
    ) -> None:
        """A productplan is new, other than it was, or gone: ours follows."""
        changed = new or old
        for product in uow.products.all():
            if changed and product.tracker == ZENTAO and product.tracker_ref == changed.product_ref:
                calendar = working_calendar(uow, uow.people.workspace(), self.holidays)
                follow_plans(uow, product, calendar, now)
