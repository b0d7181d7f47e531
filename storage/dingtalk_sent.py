"""What was sent to DingTalk: counted calls, to-dos, interactive cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from domain.ids import new_id
from storage.repository import Repository
from storage.tables import dingtalk as t


@dataclass(frozen=True, slots=True)
class Todo:
    """One of our records as a DingTalk to-do of one person.

    :param subject: which record (``action:<id>``).
    :param task: DingTalk's id; None until it answered.
    :param said: the fields as DingTalk has them, to tell what changed.
    """

    subject: str
    person_id: str
    union_id: str
    task: str | None
    done: bool
    said: Mapping[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class SentCard:
    """An interactive card that was delivered.

    :param track: its ``outTrackId``.
    :param delivery: the outbox row that brought it.
    :param content: what is needed to understand a press on it and to draw it again.
    """

    track: str
    channel_id: str
    delivery: str
    content: Mapping[str, Any]
    sent_at: datetime


class DingtalkSent(Repository):
    """What went out of this workspace."""

    # -- calls

    def count(self, month: str, api: str, calls: int = 1) -> None:
        """Count calls of an API.

        :param month: ``2026-11``.
        """
        c = t.dingtalk_calls.c
        where = (c.month == month) & (c.api == api)
        if not self._update(t.dingtalk_calls, where, {"calls": c.calls + calls}):
            values = {"id": new_id(), "month": month, "api": api, "calls": calls}
            self._insert(t.dingtalk_calls, values)

    def counted(self, month: str) -> Mapping[str, int]:
        """The calls of a month by API."""
        rows = self._rows(t.dingtalk_calls, month=month)
        return {r.api: r.calls for r in rows}

    # -- to-dos

    def todo(self, subject: str, person_id: str) -> Todo | None:
        """The to-do of a record and person."""
        row = self._row(t.dingtalk_todos, subject=subject, person_id=person_id)
        return _todo(row) if row else None

    def todos_of(self, subject: str) -> tuple[Todo, ...]:
        """All to-dos of a record."""
        return tuple(_todo(r) for r in self._rows(t.dingtalk_todos, subject=subject))

    def open_todos(self) -> tuple[Todo, ...]:
        """The to-dos that are not done, oldest first."""
        where = self._mine(t.dingtalk_todos, t.dingtalk_todos.c.done.is_(False))
        query = select(t.dingtalk_todos).where(where).order_by(t.dingtalk_todos.c.id)
        return tuple(_todo(r) for r in self._all(query))

    def todo_by_task(self, task: str) -> Todo | None:
        """The to-do with DingTalk's id."""
        rows = self._rows(t.dingtalk_todos, task=task)
        return _todo(rows[0]) if rows else None

    def save_todo(self, todo: Todo) -> None:
        """Remember how a to-do stands."""
        values = {
            "union_id": todo.union_id,
            "task": todo.task,
            "done": todo.done,
            "said": dict(todo.said),
            "changed_at": todo.changed_at,
        }
        keys = {"subject": todo.subject, "person_id": todo.person_id}
        if self._row(t.dingtalk_todos, **keys) is None:
            self._insert(t.dingtalk_todos, {"id": new_id(), **keys, **values})
        else:
            self._update_row(t.dingtalk_todos, values, **keys)

    def drop_todo(self, subject: str, person_id: str) -> bool:
        """Forget a to-do; False when there was none."""
        c = t.dingtalk_todos.c
        where = (c.subject == subject) & (c.person_id == person_id)
        return self._delete(t.dingtalk_todos, where) > 0

    # -- cards

    def card(self, track: str) -> SentCard | None:
        """The card with this ``outTrackId``."""
        row = self._row(t.dingtalk_cards, track=track)
        if row is None:
            return None
        return SentCard(row.track, row.channel_id, row.delivery, dict(row.content), row.sent_at)

    def save_card(self, card: SentCard) -> None:
        """Remember a card that is to be delivered, or what it shows now."""
        values = {
            "channel_id": card.channel_id,
            "delivery": card.delivery,
            "content": dict(card.content),
            "sent_at": card.sent_at,
        }
        if self._row(t.dingtalk_cards, track=card.track) is None:
            self._insert(t.dingtalk_cards, {"id": new_id(), "track": card.track, **values})
        else:
            self._update_row(t.dingtalk_cards, values, track=card.track)

    def forget_cards(self, before: datetime) -> int:
        """Drop what is known of cards older than this; how many they were."""
        return self._delete(t.dingtalk_cards, t.dingtalk_cards.c.sent_at < before)


def _todo(row: Row[Any]) -> Todo:
    return Todo(
        row.subject, row.person_id, row.union_id, row.task, row.done, dict(row.said), row.changed_at
    )
