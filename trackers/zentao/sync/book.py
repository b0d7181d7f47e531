"""Who and what is who in ZenTao, as storage knows it."""

from __future__ import annotations

from domain.tracking import ZENTAO
from storage.uow import UnitOfWork
from trackers.zentao.book import FixedBook

ACCOUNT = "account"
"""The kind under which a person's ZenTao account is an identity of theirs."""


def read_book(uow: UnitOfWork, server: str) -> FixedBook:
    """Everybody and everything that is tied to ZenTao now.

    :param server: host and path of the server, the tenant of the identities.
    """
    people = uow.people.all(with_inactive=True)
    products = [p for p in uow.products.all() if p.tracker == ZENTAO and p.tracker_ref]
    plans = [plan for p in products for plan in uow.plans.of_product(p.id) if plan.tracker_ref]
    return FixedBook(
        accounts=uow.people.linked(ZENTAO, server, ACCOUNT),
        names={p.id: p.name for p in people},
        plans={plan.id: plan.tracker_ref or "" for plan in plans},
        products={p.id: p.tracker_ref or "" for p in products},
    )


class LiveBook:
    """A book whose pages are turned between two pieces of work.

    It is an ``AccountBook``; several threads may read it while one renews it.
    """

    def __init__(self) -> None:
        self._now = FixedBook()

    def renew(self, uow: UnitOfWork, server: str) -> None:
        """Read everything anew."""
        self._now = read_book(uow, server)

    def account_of(self, person_id: str) -> str | None:
        """The ZenTao account of a person."""
        return self._now.account_of(person_id)

    def person_of(self, account: str) -> str | None:
        """The person behind an account."""
        return self._now.person_of(account)

    def name_of(self, person_id: str) -> str:
        """How a person is called in a comment."""
        return self._now.name_of(person_id)

    def plan_ref(self, plan_id: str) -> str | None:
        """The productplan of a plan."""
        return self._now.plan_ref(plan_id)

    def plan_of(self, ref: str) -> str | None:
        """Our plan for a productplan."""
        return self._now.plan_of(ref)

    def product_ref(self, product_id: str) -> str | None:
        """The ZenTao product of one of ours."""
        return self._now.product_ref(product_id)

    def product_of(self, ref: str) -> str | None:
        """Our product for one of ZenTao's."""
        return self._now.product_of(ref)
