"""The first import of a product: its list page by page, then the texts of what is open.

Each step is one page or a few texts, kept with how far it is, so that a stop costs nothing. What
happens in ZenTao meanwhile comes by the look, whose cursor was set before the first page.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.message_json import to_json
from domain.messages import Action, Bar, Card, Para, T, Tone
from domain.people import Product
from domain.tracking import ImportState, ProductImport
from storage.uow import UnitOfWork
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.catalogue import refresh_plans
from trackers.zentao.sync.mirror import take_new
from trackers.zentao.sync.placing import refresh

PAGE = 500
CHUNK = 100
"""How many stories of a page are stored at a time, so that people's commands come in between."""
TEXTS = 20
"""How many texts are read between two looks at what else is due."""


def step(bench: Bench, item: ProductImport) -> ProductImport:
    """Go on with an import that is not ready; the answer is how far it is then."""
    if item.state is ImportState.LISTING:
        return _list(bench, item)
    return _read(bench, item)


def read_closed(bench: Bench, item: ProductImport, limit: int) -> int:
    """Read the texts of closed stories, for whoever looks one up; the number that was read."""
    with bench.read() as uow:
        numbers = uow.tracker_stories.unread(item.product_id, limit)
    for number in numbers:
        refresh(bench, number)
    return len(numbers)


def _list(bench: Bench, item: ProductImport) -> ProductImport:
    if item.page == 0:
        refresh_plans(bench, item.ref)
    page = bench.zentao.page(item.ref, item.page + 1, size=PAGE)
    ours = [remote for remote in page.stories if remote.product_ref == item.ref]
    for start in range(0, len(ours), CHUNK):
        with bench.write() as uow:
            take_new(uow, ours[start : start + CHUNK], item.product_id, bench.now())
    with bench.write() as uow:
        now = bench.now()
        listed, _ = uow.tracker_stories.count(item.product_id)
        state = ImportState.READING if page.last else ImportState.LISTING
        item = replace(item, page=page.page, total=page.total, listed=listed, state=state)
        if page.last:
            item = replace(item, swept_at=now)
        _keep(uow, item, now)
    return item


def _read(bench: Bench, item: ProductImport) -> ProductImport:
    with bench.read() as uow:
        numbers = uow.tracker_stories.unread(item.product_id, TEXTS, open_only=True)
    for number in numbers:
        refresh(bench, number)
    with bench.write() as uow:
        now = bench.now()
        left = uow.tracker_stories.unread(item.product_id, TEXTS, open_only=True)
        if not left or left == numbers:  # what cannot be read at all must not hold up the rest
            item = replace(item, state=ImportState.READY, ready_at=now)
        _keep(uow, item, now)
    return item


def _keep(uow: UnitOfWork, item: ProductImport, now: datetime) -> None:
    uow.tracker_imports.save(item)
    product = uow.products.get(item.product_id)
    here, read = uow.tracker_stories.count(item.product_id)
    where = item.origin.channel
    payload = {
        "channel": where,
        "thread": item.origin.thread,
        "person": item.by,
        "card": to_json(progress_card(product, item, here, read)),
    }
    uow.queue(f"channel:{where}" if where else f"person:{item.by}", "post", payload, now)


def progress_card(product: Product, item: ProductImport, here: int, read: int) -> Card:
    """How far the import is; one message that is kept up to date.

    :param here: stories in the mirror. :param read: those of them whose texts are here.
    """
    key = f"tracker-import:{product.id}:{item.begun_at.timestamp():.0f}"
    name = {"product": product.name, "n": here}
    if item.state is ImportState.READY:
        actions = (Action(T("story.all_button"), "story list"),)
        return Card(T("tracker.import_done", name), actions=actions, tone=Tone.GOOD, key=key)
    total = max(item.total, here, 1)
    done = {"done": here, "total": total, "read": read}
    listing = item.state is ImportState.LISTING
    label = T("tracker.import_listing" if listing else "tracker.import_reading", done)
    percent = 50 * here // total if listing else 50 + 50 * read // total
    hint = Para(T("tracker.import_meanwhile"), muted=True)
    title = T("tracker.import_running", name)
    return Card(title, (Bar(label, percent), hint), tone=Tone.INFO, key=key)
