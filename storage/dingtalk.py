"""DingTalk's conversations and people, and the questions that are under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from domain.ids import new_id
from domain.message_json import from_json, to_json
from domain.messages import Form
from storage import driver
from storage.repository import Repository
from storage.statements import keyed, select_by
from storage.tables import core
from storage.tables import dingtalk as t

PLATFORM = "dingtalk"
USER = "user"
"""The kind of a person's identity: their userId in the company (``staffId`` of a message)."""
UNION = "union"
"""The kind of a person's identity: their unionId, the same in all apps of a developer."""
SENDER = "sender"
"""The kind of the only identity that somebody outside the company may have."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """How a conversation can be answered.

    :param robot_code: the robot by which it was heard.
    :param webhook: where it is answered until ``expires_at``; None when it never was told.
    :param heard_at: when something was last said to Duban there.
    """

    channel_id: str
    robot_code: str
    webhook: str | None = field(repr=False)
    expires_at: datetime | None
    heard_at: datetime

    def open_at(self, instant: datetime) -> str | None:
        """The webhook, if it still lives then."""
        alive = self.expires_at is not None and instant < self.expires_at
        return self.webhook if alive else None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said in a conversation lately, by all processes.

    :param counts: messages by the number of a stretch of seconds, as the writer divides time.
    :param muted_until: until when the conversation's webhook takes nothing; None: it does.
    """

    counts: Mapping[int, int] = field(default_factory=dict[int, int])
    muted_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """What DingTalk said about a person of the company.

    :param union_id: empty until it was read.
    :param profile: ``title``, ``admin``, ``departments`` … as far as DingTalk shows them.
    :param read_at: when it was read from DingTalk; None: only known from their messages.
    """

    staff_id: str
    union_id: str = ""
    name: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict[str, Any])
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form that somebody fills in by answering questions.

    :param channel_id: where the questions are asked.
    :param about_id: where the form was asked for, and its command will be done.
    :param answers: values by the fields' names, as far as they were given.
    :param at: the number of the field that is asked for.
    """

    channel_id: str
    person_id: str
    about_id: str
    form: Form
    answers: Mapping[str, str]
    at: int
    changed_at: datetime


_SAID = select_by(t.dingtalk_pace, ("channel_id",))
_SAID_LOCKED = _SAID.with_for_update()


class Dingtalk(Repository):
    """The workspace's side of DingTalk."""

    # -- conversations

    def conversation(self, channel_id: str) -> Conversation | None:
        """How a channel can be answered; None when nothing was ever heard there."""
        row = self._row(t.dingtalk_conversations, channel_id=channel_id)
        if row is None:
            return None
        return Conversation(
            row.channel_id, row.robot_code, row.webhook, row.expires_at, row.heard_at
        )

    def save_conversation(self, conversation: Conversation) -> None:
        """Remember how a channel can be answered."""
        values = {
            "id": new_id(),
            "robot_code": conversation.robot_code,
            "webhook": conversation.webhook,
            "expires_at": conversation.expires_at,
            "heard_at": conversation.heard_at,
        }
        if self.conversation(conversation.channel_id) is None:
            row = {"channel_id": conversation.channel_id, **values}
            self._insert(t.dingtalk_conversations, row)
            return
        del values["id"]
        where = t.dingtalk_conversations.c.channel_id == conversation.channel_id
        self._update(t.dingtalk_conversations, where, values)

    def forget_webhook(self, channel_id: str, webhook: str) -> bool:
        """A webhook has ended before its time; False when another one is known by now."""
        c = t.dingtalk_conversations.c
        where = (c.channel_id == channel_id) & (c.webhook == webhook)
        values = {"webhook": None, "expires_at": None}
        return self._update(t.dingtalk_conversations, where, values) > 0

    def said(self, channel_id: str, *, locked: bool = False) -> Said:
        """What was said in a conversation lately.

        :param locked: to be changed: nobody else reads it so until this transaction ends.

        Raises ``ConflictError`` where another one is the first to lock it, at this moment.
        """
        keys = keyed(self._workspace, {"channel_id": channel_id})
        found = driver.rows(self._connection, _SAID_LOCKED if locked else _SAID, keys)
        if not found:
            if locked:  # there must be a row to hold
                self._insert_said(channel_id, Said())
            return Said()
        row = found[0]
        return Said({int(k): int(v) for k, v in row.said.items()}, row.muted_until)

    def save_said(self, channel_id: str, said: Said) -> None:
        """Remember what was said there lately."""
        if not self._update_row(t.dingtalk_pace, _said_values(said), channel_id=channel_id):
            self._insert_said(channel_id, said)

    def _insert_said(self, channel_id: str, said: Said) -> None:
        keys = {"id": new_id(), "channel_id": channel_id}
        self._insert(t.dingtalk_pace, {**keys, **_said_values(said)})

    # -- people

    def colleague(self, staff_id: str) -> Colleague | None:
        """What is known of a person of the company."""
        row = self._row(t.dingtalk_people, staff_id=staff_id)
        return _colleague(row) if row else None

    def colleagues(self) -> tuple[Colleague, ...]:
        """Everybody of the company whom we met."""
        where = self._mine(t.dingtalk_people)
        rows = self._all(select(t.dingtalk_people).where(where).order_by(t.dingtalk_people.c.id))
        return tuple(_colleague(r) for r in rows)

    def save_colleague(self, colleague: Colleague) -> None:
        """Remember what DingTalk says."""
        values = {
            "union_id": colleague.union_id,
            "name": colleague.name,
            "profile": dict(colleague.profile),
            "read_at": colleague.read_at,
        }
        if self.colleague(colleague.staff_id) is None:
            row = {"id": new_id(), "staff_id": colleague.staff_id, **values}
            self._insert(t.dingtalk_people, row)
            return
        where = t.dingtalk_people.c.staff_id == colleague.staff_id
        self._update(t.dingtalk_people, where, values)

    def ids(self, tenant: str, kind: str = USER) -> Mapping[str, str]:
        """DingTalk's ids of people by person id; of several ids of one person the oldest."""
        i = core.identities.c
        where = (i.platform == PLATFORM) & (i.tenant == tenant) & (i.kind == kind)
        query = select(i.person_id, i.external_id).where(self._mine(core.identities, where))
        return {r.person_id: r.external_id for r in self._all(query.order_by(i.id.desc()))}

    # -- questions

    def dialog(self, channel_id: str, person_id: str) -> Dialog | None:
        """The form that somebody is filling in there."""
        row = self._row(t.dingtalk_dialogs, channel_id=channel_id, person_id=person_id)
        if row is None:
            return None
        form = from_json(row.form)
        return Dialog(
            row.channel_id,
            row.person_id,
            row.about_id,
            form,
            dict(row.answers),
            row.at,
            row.changed_at,
        )

    def save_dialog(self, dialog: Dialog) -> None:
        """Remember how far somebody is; an earlier form of theirs there is dropped."""
        self.end_dialog(dialog.channel_id, dialog.person_id)
        values = {
            "id": new_id(),
            "channel_id": dialog.channel_id,
            "person_id": dialog.person_id,
            "about_id": dialog.about_id,
            "form": to_json(dialog.form),
            "answers": dict(dialog.answers),
            "at": dialog.at,
            "changed_at": dialog.changed_at,
        }
        self._insert(t.dingtalk_dialogs, values)

    def end_dialog(self, channel_id: str, person_id: str) -> bool:
        """Forget a form; False when there was none."""
        d = t.dingtalk_dialogs.c
        where = (d.channel_id == channel_id) & (d.person_id == person_id)
        return self._delete(t.dingtalk_dialogs, where) > 0

    def forget_dialogs(self, before: datetime) -> int:
        """Drop forms that nobody went on with; how many they were."""
        return self._delete(t.dingtalk_dialogs, t.dingtalk_dialogs.c.changed_at < before)


def _said_values(said: Said) -> dict[str, Any]:
    counts = {str(k): v for k, v in said.counts.items()}
    return {"said": counts, "muted_until": said.muted_until}


def _colleague(row: Row[Any]) -> Colleague:
    return Colleague(row.staff_id, row.union_id, row.name, dict(row.profile), row.read_at)
