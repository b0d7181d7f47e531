"""Tying the tracker's accounts to people: what is sure at once, the rest as a question."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from domain.account_matching import Address, Matching, Question, match
from domain.ids import new_id
from domain.message_json import to_json
from domain.messages import Action, Block, Bullet, Bullets, Card, Code, Inline, Join, Para, T, Tone
from domain.people import Person, Role
from domain.tracking import ZENTAO
from storage.audit import AuditEntry
from storage.uow import UnitOfWork

ACCOUNT = "account"
"""The kind under which a person's account in the tracker is an identity of theirs."""

SHOWN = 10
"""So many accounts are asked about at a time."""

_ASKED = "tracker_asked"
"""The workspace setting that remembers what was asked about last."""


def compare(uow: UnitOfWork, server: str) -> Matching:
    """How the accounts that nobody has fit the people who have none."""
    addresses = [Address(*each) for each in uow.people.everywhere() if each[1] != ZENTAO]
    return match(
        uow.tracker_catalogue.accounts(),
        uow.people.all(),
        addresses,
        uow.people.linked(ZENTAO, server, ACCOUNT),
    )


def tie_sure(uow: UnitOfWork, server: str, now: datetime) -> Matching:
    """Tie what the profiles say beyond doubt, and audit on what ground; what is left to ask."""
    found = compare(uow, server)
    for each in found.sure:
        uow.people.link(new_id(), each.person.id, ZENTAO, server, ACCOUNT, each.account.account)
        new = {"account": each.account.account, "fields": list(each.fields)}
        subject = f"person:{each.person.id}"
        uow.audit(AuditEntry(now, None, ZENTAO, "team:tracker:matched", subject, None, new, ""))
    return found


def to_ask(found: Matching) -> tuple[Question, ...]:
    """The accounts worth a question unasked: somebody here may be meant."""
    return tuple(q for q in found.asked if q.people)


def ask_once(uow: UnitOfWork, found: Matching, now: datetime) -> bool:
    """Ask the administrators about accounts that may be somebody's; False when it was asked before.

    Who has to decide is told once, and again only when there is another account to ask about.
    """
    questions = to_ask(found)
    mark = hashlib.sha256("\n".join(sorted(q.account.account for q in questions)).encode())
    settings = dict(uow.people.workspace_settings())
    if not questions or settings.get(_ASKED) == mark.hexdigest():
        return False
    settings[_ASKED] = mark.hexdigest()
    uow.people.save_workspace(uow.people.workspace(), settings)
    card = to_json(questions_card(questions))
    for person in _deciders(uow):
        uow.queue(f"person:{person.id}", "post", {"person": person.id, "card": card}, now)
    return True


def _deciders(uow: UnitOfWork) -> tuple[Person, ...]:
    """Administrators; where there is none, whoever owns a product."""
    admins = uow.people.with_role(Role.ADMIN, None)
    if admins:
        return admins
    owners = (p for x in uow.products.all() for p in uow.people.with_role(Role.PO, x.id))
    return tuple(dict.fromkeys(owners))


def questions_card(questions: Sequence[Question]) -> Card:
    """Accounts whose person people must name, each with those who may be meant."""
    rows = tuple(Bullet(_asked(q), _choices(q)) for q in questions[:SHOWN])
    blocks: list[Block] = [Bullets(rows)]
    if len(questions) > SHOWN:
        blocks.append(Para(T("account.more", {"n": len(questions) - SHOWN}), muted=True))
    line = Code("/team tracker @… lilei")
    blocks.append(Para(T("account.typed", {"line": line}), muted=True))
    title = T("account.ask", {"n": len(questions)})
    return Card(title, tuple(blocks), tone=Tone.WARN)


def _asked(question: Question) -> Inline:
    account = question.account
    parts: list[Inline] = [Code(account.account), account.name]
    if account.role:
        parts.append(account.role)
    if question.contrary:
        parts.append(T("account.contrary"))
    return Join(tuple(parts), " · ")


def _choices(question: Question) -> tuple[Action, ...]:
    return tuple(
        Action(
            T("account.is", {"name": p.name, "handle": f"@{p.handle}"}),
            f"team tracker @{p.handle} {question.account.account}",
        )
        for p in question.people[:3]
    )
