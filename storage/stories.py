"""Stories: the store of the built-in tracker, and the mirror that another tracker fills."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from domain.errors import NotFoundError
from domain.ids import new_id
from domain.stories import Stage, Status, Story, StoryAction
from domain.story_store import StoryState, StoryText
from storage.records import Counters
from storage.repository import Repository
from storage.schedule import Schedule
from storage.story_rows import read_action, read_story, story_values, version_values
from storage.tables import stories as t

_S = t.stories.c
_OPEN = _S.status != Status.CLOSED.value
VERIFIED_STAGES = (Stage.VERIFIED, Stage.DELIVERING, Stage.DELIVERED, Stage.RELEASED)
"""The stages of a story that the product owner has accepted."""


class Stories(Repository):
    """The stories of the workspace. Every save asks the next tick to look at the story."""

    def get(self, number: int) -> Story:
        """The story; ``NotFoundError`` if there is none."""
        return self.state(number).story

    def find(self, number: int) -> Story | None:
        """The story, or None."""
        row = self._row(t.stories, number=number)
        return read_story(row) if row else None

    def many(self, numbers: Collection[int]) -> tuple[Story, ...]:
        """Those of the numbers that exist, by number."""
        where = self._mine(t.stories, _S.number.in_(set(numbers)))
        rows = self._all(select(t.stories).where(where).order_by(_S.number))
        return tuple(read_story(r) for r in rows)

    def state(self, number: int, *, to_write: bool = False) -> StoryState:
        """The story with what its tracker remembers; ``NotFoundError`` if there is none.

        :param to_write: lock the row, so that what is read is what is written over.
        """
        if to_write:
            query = select(t.stories).where(self._mine(t.stories, _S.number == number))
            row = self._first(query.with_for_update())
        else:
            row = self._row(t.stories, number=number)
        if row is None:
            raise NotFoundError("story.unknown", ref=f"S{number}")
        return StoryState(
            read_story(row),
            Status(row.status_before) if row.status_before else None,
            Stage(row.stage_before) if row.stage_before else None,
            row.stage_by_hand,
        )

    # -- lists

    def of_product(
        self,
        product_id: str,
        *,
        plan_id: str | None = None,
        include_closed: bool = False,
        unplanned: bool = False,
        statuses: Sequence[Status] = (),
        stages: Sequence[Stage] = (),
        assigned_to: str | None = None,
        text: str = "",
    ) -> tuple[Story, ...]:
        """Stories of a product by number, those that every given filter lets through.

        :param include_closed: closed ones too; a filter for ``closed`` includes them as well.
        :param text: in title or module, case folded.
        """
        wants_closed = Status.CLOSED in statuses or Stage.CLOSED in stages
        conditions: list[ColumnElement[bool]] = [_S.product_id == product_id]
        if not include_closed and not wants_closed:
            conditions.append(_OPEN)
        if plan_id is not None:
            conditions.append(_S.plan_id == plan_id)
        if unplanned:
            conditions.append(_S.plan_id.is_(None))
        if statuses:
            conditions.append(_S.status.in_([s.value for s in statuses]))
        if stages:
            conditions.append(_S.stage.in_([s.value for s in stages]))
        if assigned_to is not None:
            conditions.append(_S.assigned_to == assigned_to)
        if text:
            conditions.append(
                _S.title.icontains(text, autoescape=True)
                | _S.module.icontains(text, autoescape=True)
            )
        return self._list(and_(*conditions))

    def of_plan(self, plan_id: str, *, include_closed: bool = True) -> tuple[Story, ...]:
        """Stories on a plan, by number."""
        return self._list(_S.plan_id == plan_id, *(() if include_closed else (_OPEN,)))

    def tested_unverified(self, product_id: str) -> tuple[Story, ...]:
        """Open stories whose tests are done and that nobody has verified, longest waiting first.

        ``stage_at`` says since when.
        """
        return self._waiting(product_id, (Stage.TESTED,))

    def verified_unclosed(self, product_id: str) -> tuple[Story, ...]:
        """Open stories that were verified (or released), longest waiting first."""
        return self._waiting(product_id, VERIFIED_STAGES)

    def counts(
        self, product_id: str, plan_id: str | None = None
    ) -> Mapping[tuple[Status, Stage], int]:
        """How many stories of a product (of one plan) have each status and stage."""
        where = _S.product_id == product_id
        if plan_id is not None:
            where &= _S.plan_id == plan_id
        query = (
            select(_S.status, _S.stage, func.count().label("n"))
            .where(self._mine(t.stories, where))
            .group_by(_S.status, _S.stage)
        )
        rows = self._connection.execute(query).all()
        return {(Status(r.status), Stage(r.stage)): r.n for r in rows}

    def counts_by_product(self) -> Mapping[str, Mapping[tuple[Status, Stage], int]]:
        """:meth:`counts` of every product that has stories, in one query."""
        query = (
            select(_S.product_id, _S.status, _S.stage, func.count().label("n"))
            .where(self._mine(t.stories))
            .group_by(_S.product_id, _S.status, _S.stage)
        )
        out: dict[str, dict[tuple[Status, Stage], int]] = {}
        for r in self._connection.execute(query).all():
            out.setdefault(r.product_id, {})[Status(r.status), Stage(r.stage)] = r.n
        return out

    def assigned_to(self, person_id: str) -> tuple[Story, ...]:
        """The open stories that somebody has, by number."""
        return self._list(_S.assigned_to == person_id, _OPEN)

    # -- writing

    def next_numbers(self, count: int) -> tuple[int, ...]:
        """Numbers, counting up, that no story of the workspace has.

        Those that another tracker's stories have are skipped.
        """
        counters = self._beside(Counters)
        free: list[int] = []
        while (lack := count - len(free)) > 0:
            first = counters.take("story", lack)
            block = range(first, first + lack)
            taken = {story.number for story in self.many(block)}
            free += [number for number in block if number not in taken]
        return tuple(free)

    def insert(
        self,
        opened: Sequence[tuple[StoryState, Sequence[str]]],
        *,
        actor: str | None,
        at: datetime,
    ) -> None:
        """Store new stories with their version, and the actions that their history begins with.

        A taken number raises ``ConflictError``.
        """
        ids = [new_id() for _ in opened]
        stories = [state.story for state, _ in opened]
        rows = [{"id": i, **story_values(s)} for i, (s, _) in zip(ids, opened, strict=True)]
        self._insert_many(t.stories, rows)
        versions = [
            {"id": new_id(), **version_values(i, s)} for i, s in zip(ids, stories, strict=True)
        ]
        self._insert_many(t.story_versions, versions)
        for product_id in dict.fromkeys(s.product_id for s in stories):
            mine = [s for s in stories if s.product_id == product_id]
            self._beside(Schedule).touch_new("story", [str(s.number) for s in mine], product_id)
        told = [
            self._action_values(i, state.story, action, actor, at)
            for i, (state, actions) in zip(ids, opened, strict=True)
            for action in actions
        ]
        self._append(told)

    def update(self, state: StoryState) -> None:
        """Store a story as it stands now; a version that is new is kept, later ones are dropped."""
        story = state.story
        story_id = self._known_id(story.number)
        self._update(t.stories, _S.id == story_id, story_values(state))
        v = t.story_versions.c
        mine = v.story_id == story_id
        self._delete(t.story_versions, mine & (v.version > story.version))
        values = version_values(story_id, story)
        if not self._update(t.story_versions, mine & (v.version == story.version), values):
            self._insert(t.story_versions, {"id": new_id(), **values})
        self._touch(story)

    def remove(self, number: int) -> bool:
        """Take a story out that is gone in its tracker; False when there was none.

        What reviews, changes and closures say about it stays.
        """
        if not self._delete(t.stories, _S.number == number):
            return False
        self._beside(Schedule).drop("story", str(number))
        return True

    def text(self, number: int, version: int) -> StoryText:
        """What a version says; ``NotFoundError`` if there is no such version."""
        v = t.story_versions.c
        where = (v.story_id == self._known_id(number)) & (v.version == version)
        row = self._first(select(t.story_versions).where(self._mine(t.story_versions, where)))
        if row is None:
            raise NotFoundError("story.unknown_version", ref=f"S{number}", version=version)
        return StoryText(row.version, row.title, row.spec, row.verify)

    def keep_text(self, number: int, text: StoryText) -> None:
        """Keep what an earlier version said, where that version was never seen; once."""
        story_id = self._known_id(number)
        values = {
            "id": new_id(), "story_id": story_id, "version": text.version, "title": text.title,
            "spec": text.spec, "verify": text.verify,
        }  # fmt: skip
        self._insert(t.story_versions, values)

    # -- history

    def add_action(
        self,
        story: Story,
        action: str,
        *,
        actor: str | None,
        at: datetime,
        comment: str = "",
        extra: str = "",
        changes: Mapping[str, tuple[str, str]] | None = None,
        actor_name: str = "",
    ) -> None:
        """Append to the history. Ids count up per product in the order of the commits."""
        row = self._action_values(self._known_id(story.number), story, action, actor, at)
        row |= {
            "comment": comment,
            "extra": extra,
            "changes": {k: list(v) for k, v in changes.items()} if changes else None,
            "actor_name": actor_name or None,
        }
        self._append([row])

    def _action_values(
        self, story_id: str, story: Story, action: str, actor: str | None, at: datetime
    ) -> dict[str, Any]:
        return {
            "id": new_id(),
            "story_id": story_id,
            "product_id": story.product_id,
            "number": story.number,
            "action": action,
            "actor": actor,
            "at": at,
            "comment": "",
            "extra": "",
            "changes": None,
            "actor_name": None,
        }

    def _append(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Number the actions within their product, in the order of the commits, and store them."""
        counters = self._beside(Counters)
        for product_id in dict.fromkeys(row["product_id"] for row in rows):
            mine = [row for row in rows if row["product_id"] == product_id]
            first = counters.take(f"story_action:{product_id}", len(mine))
            numbered = [{**row, "seq": seq} for seq, row in enumerate(mine, first)]
            self._insert_many(t.story_actions, numbered)

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to a story, oldest first."""
        return self._actions(t.story_actions.c.story_id == self._known_id(number))

    def actions_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions of a product with an id above the cursor, oldest first."""
        a = t.story_actions.c
        return self._actions((a.product_id == product_id) & (a.seq > cursor))

    # -- inside

    def _id(self, number: int) -> str | None:
        query = select(_S.id).where(self._mine(t.stories, _S.number == number))
        return self._connection.execute(query).scalar()

    def _known_id(self, number: int) -> str:
        story_id = self._id(number)
        if story_id is None:
            raise NotFoundError("story.unknown", ref=f"S{number}")
        return story_id

    def _list(self, *conditions: ColumnElement[bool]) -> tuple[Story, ...]:
        where = self._mine(t.stories, *conditions)
        rows = self._all(select(t.stories).where(where).order_by(_S.number))
        return tuple(read_story(r) for r in rows)

    def _waiting(self, product_id: str, stages: Sequence[Stage]) -> tuple[Story, ...]:
        where = self._mine(
            t.stories,
            _S.product_id == product_id,
            _OPEN,
            _S.stage.in_([s.value for s in stages]),
        )
        rows = self._all(select(t.stories).where(where).order_by(_S.stage_at, _S.number))
        return tuple(read_story(r) for r in rows)

    def _actions(self, where: ColumnElement[bool]) -> tuple[StoryAction, ...]:
        a = t.story_actions
        rows = self._all(select(a).where(self._mine(a, where)).order_by(a.c.seq))
        return tuple(read_action(r) for r in rows)

    def _touch(self, story: Story) -> None:
        schedule = self._beside(Schedule)
        schedule.touch("story", str(story.number), story.product_id)
