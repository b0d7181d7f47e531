"""The daily digest of a channel: where the plan stands, what waits, who said what, who is away.

Digests that are posted together are loaded together, so a product costs the same among a thousand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.digests import Line, ProductLists, Section
from domain.messages import Block, Bullet, Bullets, Card, Day, Heading, Inline, Join, PersonRef, T
from domain.people import Channel
from domain.plans import Plan
from domain.reminders import LedgerRow, Subject
from domain.standups import Entry
from domain.tracking import ZENTAO, News
from reminders.digest_plan import plan_blocks, plan_lines
from reminders.digest_sections import section_blocks
from reminders.digest_standup import standup_blocks
from reminders.digest_tracker import news_blocks
from reminders.lines import Wording, about
from reminders.rules import BY_NAME
from reminders.subjects import Key, load
from reminders.world import World
from storage.schedule import AT_ONCE, DueSubject

_LOOK_BACK = timedelta(days=15)
"""Answers and folded reminders since the last digest, but never from longer ago than this."""


class Digests:
    """The digests of some channels at an instant."""

    def __init__(self, world: World, channel_ids: Collection[str], now: datetime) -> None:
        self._world = world
        self._now = now
        found = (world.channels.get(i) for i in sorted(channel_ids))
        known = [c for c in found if c is not None and c.product_id in world.products]
        self._channels = {c.id: c for c in known}

    def card(self, channel_id: str) -> Card | None:
        """The digest of one of the channels; None when there is nothing to tell."""
        channel = self._channels.get(channel_id)
        if channel is None or channel.product_id is None:
            return None
        blocks = tuple(self._blocks(channel, channel.product_id))
        if not blocks:
            return None
        today = self._today(channel)
        name = self._world.products[channel.product_id].name
        title = T("digest.title", {"product": name, "day": Day(today)})
        return Card(title, blocks, key=f"digest:{channel.id}:{today.isoformat()}")

    def _blocks(self, channel: Channel, product_id: str) -> Iterable[Block]:
        today, calendar = self._today(channel), self._world.calendar
        plan = self._plans.get(product_id)
        lists = self._lists[today].get(product_id, ProductLists())
        lines: Mapping[Section, tuple[Line, ...]] = plan_lines(plan, today) if plan else {}
        if plan is not None:
            yield from plan_blocks(plan, today, calendar)
        yield from section_blocks(lists, lines, self._wording(channel))
        yield from self._elsewhere(channel, product_id)
        yield from self._standup(channel, product_id)
        yield from self._away(product_id, today)
        yield from self._folded(channel, product_id)

    # -- what was done in the tracker itself

    def _elsewhere(self, channel: Channel, product_id: str) -> Iterable[Block]:
        since = self._last.get(channel.id, self._now - timedelta(days=1))
        yield from news_blocks([n for n in self._news.get(product_id, ()) if n.seen_at > since])

    # -- the people

    def _standup(self, channel: Channel, product_id: str) -> Iterable[Block]:
        if channel.standup_at is None:
            return ()
        since = self._last.get(channel.id, self._now - timedelta(days=1))
        entries = [e for e in self._entries.get(product_id, ()) if _belongs(e, since, self._now)]
        product = self._world.products[product_id]
        return standup_blocks(entries, product, self._wording(channel))

    def _away(self, product_id: str, today: date) -> Iterable[Block]:
        rows: list[Bullet] = []
        for person_id in self._world.members(product_id):
            person = self._world.people[person_id]
            for absence in self._world.absences.get(person_id, ()):
                if absence.covers(today):
                    who = PersonRef(person.id, person.name)
                    until = T("digest.away_until", {"who": who, "day": Day(absence.last)})
                    parts: tuple[Inline, ...] = (until, absence.note) if absence.note else (until,)
                    rows.append(Bullet(Join(parts, " · ")))
                    break
        if rows:
            yield Heading(T("digest.away"))
            yield Bullets(tuple(rows))

    # -- what could not be said in time

    def _folded(self, channel: Channel, product_id: str) -> Iterable[Block]:
        since = self._last.get(channel.id, self._now - _LOOK_BACK)
        rows = [r for r in self._late_rows.get(product_id, ()) if r.created_at > since]
        wording = self._wording(channel)
        newest = {(r.slot.rule, r.slot.kind, r.slot.subject_id): r for r in rows}
        lines: list[Bullet] = []
        for row in newest.values():
            subject = self._late_subjects.get((row.slot.kind.value, row.slot.subject_id))
            rule = BY_NAME.get(row.slot.rule)
            if rule and subject and rule.anchor in subject.anchors:
                lines.append(Bullet(about(rule, subject, wording.today, self._world.calendar)))
        if lines:
            yield Heading(T("digest.folded"))
            yield Bullets(tuple(lines))

    # -- loaded once for all channels

    def _today(self, channel: Channel) -> date:
        return self._now.astimezone(self._zone(channel)).date()

    def _zone(self, channel: Channel) -> ZoneInfo:
        return ZoneInfo(channel.zone) if channel.zone else self._world.zone

    def _wording(self, channel: Channel) -> Wording:
        world = self._world
        return Wording(world.calendar, world.people, self._zone(channel), self._now)

    @cached_property
    def _products(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.product_id for c in self._channels.values() if c.product_id))

    @cached_property
    def _plans(self) -> Mapping[str, Plan]:
        return self._world.uow.plans.active_many(self._products)

    @cached_property
    def _lists(self) -> Mapping[date, Mapping[str, ProductLists]]:
        days: defaultdict[date, set[str]] = defaultdict(set)
        for channel in self._channels.values():
            days[self._today(channel)].add(channel.product_id or "")
        digests = self._world.uow.digests
        return {day: digests.lists(products, day) for day, products in days.items()}

    @cached_property
    def _last(self) -> Mapping[str, datetime]:
        ids = list(self._channels)
        # The row that is being sent right now is not sent yet, so it is not the last one.
        return self._world.uow.ledger.last_sent("digest", ids)

    @cached_property
    def _entries(self) -> Mapping[str, list[Entry]]:
        first = (self._now - _LOOK_BACK).date()
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self._world.uow.standups.since(self._products, first):
            found[entry.product_id].append(entry)
        return found

    @cached_property
    def _news(self) -> Mapping[str, list[News]]:
        products = self._world.products
        elsewhere = [p for p in self._products if products[p].tracker == ZENTAO]
        found: defaultdict[str, list[News]] = defaultdict(list)
        if elsewhere:
            since = self._now - _LOOK_BACK
            for news in self._world.uow.tracker_news.since(elsewhere, since):
                found[news.product_id].append(news)
        return found

    @cached_property
    def _late_rows(self) -> Mapping[str, list[LedgerRow]]:
        found: defaultdict[str, list[LedgerRow]] = defaultdict(list)
        since = self._now - _LOOK_BACK
        for row in self._world.uow.ledger.folded(self._products, since, self._now):
            found[row.slot.product_id or ""].append(row)
        return found

    @cached_property
    def _late_subjects(self) -> Mapping[Key, Subject]:
        slots = [r.slot for rows in self._late_rows.values() for r in rows]
        keys = {(s.kind.value, s.subject_id, s.product_id) for s in slots}
        return load(
            self._world,
            tuple(
                DueSubject(k, i, p, AT_ONCE) for k, i, p in sorted(keys, key=lambda each: each[:2])
            ),
        )


def _belongs(entry: Entry, since: datetime, now: datetime) -> bool:
    """Whether an entry is of the round that this digest closes."""
    at = entry.answered_at or entry.asked_at
    return at is not None and since < at <= now
