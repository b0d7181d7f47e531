"""A company of any size, stored by the real code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import update

from bot.files import FolderStore
from bot.services import build_services
from commands.context import Services
from domain.ids import new_id
from domain.people import Channel, Person, Product, Role, RoleGrant, Workspace
from domain.plans.model import Milestone, Phase, PhaseStatus, Plan
from domain.stories import Stage, StoryDraft
from storage.database import Database
from storage.records import ApiToken
from storage.tables.stories import stories
from storage.uow import Store, UnitOfWork

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""A working Tuesday, nine in the morning in Shanghai."""
TODAY = date(2026, 11, 24)
TOKEN = "duban_bench"
ROLES = {
    "po": Role.PO, "pm": Role.PM, "dev": Role.DEVELOPER, "tester": Role.TESTER,
    "sales": Role.SALES, "admin": Role.ADMIN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """Where everything is."""

    store: Store
    services: Services
    workspace: Workspace
    people: dict[str, str]
    products: tuple[Product, ...]
    channels: tuple[Channel, ...]


def company(url: str, folder: Path, *, products: int = 1, each: int = 50) -> Company:
    """Six people and some products with a plan, a channel and ``each`` stories each.

    The product owner's API token is :data:`TOKEN`.
    """
    store = Store(Database(url))
    services = build_services(FolderStore(folder), "http://127.0.0.1", folder / "templates")
    workspace = store.create_workspace(
        "公司", locale="zh", zone="Asia/Shanghai", country="CN", now=NOW
    )
    with store.write(workspace.id) as uow:
        people = {handle: _person(uow, handle, role) for handle, role in ROLES.items()}
        token = ApiToken(new_id(), people["po"], "bench", NOW, None, None)
        uow.tokens.add(token, hashlib.sha256(TOKEN.encode()).hexdigest())
    made: list[tuple[Product, Channel]] = []
    for start in range(0, products, 50):
        with store.write(workspace.id) as uow:
            made += [
                _product(uow, services, people, number, each)
                for number in range(start, min(start + 50, products))
            ]
    _progress(store.database, each)
    return Company(
        store, services, workspace, people, tuple(p for p, _ in made), tuple(c for _, c in made)
    )


def _person(uow: UnitOfWork, handle: str, role: Role) -> str:
    person = Person(new_id(), handle, f"{handle}名", "zh")
    uow.people.add(person)
    uow.people.grant(RoleGrant(person.id, role), new_id())
    return person.id


def _product(
    uow: UnitOfWork, services: Services, people: dict[str, str], number: int, each: int
) -> tuple[Product, Channel]:
    product = Product(new_id(), f"p{number}", f"物流运输管理系统{number}")
    uow.products.add(product)
    channel = Channel(
        new_id(), "web", f"c{number}", f"物流{number}",
        product_id=product.id, locale="zh", digest_at=time(9, 0),
    )  # fmt: skip
    uow.channels.add(channel)
    build = Phase(
        new_id(), "开发", TODAY - timedelta(15), TODAY + timedelta(9), owner=people["dev"],
        progress=60, status=PhaseStatus.ACTIVE,
    )  # fmt: skip
    stones = (Milestone(new_id(), "提测", TODAY + timedelta(10)),)
    plan = Plan(new_id(), product.id, "v2.3", (build,), stones, "v2.3")
    uow.plans.add(plan, by=people["po"], at=NOW)
    tracker = services.tracker(uow, product, NOW - timedelta(days=3))
    drafts = [
        StoryDraft(
            product.id, f"司机扫码签收第{n}版", spec="作为司机，我要扫码签收。",
            verify="- 扫码后三秒内完成\n- 断网后补传", plan_id=plan.id, assigned_to=people["dev"],
            reviewers=(people["dev"],) if n % 10 == 0 else (),
        )
        for n in range(each)
    ]  # fmt: skip
    tracker.create_all(drafts, people["po"])
    return product, channel


def _progress(database: Database, each: int) -> None:
    """Of each product's stories two are tested and two verified, three days ago."""
    if not each:
        return
    place = (stories.c.number - 1) % each
    with database.write() as connection:
        for places, stage in (((1, 2), Stage.TESTED), ((3, 4), Stage.VERIFIED)):
            values = {"stage": stage.value, "stage_at": NOW - timedelta(days=3)}
            connection.execute(update(stories).where(place.in_(places)).values(values))
