"""Which of our records are to-dos of which people, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.cards.words import Reader, words
from domain.actions import ActionItem
from domain.changes.state import ChangeRequest, ChangeStatus
from domain.errors import NotFoundError
from domain.messages import T
from domain.people import Product
from storage.uow import UnitOfWork

ACTION, CHANGE = "action", "change"
SUBJECT = 200
"""Characters of a to-do's line; DingTalk takes 1,024, and a telephone shows two lines."""
END_OF_DAY = time(18, 0)
"""When something that is due on a day is due in DingTalk, which wants an instant."""


class Stands(StrEnum):
    """How a record stands for one person."""

    OPEN = "open"
    DONE = "done"
    GONE = "gone"  # given to somebody else, dropped


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as one person's to-do.

    :param line: what it says; :param due: milliseconds since 1970.
    :param command: the typed command that settles it, where ticking it off does; else empty.
    :param ref: how people write the record; with ``product``, the key of its product.
    """

    subject: str
    person: str
    stands: Stands
    line: str = ""
    due: int | None = None
    command: str = ""
    ref: str = ""
    product: str = ""

    @property
    def said(self) -> dict[str, str | int | None]:
        """What DingTalk is told, to see what changed."""
        return {"subject": self.line, "dueTime": self.due}


def open_now(uow: UnitOfWork) -> Iterator[Standing]:
    """Everything that waits for somebody: action items, and changes that they may decide."""
    for product in uow.products.all():
        for item in uow.actions.open_of(product.id):
            if item.owner is not None:
                yield _action(uow, item, product, item.owner)
        for change in uow.changes.in_status(product.id, (ChangeStatus.SUBMITTED,)):
            for person in _deciders(uow, change):
                yield _change(uow, change, product, person)


def standing(uow: UnitOfWork, subject: str, person: str) -> Standing:
    """How one record stands for one person now."""
    kind, _, record = subject.partition(":")
    try:
        if kind == ACTION:
            item = uow.actions.get(record)
            if item is not None:
                return _action(uow, item, uow.products.get(item.product_id), person)
        elif kind == CHANGE:
            change = uow.changes.get(record)
            return _change(uow, change, uow.products.get(change.product_id), person)
    except NotFoundError:
        pass
    return Standing(subject, person, Stands.GONE)


def _action(uow: UnitOfWork, item: ActionItem, product: Product, person: str) -> Standing:
    stands = Stands.OPEN if item.open and item.owner == person else Stands.GONE
    if item.done_at is not None:
        stands = Stands.DONE
    line, command = f"{item.ref} {item.text}", f"action done {item.ref} in={product.key}"
    due = _millis(uow, item.due) if item.due else None
    subject = f"{ACTION}:{item.id}"
    return Standing(subject, person, stands, _cut(line), due, command, item.ref, product.key)


def _change(uow: UnitOfWork, change: ChangeRequest, product: Product, person: str) -> Standing:
    waits = change.status is ChangeStatus.SUBMITTED and person in _deciders(uow, change)
    reader = Reader(uow.people.get(person).locale, "UTC")
    what = T("dingtalk.todo_decide", {"ref": change.ref, "what": change.content.what})
    line, subject = words(what, reader), f"{CHANGE}:{change.id}"
    stands = Stands.OPEN if waits else Stands.DONE
    return Standing(subject, person, stands, _cut(line), None, "", change.ref, product.key)


def _deciders(uow: UnitOfWork, change: ChangeRequest) -> frozenset[str]:
    """Who may still say something about a change that waits."""
    said = {a.by for a in change.valid_approvals} | {change.author}
    may = {p.id for r in change.roles for p in uow.people.with_role(r, change.product_id)}
    return frozenset(may - said)


def _millis(uow: UnitOfWork, day: date) -> int:
    zone = ZoneInfo(uow.people.workspace().zone)
    return int(datetime.combine(day, END_OF_DAY, zone).timestamp() * 1000)


def _cut(line: str) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= SUBJECT else flat[: SUBJECT - 1] + "…"
