"""The effect of an outbox row ``tracker_plan``: a plan's dates come to stand in ZenTao.

HTTP happens outside every transaction. Setting the same dates twice does no harm; a plan that was
made by a try whose end is not recorded is found by its title before another one is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from commands.tracker.linking import link_of, span_text
from domain.clock import Clock
from domain.errors import DubanError, NotFoundError
from domain.messages import Card, Inline, Para, T, Tone
from domain.plans import Plan, Span
from domain.ports import Retry
from domain.tracking import ZENTAO, RemotePlan
from storage.audit import AuditEntry
from storage.messaging import OutboxItem
from storage.plan_links import LINKED, PUSHED
from storage.uow import Store
from trackers.zentao.errors import ZentaoAway, ZentaoBroken, ZentaoLogin
from trackers.zentao.port import Zentao

BROKEN_TRIES = 4


@dataclass(frozen=True, slots=True)
class PlanEffect:
    """Brings dates of plans to ZenTao.

    :param zentao: the connection of a workspace; None where it has none.
    """

    store: Store
    clock: Clock
    zentao: Callable[[str], Zentao | None]

    def __call__(self, workspace: str, item: OutboxItem) -> Card | None:
        """Do what the row asks for; the card says how it went."""
        zentao = self.zentao(workspace)
        if zentao is None:
            raise NotFoundError("account.not_connected")
        payload = item.payload
        span = Span(date.fromisoformat(payload["begins"]), date.fromisoformat(payload["ends"]))
        with self.store.read(workspace) as uow:
            plan = uow.plans.get(str(payload["plan"]))
            product_ref = uow.products.get(plan.product_id).tracker_ref or ""
        try:
            remote = self._bring(zentao, plan, product_ref, span, doubtful=item.doubtful)
        except ZentaoAway as away:
            raise Retry(away.seconds, str(away), patient=True, sent=True) from away
        except ZentaoLogin as login:
            raise Retry(60.0, str(login), patient=True) from login
        except ZentaoBroken as broken:
            if item.attempts < BROKEN_TRIES:
                raise Retry(30.0 * 2**item.attempts, str(broken), sent=True) from broken
            return _refused(plan, broken)
        except DubanError as error:
            return _refused(plan, error)
        self._remember(workspace, plan, remote, str(payload["person"]))
        params: dict[str, Inline | int] = {"plan": plan.name, "span": span_text(span)}
        key = "productplan.pushed" if plan.tracker_ref else "productplan.created"
        return Card(T(key, params), tone=Tone.GOOD)

    def _bring(
        self, zentao: Zentao, plan: Plan, product_ref: str, span: Span, *, doubtful: bool
    ) -> RemotePlan:
        if plan.tracker_ref is not None:
            return zentao.edit_plan(plan.tracker_ref, begins=span.starts, ends=span.ends)
        if doubtful:
            made = next((p for p in zentao.plans(product_ref) if p.title == plan.name), None)
            if made is not None:
                return zentao.edit_plan(made.ref, begins=span.starts, ends=span.ends)
        return zentao.create_plan(product_ref, plan.name, span.starts, span.ends)

    def _remember(self, workspace: str, plan: Plan, remote: RemotePlan, person: str) -> None:
        now = self.clock.now()
        with self.store.write(workspace) as uow:
            plan = uow.plans.get(plan.id)
            new = plan.tracker_ref is None
            if new:
                bound = replace(plan, tracker_ref=remote.ref)
                uow.plans.save(bound, by=person, at=now, act="bound")
            known = uow.tracker_catalogue.plans(remote.product_ref)
            others = [p for p in known if p.ref != remote.ref]
            uow.tracker_catalogue.save_plans(remote.product_ref, [*others, remote])
            uow.plan_links.record(
                plan.id, plan.product_id, LINKED if new else PUSHED, link_of(remote),
                actor=person, at=now,
            )  # fmt: skip
            written = {"ref": remote.ref, "title": remote.title}
            entry = AuditEntry(now, person, ZENTAO, "plan:tracker:written", f"plan:{plan.id}")
            uow.audit(replace(entry, new=written))


def lost_card(plan: Plan) -> Card:
    """The dates could not be brought there, for a reason that nobody foresaw."""
    return _came_back(plan, T("tracker.given_up"))


def _refused(plan: Plan, error: DubanError) -> Card:
    """What ZenTao does not take comes back to the person who asked, with its reason."""
    return _came_back(plan, error.text)


def _came_back(plan: Plan, reason: Inline) -> Card:
    lines = (Para(reason), Para(T("productplan.stuck_next"), muted=True))
    return Card(T("productplan.refused", {"plan": plan.name}), lines, tone=Tone.BAD)
