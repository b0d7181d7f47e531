"""From recorded slots to queued messages: one per recipient, late ones marked, or folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.message_json import to_json
from domain.messages import Card
from domain.reminders import LedgerRow, Recipient, RecipientKind, SlotState
from reminders.lines import Item, Wording
from reminders.messages import for_channel, personal
from reminders.planner import is_late, is_too_late
from reminders.rounds import Rounds
from reminders.rules import BY_NAME, ROUND_RULES
from reminders.subjects import load
from reminders.world import World
from storage.schedule import AT_ONCE, DueSubject

_PLACE = {name: place for place, name in enumerate(BY_NAME)}


@dataclass
class Sent:
    """What a batch of recipients came to: slots by state, and messages queued."""

    sent: int = 0
    late: int = 0
    folded: int = 0
    dropped: int = 0
    messages: int = 0


@dataclass
class Sender:
    """Queues what is due for some recipients, inside one transaction.

    Subjects are looked at once more, so nobody is reminded of what was settled meanwhile.
    """

    world: World
    now: datetime
    done: Sent = field(default_factory=Sent)

    def send(self, recipients: Sequence[Recipient]) -> Sent:
        """Queue one message for each recipient, and one for each daily round."""
        rows = {r: self.world.uow.ledger.waiting(r, self.now) for r in recipients}
        channels = {
            r.slot.recipient.id for each in rows.values() for r in each if r.slot.rule == "digest"
        }
        rounds = Rounds(self.world, channels, self.now)
        subjects = load(self.world, _subjects_of(row for each in rows.values() for row in each))
        for recipient, waiting in rows.items():
            items: list[Item] = []
            for row in waiting:
                subject = subjects.get((row.slot.kind, row.slot.subject_id))
                rule = BY_NAME.get(row.slot.rule)
                if rule is None or subject is None or rule.anchor not in subject.anchors:
                    self._settle((row,), SlotState.DONE)
                    self.done.dropped += 1
                    continue
                items.append(Item(row, rule, subject, self._is_late(row)))
            self._recipient(recipient, items, rounds)
        return self.done

    def _recipient(self, recipient: Recipient, items: Sequence[Item], rounds: Rounds) -> None:
        in_time = [i for i in items if not self._is_too_late(i)]
        gone = [i.row for i in items if self._is_too_late(i)]
        missed = [r for r in gone if r.slot.rule in ROUND_RULES]
        self._settle(missed, SlotState.CANCELLED)
        self._settle([r for r in gone if r.slot.rule not in ROUND_RULES], SlotState.FOLDED)
        self.done.folded += len(gone)
        for item in in_time:
            if item.rule.name in ROUND_RULES:
                self._round(recipient, item, rounds)
        plain = _once([i for i in in_time if i.rule.name not in ROUND_RULES])
        if plain:
            self._message(recipient, self._card(recipient, plain), plain)
        covered = {i.row.id for i in in_time if i.rule.name not in ROUND_RULES}
        covered -= {i.row.id for i in plain}
        self.world.uow.ledger.mark(covered, SlotState.CANCELLED)

    def _card(self, recipient: Recipient, items: Sequence[Item]) -> Card:
        products = self.world.products
        wording = Wording(self.world.calendar, self.world.people, self._zone(recipient), self.now)
        make = personal if recipient.kind is RecipientKind.PERSON else for_channel
        return make(items, wording, products)

    def _zone(self, recipient: Recipient) -> ZoneInfo:
        if recipient.kind is RecipientKind.PERSON:
            return self.world.zone_of(recipient.id)
        channel = self.world.channels.get(recipient.id)
        return ZoneInfo(channel.zone) if channel and channel.zone else self.world.zone

    def _round(self, recipient: Recipient, item: Item, rounds: Rounds) -> None:
        card = rounds.card(recipient, item)
        if card is None:
            self._settle((item.row,), SlotState.DONE)
            self.done.dropped += 1
        else:
            self._message(recipient, card, (item,))

    def _message(self, recipient: Recipient, card: Card, items: Sequence[Item]) -> None:
        payload = {recipient.kind.value: recipient.id, "thread": None, "card": to_json(card)}
        lane = str(recipient)
        outbox_id = self.world.uow.queue(lane, "post", payload, self.now)
        late = [i.row for i in items if i.late]
        in_time = [i.row for i in items if not i.late]
        self._settle(late, SlotState.LATE, outbox_id)
        self._settle(in_time, SlotState.SENT, outbox_id)
        self.done.late += len(late)
        self.done.sent += len(in_time)
        self.done.messages += 1

    def _settle(
        self, rows: Sequence[LedgerRow], state: SlotState, outbox_id: str | None = None
    ) -> None:
        self.world.uow.ledger.mark([r.id for r in rows], state, outbox_id)

    def _is_late(self, row: LedgerRow) -> bool:
        # The end of a snooze is what was asked for, and today's news of a new plan are not late.
        return not row.slot.why.get("news") and is_late(row.send_at, self.now)

    def _is_too_late(self, item: Item) -> bool:
        return not item.row.slot.why.get("news") and is_too_late(
            item.row.send_at, self.now, item.rule
        )


def _once(items: Sequence[Item]) -> list[Item]:
    """Of one rule about one subject only the newest: it says what the others did."""
    newest = {(i.rule.name, i.subject.kind, i.subject.id): i for i in items}
    return sorted(newest.values(), key=_weight)


def _weight(item: Item) -> tuple[bool, int, str, str]:
    """What is overdue first, then as the rules stand, then the longest waiting."""
    since = str(item.subject.anchors[item.rule.anchor])
    overdue = "overdue" in item.rule.name
    return not overdue, _PLACE[item.rule.name], since, item.row.id


def _subjects_of(rows: Iterable[LedgerRow]) -> tuple[DueSubject, ...]:
    unique = {(r.slot.kind, r.slot.subject_id): r.slot.product_id for r in rows}
    return tuple(DueSubject(k.value, i, product, AT_ONCE) for (k, i), product in unique.items())
