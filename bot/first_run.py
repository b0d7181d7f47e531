"""What a new database starts with: one workspace, one administrator, one channel."""

from __future__ import annotations

from datetime import datetime

from domain.ids import new_id
from domain.people import Channel, Person, Role, RoleGrant, Workspace
from locales import template
from storage.uow import Store, UnitOfWork

ZONE = "Asia/Shanghai"
COUNTRY = "CN"


def ensure_workspace(store: Store, locale: str, now: datetime) -> Workspace:
    """The first workspace, made when there is none; processes that start together make one.

    :param locale: language of the names and of the administrator (``zh`` or ``en``).
    """
    known = store.workspaces()
    if known:
        return known[0]
    workspace = Workspace(new_id(), template(locale, "cli.workspace_name"), locale, ZONE, COUNTRY)

    def furnish(uow: UnitOfWork) -> None:
        admin = Person(new_id(), "admin", template(locale, "role.admin"), locale)
        uow.people.add(admin)
        uow.people.grant(RoleGrant(admin.id, Role.ADMIN), new_id())
        lobby = template(locale, "cli.channel_name")
        uow.channels.add(Channel(new_id(), "web", "lobby", lobby, locale=locale))

    return store.found_workspace(workspace, now, furnish)
