"""Which company of a chat platform is which workspace, and codes that link accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from domain.ids import new_id
from storage.repository import Repository
from storage.tables import platforms as t


@dataclass(frozen=True, slots=True)
class Tenant:
    """A company on a chat platform: a Slack team, a DingTalk corporation."""

    platform: str
    tenant: str
    name: str


class Tenants(Repository):
    """The companies of this workspace; at most one per platform."""

    def of(self, platform: str) -> Tenant | None:
        """This workspace's company on a platform."""
        row = self._row(t.tenants, platform=platform)
        return Tenant(row.platform, row.tenant, row.name) if row else None

    def bind(self, tenant: Tenant) -> None:
        """Tie a company to this workspace, or rename it.

        A company of another workspace, and a second one of the same platform, raise
        ``ConflictError``.
        """
        known = self.of(tenant.platform)
        if known is not None and known.tenant == tenant.tenant:
            self._update(t.tenants, t.tenants.c.platform == tenant.platform, {"name": tenant.name})
            return
        values = {"platform": tenant.platform, "tenant": tenant.tenant, "name": tenant.name}
        self._insert(t.tenants, {"id": new_id(), **values})

    def unbind(self, platform: str) -> bool:
        """Let the company go; False when there was none."""
        return self._delete(t.tenants, t.tenants.c.platform == platform) > 0


class LinkCodes(Repository):
    """Codes that a person shows on one platform and types on another."""

    def add(self, person_id: str, code_hash: str, expires_at: datetime) -> None:
        """Keep a code; the person's earlier ones end."""
        self._delete(t.link_codes, t.link_codes.c.person_id == person_id)
        values = {"person_id": person_id, "hash": code_hash, "expires_at": expires_at}
        self._insert(t.link_codes, {"id": new_id(), **values})

    def owner(self, code_hash: str, now: datetime) -> str | None:
        """Whose living code this is; it stays good."""
        row = self._row(t.link_codes, hash=code_hash)
        return str(row.person_id) if row is not None and row.expires_at > now else None

    def take(self, code_hash: str, now: datetime) -> str | None:
        """Whose living code this is; it is used up, and codes that have ended are dropped."""
        self._delete(t.link_codes, t.link_codes.c.expires_at <= now)
        row = self._row(t.link_codes, hash=code_hash)
        if row is None:
            return None
        if not self._delete(t.link_codes, t.link_codes.c.id == row.id):
            return None  # somebody else typed it at the same moment, and was first
        return str(row.person_id)


def workspace_of(connection: Connection, platform: str, tenant: str) -> str | None:
    """The id of the workspace that a company is tied to: a company alone says which it is."""
    where = (t.tenants.c.platform == platform) & (t.tenants.c.tenant == tenant)
    return connection.execute(select(t.tenants.c.workspace_id).where(where)).scalar()
