"""The one metadata and the columns that every table has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String

ID_LENGTH = 26

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def id_column() -> Column[Any]:
    """The primary key: an id of :func:`domain.ids.new_id`."""
    return Column("id", String(ID_LENGTH), primary_key=True)


def workspace_column() -> Column[Any]:
    """The workspace that the row belongs to; every query names it."""
    return Column(
        "workspace_id",
        String(ID_LENGTH),
        ForeignKey("workspaces.id", ondelete="CASCADE"),
        nullable=False,
    )


def ref_column(
    name: str, target: str, *, nullable: bool = False, on_delete: str = "CASCADE"
) -> Column[Any]:
    """A reference to another table's id."""
    return Column(
        name, String(ID_LENGTH), ForeignKey(f"{target}.id", ondelete=on_delete), nullable=nullable
    )
