"""Deliverables of products and plans, their versions and history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from domain.clock import Clock
from domain.deliverables import Deliverable, DeliverableStatus, DeliverableVersion
from domain.errors import ConflictError
from domain.ids import new_id
from domain.plan_deliverables import Alignment
from storage.records import Events, StoredEvent
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables import plans as t

_D = t.deliverables.c
_SETTLED = (DeliverableStatus.ACCEPTED.value, DeliverableStatus.WAIVED.value)
_MISSING = _D.status.in_((DeliverableStatus.NOT_STARTED.value, DeliverableStatus.DRAFTED.value))


class Deliverables(Repository):
    """Deliverables of the workspace. Every save asks the next tick to look at the deliverable."""

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        super().__init__(connection, workspace_id, clock)
        self._loaded: dict[str, int] = {}
        self._events = Events(connection, workspace_id, clock)
        self._schedule = Schedule(connection, workspace_id, clock)

    # -- reading

    def get(self, deliverable_id: str) -> Deliverable | None:
        """The deliverable with this id."""
        found = self.many((deliverable_id,))
        return found[0] if found else None

    def many(self, ids: Collection[str]) -> tuple[Deliverable, ...]:
        """Those of the ids that exist, by number."""
        return self._load(_D.id.in_(tuple(ids)))

    def by_number(
        self, product_id: str, number: int, plan_id: str | None = None
    ) -> Deliverable | None:
        """A number of the catalogue in a plan, or of the product alone when no plan is named."""
        of = _D.plan_id == plan_id if plan_id is not None else _D.plan_id.is_(None)
        found = self._load((_D.product_id == product_id) & (_D.number == number) & of)
        return found[0] if found else None

    def of_plan(self, plan_id: str) -> tuple[Deliverable, ...]:
        """The deliverables of a plan, by number."""
        return self._load(_D.plan_id == plan_id)

    def of_product(self, product_id: str, plan_id: str | None = None) -> tuple[Deliverable, ...]:
        """Those of the product alone and, when a plan is named, of that plan, by number."""
        of = _D.plan_id.is_(None)
        if plan_id is not None:
            of = or_(of, _D.plan_id == plan_id)
        return self._load((_D.product_id == product_id) & of)

    def of_phase(self, phase_id: str) -> tuple[Deliverable, ...]:
        """The deliverables that a phase must produce, by number."""
        return self._load(_D.phase_id == phase_id)

    def missing_of_phase(self, phase_id: str) -> tuple[Deliverable, ...]:
        """Those of a phase that nobody has handed in, except what is optional."""
        return self.missing_of_phases((phase_id,)).get(phase_id, ())

    def missing_of_phases(
        self, phase_ids: Collection[str]
    ) -> Mapping[str, tuple[Deliverable, ...]]:
        """:meth:`missing_of_phase` of several phases at once; those that miss none are left out."""
        found: defaultdict[str, list[Deliverable]] = defaultdict(list)
        for each in self._load(_D.phase_id.in_(tuple(phase_ids)) & _MISSING):
            if each.phase_id is not None and not each.item.optional:
                found[each.phase_id].append(each)
        return {phase_id: tuple(each) for phase_id, each in found.items()}

    def open_of(self, product_id: str, plan_ids: Collection[str]) -> tuple[Deliverable, ...]:
        """What is not settled of a product and of some of its plans, by number; for a digest."""
        of = or_(_D.plan_id.is_(None), _D.plan_id.in_(tuple(plan_ids)))
        return self._load(and_(_D.product_id == product_id, of, _D.status.not_in(_SETTLED)))

    def history(self, deliverable_id: str) -> tuple[StoredEvent, ...]:
        """What was done with a deliverable, oldest first."""
        return self._events.stream(f"deliverable:{deliverable_id}")

    # -- writing

    def save(self, each: Deliverable) -> None:
        """Store a deliverable, new or changed, with its versions.

        One that somebody else saved since it was loaded here raises ``ConflictError``.
        """
        values = _values(each)
        known = self._loaded.get(each.id)
        if known is None:
            self._insert(t.deliverables, {"id": each.id, "revision": 1, **values})
            self._loaded[each.id] = 1
        else:
            where = (_D.id == each.id) & (_D.revision == known)
            if not self._update(t.deliverables, where, {"revision": known + 1, **values}):
                raise ConflictError("storage.conflict")
            self._loaded[each.id] = known + 1
        self._write_versions(each)
        self._schedule.touch("deliverable", each.id, each.product_id)

    def apply(self, alignment: Alignment) -> None:
        """Store what follows from a plan."""
        for each in alignment.save:
            self.save(each)
        for each in alignment.drop:
            self.remove(each.id)

    def remove(self, deliverable_id: str) -> None:
        """Remove a deliverable that nobody has begun."""
        self._delete(t.deliverables, _D.id == deliverable_id)
        self._schedule.drop("deliverable", deliverable_id)
        self._loaded.pop(deliverable_id, None)

    def record(
        self,
        each: Deliverable,
        act: str,
        payload: Mapping[str, Any],
        *,
        actor: str | None,
        at: datetime,
    ) -> None:
        """Append to the history of a deliverable."""
        stream = f"deliverable:{each.id}"
        seq = len(self._events.stream(stream)) + 1
        self._events.append(
            stream, seq, act, payload, actor=actor, at=at, product_id=each.product_id
        )

    # -- inside

    def _write_versions(self, each: Deliverable) -> None:
        v = t.deliverable_versions
        rows = self._all(select(v.c.version).where(self._mine(v, v.c.deliverable_id == each.id)))
        stored = {row.version for row in rows}
        wanted = {version.version for version in each.versions}
        self._delete(v, (v.c.deliverable_id == each.id) & v.c.version.in_(stored - wanted))
        self._insert_many(
            v, [_version_values(each.id, x) for x in each.versions if x.version not in stored]
        )

    def _load(self, where: ColumnElement[bool]) -> tuple[Deliverable, ...]:
        """Deliverables with the ends of their phases and their versions, in two queries."""
        d, p, v = t.deliverables, t.phases, t.deliverable_versions
        joined = d.outerjoin(p, and_(p.c.id == _D.phase_id, p.c.workspace_id == _D.workspace_id))
        query = select(d, p.c.ends.label("phase_ends")).select_from(joined)
        rows = self._all(query.where(self._mine(d, where)).order_by(_D.number, _D.id))
        if not rows:
            return ()
        for row in rows:  # the first look counts: what the caller changes was read then
            self._loaded.setdefault(row.id, row.revision)
        of = self._mine(v, v.c.deliverable_id.in_([row.id for row in rows]))
        versions: defaultdict[str, list[DeliverableVersion]] = defaultdict(list)
        for row in self._all(select(v).where(of).order_by(v.c.version)):
            versions[row.deliverable_id].append(_version(row))
        return tuple(_deliverable(row, versions[row.id]) for row in rows)


def _values(each: Deliverable) -> dict[str, Any]:
    return {
        "product_id": each.product_id,
        "plan_id": each.plan_id,
        "phase_id": each.phase_id,
        "number": each.number,
        "owner": each.owner,
        "due": each.due,
        "status": each.status.value,
        "reason": each.reason,
    }


def _version_values(deliverable_id: str, version: DeliverableVersion) -> dict[str, Any]:
    return {
        "id": new_id(),
        "deliverable_id": deliverable_id,
        "version": version.version,
        "title": version.title,
        "url": version.url,
        "file_id": version.file_id,
        "added_by": version.added_by,
        "added_at": version.added_at,
    }


def _deliverable(row: Row[Any], versions: Iterable[DeliverableVersion]) -> Deliverable:
    return Deliverable(
        id=row.id,
        product_id=row.product_id,
        number=row.number,
        plan_id=row.plan_id,
        phase_id=row.phase_id,
        owner=row.owner,
        due=row.due,
        status=DeliverableStatus(row.status),
        versions=tuple(versions),
        reason=row.reason,
        phase_ends=row.phase_ends,
    )


def _version(row: Row[Any]) -> DeliverableVersion:
    return DeliverableVersion(
        version=row.version,
        title=row.title,
        added_by=row.added_by,
        added_at=row.added_at,
        url=row.url,
        file_id=row.file_id,
    )
