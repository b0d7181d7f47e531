"""Product plans, how they stood before, and their baselines."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from domain.clock import Clock
from domain.errors import ConflictError, NotFoundError
from domain.event_json import decode, encode
from domain.plans.history import Act, undo_of
from domain.plans.model import Milestone, Phase, Plan, PlanBaseline, PlanStatus
from storage.plan_parts import PlanParts
from storage.plan_rows import plan_values, read_plans
from storage.records import Events
from storage.repository import Repository
from storage.schedule import Schedule
from storage.tables import plans as t

_P = t.plans.c


@dataclass(frozen=True, slots=True)
class LastAct:
    """The last change of a plan that stands, and how the plan stood before it.

    :param before: ``None`` when the change made the plan.
    """

    act: Act
    by: str | None
    at: datetime
    before: Plan | None


class Plans(Repository):
    """Plans of the workspace. Every save is a revision that can be gone back to.

    A plan that somebody else saved since it was loaded here is not overwritten: the save raises
    ``ConflictError``, and the use case is tried again on what is there now.
    """

    def __init__(self, connection: Connection, workspace_id: str, clock: Clock) -> None:
        super().__init__(connection, workspace_id, clock)
        self._loaded: dict[str, int] = {}
        self._parts = PlanParts(connection, workspace_id, clock)
        self._events = Events(connection, workspace_id, clock)

    # -- reading

    def get(self, plan_id: str) -> Plan:
        """The plan with this id; ``NotFoundError`` if none."""
        found = self._load(_P.id == plan_id)
        if not found:
            raise NotFoundError("plan.unknown", word=plan_id)
        return found[0]

    def active(self, product_id: str) -> Plan | None:
        """The current plan of a product: of those not closed the one that was made current last."""
        return self.active_many((product_id,)).get(product_id)

    def active_many(self, product_ids: Collection[str]) -> Mapping[str, Plan]:
        """The current plan of each of several products that has one, in a few queries."""
        is_active = _P.status == PlanStatus.ACTIVE.value
        where = self._mine(t.plans, _P.product_id.in_(tuple(product_ids)), is_active)
        rows = self._all(select(t.plans).where(where).order_by(_P.current_at, _P.id))
        current = {row.product_id: row for row in rows}
        return {plan.product_id: plan for plan in self._whole(list(current.values()))}

    def of_product(self, product_id: str) -> tuple[Plan, ...]:
        """Every plan of a product: the current one first, closed ones last."""
        where = self._mine(t.plans, _P.product_id == product_id)
        query = select(t.plans).where(where)
        rows = self._all(query.order_by(_P.status, _P.current_at.desc(), _P.id.desc()))
        return self._whole(list(rows))

    def by_name(self, product_id: str, name: str) -> Plan | None:
        """The plan of a product with this name or release, case folded."""
        wanted = name.strip().casefold()
        plans = self.of_product(product_id)
        found = [p for p in plans if p.name.strip().casefold() == wanted]
        found += [p for p in plans if wanted and p.release.strip().casefold() == wanted]
        return found[0] if found else None

    def phase(self, phase_id: str) -> tuple[Plan, Phase] | None:
        """A phase and its plan."""
        return self.phases((phase_id,)).get(phase_id)

    def phases(self, ids: Collection[str]) -> Mapping[str, tuple[Plan, Phase]]:
        """Those of the phases that exist, with their plans, by id."""
        p = t.phases.c
        plans = self._owning(select(p.plan_id).where(self._mine(t.phases, p.id.in_(tuple(ids)))))
        wanted = set(ids)
        return {
            part.id: (plan, part) for plan in plans for part in plan.phases if part.id in wanted
        }

    def milestone(self, milestone_id: str) -> tuple[Plan, Milestone] | None:
        """A milestone and its plan."""
        return self.milestones((milestone_id,)).get(milestone_id)

    def milestones(self, ids: Collection[str]) -> Mapping[str, tuple[Plan, Milestone]]:
        """Those of the milestones that exist, with their plans, by id."""
        m = t.milestones.c
        mine = self._mine(t.milestones, m.id.in_(tuple(ids)))
        plans = self._owning(select(m.plan_id).where(mine))
        wanted = set(ids)
        return {
            part.id: (plan, part) for plan in plans for part in plan.milestones if part.id in wanted
        }

    def many(self, ids: Collection[str]) -> Mapping[str, Plan]:
        """Those of the plans that exist, by id."""
        return {plan.id: plan for plan in self._load(_P.id.in_(tuple(ids)))}

    def revision(self, plan_id: str) -> tuple[int, datetime]:
        """How often the plan was saved, and when the last time (for calendar files)."""
        query = select(_P.revision, _P.revised_at).where(self._mine(t.plans, _P.id == plan_id))
        row = self._first(query)
        if row is None:
            raise NotFoundError("plan.unknown", word=plan_id)
        return row.revision, row.revised_at

    # -- writing

    def add(self, plan: Plan, *, by: str | None, at: datetime, act: str = "made") -> None:
        """Store a new plan and make it the current one.

        :param by: person id, or None for Duban itself. :param act: what was done, a word of
            ``plan.act``.
        """
        times = {"current_at": self._after_all(plan.product_id, at), "revised_at": at}
        self._insert(t.plans, {"id": plan.id, "revision": 1, **plan_values(plan), **times})
        self._loaded[plan.id] = 1
        empty = replace(plan, phases=(), milestones=())
        self._parts.replace(empty, plan)
        self._remember(plan, 1, act, None, by, at)

    def save(
        self,
        plan: Plan,
        *,
        by: str | None,
        at: datetime,
        act: str = "edited",
        undoes: int | None = None,
    ) -> None:
        """Store a plan as it stands now: phases, milestones and all.

        What changed is looked at by the next tick, what is gone is dropped from the schedule.

        :param act: what was done, a word of ``plan.act``. :param undoes: the revision that this
            takes back.
        """
        before = self.get(plan.id)
        revision = self._loaded[plan.id] + 1
        values = {**plan_values(plan), "revision": revision, "revised_at": at}
        where = (_P.id == plan.id) & (_P.revision == revision - 1)
        if not self._update(t.plans, where, values):
            raise ConflictError("storage.conflict")
        self._loaded[plan.id] = revision
        self._parts.replace(before, plan)
        self._remember(plan, revision, act, undoes, by, at)

    def activate(self, plan_id: str, *, by: str | None, at: datetime) -> Plan:
        """Make a plan the current one of its product, reopening it when it was closed."""
        before = self.get(plan_id)
        plan = replace(before, status=PlanStatus.ACTIVE)
        if plan != before:
            self.save(plan, by=by, at=at, act="activated")
        current_at = self._after_all(plan.product_id, at)
        self._update(t.plans, _P.id == plan_id, {"current_at": current_at})
        return plan

    def deactivate(self, plan_id: str, *, by: str | None, at: datetime) -> Plan:
        """Close a plan: it steers nobody any more, and nobody is reminded of its dates."""
        plan = replace(self.get(plan_id), status=PlanStatus.CLOSED)
        self.save(plan, by=by, at=at, act="closed")
        return plan

    def remove(self, plan_id: str) -> None:
        """Remove a plan with its deliverables; only for taking back that it was made."""
        plan = self.get(plan_id)
        self._parts.forget(plan)
        self._beside(Schedule).drop("plan", plan_id)
        self._delete(t.plans, _P.id == plan_id)
        self._loaded.pop(plan_id)

    # -- history

    def acts(self, plan_id: str) -> tuple[Act, ...]:
        """Every change of a plan, oldest first."""
        log = self._events.stream(f"plan:{plan_id}")
        return tuple(Act(e.seq, e.type, e.payload["undoes"]) for e in log)

    def last_act(self, plan_id: str) -> LastAct | None:
        """What an undo would take back; None when nothing is left to take back."""
        log = {e.seq: e for e in self._events.stream(f"plan:{plan_id}")}
        undo = undo_of(Act(e.seq, e.type, e.payload["undoes"]) for e in log.values())
        if undo is None:
            return None
        event = log[undo.act.revision]
        stored = log[undo.restore].payload["plan"] if undo.restore is not None else None
        before: Plan | None = decode(Plan, stored) if stored is not None else None
        return LastAct(undo.act, event.actor, event.at, before)

    # -- baselines

    def add_baseline(self, baseline: PlanBaseline) -> None:
        """Keep how a plan stands; it is never changed afterwards."""
        parts = encode(baseline)
        self._insert(
            t.baselines,
            {
                "id": baseline.id,
                "plan_id": baseline.plan_id,
                "name": baseline.name,
                "taken_at": baseline.taken_at,
                "taken_by": baseline.taken_by,
                "snapshot": {"phases": parts["phases"], "milestones": parts["milestones"]},
            },
        )

    def baselines(self, plan_id: str) -> tuple[PlanBaseline, ...]:
        """The baselines of a plan, oldest first."""
        b = t.baselines
        where = self._mine(b, b.c.plan_id == plan_id)
        rows = self._all(select(b).where(where).order_by(b.c.taken_at, b.c.id))
        return tuple(_baseline(row) for row in rows)

    # -- inside

    def _remember(
        self, plan: Plan, revision: int, act: str, undoes: int | None, by: str | None, at: datetime
    ) -> None:
        payload = {"plan": encode(plan), "undoes": undoes}
        self._events.append(
            f"plan:{plan.id}", revision, act, payload, actor=by, at=at, product_id=plan.product_id
        )

    def _after_all(self, product_id: str, at: datetime) -> datetime:
        """An instant after every plan of the product became current, whatever the clock says."""
        mine = self._mine(t.plans, _P.product_id == product_id)
        query = select(_P.current_at).where(mine).order_by(_P.current_at.desc()).limit(1)
        last = self._first(query)
        return at if last is None else max(at, last.current_at + timedelta(microseconds=1))

    def _load(self, where: ColumnElement[bool]) -> tuple[Plan, ...]:
        return self._whole(list(self._all(select(t.plans).where(self._mine(t.plans, where)))))

    def _owning(self, plan_ids: Any) -> tuple[Plan, ...]:
        return self._load(_P.id.in_(plan_ids))

    def _whole(self, rows: list[Row[Any]]) -> tuple[Plan, ...]:
        """The plans of some rows with all their parts, in three more queries."""
        if not rows:
            return ()
        ids = [row.id for row in rows]
        for row in rows:  # the first look counts: what the caller changes was read then
            self._loaded.setdefault(row.id, row.revision)
        p, d, m = t.phases, t.dependencies, t.milestones
        phases = select(p).where(self._mine(p, p.c.plan_id.in_(ids))).order_by(p.c.position)
        in_plans = select(p.c.id).where(self._mine(p, p.c.plan_id.in_(ids)))
        links = select(d).where(self._mine(d, d.c.phase_id.in_(in_plans))).order_by(d.c.position)
        stones = select(m).where(self._mine(m, m.c.plan_id.in_(ids))).order_by(m.c.position)
        return read_plans(rows, self._all(phases), self._all(links), self._all(stones))


def _baseline(row: Row[Any]) -> PlanBaseline:
    values = {
        "id": row.id,
        "plan_id": row.plan_id,
        "name": row.name,
        "taken_at": row.taken_at.isoformat(),
        "taken_by": row.taken_by,
        **row.snapshot,
    }
    baseline: PlanBaseline = decode(PlanBaseline, values)
    return baseline
