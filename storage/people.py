"""The workspace, its people, who they are elsewhere, their roles and absences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from domain.errors import NotFoundError
from domain.people import Absence, Person, QuietHours, Role, RoleGrant, Workspace, roles_in
from storage import driver
from storage.repository import Repository
from storage.tables import core as t

_SHOWN = tuple(t.workspaces.c[name] for name in ("name", "locale", "zone", "country"))
_WORKSPACE = select(t.workspaces).where(t.workspaces.c.id == bindparam("workspace"))


class People(Repository):
    """People of the workspace."""

    def workspace(self) -> Workspace:
        """The workspace itself."""
        found = driver.rows(self._connection, _WORKSPACE, {"workspace": self._workspace})
        if not found:
            raise NotFoundError("core.no_workspace")
        row = found[0]
        return Workspace(row.id, row.name, row.locale, row.zone, row.country)

    def workspace_settings(self) -> Mapping[str, str]:
        """Settings of the whole workspace by name."""
        query = select(t.workspaces.c.settings).where(t.workspaces.c.id == self._workspace)
        return dict(self._connection.execute(query).scalar_one())

    def save_workspace(self, workspace: Workspace, settings: Mapping[str, str]) -> None:
        """Replace name, language, zone, country and settings."""
        self._connection.execute(
            update(t.workspaces)
            .where(t.workspaces.c.id == self._workspace)
            .values(
                name=workspace.name,
                locale=workspace.locale,
                zone=workspace.zone,
                country=workspace.country,
                settings=dict(settings),
            )
        )

    def add(self, person: Person, *, sample: bool = False) -> None:
        """Add a person; a taken handle raises ``ConflictError``."""
        self._insert(t.people, {"id": person.id, "sample": sample, **_person_values(person)})

    def save(self, person: Person) -> None:
        """Replace everything but the id."""
        self._update(t.people, t.people.c.id == person.id, _person_values(person))

    def get(self, person_id: str) -> Person:
        """The person with this id; ``NotFoundError`` if none."""
        row = self._row(t.people, id=person_id)
        if row is None:
            raise NotFoundError("team.unknown_person", who=person_id)
        return person_of(row)

    def reader(self, person_id: str) -> tuple[Person, Workspace]:
        """The person and the workspace, in one query; ``NotFoundError`` if there is no such."""
        values = {"workspace": self._workspace, "person": person_id}
        found = driver.rows(self._connection, _READER, values)
        if not found:
            raise NotFoundError("team.unknown_person", who=person_id)
        return _with_workspace(found[0])

    def by_handle(self, handle: str) -> Person | None:
        """The person with this handle, case folded."""
        row = self._row(t.people, handle=handle.casefold())
        return person_of(row) if row else None

    def all(self, *, with_inactive: bool = False) -> tuple[Person, ...]:
        """Everybody, by handle."""
        rows = self._rows(t.people) if with_inactive else self._rows(t.people, active=True)
        return tuple(person_of(r) for r in sorted(rows, key=lambda r: r.handle))

    def sample_ids(self) -> tuple[str, ...]:
        """The people that came with the sample product."""
        query = select(t.people.c.id).where(self._mine(t.people, t.people.c.sample))
        return tuple(r.id for r in self._all(query))

    def remove(self, person_id: str) -> None:
        """Remove the person and all that is theirs alone (roles, identities, absences)."""
        self._delete(t.people, t.people.c.id == person_id)

    # -- roles

    def grants(self) -> tuple[RoleGrant, ...]:
        """Every role of everybody."""
        query = select(t.roles).where(self._mine(t.roles)).order_by(t.roles.c.id)
        return tuple(RoleGrant(r.person_id, Role(r.role), r.product_id) for r in self._all(query))

    def roles(self, person_id: str, product_id: str | None) -> frozenset[Role]:
        """The roles of one person in a product, workspace-wide ones included."""
        rows = self._rows(t.roles, person_id=person_id)
        grants = (RoleGrant(r.person_id, Role(r.role), r.product_id) for r in rows)
        return roles_in(grants, person_id, product_id)

    def roles_anywhere(self, person_id: str) -> frozenset[Role]:
        """The roles of one person in any product or in all."""
        query = select(t.roles.c.role).where(self._mine(t.roles, t.roles.c.person_id == person_id))
        return frozenset(Role(r.role) for r in self._all(query))

    def with_role(self, role: Role, product_id: str | None) -> tuple[Person, ...]:
        """Active people who have the role in the product, by handle."""
        query = (
            select(t.people)
            .join(t.roles, t.roles.c.person_id == t.people.c.id)
            .where(self._mine(t.people, t.people.c.active), t.roles.c.role == role.value)
            .where(t.roles.c.product_id.is_(None) | (t.roles.c.product_id == product_id))
            .order_by(t.people.c.handle)
        )
        return tuple(dict.fromkeys(person_of(r) for r in self._all(query)))

    def grant(self, grant: RoleGrant, grant_id: str) -> bool:
        """Give a role; False when the person already had exactly this one."""
        if grant in self.grants():
            return False
        self._insert(
            t.roles,
            {
                "id": grant_id,
                "person_id": grant.person_id,
                "role": grant.role.value,
                "product_id": grant.product_id,
            },
        )
        return True

    def revoke(self, grant: RoleGrant) -> bool:
        """Take a role away; False when the person did not have it."""
        product = t.roles.c.product_id
        same = product.is_(None) if grant.product_id is None else product == grant.product_id
        where = (t.roles.c.person_id == grant.person_id) & (t.roles.c.role == grant.role.value)
        return self._delete(t.roles, where & same) > 0

    # -- identities

    def identify(self, platform: str, tenant: str, kind: str, external_id: str) -> str | None:
        """The person behind a platform's id."""
        i = t.identities.c
        where = (
            (i.platform == platform)
            & (i.tenant == tenant)
            & (i.kind == kind)
            & (i.external_id == external_id)
        )
        row = self._first(select(i.person_id).where(self._mine(t.identities, where)))
        return row.person_id if row else None

    def link(
        self, identity_id: str, person_id: str, platform: str, tenant: str, kind: str, ref: str
    ) -> None:
        """Tie a platform's id to a person; an id that is tied already raises ``ConflictError``."""
        self._insert(
            t.identities,
            {
                "id": identity_id,
                "person_id": person_id,
                "platform": platform,
                "tenant": tenant,
                "kind": kind,
                "external_id": ref,
            },
        )

    def addresses(self, person_id: str, platform: str) -> tuple[tuple[str, str, str], ...]:
        """The person's ``(tenant, kind, id)`` on a platform."""
        i = t.identities.c
        where = self._mine(t.identities, (i.person_id == person_id) & (i.platform == platform))
        rows = self._all(select(t.identities).where(where).order_by(i.id))
        return tuple((r.tenant, r.kind, r.external_id) for r in rows)

    def platforms(self, person_id: str) -> frozenset[str]:
        """Where the person has accounts."""
        rows = self._rows(t.identities, person_id=person_id)
        return frozenset(r.platform for r in rows)

    def move_identities(
        self, from_id: str, to_id: str, *, platform: str | None = None
    ) -> tuple[tuple[str, str], ...]:
        """Give a person's accounts (on one platform) to another; their ``(platform, id)``."""
        i = t.identities.c
        where = i.person_id == from_id
        if platform is not None:
            where &= i.platform == platform
        rows = self._all(select(t.identities).where(self._mine(t.identities, where)).order_by(i.id))
        self._update(t.identities, where, {"person_id": to_id})
        return tuple((r.platform, r.external_id) for r in rows)

    def join(self, younger: str, older: str) -> None:
        """Note that two were one person all along: what the younger did was the older's doing."""
        p = t.people.c
        self._update(t.people, (p.id == younger) | (p.joined_to == younger), {"joined_to": older})

    def joined(self) -> Mapping[str, str]:
        """Whoever turned out to be somebody else: person id → who they are now."""
        p = t.people.c
        query = select(p.id, p.joined_to).where(self._mine(t.people, p.joined_to.is_not(None)))
        return {r.id: r.joined_to for r in self._all(query)}

    def everywhere(self) -> tuple[tuple[str, str, str], ...]:
        """Every id of everybody, on every platform: ``(person id, platform, id)``."""
        i = t.identities.c
        query = select(i.person_id, i.platform, i.external_id).where(self._mine(t.identities))
        rows = self._all(query.order_by(i.id))
        return tuple((r.person_id, r.platform, r.external_id) for r in rows)

    def unlink(self, platform: str, tenant: str, kind: str, *, person_id: str) -> bool:
        """Take a person's ids of this kind on a platform away; False when there were none."""
        i = t.identities.c
        where = (i.platform == platform) & (i.tenant == tenant) & (i.kind == kind)
        return self._delete(t.identities, where & (i.person_id == person_id)) > 0

    def linked(self, platform: str, tenant: str, kind: str) -> Mapping[str, str]:
        """Everybody who has an id of this kind on a platform: person id → that id."""
        i = t.identities.c
        where = (i.platform == platform) & (i.tenant == tenant) & (i.kind == kind)
        query = select(i.person_id, i.external_id).where(self._mine(t.identities, where))
        return {r.person_id: r.external_id for r in self._all(query.order_by(i.id))}

    # -- absences

    def absences(self, since: date) -> tuple[Absence, ...]:
        """Absences that end on ``since`` or later."""
        where = self._mine(t.absences, t.absences.c.last >= since)
        rows = self._all(select(t.absences).where(where).order_by(t.absences.c.first))
        return tuple(Absence(r.id, r.person_id, r.first, r.last, r.note) for r in rows)

    def add_absence(self, absence: Absence) -> None:
        """Note that somebody is away."""
        self._insert(
            t.absences,
            {
                "id": absence.id,
                "person_id": absence.person_id,
                "first": absence.first,
                "last": absence.last,
                "note": absence.note,
            },
        )

    def remove_absence(self, absence_id: str) -> bool:
        """Take an absence back; False when there was none."""
        return self._delete(t.absences, t.absences.c.id == absence_id) > 0


_READERS = select(t.people, *(c.label(f"workspace_{c.name}") for c in _SHOWN)).join(
    t.workspaces, t.workspaces.c.id == t.people.c.workspace_id
)
_READER = _READERS.where(
    t.people.c.workspace_id == bindparam("workspace"), t.people.c.id == bindparam("person")
)
_BY_TOKEN = _READERS.join(t.tokens, t.tokens.c.person_id == t.people.c.id).where(
    t.tokens.c.workspace_id == t.people.c.workspace_id,
    t.tokens.c.hash == bindparam("hash"),
    t.tokens.c.revoked_at.is_(None),
    t.tokens.c.expires_at.is_(None) | (t.tokens.c.expires_at > bindparam("now")),
)


def person_by_token(
    connection: Connection, token_hash: str, now: datetime
) -> tuple[Person, Workspace] | None:
    """Whose living API token has this hash. A token alone says which workspace it belongs to."""
    found = driver.rows(connection, _BY_TOKEN, {"hash": token_hash, "now": now})
    return _with_workspace(found[0]) if found else None


def _with_workspace(row: Any) -> tuple[Person, Workspace]:
    workspace = Workspace(
        row.workspace_id, row.workspace_name, row.workspace_locale, row.workspace_zone,
        row.workspace_country,
    )  # fmt: skip
    return person_of(row), workspace


def _person_values(p: Person) -> dict[str, Any]:
    return {
        "handle": p.handle.casefold(),
        "name": p.name,
        "locale": p.locale,
        "zone": p.zone,
        "email": p.email,
        "external": p.external,
        "active": p.active,
        "quiet_start": p.quiet.start.strftime("%H:%M") if p.quiet else None,
        "quiet_end": p.quiet.end.strftime("%H:%M") if p.quiet else None,
    }


def person_of(row: Any) -> Person:
    """The person that a row tells of."""
    quiet = None
    if row.quiet_start and row.quiet_end:
        quiet = QuietHours(time.fromisoformat(row.quiet_start), time.fromisoformat(row.quiet_end))
    return Person(
        id=row.id,
        handle=row.handle,
        name=row.name,
        locale=row.locale,
        zone=row.zone,
        email=row.email,
        external=row.external,
        active=row.active,
        quiet=quiet,
    )
