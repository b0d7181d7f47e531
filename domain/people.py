"""People, roles, products and channels: who may do what, and where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Role(StrEnum):
    """A role in a product. ADMIN counts in the whole workspace."""

    PO = "po"
    PM = "pm"
    DEVELOPER = "developer"
    TESTER = "tester"
    SALES = "sales"
    OPERATIONS = "operations"
    CUSTOMER = "customer"
    ADMIN = "admin"


ARCHIVED = "archived"
"""The kind of a channel that was put away: nobody sees it, nothing is posted there."""

MEMBERS = frozenset(r for r in Role if r is not Role.CUSTOMER)
"""Everybody of the company: the default audience of a command."""


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Wall-clock hours without personal messages, in the person's zone; may span midnight."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the workspace.

    :param handle: short unique name used after ``@``; lower case.
    :param locale: ``zh`` or ``en``.
    :param zone: IANA zone name, or None for the workspace's.
    :param external: a guest or customer; has no rights but those given to customers.
    """

    id: str
    handle: str
    name: str
    locale: str = "zh"
    zone: str | None = None
    email: str | None = None
    external: bool = False
    active: bool = True
    quiet: QuietHours | None = None


@dataclass(frozen=True, slots=True)
class Workspace:
    """A company or team that shares people and settings.

    :param country: ISO code whose public holidays count (``CN``).
    """

    id: str
    name: str
    locale: str
    zone: str
    country: str


@dataclass(frozen=True, slots=True)
class Product:
    """What a product owner owns.

    :param key: short unique name in commands.
    :param tracker: ``builtin`` or ``zentao``.
    :param settings: team rules by name (see ``domain.settings``).
    """

    id: str
    key: str
    name: str
    tracker: str = "builtin"
    tracker_ref: str | None = None
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """Where people talk, on one platform.

    :param kind: ``channel``, ``direct`` (one person and Duban), or ``archived``.
    :param external_id: the platform's id.
    :param product_id: the product that it is bound to.
    :param person_id: for a direct conversation, whose it is.
    """

    id: str
    platform: str
    external_id: str
    name: str
    kind: str = "channel"
    product_id: str | None = None
    person_id: str | None = None
    locale: str = "zh"
    zone: str | None = None
    digest_at: time | None = None
    standup_at: time | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away, both ends included."""

    id: str
    person_id: str
    first: date
    last: date
    note: str = ""

    def covers(self, day: date) -> bool:
        """Whether the person is away on this day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """One role of one person; without a product it counts everywhere."""

    person_id: str
    role: Role
    product_id: str | None = None


def roles_in(
    grants: Iterable[RoleGrant], person_id: str, product_id: str | None
) -> frozenset[Role]:
    """The roles that a person has in a product (workspace-wide grants included)."""
    return frozenset(
        g.role for g in grants if g.person_id == person_id and g.product_id in (None, product_id)
    )
