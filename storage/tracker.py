"""How the connection to a tracker elsewhere stands, and what is known from there by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, select

from domain.ids import new_id
from domain.tracking import ZENTAO, Feed, RemoteAccount, RemotePlan, RemoteProduct
from storage.repository import Repository
from storage.tables import tracker as t

_FEED = (
    "server", "version", "cursor", "cursor_at", "fresh_at", "hinted_at", "away_since", "trouble",
    "people_at",
)  # fmt: skip


class TrackerFeeds(Repository):
    """How far the mirror of the workspace has read its tracker."""

    def get(self) -> Feed | None:
        """The connection as it stands; None when there has never been one."""
        row = self._row(t.tracker_feeds, tracker=ZENTAO)
        return Feed(**{name: getattr(row, name) for name in _FEED}) if row else None

    def save(self, feed: Feed) -> None:
        """Store the connection as it stands, whole."""
        values = {name: getattr(feed, name) for name in _FEED}
        if not self._update(t.tracker_feeds, t.tracker_feeds.c.tracker == ZENTAO, values):
            self._insert(t.tracker_feeds, {"id": new_id(), "tracker": ZENTAO, **values})

    def hint(self, at: datetime) -> None:
        """Somebody says that there is something new: the next look comes at once."""
        self._update(t.tracker_feeds, t.tracker_feeds.c.tracker == ZENTAO, {"hinted_at": at})

    def ask_for_names(self, since: datetime) -> None:
        """Products, plans and accounts are read anew at the next look: they count as this old."""
        f = t.tracker_feeds.c
        where = (f.tracker == ZENTAO) & (f.people_at > since)
        self._update(t.tracker_feeds, where, {"people_at": since})


class TrackerCatalogue(Repository):
    """Products, plans and accounts of the tracker, whether bound here or not."""

    def products(self) -> tuple[RemoteProduct, ...]:
        """Every product, by id."""
        rows = self._rows(t.tracker_products)
        found = (RemoteProduct(r.ref, r.name, r.closed) for r in rows)
        return tuple(sorted(found, key=lambda each: _order(each.ref)))

    def save_products(self, products: Sequence[RemoteProduct]) -> None:
        """Replace them all."""
        rows = [{"ref": p.ref, "name": p.name, "closed": p.closed} for p in products]
        self._replace(t.tracker_products, rows)

    def plans(self, product_ref: str | None = None) -> tuple[RemotePlan, ...]:
        """Every plan (of one product), by id."""
        keys = {"product_ref": product_ref} if product_ref is not None else {}
        found = (_plan(r) for r in self._rows(t.tracker_plans, **keys))
        return tuple(sorted(found, key=lambda each: _order(each.ref)))

    def plan(self, ref: str) -> RemotePlan | None:
        """One plan as it was last seen."""
        row = self._row(t.tracker_plans, ref=ref)
        return _plan(row) if row else None

    def save_plans(self, product_ref: str, plans: Sequence[RemotePlan]) -> None:
        """Replace the plans of one product."""
        p = t.tracker_plans.c
        self._delete(t.tracker_plans, p.product_ref == product_ref)
        self._insert_many(t.tracker_plans, [_new(_plan_values(plan)) for plan in plans])

    def accounts(self) -> tuple[RemoteAccount, ...]:
        """Every account, by name of the account."""
        query = select(t.tracker_accounts).where(self._mine(t.tracker_accounts))
        rows = self._all(query.order_by(t.tracker_accounts.c.account))
        return tuple(RemoteAccount(r.account, r.name, r.role, r.addresses) for r in rows)

    def name_of(self, account: str) -> str:
        """The real name of an account; empty when there is no such account."""
        row = self._row(t.tracker_accounts, account=account)
        return row.name if row else ""

    def save_accounts(self, accounts: Sequence[RemoteAccount]) -> None:
        """Replace them all."""
        rows = [
            {"account": a.account, "name": a.name, "role": a.role, "addresses": dict(a.addresses)}
            for a in accounts
        ]
        self._replace(t.tracker_accounts, rows)

    def _replace(self, table: Table, rows: Iterable[dict[str, Any]]) -> None:
        self._delete(table, table.c.id.is_not(None))
        self._insert_many(table, [_new(row) for row in rows])


def _order(ref: str) -> tuple[int, str]:
    """Ids of the tracker are numbers: 9 comes before 10."""
    return (int(ref), "") if ref.isdecimal() else (0, ref)


def _new(values: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(), **values}


def _plan_values(plan: RemotePlan) -> dict[str, Any]:
    return {
        "ref": plan.ref,
        "product_ref": plan.product_ref,
        "title": plan.title,
        "begins": plan.begins,
        "ends": plan.ends,
        "status": plan.status,
    }


def _plan(row: Row[Any]) -> RemotePlan:
    return RemotePlan(row.ref, row.product_ref, row.title, row.begins, row.ends, row.status)
