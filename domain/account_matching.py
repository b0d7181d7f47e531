"""Who is who between the tracker's accounts and the people here: by addresses, never by name.

ZenTao's profile has free-text fields (``email``, ``mobile``, ``dingding``, ``slack``, ``weixin``).
An account is somebody's when what stands there is an address of exactly one person and no field
points to another. Everything else is a question to people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from domain.people import Person
from domain.tracking import RemoteAccount

_PLATFORMS = {"dingding": "dingtalk", "slack": "slack", "weixin": "wecom"}
"""Which of our platforms a profile field is about."""


@dataclass(frozen=True, slots=True)
class Address:
    """One id of a person on a platform, as the platform gave it."""

    person_id: str
    platform: str
    value: str


@dataclass(frozen=True, slots=True)
class Match:
    """An account whose person is known.

    :param fields: the profile fields that said so, in order.
    """

    account: RemoteAccount
    person: Person
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """An account whose person people must name.

    :param contrary: the profile points to more than one person, or to one whom another account
        points to as well.
    :param people: who may be meant, the likeliest first: a proposal, never a decision.
    """

    account: RemoteAccount
    people: tuple[Person, ...] = ()
    contrary: bool = False


@dataclass(frozen=True, slots=True)
class Matching:
    """What a comparison found, each in the order of the accounts."""

    sure: tuple[Match, ...]
    asked: tuple[Question, ...]


def match(
    accounts: Sequence[RemoteAccount],
    people: Sequence[Person],
    addresses: Iterable[Address],
    linked: Mapping[str, str],
) -> Matching:
    """Compare the accounts that nobody has yet with the people who have none.

    :param linked: person id → account of those who are tied already.
    """
    taken = {account.casefold() for account in linked.values()}
    free = [p for p in people if p.active and not p.external and p.id not in linked]
    known = _index(free, addresses)
    open_accounts = [a for a in accounts if a.account.casefold() not in taken]
    hits = {a.account: _hits(a, known) for a in open_accounts}
    claims = _claims(hits)
    by_id = {p.id: p for p in free}
    sure: list[Match] = []
    asked: list[Question] = []
    for account in open_accounts:
        found = hits[account.account]
        if len(found) == 1:
            person_id, fields = next(iter(found.items()))
            if len(claims[person_id]) == 1:
                sure.append(Match(account, by_id[person_id], fields))
                continue
        guesses = tuple(by_id[p] for p in found) or _alike(account, free)
        asked.append(Question(account, guesses, contrary=bool(found)))
    return Matching(tuple(sure), tuple(asked))


_Index = Mapping[tuple[str, str], frozenset[str]]


def _index(people: Sequence[Person], addresses: Iterable[Address]) -> _Index:
    """Person ids by (field, value as it is compared)."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    ids = {p.id for p in people}
    for person in people:
        if person.email:
            found["email", _plain("email", person.email)].add(person.id)
    for each in addresses:
        if each.person_id not in ids:
            continue
        for name, platform in _PLATFORMS.items():
            if each.platform == platform:
                found[name, _plain(name, each.value)].add(each.person_id)
        found["mobile", _plain("mobile", each.value)].add(each.person_id)
        found["email", _plain("email", each.value)].add(each.person_id)
    return {key: frozenset(value) for key, value in found.items() if key[1]}


def _hits(account: RemoteAccount, known: _Index) -> dict[str, tuple[str, ...]]:
    """Person id → the fields that point to them."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in account.addresses.items():
        plain = _plain(name, value)
        if not plain:
            continue
        # People write an e-mail address or a mobile number into any of these fields.
        people = known.get((name, plain), frozenset())
        for other in ("email", "mobile"):
            people |= known.get((other, _plain(other, value)), frozenset())
        for person_id in sorted(people):
            found[person_id].append(name)
    return {person_id: tuple(fields) for person_id, fields in found.items()}


def _claims(hits: Mapping[str, Mapping[str, object]]) -> Mapping[str, list[str]]:
    claims: dict[str, list[str]] = defaultdict(list)
    for account, found in hits.items():
        for person_id in found:
            claims[person_id].append(account)
    return claims


def _plain(name: str, value: str) -> str:
    """What is compared: without case and spaces; a mobile number without its signs and country."""
    text = "".join(value.split()).casefold()
    if name == "email":
        return text if "@" in text[1:] else ""
    if name == "mobile":
        digits = "".join(ch for ch in text if ch.isdecimal())
        return digits[-11:] if len(digits) >= 7 and not any(ch.isalpha() for ch in text) else ""
    return text.lstrip("@")


def _alike(account: RemoteAccount, people: Sequence[Person]) -> tuple[Person, ...]:
    """People whose name or handle is written the same: worth proposing, worth nothing more."""
    name, handle = account.name.strip().casefold(), account.account.strip().casefold()
    return tuple(
        p for p in people if p.name.strip().casefold() == name or p.handle.casefold() == handle
    )
