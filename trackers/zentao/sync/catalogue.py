"""Products, plans and accounts of ZenTao, so that set-up and plans need not ask it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.tracking import ImportState, RemotePlan
from storage.uow import UnitOfWork
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.health import feed_of

NEWS_KEPT = timedelta(days=30)
"""Longer than any digest looks back."""
WRITES_KEPT = timedelta(days=90)
"""How long it can be asked what became of a write that is settled."""


def refresh_catalogue(bench: Bench) -> None:
    """Read them all anew: one request for the products, one for the people, one a bound product."""
    products, users = bench.zentao.products(), bench.zentao.users()
    with bench.write() as uow:
        uow.tracker_catalogue.save_products(products)
        uow.tracker_catalogue.save_accounts(users)
        for listener in bench.account_listeners:
            listener(uow, bench.now())
        items = uow.tracker_imports.all()
    for item in items:
        refresh_plans(bench, item.ref)
    with bench.write() as uow:
        now = bench.now()
        uow.tracker_feed.save(replace(feed_of(uow, bench.server), people_at=now))
        uow.tracker_news.forget_before(now - NEWS_KEPT)
        uow.tracker_writes.forget_before(now - WRITES_KEPT)


def refresh_plans(bench: Bench, product_ref: str) -> None:
    """Read a product's plans anew; whoever keeps our plans in step hears what is different."""
    plans = bench.zentao.plans(product_ref)
    with bench.write() as uow:
        known = {p.ref: p for p in uow.tracker_catalogue.plans(product_ref)}
        uow.tracker_catalogue.save_plans(product_ref, plans)
        if _ready(bench, uow, product_ref):
            _tell(bench, uow, known, {p.ref: p for p in plans})


def _ready(bench: Bench, uow: UnitOfWork, product_ref: str) -> bool:
    product_id = bench.book.product_of(product_ref)
    item = uow.tracker_imports.get(product_id) if product_id else None
    return item is not None and item.state is ImportState.READY


def _tell(
    bench: Bench, uow: UnitOfWork, before: dict[str, RemotePlan], after: dict[str, RemotePlan]
) -> None:
    for ref in dict.fromkeys((*before, *after)):
        old, new = before.get(ref), after.get(ref)
        if old != new:
            for listener in bench.plan_listeners:
                listener(uow, old, new, bench.now())
