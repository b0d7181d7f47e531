"""Action items and approvals as DingTalk to-dos, ticked off there or settled here, kept in step.

A tick compares our records with what DingTalk was told and queues what differs; each row looks at
the records anew, so a row that comes twice or late does no harm. DingTalk tells nobody when a to-do
is ticked off, so it is asked, seldom: a fifth of the month's calls at the most.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core import Core
from bot.dingtalk.api import answers
from bot.dingtalk.api.apis import (
    TODO_CREATE,
    TODO_DELETE,
    TODO_QUERY,
    TODO_SOURCE,
    TODO_UPDATE,
    Need,
)
from bot.dingtalk.api.client import DingtalkClient
from bot.dingtalk.api.errors import Away, DingtalkError, Refused, TooFast
from bot.dingtalk.people.directory import Directory
from bot.dingtalk.todo_state import Standing, Stands, open_now, standing
from bot.surfaces.outward import tell_asker
from domain.errors import ConflictError
from domain.message_json import to_json
from domain.messages import Action, Card, Reply, T
from domain.ports import GiveUp, Retry
from domain.requests import Request
from storage.dingtalk import PLATFORM
from storage.dingtalk_sent import Todo
from storage.messaging import OutboxItem
from storage.uow import UnitOfWork

log = logging.getLogger("duban.dingtalk")

PUT, ASK = "dingtalk.todo", "dingtalk.todos_done"
"""Kinds of outbox rows: tell DingTalk about one to-do; ask what somebody has ticked off."""
SOONEST = timedelta(minutes=10)
SHARE = 0.2
"""The part of the month's calls that may be spent on asking."""
MONTH = timedelta(days=30)
MOST_PAGES = 10
GONE = "deleted"
"""Among what was said of a to-do: it was deleted in DingTalk, and is not made again."""
_MISSING = ("notFound", "notExist")


@dataclass(frozen=True, slots=True)
class _Mine:
    """One to-do: where it is, and how it stands here and there."""

    workspace: str
    union: str
    now: Standing
    known: Todo | None


class Todos:
    """Keeps to-dos in step, through the outbox."""

    def __init__(self, core: Core, client: DingtalkClient, directory: Directory) -> None:
        self._core = core
        self._client = client
        self._directory = directory

    # -- what is to be done

    def tick(self, workspace: str, now: datetime) -> None:
        """Queue what differs, and the questions whose time has come. Reads the database only."""
        unions = self._directory.unions(workspace)
        with self._core.store.read(workspace) as uow:
            wanted = {(s.subject, s.person): s for s in open_now(uow) if s.person in unions}
            known = {(t.subject, t.person_id): t for t in uow.dingtalk_sent.open_todos()}
        for key in dict.fromkeys([*wanted, *known]):
            self._compare(workspace, key, wanted.get(key), known.get(key))
        people = sorted({t.person_id for t in known.values() if t.task and t.person_id in unions})
        every = self._every(len(people))
        for person in people:
            slot = int(now.timestamp() // every.total_seconds())
            self._queue(workspace, ASK, {"person": person}, f"{person}:{slot}")

    def _compare(
        self, workspace: str, key: tuple[str, str], want: Standing | None, known: Todo | None
    ) -> None:
        if want is not None and known is None:
            with self._core.store.read(workspace) as uow:
                known = uow.dingtalk_sent.todo(*key)
            if known is not None and known.done and (not want.command or known.said.get(GONE)):
                return  # ticked off there, which decides nothing; or deleted by who has it
        if want is not None and known is not None and not known.done and known.said == want.said:
            return
        state = [want.said if want else None, known.changed_at.isoformat() if known else ""]
        mark = hashlib.sha256(json.dumps(state).encode()).hexdigest()[:16]
        payload = {"subject": key[0], "person": key[1]}
        self._queue(workspace, PUT, payload, f"{key[0]}:{key[1]}:{mark}")

    def _queue(self, workspace: str, kind: str, payload: Mapping[str, str], dedupe: str) -> None:
        lane = f"{kind}:{payload.get('subject', '')}:{payload['person']}"[:96]
        try:
            with self._core.store.write(workspace) as uow:
                now = self._core.clock.now()
                uow.queue(lane, kind, payload, now, dedupe=f"{kind}:{dedupe}")
        except ConflictError:
            return  # queued before

    def _every(self, people: int) -> timedelta:
        """How often each of so many people is asked about."""
        monthly = self._core.settings.dingtalk.monthly_calls
        return max(SOONEST, MONTH * max(1, people) / (SHARE * monthly))

    # -- doing it (outbox effects)

    def put(self, workspace: str, item: OutboxItem) -> None:
        """Tell DingTalk how one to-do stands now."""
        subject, person = str(item.payload["subject"]), str(item.payload["person"])
        union = self._directory.unions(workspace).get(person)
        with self._core.store.read(workspace) as uow:
            now, known = standing(uow, subject, person), uow.dingtalk_sent.todo(subject, person)
        if union is None:
            return
        mine = _Mine(workspace, known.union_id if known else union, now, known)
        try:
            after = self._told(mine)
        except DingtalkError as error:
            raise _later(error) from error
        with self._core.store.write(workspace) as uow:
            if after is None:
                uow.dingtalk_sent.drop_todo(subject, person)
            else:
                uow.dingtalk_sent.save_todo(after)

    def _told(self, mine: _Mine) -> Todo | None:
        """The to-do as it stands in DingTalk afterwards; None when there is none any more."""
        now, known = mine.now, mine.known
        if known is None or known.task is None:
            return self._created(mine) if now.stands is Stands.OPEN else known
        if now.stands is Stands.GONE:
            self._change(mine, None)
            return None
        done, changed = now.stands is Stands.DONE, self._core.clock.now()
        if not self._change(mine, {**_body(now), "done": done}):
            return replace(known, done=True, said={**now.said, GONE: True}, changed_at=changed)
        return replace(known, done=done, said=now.said, changed_at=changed)

    def _created(self, mine: _Mine) -> Todo:
        """The same ``sourceId`` again gives the same task, so a lost answer does no harm."""
        now = mine.now
        body = {
            **_body(now),
            "sourceId": _source(now),
            "creatorId": mine.union,
            "executorIds": [mine.union],
            "isOnlyShowExecutor": True,
        }
        query = {"operatorId": mine.union}
        said = self._client.call(
            mine.workspace, TODO_CREATE, body, need=Need.NICE, query=query, union=mine.union
        )
        task, at = answers.text_of(said, "id"), self._core.clock.now()
        return Todo(now.subject, now.person, mine.union, task, False, now.said, at)

    def _change(self, mine: _Mine, body: Mapping[str, Any] | None) -> bool:
        """Change a task, or delete it; False when DingTalk does not have it any more."""
        task = mine.known.task if mine.known else None
        api = TODO_DELETE if body is None else TODO_UPDATE
        try:
            self._client.call(
                mine.workspace, api, body, need=Need.NICE,
                query={"operatorId": mine.union}, union=mine.union, task=task or "",
            )  # fmt: skip
        except Refused as no:
            if not any(word in no.code for word in _MISSING):
                raise
            return False
        return True

    def ask(self, workspace: str, item: OutboxItem) -> None:
        """Ask what somebody has ticked off in DingTalk, and do it here as them."""
        person = str(item.payload["person"])
        with self._core.store.read(workspace) as uow:
            mine = [t for t in uow.dingtalk_sent.open_todos() if t.person_id == person and t.task]
        try:
            still = self._open_there(workspace, mine[0].union_id) if mine else frozenset[str]()
            for todo in mine:
                if todo.task not in still:
                    self._missing(workspace, todo)
        except DingtalkError as error:
            raise _later(error) from error

    def _open_there(self, workspace: str, union: str) -> frozenset[str]:
        found: set[str] = set()
        token = ""
        for _ in range(MOST_PAGES):
            body = {"isDone": False, **({"nextToken": token} if token else {})}
            said = self._client.call(workspace, TODO_QUERY, body, need=Need.NICE, union=union)
            cards = answers.list_of(said, "todoCards")
            found |= {str(answers.object_of(card).get("taskId")) for card in cards}
            token = str(said.get("nextToken") or "")
            if not token:
                break
        return frozenset(found)

    def _missing(self, workspace: str, todo: Todo) -> None:
        """One of ours is not open there (any more): ticked off, deleted, or on a further page."""
        with self._core.store.read(workspace) as uow:
            now = standing(uow, todo.subject, todo.person_id)
        try:
            said = self._client.call(
                workspace, TODO_SOURCE, None, need=Need.NICE,
                union=todo.union_id, source=_source(now),
            )  # fmt: skip
        except Refused as no:
            if not any(word in no.code for word in _MISSING):
                raise
            said = {"done": True, "deleted": True}
        if not said.get("done"):
            return
        if now.stands is Stands.OPEN and not said.get("deleted"):
            self._settle(workspace, now, f"{todo.task}:{said.get('finishTime')}")
        gone = {GONE: True} if said.get("deleted") else {}
        after = {**todo.said, **gone}
        with self._core.store.write(workspace) as uow:
            at = self._core.clock.now()
            uow.dingtalk_sent.save_todo(replace(todo, done=True, said=after, changed_at=at))

    def _settle(self, workspace: str, now: Standing, event: str) -> None:
        """Do here what was ticked off there; a decision can not be made by a tick."""
        clock = self._core.clock
        request = Request(
            event_id=f"todo:{event}"[:96],
            platform=PLATFORM,
            workspace=workspace,
            channel=None,
            person=now.person,
            received_at=clock.now(),
            text=now.command,
        )
        if not now.command:
            self._explain(workspace, now)
            return

        def hook(uow: UnitOfWork, reply: Reply) -> None:
            tell_asker(uow, request, reply, clock)

        answer = self._core.dispatcher.dispatch(request, hook)
        if answer.failed:
            log.warning("dingtalk.todo_refused", extra={"subject": now.subject})
            with self._core.store.write(workspace) as uow:
                tell_asker(uow, request, answer.reply, clock)

    def _explain(self, workspace: str, now: Standing) -> None:
        show = Action(T("change.button.show"), f"change show {now.ref} in={now.product}")
        card = Card(T("dingtalk.todo_undecided", {"ref": now.ref}), actions=(show,))
        payload = {"person": now.person, "card": to_json(card)}
        dedupe = f"todo-undecided:{now.subject}:{now.person}"
        try:
            with self._core.store.write(workspace) as uow:
                at = self._core.clock.now()
                uow.queue(f"person:{now.person}", "post", payload, at, dedupe=dedupe)
        except ConflictError:
            log.info("dingtalk.told_before", extra={"dedupe": dedupe})


def _body(now: Standing) -> dict[str, Any]:
    return {"subject": now.line, **({"dueTime": now.due} if now.due else {})}


def _source(now: Standing) -> str:
    return f"duban-{now.subject}-{now.person}"


def _later(error: DingtalkError) -> Exception:
    match error:
        case Away():
            return Retry(120.0, f"DingTalk: {error.reason}", patient=True)
        case TooFast():
            return Retry(error.seconds, f"DingTalk: {error}", patient=True)
        case Refused():
            return GiveUp(f"DingTalk: {error}")
        case _:
            return Retry(3600.0, f"DingTalk: {error}", patient=True)
