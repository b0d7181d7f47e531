"""The look each minute: what happened in ZenTao since the last one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.errors import OutsideError
from domain.tracking import Feed, ImportState
from trackers.zentao.remote import FeedPage, RemoteAction
from trackers.zentao.sync.bench import Bench
from trackers.zentao.sync.catalogue import refresh_plans
from trackers.zentao.sync.health import feed_of
from trackers.zentao.sync.mirror import local_number
from trackers.zentao.sync.placing import refresh

_STORY, _PLAN, _PRODUCT = "story", "productplan", "product"


class OtherServerError(OutsideError):
    """The settings name another ZenTao than the one that the mirror is of."""

    def __init__(self, known: str, server: str) -> None:
        super().__init__("tracker.other_server", known=known, server=server)


@dataclass(slots=True)
class Looked:
    """What a look found.

    :param stories: numbers of ours that were read anew. :param stirred: products in which something
        else happened (tasks, test runs, releases), which may have moved computed stages.
    :param complete: the server has an action log that tells everything but computed stages.
    """

    stories: list[int] = field(default_factory=list[int])
    stirred: set[str] = field(default_factory=set[str])
    complete: bool = True


def connect(bench: Bench) -> Feed:
    """The connection as it stands; the first time the cursor is set to now."""
    with bench.read() as uow:
        feed = uow.tracker_feed.get()
    if feed is None or (not feed.version and not feed.cursor):
        facts, newest = bench.zentao.facts(), bench.zentao.newest()
        with bench.write() as uow:
            feed = replace(
                feed_of(uow, bench.server),
                version=facts.version,
                cursor=newest.cursor,
                cursor_at=newest.cursor_at,
            )
            uow.tracker_feed.save(feed)
    if feed.server != bench.server:
        raise OtherServerError(feed.server, bench.server)
    return feed


def look(bench: Bench) -> Looked:
    """Take in what happened. A crash in the middle takes it in again, which does no harm."""
    begun = bench.now()
    feed = connect(bench)
    bench.renew_book()
    looked = Looked()
    cursor, cursor_at = feed.cursor, feed.cursor_at
    while True:
        page = _page(bench, cursor, cursor_at or begun)
        _take_in(bench, page.actions, looked)
        looked.complete = looked.complete and page.complete
        cursor, cursor_at = page.cursor, page.cursor_at or cursor_at
        if not page.more:
            break
    with bench.write() as uow:
        now = feed_of(uow, bench.server)
        hinted = now.hinted_at if now.hinted_at and now.hinted_at > begun else None
        after = replace(
            now, cursor=cursor, cursor_at=cursor_at, fresh_at=begun, hinted_at=hinted,
            away_since=None, trouble=None,
        )  # fmt: skip
        uow.tracker_feed.save(after)
    return looked


def _page(bench: Bench, cursor: int, since: datetime) -> FeedPage:
    """The action log; where the server has none, the newest changes of each product of ours."""
    if bench.zentao.facts().v2:
        return bench.zentao.feed(cursor, since)
    actions: list[RemoteAction] = []
    last, last_at = cursor, since
    for ref in _refs(bench):
        part = bench.zentao.feed(cursor, since, product_ref=ref)
        actions += part.actions
        if part.cursor > last:
            last, last_at = part.cursor, part.cursor_at or since
    actions.sort(key=lambda each: each.id)
    return FeedPage(tuple(actions), last, last_at, complete=False)


def _refs(bench: Bench) -> tuple[str, ...]:
    with bench.read() as uow:
        return tuple(item.ref for item in uow.tracker_imports.all())


def _take_in(bench: Bench, actions: Iterable[RemoteAction], looked: Looked) -> None:
    newest: dict[int, int] = {}
    plans: set[str] = set()
    for action in actions:
        ours = {p for ref in action.product_refs if (p := bench.book.product_of(ref))}
        if action.kind == _STORY and action.action.number:
            newest[action.action.number] = max(action.id, newest.get(action.action.number, 0))
        elif action.kind == _PLAN and ours:
            plans |= ours
        elif action.kind != _PRODUCT:
            looked.stirred |= ours
    for remote, action_id in newest.items():
        number = _unread(bench, remote, action_id, actions)
        if number is not None:
            refresh(bench, number)
            looked.stories.append(number)
    for product_id in plans:
        refresh_plans(bench, bench.book.product_ref(product_id) or "")


def _unread(
    bench: Bench, remote: int, action_id: int, actions: Iterable[RemoteAction]
) -> int | None:
    """Our number of a story that must be read; None when it is not ours, or was read since."""
    with bench.read() as uow:
        number = local_number(uow, remote)
        row = uow.tracker_stories.get(number)
        if row is not None and uow.tracker_imports.get(row.product_id) is not None:
            return number if row.seen < action_id else None
        refs = {r for a in actions if a.action.number == remote for r in a.product_refs}
        products = {p for ref in refs if (p := bench.book.product_of(ref))}
        items = (uow.tracker_imports.get(p) for p in products)
        wanted = any(i is not None and i.state is not ImportState.LISTING for i in items)
    return number if wanted else None
