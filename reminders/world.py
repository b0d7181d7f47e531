"""What the planner knows beside its subject, loaded once for a batch."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from domain.calendar import HolidaySource, WorkingCalendar
from domain.people import Absence, Channel, Person, Product, Role
from domain.reminders import Audience, Rule, RuleOverride
from reminders.planner import Setting, zone_of
from reminders.rules import effective
from storage.calendars import working_calendar
from storage.uow import UnitOfWork

_LONG_AGO = timedelta(days=60)
"""Absences that ended longer ago move nothing any more."""


class World:
    """The workspace as the planner and the senders see it, within one transaction.

    Each part is loaded at its first use and once, so a batch costs a few queries whatever its size.
    """

    def __init__(self, uow: UnitOfWork, holidays: HolidaySource, now: datetime) -> None:
        self.uow = uow
        self.now = now
        self._holidays = holidays
        self._settings: dict[tuple[str | None, str | None], Setting] = {}
        self._rules: dict[str | None, tuple[Rule, ...]] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        """The workspace's zone."""
        return ZoneInfo(self.uow.people.workspace().zone)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The team's working days."""
        return working_calendar(self.uow, self.uow.people.workspace(), self._holidays)

    @cached_property
    def people(self) -> dict[str, Person]:
        """Everybody active, by id."""
        return {p.id: p for p in self.uow.people.all()}

    @cached_property
    def absences(self) -> dict[str, tuple[Absence, ...]]:
        """Absences by person."""
        found: defaultdict[str, list[Absence]] = defaultdict(list)
        for each in self.uow.people.absences((self.now - _LONG_AGO).date()):
            found[each.person_id].append(each)
        return {person: tuple(each) for person, each in found.items()}

    @cached_property
    def products(self) -> dict[str, Product]:
        """Products by id."""
        return {p.id: p for p in self.uow.products.all()}

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """Channels (no direct conversations) by id, oldest first."""
        return {c.id: c for c in sorted(self.uow.channels.all(), key=lambda c: c.id)}

    @cached_property
    def _first_channels(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for channel in self.channels.values():
            if channel.product_id:
                found.setdefault(channel.product_id, channel.id)
        return found

    @cached_property
    def _roles(self) -> dict[tuple[str | None, Role], list[str]]:
        found: defaultdict[tuple[str | None, Role], list[str]] = defaultdict(list)
        for grant in self.uow.people.grants():
            if grant.person_id in self.people:
                found[grant.product_id, grant.role].append(grant.person_id)
        return found

    def with_role(self, role: Role, product_id: str | None) -> tuple[str, ...]:
        """Ids of the active people who have a role in a product, or in the whole workspace."""
        mine = self._roles.get((product_id, role), []) if product_id else []
        return tuple(dict.fromkeys((*mine, *self._roles.get((None, role), []))))

    def members(self, product_id: str) -> tuple[str, ...]:
        """Ids of the people of the company who have a role in the product itself."""
        roles = (r for r in Role if r not in (Role.CUSTOMER, Role.ADMIN))
        ids = dict.fromkeys(p for r in roles for p in self.with_role(r, product_id))
        return tuple(p for p in ids if not self.people[p].external)

    def zone_of(self, person_id: str) -> ZoneInfo:
        """The zone in which a person's clock runs."""
        person = self.people.get(person_id)
        return zone_of(person, self.zone) if person else self.zone

    def channel_of(self, product_id: str | None) -> Channel | None:
        """The product's first channel."""
        found = self._first_channels.get(product_id) if product_id else None
        return self.channels[found] if found else None

    def rules(self, product_id: str | None) -> tuple[Rule, ...]:
        """The rules as this product has them."""
        key = product_id if product_id in self._overrides else None
        if key not in self._rules:
            self._rules[key] = effective(self._overrides.get(key or "", ()))
        return self._rules[key]

    @cached_property
    def _overrides(self) -> dict[str, tuple[RuleOverride, ...]]:
        return self.uow.rules.by_product()

    def setting(self, product_id: str | None, channel_id: str | None = None) -> Setting:
        """The planner's setting for a product, in its first channel or in this one."""
        key = (product_id, channel_id)
        if key not in self._settings:
            self._settings[key] = self._setting(product_id, channel_id)
        return self._settings[key]

    def _setting(self, product_id: str | None, channel_id: str | None) -> Setting:
        channel = self.channels.get(channel_id) if channel_id else self.channel_of(product_id)
        return Setting(
            calendar=self.calendar,
            zone=ZoneInfo(channel.zone) if channel and channel.zone else self.zone,
            channel=channel.id if channel else None,
            people=self.people,
            absences=self.absences,
            roles={
                Audience.PO: self.with_role(Role.PO, product_id),
                Audience.PM: self.with_role(Role.PM, product_id),
            },
        )
