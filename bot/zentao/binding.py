"""Binding products from the terminal: by the same command that people type in chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import Core
from bot.zentao.link import server_of
from commands.dispatcher import Answer
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import Inline, T
from domain.people import Person, Product, Role, Workspace
from domain.requests import Request
from domain.tracking import ZENTAO, Feed, RemotePlan, RemoteProduct
from storage.uow import UnitOfWork
from trackers.zentao.gateway import ZentaoGateway


@dataclass(frozen=True, slots=True)
class Binder:
    """Ties products of the first workspace to products of ZenTao."""

    core: Core
    zentao: ZentaoGateway
    url: str

    def free_products(self) -> tuple[Product, ...]:
        """Products whose stories live here so far, without the sample."""
        workspace = self._workspace()
        if workspace is None:
            return ()
        with self.core.store.read(workspace.id) as uow:
            samples = {p.id for p in uow.products.samples()}
            every = uow.products.all()
        return tuple(p for p in every if p.tracker != ZENTAO and p.id not in samples)

    def bind(self, ours: Product, theirs: RemoteProduct) -> Inline:
        """Bind, as ``/setup tracker`` does; what was answered."""
        workspace = self._workspace()
        if workspace is None:
            raise UserError("core.no_workspace")
        self._read_names(workspace)
        return self._dispatch(workspace, ours, f"setup tracker {theirs.ref} in={ours.key}")

    def import_plan(self, ours: Product, plan: RemotePlan, known: Sequence[RemotePlan]) -> Inline:
        """Import a productplan, as ``/plan import`` does; what was answered."""
        workspace = self._workspace()
        if workspace is None:
            raise UserError("core.no_workspace")
        with self.core.store.write(workspace.id) as uow:
            uow.tracker_catalogue.save_plans(plan.product_ref, known)
        return self._dispatch(workspace, ours, f"plan import zentao {plan.ref} in={ours.key}")

    def _workspace(self) -> Workspace | None:
        found = self.core.store.workspaces()
        return found[0] if found else None

    def _read_names(self, workspace: Workspace) -> None:
        """What the command chooses from; the running Duban reads it anew by itself."""
        products, accounts = self.zentao.products(), self.zentao.users()
        facts, newest = self.zentao.facts(), self.zentao.newest()
        now = self.core.clock.now()
        with self.core.store.write(workspace.id) as uow:
            known = uow.tracker_feed.get()
            server = server_of(self.url)
            if known is None or known.server != server:
                known = Feed(server, newest.cursor, newest.cursor_at, version=facts.version)
            uow.tracker_feed.save(replace(known, people_at=now))
            uow.tracker_catalogue.save_products(products)
            uow.tracker_catalogue.save_accounts(accounts)

    def _dispatch(self, workspace: Workspace, ours: Product, text: str) -> Inline:
        with self.core.store.read(workspace.id) as uow:
            person = _owner(uow, ours)
            channels = uow.channels.of_product(ours.id)
        request = Request(
            event_id=f"cli:{new_id()}",
            platform="cli",
            workspace=workspace.id,
            channel=channels[0].id if channels else None,
            person=person.id,
            received_at=self.core.clock.now(),
            text=text,
        )
        return _first_line(self.core.dispatcher.dispatch(request))


def _owner(uow: UnitOfWork, product: Product) -> Person:
    """In whose name the terminal acts: the product's owner, else an administrator."""
    for role in (Role.PO, Role.ADMIN):
        people = uow.people.with_role(role, product.id)
        if people:
            return people[0]
    raise UserError("connect.setup.nobody", product=product.name)


def _first_line(answer: Answer) -> Inline:
    return answer.reply.cards[0].title if answer.reply.cards else T("connect.setup.no_answer")
