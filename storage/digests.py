"""The lists of digests, for many products at once: one query per kind of record.

Each query counts in the database and brings only the first lines of each product's list, so the
cost per product stays the same however many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select

from domain.actions import ItemKind
from domain.changes.state import ChangeStatus
from domain.deliverables import DeliverableStatus
from domain.digests import Line, Listed, ProductLists, Section, Thing
from domain.plans.model import PlanStatus
from domain.reviews.state import ReviewStatus
from domain.stories import Stage, Status
from storage.repository import Repository
from storage.stories import VERIFIED_STAGES
from storage.tables.plans import deliverables, plans
from storage.tables.records import action_items, changes, reviews
from storage.tables.stories import stories

_SETTLED = (DeliverableStatus.ACCEPTED.value, DeliverableStatus.WAIVED.value)

Sections = Mapping[Section, Listed]


class Digests(Repository):
    """What digests ask of the workspace."""

    def lists(
        self, product_ids: Collection[str], today: date, most: int = 5
    ) -> Mapping[str, ProductLists]:
        """The lists of some products on a day, each with its first ``most`` lines."""
        ids = tuple(product_ids)
        found: defaultdict[str, dict[Section, Listed]] = defaultdict(dict)
        queries = (
            self._stories(ids), self._changes(ids), self._reviews(ids), self._items(ids, today),
            self._deliverables(ids, today),
        )  # fmt: skip
        for query in queries:
            for product_id, section, listed in self._cut(query, most):
                known = found[product_id].get(section)
                if known is not None:
                    more = known.with_lines(listed.lines, most)
                    listed = Listed(more.lines, known.total + listed.total)  # noqa: PLW2901
                found[product_id][section] = listed
        return {product_id: ProductLists(each) for product_id, each in found.items()}

    def _cut(self, query: Select[Any], most: int) -> Iterable[tuple[str, Section, Listed]]:
        inner = query.subquery()
        rows = self._all(
            select(inner)
            .where(inner.c.place <= most)
            .order_by(inner.c.product_id, inner.c.section, inner.c.place)
        )
        groups: defaultdict[tuple[str, str], list[Row[Any]]] = defaultdict(list)
        for row in rows:
            groups[row.product_id, row.section].append(row)
        for (product_id, section), each in groups.items():
            lines = tuple(
                Line(Thing(r.thing), r.number, r.name, r.day, r.since, r.who) for r in each
            )
            yield product_id, Section(section), Listed(lines, each[0].total)

    def _stories(self, ids: tuple[str, ...]) -> Select[Any]:
        s = stories.c
        verified = s.stage.in_([x.value for x in VERIFIED_STAGES])
        section = case(
            (s.stage == Stage.TESTED.value, Section.TO_VERIFY.value),
            (verified, Section.TO_CLOSE.value),
            else_=Section.TO_REVIEW.value,
        )
        waits = or_(s.stage == Stage.TESTED.value, verified, s.status == Status.REVIEWING.value)
        where = self._mine(stories, s.product_id.in_(ids), s.status != Status.CLOSED.value, waits)
        since = func.coalesce(s.stage_at, s.opened_at, type_=s.stage_at.type)
        columns = self._columns(
            Thing.STORY, s.product_id, section, s.number, s.title, since=since, who=s.assigned_to
        )
        return self._numbered(columns, section, s.product_id, since, s.number).where(where)

    def _changes(self, ids: tuple[str, ...]) -> Select[Any]:
        c = changes.c
        section = literal(Section.CHANGES.value)
        waits = c.status == ChangeStatus.SUBMITTED.value
        columns = self._columns(
            Thing.CHANGE, c.product_id, section, c.number, c.what, since=c.submitted_at,
            who=c.author,
        )  # fmt: skip
        query = self._numbered(columns, section, c.product_id, c.submitted_at, c.number)
        return query.where(self._mine(changes, c.product_id.in_(ids), waits))

    def _reviews(self, ids: tuple[str, ...]) -> Select[Any]:
        r = reviews.c
        section = literal(Section.REVIEWS.value)
        running = r.status.in_((ReviewStatus.OPEN.value, ReviewStatus.DRAFT.value))
        columns = self._columns(
            Thing.REVIEW, r.product_id, section, r.number, r.title, since=r.started_at, who=r.chair
        )
        query = self._numbered(columns, section, r.product_id, r.started_at, r.number)
        return query.where(self._mine(reviews, r.product_id.in_(ids), running))

    def _items(self, ids: tuple[str, ...], today: date) -> Select[Any]:
        a = action_items.c
        blocks = a.kind == ItemKind.BLOCKER.value
        section = case((blocks, Section.BLOCKERS.value), else_=_due_section(a.due, today))
        where = self._mine(
            action_items, a.product_id.in_(ids), a.done_at.is_(None), a.dropped_at.is_(None),
            or_(blocks, a.due <= today),
        )  # fmt: skip
        columns = self._columns(
            Thing.ACTION, a.product_id, section, a.number, a.text, day=a.due, who=a.owner
        )
        return self._numbered(columns, section, a.product_id, a.due, a.number).where(where)

    def _deliverables(self, ids: tuple[str, ...], today: date) -> Select[Any]:
        d = deliverables.c
        section = _due_section(d.due, today)
        where = self._mine(
            deliverables, d.product_id.in_(ids), d.status.not_in(_SETTLED), d.due <= today,
            or_(d.plan_id.is_(None), plans.c.status == PlanStatus.ACTIVE.value),
        )  # fmt: skip
        columns = self._columns(
            Thing.DELIVERABLE, d.product_id, section, d.number, literal(""), day=d.due, who=d.owner
        )
        query = self._numbered(columns, section, d.product_id, d.due, d.number)
        return query.select_from(deliverables.outerjoin(plans, plans.c.id == d.plan_id)).where(
            where
        )

    def _columns(
        self,
        thing: Thing,
        product_id: ColumnElement[Any],
        section: ColumnElement[Any],
        number: ColumnElement[Any],
        name: ColumnElement[Any],
        *,
        day: ColumnElement[Any] | None = None,
        since: ColumnElement[Any] | None = None,
        who: ColumnElement[Any] | None = None,
    ) -> tuple[ColumnElement[Any], ...]:
        return (
            literal(thing.value).label("thing"),
            product_id.label("product_id"),
            section.label("section"),
            number.label("number"),
            name.label("name"),
            (literal(None) if day is None else day).label("day"),
            (literal(None) if since is None else since).label("since"),
            (literal(None) if who is None else who).label("who"),
        )

    def _numbered(
        self, columns: tuple[ColumnElement[Any], ...], section: ColumnElement[Any], *order: Any
    ) -> Select[Any]:
        """With each row's place in its product's section and the section's size."""
        product_id, first, number = order
        parts = (product_id, section)
        place = func.row_number().over(partition_by=parts, order_by=(first, number))
        total = func.count().over(partition_by=parts)
        return select(*columns, place.label("place"), total.label("total"))


def _due_section(due: ColumnElement[Any], today: date) -> ColumnElement[Any]:
    return case((due < today, Section.OVERDUE.value), else_=Section.DUE_TODAY.value)
