"""Who asks, where, about which product and with which roles: one statement for every command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, bindparam, select

from domain.errors import NotFoundError
from domain.people import Channel, Person, Product, Role, RoleGrant
from storage import driver
from storage.channels import channel_of, product_of
from storage.people import person_of
from storage.repository import Repository
from storage.tables import core as t


@dataclass(frozen=True, slots=True)
class Asker:
    """A person where they ask.

    :param channel: None where they ask in none; :param product: the one the channel is bound to.
    :param grants: all roles of the person, in whichever product.
    """

    person: Person
    channel: Channel | None
    product: Product | None
    grants: tuple[RoleGrant, ...]


class Askers(Repository):
    """People where they ask."""

    def get(self, person_id: str, channel_id: str | None) -> Asker:
        """The person in the channel; ``NotFoundError`` if there is no such person or channel."""
        values = {"person": person_id, "channel": channel_id}
        return _asker(self._found(_STATEMENT, values), person_id, channel_id)

    def arriving(
        self, person_id: str, channel_id: str | None, event_id: str
    ) -> tuple[Asker, Any | None]:
        """As :meth:`get`, with what was answered if this delivery was handled before."""
        values = {"person": person_id, "channel": channel_id, "event": event_id}
        rows = self._found(_ARRIVING, values)
        asker = _asker(rows, person_id, channel_id)
        return asker, rows[0].inbox_answer

    def _found(self, statement: Select[Any], values: Mapping[str, Any]) -> list[Any]:
        return driver.rows(self._connection, statement, {"workspace": self._workspace, **values})


def _asker(found: Sequence[Any], person_id: str, channel_id: str | None) -> Asker:
    if not found:
        raise NotFoundError("team.unknown_person", who=person_id)
    person, channel, product = _split(found[0])  # the rows differ in their roles alone
    if channel_id is not None and channel.id is None:
        raise NotFoundError("setup.unknown_channel", channel=channel_id)
    return Asker(
        person_of(person),
        channel_of(channel) if channel.id is not None else None,
        product_of(product) if product.id is not None else None,
        tuple(
            RoleGrant(person_id, Role(row.roles_role), row.roles_product_id)
            for row in found
            if row.roles_id is not None
        ),
    )


_TABLES = (t.people, t.channels, t.products, t.roles)
_NAMES = [tuple(c.name for c in table.c if c.name != "workspace_id") for table in _TABLES]


def _joined(table: Table, condition: ColumnElement[bool]) -> tuple[Table, ColumnElement[bool]]:
    return table, and_(table.c.workspace_id == t.people.c.workspace_id, condition)


def _statement() -> Select[Any]:
    columns = (
        table.c[name].label(f"{table.name}_{name}")
        for table, names in zip(_TABLES, _NAMES, strict=True)
        for name in names
    )
    here = (t.people.c.workspace_id == bindparam("workspace")) & (
        t.people.c.id == bindparam("person")
    )
    return (
        select(*columns)
        .select_from(t.people)
        .outerjoin(*_joined(t.channels, t.channels.c.id == bindparam("channel")))
        .outerjoin(*_joined(t.products, t.products.c.id == t.channels.c.product_id))
        .outerjoin(*_joined(t.roles, t.roles.c.person_id == t.people.c.id))
        .where(here)
    )


_STATEMENT = _statement()
_ARRIVING = _STATEMENT.add_columns(t.inbox.c.answer.label("inbox_answer")).outerjoin(
    *_joined(t.inbox, t.inbox.c.event_id == bindparam("event"))
)


def _split(row: Sequence[Any]) -> list[Any]:
    """The person, channel and product of a joined row."""
    values = iter(row)
    return [SimpleNamespace(**{n: next(values) for n in names}) for names in _NAMES[:3]]
