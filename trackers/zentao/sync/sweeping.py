"""The sweep: the whole list of a product against the mirror, for what the action log leaves out.

That is computed stages, what was deleted or moved out of sight, and on versions without an action
log everything that does not touch ``lastEditedDate``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from domain.stories import Status
from domain.tracking import ProductImport, remote_number
from storage.tracker_mirror import MirrorRow
from trackers.zentao.remote import RemoteStory, StoryPage
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.mirror import fingerprint, local_number
from trackers.zentao.sync.placing import place, refresh

PAGE = 1000


def sweep(bench: Bench, item: ProductImport) -> int:
    """Compare one product; how many stories were different."""
    bench.renew_book()
    with bench.read() as uow:
        rows = uow.tracker_stories.of_product(item.product_id)
    known = {remote_number(number): row for number, row in rows.items()}
    seen: set[int] = set()
    different, total = 0, 0
    for page in _pages(bench, item.ref):
        listed = [s for s in page.stories if s.product_ref == item.ref]
        different += sum(_compare(bench, remote, known) for remote in listed)
        seen |= {s.story.number for s in listed}
        total = page.total
    if len(seen) >= total:  # else the list moved while it was read: the next sweep tells
        missing = [row.number for number, row in known.items() if number not in seen]
        for number in missing:
            refresh(bench, number)
        different += len(missing)
    with bench.write() as uow:
        current = uow.tracker_imports.get(item.product_id)
        if current is not None:
            uow.tracker_imports.save(replace(current, swept_at=bench.now()))
    return different


def _pages(bench: Bench, product_ref: str) -> Iterator[StoryPage]:
    number, last = 1, False
    while not last:
        page = bench.zentao.page(product_ref, number, size=PAGE)
        yield page
        number, last = page.page + 1, page.last


def _compare(bench: Bench, remote: RemoteStory, known: Mapping[int, MirrorRow]) -> bool:
    """Bring one story up to date if its row in the list is not what it was."""
    row = known.get(remote.story.number)
    if row is not None and row.listing == fingerprint(remote):
        return False
    if _needs_text(bench, remote, row):
        refresh(bench, row.number if row else remote.story.number)
        _listed(bench, remote)
        return True
    with bench.write() as uow:
        taken = place(bench, uow, remote, whole=False, since=row.seen if row else None)
    if taken is not None and taken.stale:  # read or written while the list was on its way
        refresh(bench, taken.story.number)
    return True


def _listed(bench: Bench, remote: RemoteStory) -> None:
    """Remember the row of the list, so that it is not read again until it is different."""
    with bench.write() as uow:
        row = uow.tracker_stories.get(local_number(uow, remote.story.number))
        if row is not None and row.listing:
            uow.tracker_stories.save(replace(row, listing=fingerprint(remote)))


def _needs_text(bench: Bench, remote: RemoteStory, row: MirrorRow | None) -> bool:
    """Whether the list does not tell enough: its words may be other ones, or it is new here."""
    if row is None or not row.listing or not row.read:
        return remote.story.status is not Status.CLOSED or row is None
    with bench.read() as uow:
        story = uow.stories.find(row.number)
    if story is None:
        return True
    edited = remote.edited_at is not None and remote.edited_at != story.changed_at
    return edited or story.version != remote.story.version or story.title != remote.story.title
