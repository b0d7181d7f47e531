"""What has happened in ZenTao since a cursor.

22.x has the company's action log, whose ids only grow. It cannot be asked “from this id on”, so the
newest lines are asked for, more of them until they reach back beyond the cursor. 18.x has none:
there the lists of newest and last edited stories tell which histories to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from domain.stories import StoryAction
from trackers.zentao.actions import folded, remote_action, told
from trackers.zentao.client import V2
from trackers.zentao.people import People
from trackers.zentao.remote import FeedPage, RemoteAction, RemoteStory
from trackers.zentao.wire import record

_STEPS = (50, 400, 3200)
_WHOLE = 100_000
_PAGE = 50
_SECOND = timedelta(seconds=1)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class Feeding(People):
    """The feed."""

    def feed(self, cursor: int, since: datetime, *, product_ref: str = "") -> FeedPage:
        """What happened after a cursor, oldest first: one request when it is quiet (22.x)."""
        if not self.facts().v2:
            touched = self._touched(product_ref, since)
            return _page(touched, cursor, since, complete=False)
        found = self._log_since(since, product_ref)
        if product_ref:
            found = tuple(x for x in found if product_ref in x.product_refs)
        return _page(found, cursor, since, complete=True)

    def newest(self) -> FeedPage:
        """The cursor to begin with: the newest action, and none before it."""
        now = self._client.now()
        if not self.facts().v2:
            return FeedPage((), 0, now, complete=False)
        found = self._log(_STEPS[0], "")
        if not found:
            return FeedPage((), 0, now)
        last = max(found, key=lambda x: x.id)
        return FeedPage((), last.id, last.action.at)

    def changes_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions of a product's stories with an id above the cursor, oldest first."""
        ref = self._product(product_id)
        if self.facts().v2:
            found = self._log_after(cursor, ref)
        else:
            found = tuple(self._histories_after(cursor, ref))
        ours = {x.id: x for x in found if x.action.number and ref in x.product_refs}
        return told(folded([x for x in ours.values() if x.id > cursor]))

    def _log_since(self, since: datetime, product_ref: str) -> tuple[RemoteAction, ...]:
        """The log back to an instant.

        The lines come newest first by the second, so a page is enough when its oldest line is older
        than the cursor's second: within one second the order is not told.
        """
        for limit in _STEPS:
            found = self._log(limit, product_ref)
            if len(found) < limit or min(x.action.at for x in found) < since:
                return found
        return self._log(_WHOLE, product_ref, since)

    def _log_after(self, cursor: int, product_ref: str) -> tuple[RemoteAction, ...]:
        for limit in _STEPS:
            found = self._log(limit, product_ref)
            at = {x.id: x.action.at for x in found}
            older = [x for x in at if x <= cursor]
            if len(found) < limit or (older and min(at.values()) < at[max(older)]):
                return found
        return self._log(_WHOLE, product_ref, _BEGINNING)

    def _log(
        self, limit: int, product_ref: str, since: datetime | None = None
    ) -> tuple[RemoteAction, ...]:
        """Lines of the action log: the newest, or all from the day of an instant on."""
        query: dict[str, str | int] = {"browseType": "all", "limit": limit}
        if product_ref:
            query["productID"] = product_ref
        if since is not None:
            day = since.astimezone(ZoneInfo(self.facts().zone)).replace(hour=0, minute=0, second=0)
            query |= {"date": int(day.timestamp()), "direction": "pre"}
        answer = record(self._client.get(f"{V2}/companies/dynamic", "company-dynamic", **query))
        how = self._reading()
        found = (remote_action(x, how) for x in _lines(answer.get("dateGroups")))
        return tuple(sorted(found, key=lambda x: x.id))

    def _touched(self, product_ref: str, since: datetime) -> tuple[RemoteAction, ...]:
        """Histories of the stories that were made or edited since (18.x)."""
        numbers = {
            row.story.number
            for order in ("lastEditedDate_desc", "id_desc")
            for row in self._younger(product_ref, order, since - _SECOND)
        }
        found = (x for number in sorted(numbers) for x in self.remote(number).actions)
        return tuple(sorted(found, key=lambda x: x.id))

    def _younger(self, product_ref: str, order: str, since: datetime) -> Iterator[RemoteStory]:
        page = 1
        while True:
            found = self._list(product_ref, page, _PAGE, order)
            for row in found.stories:
                at = row.story.opened_at if order == "id_desc" else row.edited_at
                if at is None or at < since:
                    return
                yield row
            if found.last:
                return
            page += 1

    def _histories_after(self, cursor: int, product_ref: str) -> Iterator[RemoteAction]:
        """Histories with something new, newest stories first, until nothing new is found (18.x)."""
        seen: set[int] = set()
        for order in ("lastEditedDate_desc", "id_desc"):
            for row in self._younger(product_ref, order, _BEGINNING):
                if row.story.number in seen:
                    continue
                actions = self.remote(row.story.number).actions
                if max((x.id for x in actions), default=0) <= cursor:
                    break
                seen.add(row.story.number)
                yield from actions


def _page(
    found: tuple[RemoteAction, ...], cursor: int, since: datetime, *, complete: bool
) -> FeedPage:
    fresh = [x for x in found if x.id > cursor]
    if not fresh:
        return FeedPage((), cursor, since, complete=complete)
    last = max(fresh, key=lambda x: x.id)
    return FeedPage(folded(fresh), last.id, last.action.at, complete=complete)


def _lines(value: Any) -> Iterator[Mapping[str, Any]]:
    """The lines of the log, which some servers group by day."""
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _lines(item)
    elif "objectType" in record(value):
        yield record(value)
    else:
        for group in record(value).values():
            yield from _lines(group)
