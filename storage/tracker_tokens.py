"""The sealed tokens with which reviewers vote in a tracker elsewhere under their own names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.ids import new_id
from storage.repository import Repository
from storage.tables.designs import tracker_tokens as t


class TrackerTokens(Repository):
    """One sealed token per person and server. What is sealed is opened in memory only."""

    def of(self, tenant: str, person_id: str) -> str | None:
        """The sealed token of a person for a server, or None."""
        row = self._row(t, tenant=tenant, person_id=person_id)
        return row.sealed if row else None

    def people(self, tenant: str) -> tuple[str, ...]:
        """The ids of the people who have given a token for a server."""
        return tuple(sorted(r.person_id for r in self._rows(t, tenant=tenant)))

    def save(self, tenant: str, person_id: str, sealed: str, at: datetime) -> None:
        """Store a token, or replace the one before."""
        values = {"sealed": sealed, "stored_at": at}
        if not self._update_row(t, values, tenant=tenant, person_id=person_id):
            keys = {"id": new_id(), "tenant": tenant, "person_id": person_id}
            self._insert(t, {**keys, **values})

    def remove(self, tenant: str, person_ids: Sequence[str]) -> int:
        """Forget the tokens of some people; how many there were."""
        where = (t.c.tenant == tenant) & t.c.person_id.in_(list(person_ids))
        return self._delete(t, where)
