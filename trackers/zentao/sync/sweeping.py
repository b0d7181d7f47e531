"""The sweep: the whole list of a product against the mirror, for what the action log leaves out.

That is computed stages, what was deleted or moved out of sight, and on versions without an action
log everything that does not touch ``lastEditedDate``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from domain.stories import Status
from domain.tracking import ProductImport, remote_number
from storage.tracker_mirror import MirrorRow
from trackers.zentao.remote import RemoteStory
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.mirror import fingerprint
from trackers.zentao.sync.placing import place, refresh

PAGE = 1000


def sweep(bench: Bench, item: ProductImport) -> int:
    """Compare one product; how many stories were different."""
    bench.renew_book()
    with bench.read() as uow:
        rows = uow.tracker_stories.of_product(item.product_id)
    known = {remote_number(number): row for number, row in rows.items()}
    seen: set[int] = set()
    different, page_number, complete = 0, 1, False
    while not complete:
        page = bench.zentao.page(item.ref, page_number, size=PAGE)
        listed = [s for s in page.stories if s.product_ref == item.ref]
        different += sum(_compare(bench, remote, known) for remote in listed)
        seen |= {s.story.number for s in listed}
        complete, page_number = page.last, page.page + 1
    if len(seen) >= page.total:  # else the list was moved while it was read: the next sweep tells
        missing = [rows_number for number, rows_number in _numbers(known) if number not in seen]
        for number in missing:
            refresh(bench, number)
        different += len(missing)
    with bench.write() as uow:
        current = uow.tracker_imports.get(item.product_id)
        if current is not None:
            uow.tracker_imports.save(replace(current, swept_at=bench.now()))
    return different


def _numbers(known: Mapping[int, MirrorRow]) -> list[tuple[int, int]]:
    return [(number, row.number) for number, row in known.items()]


def _compare(bench: Bench, remote: RemoteStory, known: Mapping[int, MirrorRow]) -> bool:
    """Bring one story up to date if its row in the list is not what it was."""
    row = known.get(remote.story.number)
    if row is not None and row.listing == fingerprint(remote):
        return False
    if _needs_text(bench, remote, row):
        refresh(bench, row.number if row else remote.story.number)
        return True
    with bench.write() as uow:
        place(bench, uow, remote, whole=False)
    return True


def _needs_text(bench: Bench, remote: RemoteStory, row: MirrorRow | None) -> bool:
    """Whether the list does not tell enough: its words may be other ones, or it is new here."""
    if row is None or not row.listing or not row.read:
        return remote.story.status is not Status.CLOSED or row is None
    with bench.read() as uow:
        story = uow.stories.find(row.number)
    if story is None:
        return True
    edited = story.changed_at is None or remote.edited_at != story.changed_at
    return edited or story.version != remote.story.version or story.title != remote.story.title
