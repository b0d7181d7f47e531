"""What ``duban doctor`` looks at in ZenTao. It asks ZenTao and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

from bot.core import Core
from bot.doctor import Finding, Level
from bot.zentao.link import make_client, server_of
from commands.tracker.matching import ACCOUNT, compare
from domain.messages import Code, Inline, Join, Moment, T
from domain.people import Person, Product, Role
from domain.settings import Votes
from domain.tracking import STALE, ZENTAO, RemoteProduct, WriteState
from storage.uow import UnitOfWork
from trackers.zentao.book import FixedBook
from trackers.zentao.client import Client
from trackers.zentao.gateway import ZentaoGateway
from trackers.zentao.remote import Right, ServerFacts

OLDEST, NEWEST = 18, 22
"""The major versions that Duban was tried with."""

SKEW = timedelta(minutes=1)
"""Clocks that are further apart put acts in the wrong order."""

SHOWN = 10


def zentao_findings(core: Core) -> Iterator[Finding]:
    """Reachable, version, rights, review setting, clock, and how the mirror stands."""
    settings = core.settings.zentao
    if settings is None:
        return
    workspaces = core.store.workspaces()
    workspace = workspaces[0] if workspaces else None
    with closing(make_client(core, settings, workspace)) as client:
        yield from server_findings(client, settings.votes)
        if workspace is None:
            return
        products = ZentaoGateway(client, FixedBook()).products()
    with core.store.read(workspace.id) as uow:
        yield from _products(uow, products)
        yield from _people(uow, server_of(settings.url), settings.votes)
        yield from _mirror(core, uow)


def server_findings(client: Client, votes: Votes) -> Iterator[Finding]:
    """What can be told of a server and an account alone; also asked by ``duban zentao setup``."""
    gateway = ZentaoGateway(client, FixedBook(), votes=votes)
    facts = gateway.facts()
    yield _version(facts)
    yield Finding(Level.GOOD, T("connect.account", {"account": Code(client.account)}))
    if facts.weak_password:
        advice = T("connect.weak_password_how", {"account": Code(client.account)})
        yield Finding(Level.BAD, T("connect.weak_password"), advice)
    yield from _api(facts)
    yield from _rights(gateway.rights(), client.account)
    yield _review(facts, votes, client.account)
    yield from _clock(facts)


def _version(facts: ServerFacts) -> Finding:
    shown: dict[str, Inline | int] = {"version": facts.version, "edition": facts.edition}
    major = facts.version.partition(".")[0]
    if major.isdecimal() and OLDEST <= int(major) <= NEWEST and facts.edition == "open":
        return Finding(Level.GOOD, T("connect.version", shown))
    known: dict[str, Inline | int] = {"oldest": str(OLDEST), "newest": str(NEWEST)}
    return Finding(Level.WARN, T("connect.version", shown), T("connect.version_untried", known))


def _api(facts: ServerFacts) -> Iterator[Finding]:
    if facts.v2:
        yield Finding(Level.GOOD, T("connect.api_v2"))
    elif not facts.weak_password:
        yield Finding(Level.WARN, T("connect.api_v1"), T("connect.api_v1_means"))


def _rights(rights: tuple[Right, ...], account: str) -> Iterator[Finding]:
    """Each missing privilege by its name, with where to grant it."""
    granted = [r for r in rights if r.granted]
    if granted:
        yield Finding(Level.GOOD, T("connect.rights", {"n": len(granted)}))
    for right in rights:
        if right.granted is False:
            level = Level.WARN if right.optional else Level.BAD
            params: dict[str, Inline | int] = {"privilege": Code(right.name)}
            key = "connect.right_missing_optional" if right.optional else "connect.right_missing"
            where: dict[str, Inline | int] = {"account": Code(account), **_place(right.name)}
            how = "connect.grant_by_hand" if right.by_hand else "connect.grant"
            yield Finding(level, T(key, params), T(how, where))


def _place(privilege: str) -> dict[str, Inline | int]:
    """Module and method of a privilege, as the page of privileges lists them."""
    module, _, method = privilege.partition("-")
    return {"module": T(f"connect.module.{module.lower()}"), "method": Code(method)}


def _review(facts: ServerFacts, votes: Votes, account: str) -> Finding:
    required = T("connect.review_required" if facts.review_required else "connect.review_free")
    how = T(f"connect.votes.{votes.value}", {"account": Code(account)})
    if votes is Votes.SUPER:
        advice = T("connect.super_how", {"account": Code(account)})
        return Finding(Level.WARN, Join((required, how), " "), advice)
    return Finding(Level.GOOD, Join((required, how), " "))


def _clock(facts: ServerFacts) -> Iterator[Finding]:
    yield Finding(Level.GOOD, T("connect.zone", {"zone": facts.zone}))
    if abs(facts.clock_skew) > SKEW.total_seconds():
        params = {"n": round(abs(facts.clock_skew))}
        key = "connect.clock_ahead" if facts.clock_skew > 0 else "connect.clock_behind"
        yield Finding(Level.WARN, T(key, params), T("connect.clock_how"))


def _products(uow: UnitOfWork, products: tuple[RemoteProduct, ...]) -> Iterator[Finding]:
    if not products:
        yield Finding(Level.BAD, T("connect.no_products"), T("connect.no_products_how"))
        return
    yield Finding(Level.GOOD, T("connect.products", {"n": len(products)}))
    seen = {p.ref for p in products}
    bound = [p for p in uow.products.all() if p.tracker == ZENTAO]
    if not bound:
        line = {"line": Code("/setup tracker")}
        yield Finding(Level.WARN, T("connect.none_bound"), T("connect.bind_how", line))
    for product in bound:
        yield _bound(uow, product, seen)


def _bound(uow: UnitOfWork, product: Product, seen: set[str]) -> Finding:
    params: dict[str, Inline | int] = {"product": product.name, "ref": product.tracker_ref or ""}
    if product.tracker_ref not in seen:
        return Finding(Level.BAD, T("connect.hidden", params), T("connect.hidden_how"))
    here, read = uow.tracker_stories.count(product.id)
    return Finding(Level.GOOD, T("connect.bound", {**params, "n": here, "read": read}))


def _people(uow: UnitOfWork, server: str, votes: Votes) -> Iterator[Finding]:
    linked = uow.people.linked(ZENTAO, server, ACCOUNT)
    yield Finding(Level.GOOD, T("connect.people", {"n": len(linked)}))
    left = [q.account.account for q in compare(uow, server).asked if q.people]
    missing = tuple(p.name for p in _concerned(uow) if p.id not in linked)
    if missing or left:
        names = Join(missing[:SHOWN], ", ") if missing else T("connect.nobody")
        params: dict[str, Inline | int] = {"names": names, "n": len(left)}
        advice = T("connect.people_how", {"line": Code("/team tracker")})
        yield Finding(Level.WARN, T("connect.people_missing", params), advice)
    if votes is Votes.TOKENS:
        given = uow.tracker_tokens.people(server)
        line = {"line": Code("duban zentao token --person …")}
        level = Level.GOOD if given else Level.WARN
        advice = None if given else T("connect.tokens_how", line)
        yield Finding(level, T("connect.tokens", {"n": len(given)}), advice)


def _concerned(uow: UnitOfWork) -> tuple[Person, ...]:
    """Everybody with a role in a product that lives in ZenTao."""
    bound = [p for p in uow.products.all() if p.tracker == ZENTAO]
    roles = (Role.PO, Role.PM, Role.DEVELOPER, Role.TESTER)
    found = {
        person.id: person
        for product in bound
        for role in roles
        for person in uow.people.with_role(role, product.id)
    }
    return tuple(p for p in found.values() if not p.external)


def _mirror(core: Core, uow: UnitOfWork) -> Iterator[Finding]:
    feed, now = uow.tracker_feed.get(), core.clock.now()
    if feed is None or feed.fresh_at is None:
        yield Finding(Level.WARN, T("connect.never_read"), T("connect.run_worker"))
        return
    old = now - feed.fresh_at > STALE
    params: dict[str, Inline | int] = {"at": Moment(feed.fresh_at)}
    advice = T("connect.run_worker") if old else None
    yield Finding(Level.WARN if old else Level.GOOD, T("connect.read_at", params), advice)
    for product in uow.products.all():
        if product.tracker == ZENTAO:
            yield from _writes(uow, product)


def _writes(uow: UnitOfWork, product: Product) -> Iterator[Finding]:
    waiting = uow.tracker_writes.of_product(product.id, (WriteState.WAITING,))
    asking = uow.tracker_writes.of_product(
        product.id, (WriteState.CONFLICT, WriteState.HELD, WriteState.REFUSED)
    )
    params: dict[str, Inline | int] = {"product": product.name}
    if waiting:
        yield Finding(Level.WARN, T("connect.waiting", {**params, "n": len(waiting)}))
    if asking:
        line = {"line": Code("/story waiting")}
        shown = T("connect.asking", {**params, "n": len(asking)})
        yield Finding(Level.WARN, shown, T("connect.asking_how", line))
