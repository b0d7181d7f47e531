"""What keeping products in step asks of ZenTao, as counted requests."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from domain.ids import new_id
from domain.people import Product
from domain.tracking import NOWHERE, ZENTAO, ImportState, ProductImport
from tests.trackers.sync.world import World

KINDS = (
    ("login", r"^POST .*/tokens$"),
    ("look (action log)", r"^GET .*/companies/dynamic$"),
    ("list of stories", r"^GET .*/products/\d+/stories$"),
    ("version and settings", r"^GET /$|/configurations$|/storyreviewerrequired/|/2147483647$"),
    ("one story", r"^GET .*/stories/\d+$"),
    ("plans", r"^GET .*/plans$|^GET .*/productplans$"),
    ("products", r"^GET .*/products$"),
    ("people", r"^GET .*/users$"),
)


def counted(world: World) -> Counter[str]:
    """Requests by kind, and the sum."""
    found: Counter[str] = Counter()
    for seen in world.fake.requests:
        kind = next((name for name, form in KINDS if re.search(form, seen.line)), "other")
        found[kind] += 1
    found["all"] = len(world.fake.requests)
    return found


def fill(world: World, products: int, opened: int, closed: int) -> list[int]:
    """Products in ZenTao with so many open and closed stories each, one of them the team's."""
    refs = [world.product]
    refs += [world.fake.add_product(f"产品 {n}") for n in range(1, products)]
    for ref in refs:
        for n in range(closed):
            world.fake.add_story(ref, f"旧需求 {n}", status="closed", stage="closed", spec="旧文")
        for n in range(opened):
            world.fake.add_story(ref, f"需求 {n}", spec="<p>正文</p>", verify="- 能查")
        world.clock.advance(timedelta(minutes=1))  # not all of them in one second
    world.fake.person("admin").comment(1, "最后一句")
    return refs


def bind(world: World, refs: list[int]) -> None:
    """All of them kept in step from now on, as ``/setup tracker`` does for one."""
    with world.team.write() as uow:
        own = uow.products.get(world.team.product.id)
        for ref in refs:
            product = own if ref == refs[0] else Product(new_id(), f"p{ref}", f"产品 {ref}")
            bound = replace(product, tracker=ZENTAO, tracker_ref=str(ref))
            if ref == refs[0]:
                uow.products.save(bound)
            else:
                uow.products.add(bound)
            by, now = world.team.id("po"), world.clock.now()
            item = ProductImport(product.id, str(ref), ImportState.LISTING, by, NOWHERE, now)
            uow.tracker_imports.save(item)


def first_import(world: World, refs: list[int]) -> Counter[str]:
    """Requests of the first import of all products, until the last is ready."""
    world.keep()
    bind(world, refs)
    world.fake.forget_requests()
    for _ in range(1_000_000):
        if not world.sync.run():
            break
    with world.team.read() as uow:
        assert all(item.state is ImportState.READY for item in uow.tracker_imports.all())
    return counted(world)


def everything_read(world: World) -> None:
    """Some days later: the texts of closed stories have come too, a few a minute."""
    with world.team.write() as uow:
        for item in uow.tracker_imports.all():
            for row in uow.tracker_stories.of_product(item.product_id).values():
                if not row.read:
                    uow.tracker_stories.save(replace(row, read=True))


def quiet(world: World, span: timedelta) -> Counter[str]:
    """Requests while nobody does anything, minute by minute."""
    world.fake.forget_requests()
    for _ in range(int(span / timedelta(minutes=1))):
        world.keep()
    return counted(world)
