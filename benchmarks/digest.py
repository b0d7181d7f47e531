"""The planner and the digest for 1, 100 and 1,000 products with 50 stories each."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import select, update

from benchmarks.databases import Databases
from benchmarks.report import Row, interleaved, show
from benchmarks.seed import NOW, Company, company
from bot.cards.text import render_text
from bot.cards.words import Reader
from reminders.digest import Digests
from reminders.tick import Look
from reminders.world import World
from storage.schedule import AT_ONCE
from storage.tables.plans import milestones, phases, plans
from storage.tables.reminders import schedule
from storage.tables.stories import stories

SIZES = (1, 100, 1000)
READER = Reader("zh", "Asia/Shanghai")
TEMPLATE = """{{ name }} 日报
{% for plan in plans %}{{ plan["name"] }}{% for p in plan["phases"] %}
- “{{ p["name"] }}”{{ p["progress"] }}%，{{ p["ends"] }}{% endfor %}{% endfor %}
{% for s in stones %}- {{ s["name"] }} {{ s["due"] }}
{% endfor %}{% for title, lines in lists.items() %}▎{{ title }}（{{ lines|length }}）
{% for line in lines[:5] %}- S{{ line["number"] }} {{ line["title"] }} {{ line["stage_at"] }}
{% endfor %}{% endfor %}"""


def run(databases: Databases) -> None:
    """Measure and print."""
    for kind in databases.kinds():
        made = {n: company(databases.fresh(kind), databases.folder(), products=n) for n in SIZES}
        looks = {f"{n}": partial(planner, each) for n, each in made.items()}
        ours = {f"{n} ours": partial(digest, each) for n, each in made.items()}
        floor = {f"{n} floor": partial(bare_digest, each) for n, each in made.items()}
        digest(made[1])  # statements and templates are made at their first use
        planner(made[1])
        planned, told = interleaved(looks, rounds=1), interleaved({**ours, **floor})
        rows = [
            Row(f"digest of {n} products", "ms/product", told[f"{n} ours"], told[f"{n} floor"], 2.0)
            for n in SIZES
        ]
        rows.append(_growth("digest", told["1000 ours"], told["100 ours"]))
        rows += [Row(f"planner, {n} products", "ms/product", planned[f"{n}"]) for n in SIZES]
        rows.append(_growth("planner", planned["1000"], planned["100"]))
        show(f"planner and digest, 50 stories each, {kind}", rows)
        for each in made.values():
            each.store.database.close()


def _growth(name: str, large: float, small: float) -> Row:
    return Row(f"{name} per product, 1000 : 100 products", "ms", large, small, 1.2)


def planner(made: Company) -> float:
    """Look at everything of every product, as after a change of the calendar; ms a product."""
    with made.store.database.write() as connection:
        connection.execute(update(schedule).values(next_at=AT_ONCE, owed_at=None))
    spent = 0.0
    while True:
        begun = time.perf_counter()
        with made.store.write(made.workspace.id) as uow:
            looked = Look(World(uow, made.services.holidays, NOW), NOW).batch().looked
        spent += time.perf_counter() - begun
        if not looked:
            return spent * 1000 / len(made.products)


def digest(made: Company) -> float:
    """Every channel's digest as text; ms a product."""
    begun = time.perf_counter()
    with made.store.read(made.workspace.id) as uow:
        world = World(uow, made.services.holidays, NOW)
        digests = Digests(world, [c.id for c in made.channels], NOW)
        for channel in made.channels:
            card = digests.card(channel.id)
            assert card is not None
            render_text(card, READER)
    return (time.perf_counter() - begun) * 1000 / len(made.products)


def bare_digest(made: Company) -> float:
    """From SQL to text with dict rows and a sandboxed template; ms a product."""
    begun = time.perf_counter()
    engine = ImmutableSandboxedEnvironment()
    template = engine.from_string(TEMPLATE)
    with made.store.database.read() as connection:

        def grouped(query: Any, name: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
            found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
            for row in connection.execute(query).mappings():
                found[row[name]].append(dict(row))
            return found

        s, mine = stories.c, made.workspace.id
        waiting = s.stage.in_(("tested", "verified", "delivering", "released"))
        columns = (s.product_id, s.number, s.title, s.stage, s.stage_at)
        query = select(*columns).where(
            s.workspace_id == mine, s.status != "closed", waiting | (s.status == "reviewing")
        )
        lines = grouped(query.order_by(s.number), "product_id")
        all_plans = grouped(select(plans).where(plans.c.workspace_id == mine), "product_id")
        parts = grouped(select(phases).where(phases.c.workspace_id == mine), "plan_id")
        stones = grouped(select(milestones).where(milestones.c.workspace_id == mine), "plan_id")
    for product in made.products:
        lists: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for line in lines[product.id]:
            lists[line["stage"]].append(line)
        own = [{**p, "phases": parts[p["id"]]} for p in all_plans[product.id]]
        due = [stone for p in own for stone in stones[p["id"]]]
        template.render(name=product.name, plans=own, stones=due, lists=dict(lists))
    return (time.perf_counter() - begun) * 1000 / len(made.products)
