"""Slash commands over signed HTTP, beside bare Bolt (A) and bare Bolt with one insert (B).

Duban runs as ``duban web``: what is to be posted is queued here and sent by a worker elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from benchmarks.bolt import Sender, signed
from benchmarks.databases import Databases
from benchmarks.report import ROUNDS, Row, show
from benchmarks.seed import NOW, company
from benchmarks.web import CONNECTIONS, Figures, Variant, measure, server
from bot.vault import Vault
from domain.ids import new_id
from domain.people import Channel
from storage.platforms import Tenant
from storage.slack import PLATFORM, USER, Installation
from tests.fakes.slack import FakeSlack

REST = 2.0
"""Seconds: a command that takes longer than 1.5 s is acknowledged first, and finished then."""
CHANGE = "S12 改用短信登录 因为客户要求"


def run(databases: Databases) -> None:
    """Measure and print."""
    with FakeSlack() as slack:
        room = slack.add_channel("bench")
        hook = f"{slack.world.base}/hooks/commands/{slack.team.id}/bench"
        who = Sender(slack.team.id, slack.add_user("po").id, room.id, hook)
        for kind in databases.kinds():
            _commands(databases, kind, slack, who)
            _spread(databases, kind, slack, who)


def _commands(databases: Databases, kind: str, slack: FakeSlack, who: Sender) -> None:
    with ExitStack() as stack:
        bolt = stack.enter_context(server("bolt"))
        insert = stack.enter_context(server("bolt-insert", databases.fresh(kind)))
        url, folder = _connected(databases, kind, slack, who)
        duban = stack.enter_context(server("duban", url, folder, "0", slack.api_url))
        figures = measure(
            {
                "A": Variant(bolt, signed(bolt, who, "/help", "")),
                "B": Variant(insert, signed(insert, who, "/change", CHANGE)),
                "/help": Variant(duban, signed(duban, who, "/help", "")),
                "/change": Variant(duban, signed(duban, who, "/change", CHANGE)),
            },
            CONNECTIONS,
            ROUNDS,
            REST,
        )
    show(f"Slack, {kind}", list(_rows(figures)))


def _connected(databases: Databases, kind: str, slack: FakeSlack, who: Sender) -> tuple[str, str]:
    """Address and folder of a company that has Duban in its Slack."""
    url, folder = databases.fresh(kind), databases.folder()
    made = company(url, folder)
    token = Vault(("bench",)).seal(slack.bot_token)
    installed = Installation(
        who.team, slack.app.id, slack.bot_user, slack.bot_id, ("commands",), who.user, NOW, token
    )
    with made.store.write(made.workspace.id) as uow:
        uow.tenants.bind(Tenant(PLATFORM, who.team, "bench"))
        uow.slack.install(installed)
        uow.people.link(new_id(), made.people["po"], PLATFORM, who.team, USER, who.user)
        room = Channel(new_id(), PLATFORM, who.room, "bench", locale="zh", zone="Asia/Shanghai")
        uow.channels.add(replace(room, product_id=made.channels[0].product_id))
    made.store.database.close()
    return url, str(folder)


def _rows(figures: Figures) -> Iterator[Row]:
    for name, floor in (("/help", "A"), ("/change", "B")):
        for count in CONNECTIONS:
            ours, least = figures[name, count], figures[floor, count]
            title = f"{name} : {floor}, {count} conn."
            recorded = floor == "B"
            yield Row(f"{title} p50", "ms", ours.p50, least.p50, 2.0 if recorded else 1.3)
            yield Row(f"{title} p99", "ms", ours.p99, least.p99, 2.0 if recorded else None)
            rate = 0.6 if recorded else None
            yield Row(f"{title} rate", "1/s", ours.rate, least.rate, rate, at_least=True)


def _spread(databases: Databases, kind: str, slack: FakeSlack, who: Sender) -> None:
    """The same command beside 1 and 100 registered ones."""
    url, folder = _connected(databases, kind, slack, who)
    with ExitStack() as stack:
        variants: dict[str, Variant] = {}
        for commands in ("1", "100"):
            port = stack.enter_context(server("duban", url, folder, commands, slack.api_url))
            variants[commands] = Variant(port, signed(port, who, "/help", "help"))
        figures = measure(variants, {1: CONNECTIONS[1]}, ROUNDS)
    one, hundred = figures["1", 1], figures["100", 1]
    rows = [Row("100 commands : 1 command, p50", "ms", hundred.p50, one.p50, 1.1)]
    show(f"Slack, registered commands, {kind}", rows)
