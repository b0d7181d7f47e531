"""The ledger of reminders, what people snoozed, and what products set about the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, select

from domain.reminders import (
    Audience,
    LedgerRow,
    Recipient,
    RecipientKind,
    RuleOverride,
    Slot,
    SlotState,
    Snooze,
    SubjectKind,
)
from storage.ledger_insert import insert_slots
from storage.repository import Repository
from storage.tables import reminders as t

_L = t.ledger.c
WAITING = (SlotState.PENDING.value, SlotState.SNOOZED.value)
"""States whose message is still to go out."""


class Ledger(Repository):
    """Every reminder that was ever due, once. Whoever inserts a slot sends it."""

    def record(
        self, slots: Sequence[Slot], now: datetime, states: Mapping[str, SlotState] | None = None
    ) -> int:
        """Insert the slots that the ledger does not have yet; how many those were.

        :param states: by slot key, for those that do not wait to be sent.
        """
        return insert_slots(self._connection, self._workspace, slots, now, states or {})

    # -- what is still to be sent

    def recipients_waiting(self, now: datetime, limit: int = 200) -> tuple[Recipient, ...]:
        """To whom something recorded is due but not queued: people first, then channels.

        What is too late for a person becomes a line of the channel's digest, so it must be known
        by then.
        """
        where = self._mine(t.ledger, _L.state.in_(WAITING), _L.send_at <= now)
        query = select(_L.recipient_kind, _L.recipient_id).where(where).distinct()
        rows = self._all(query.order_by(_L.recipient_kind.desc(), _L.recipient_id).limit(limit))
        return tuple(Recipient(RecipientKind(r.recipient_kind), r.recipient_id) for r in rows)

    def oldest_waiting(self, now: datetime) -> datetime | None:
        """When the oldest recorded and unsent slot was recorded."""
        where = self._mine(t.ledger, _L.state.in_(WAITING), _L.send_at <= now)
        row = self._first(select(_L.created_at).where(where).order_by(_L.send_at).limit(1))
        return row[0] if row else None

    def waiting(self, recipient: Recipient, now: datetime) -> tuple[LedgerRow, ...]:
        """What is due for a recipient, in order of time, held until the transaction ends."""
        where = self._to(recipient) & _L.state.in_(WAITING) & (_L.send_at <= now)
        query = select(t.ledger).where(self._mine(t.ledger, where))
        return self._read(query.order_by(_L.slot_at, _L.id).with_for_update())

    def mark(self, ids: Collection[str], state: SlotState, outbox_id: str | None = None) -> None:
        """Write down what became of slots, and the message that carried them."""
        values: dict[str, Any] = {"state": state.value}
        if outbox_id is not None:
            values["outbox_id"] = outbox_id
        if ids:
            self._update(t.ledger, self._among(_L.id, ids), values)

    def snooze(self, ids: Collection[str], until: datetime) -> None:
        """Send these rows again at an instant."""
        values = {"state": SlotState.SNOOZED.value, "send_at": until}
        self._update(t.ledger, _L.id.in_(list(ids)), values)

    # -- asking

    def get(self, row_id: str) -> LedgerRow | None:
        """The row with this id."""
        rows = self._read(select(t.ledger).where(self._mine(t.ledger, _L.id == row_id)))
        return rows[0] if rows else None

    def by_ref(
        self, ending: str, recipients: Collection[str] | None = None, limit: int = 5
    ) -> tuple[LedgerRow, ...]:
        """Rows whose id ends so, newest first; ``ending`` holds letters and digits only.

        :param recipients: only theirs, which is fast; without it everybody's.
        """
        where = _L.id.like(f"%{ending}")
        if recipients is not None:
            where &= _L.recipient_id.in_(tuple(recipients))
        query = select(t.ledger).where(self._mine(t.ledger, where))
        return self._read(query.order_by(_L.id.desc()).limit(limit))

    def sent_to(
        self, recipients: Iterable[Recipient], since: datetime, limit: int = 200
    ) -> tuple[LedgerRow, ...]:
        """What was sent, or waits, for any of these recipients, newest first."""
        ids = [r.id for r in recipients]
        gone = (SlotState.CANCELLED.value, SlotState.FOLDED.value)
        where = _L.recipient_id.in_(ids) & (_L.slot_at >= since) & _L.state.not_in(gone)
        query = select(t.ledger).where(self._mine(t.ledger, where))
        return self._read(query.order_by(_L.slot_at.desc(), _L.id.desc()).limit(limit))

    def of_message(self, outbox_id: str) -> tuple[LedgerRow, ...]:
        """The rows that a message carried."""
        where = self._mine(t.ledger, _L.outbox_id == outbox_id)
        return self._read(select(t.ledger).where(where).order_by(_L.slot_at, _L.id))

    def folded(
        self, product_ids: Collection[str], since: datetime, until: datetime
    ) -> tuple[LedgerRow, ...]:
        """What of some products was too late to be sent, recorded between two instants."""
        where = (_L.state == SlotState.FOLDED.value) & _L.product_id.in_(tuple(product_ids))
        where &= (_L.created_at > since) & (_L.created_at <= until)
        query = select(t.ledger).where(self._mine(t.ledger, where))
        return self._read(query.order_by(_L.slot_at, _L.id))

    def last_sent(self, rule: str, recipient_ids: Collection[str]) -> Mapping[str, datetime]:
        """When the last slot of a rule that each of these recipients was sent had been recorded."""
        sent = (SlotState.SENT.value, SlotState.LATE.value)
        where = _L.recipient_id.in_(tuple(recipient_ids)) & (_L.rule == rule)
        where &= _L.state.in_(sent)
        query = select(
            _L.recipient_id, func.max(_L.created_at, type_=_L.created_at.type).label("at")
        )
        query = query.where(self._mine(t.ledger, where)).group_by(_L.recipient_id)
        return {r.recipient_id: r.at for r in self._all(query)}

    def all(self) -> tuple[LedgerRow, ...]:
        """The whole ledger by key: for tests and exports."""
        return self._read(select(t.ledger).where(self._mine(t.ledger)).order_by(_L.key))

    def forget_before(self, instant: datetime) -> int:
        """Drop rows that were settled long ago; how many. They must be too old to come again."""
        where = (_L.slot_at < instant) & _L.state.not_in(WAITING)
        return self._delete(t.ledger, where)

    # -- snoozes

    def set_snooze(self, snooze: Snooze) -> None:
        """A person does not want to hear of a subject until an instant; replaces an earlier one."""
        keys = {
            "person_id": snooze.person_id,
            "subject_kind": snooze.kind.value,
            "subject_id": snooze.subject_id,
        }
        self._upsert(t.snoozes, keys, {"until": snooze.until, "made_at": snooze.made_at})

    def drop_snooze(self, person_id: str, kind: SubjectKind, subject_id: str) -> bool:
        """Take a snooze back; False when there was none."""
        s = t.snoozes.c
        where = (s.person_id == person_id) & (s.subject_kind == kind.value)
        return self._delete(t.snoozes, where & (s.subject_id == subject_id)) > 0

    def snoozes(self, now: datetime) -> tuple[Snooze, ...]:
        """The snoozes that are not over, newest first."""
        s = t.snoozes.c
        query = select(t.snoozes).where(self._mine(t.snoozes, s.until > now))
        return tuple(
            Snooze(r.person_id, SubjectKind(r.subject_kind), r.subject_id, r.until, r.made_at)
            for r in self._all(query.order_by(s.made_at.desc()))
        )

    def _to(self, recipient: Recipient) -> ColumnElement[bool]:
        return and_(_L.recipient_id == recipient.id, _L.recipient_kind == recipient.kind.value)

    def _read(self, query: Select[Any]) -> tuple[LedgerRow, ...]:
        return tuple(_row(r) for r in self._all(query))


class Rules(Repository):
    """What products have set about the rules."""

    def of(self, product_id: str) -> tuple[RuleOverride, ...]:
        """A product's own settings, by rule."""
        r = t.rule_overrides
        where = self._mine(r, r.c.product_id == product_id)
        rows = self._all(select(r.c.rule, r.c.settings).where(where).order_by(r.c.rule))
        return tuple(_override(row.rule, row.settings) for row in rows)

    def by_product(self) -> dict[str, tuple[RuleOverride, ...]]:
        """Every product's own settings, by rule; products without any are left out."""
        r = t.rule_overrides
        query = select(r.c.product_id, r.c.rule, r.c.settings).where(self._mine(r))
        found: dict[str, tuple[RuleOverride, ...]] = {}
        for row in self._all(query.order_by(r.c.rule)):
            mine = found.get(row.product_id, ())
            found[row.product_id] = (*mine, _override(row.rule, row.settings))
        return found

    def set(self, product_id: str, override: RuleOverride) -> None:
        """Replace what a product has set about a rule."""
        keys = {"product_id": product_id, "rule": override.rule}
        self._upsert(t.rule_overrides, keys, {"settings": _settings(override)})

    def reset(self, product_id: str, rule: str) -> bool:
        """Back to the rule as Duban brings it; False when nothing was set."""
        r = t.rule_overrides.c
        return self._delete(t.rule_overrides, (r.product_id == product_id) & (r.rule == rule)) > 0


def _row(r: Row[Any]) -> LedgerRow:
    recipient = Recipient(RecipientKind(r.recipient_kind), r.recipient_id)
    slot = Slot(
        r.rule, SubjectKind(r.subject_kind), r.subject_id, r.product_id, recipient,
        r.occurrence, r.slot_at, r.urgent, r.why,
    )  # fmt: skip
    return LedgerRow(r.id, slot, SlotState(r.state), r.send_at, r.created_at, r.outbox_id)


def _settings(override: RuleOverride) -> dict[str, Any]:
    return {
        "offsets": None if override.offsets is None else list(override.offsets),
        "repeat_from": override.repeat_from,
        "hour": override.hour.strftime("%H:%M") if override.hour else None,
        "audience": None if override.audience is None else [a.value for a in override.audience],
        "off": override.off,
    }


def _override(rule: str, stored: Mapping[str, Any]) -> RuleOverride:
    offsets, audience = stored["offsets"], stored["audience"]
    return RuleOverride(
        rule,
        offsets=None if offsets is None else tuple(offsets),
        repeat_from=stored["repeat_from"],
        hour=time.fromisoformat(stored["hour"]) if stored["hour"] else None,
        audience=None if audience is None else tuple(Audience(a) for a in audience),
        off=stored["off"],
    )
