"""What the tracker's side of each plan was when both sides were last the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from domain.plan_following import PlanLink
from domain.plans import Span
from storage.records import Events
from storage.repository import Repository

LINKED, FOLLOWED, PUSHED, PARTED = "linked", "followed", "pushed", "parted"
"""What happened: bound; ours moved after theirs; theirs moved after ours; the binding ended."""


class PlanLinks(Repository):
    """One append-only stream per plan (``planlink:<id>``)."""

    def get(self, plan_id: str) -> PlanLink | None:
        """How both sides last agreed; None for a plan that is bound to nothing."""
        last = self._beside(Events).tail(f"planlink:{plan_id}", 1)
        if not last or last[0].type == PARTED:
            return None
        return _link(last[0].payload)

    def record(
        self,
        plan_id: str,
        product_id: str,
        what: str,
        link: PlanLink,
        *,
        actor: str | None,
        at: datetime,
    ) -> None:
        """Write down that both sides agree now, or that the binding ended."""
        events = self._beside(Events)
        last = events.tail(f"planlink:{plan_id}", 1)
        seq = last[0].seq + 1 if last else 1
        events.append(
            f"planlink:{plan_id}", seq, what, _payload(link), actor=actor, at=at,
            product_id=product_id,
        )  # fmt: skip


def _payload(link: PlanLink) -> dict[str, Any]:
    span = link.span
    days = {"begins": span.starts.isoformat(), "ends": span.ends.isoformat()} if span else {}
    return {"ref": link.ref, "title": link.title, **days}


def _link(payload: Mapping[str, Any]) -> PlanLink:
    span = None
    if payload.get("begins") and payload.get("ends"):
        starts, ends = date.fromisoformat(payload["begins"]), date.fromisoformat(payload["ends"])
        span = Span(starts, ends)
    return PlanLink(payload["ref"], payload["title"], span)
