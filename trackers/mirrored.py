"""A tracker elsewhere as use cases see it: the mirror moves at once, the write follows.

The mirror obeys the same status machine as the tracker itself, so what people are told is what will
stand there; what the tracker refuses all the same comes back to whoever asked (see
``trackers.zentao.sync``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from domain import story_machine as machine
from domain.event_json import encode
from domain.stories import Ballot, ClosedReason, Stage, Story, StoryAction, StoryDraft, Verdict
from domain.story_fields import TEXT_FIELDS
from domain.story_store import StoryStore
from domain.tracking import WriteAct, difference, snapshot, stands_on
from trackers.builtin import BuiltinTracker


class WriteQueue(Protocol):
    """Where writes wait, in the transaction of the use case."""

    def check(self) -> None:
        """Refuse with ``UserError`` while nothing may be written (the first import still runs)."""
        ...

    def check_text(self, number: int) -> None:
        """Refuse with ``UserError`` while the story's texts are not in the mirror yet."""
        ...

    def bound(self, plan_id: str | None) -> bool:
        """Whether the tracker has this plan too; a plan of ours alone is none of its business."""
        ...

    def put(
        self,
        act: WriteAct,
        number: int,
        args: Mapping[str, Any],
        *,
        base: Mapping[str, Any],
        after: Mapping[str, Any],
        actor: str,
    ) -> None:
        """Queue one write."""
        ...

    def put_creates(self, drafts: Sequence[Mapping[str, Any]], actor: str) -> None:
        """Queue the creation of several stories, in this order."""
        ...


class MirroredTracker:
    """A ``domain.ports.Tracker`` over the mirror, in the transaction of the use case.

    :param store: ``uow.stories``. :param now: the instant of the use case (aware).
    """

    def __init__(self, store: StoryStore, queue: WriteQueue, now: datetime) -> None:
        self._store = store
        self._queue = queue
        self._mirror = BuiltinTracker(store, now)
        self._now = now

    # -- reading: what the mirror has

    def story(self, number: int) -> Story:
        """The story at its current version."""
        return self._mirror.story(number)

    def version(self, number: int, version: int) -> Story:
        """Title, spec and verify as of a version that the mirror has seen."""
        return self._mirror.version(number, version)

    def stories(
        self, product_id: str, *, plan_id: str | None = None, include_closed: bool = False
    ) -> tuple[Story, ...]:
        """Stories of a product (of one plan), by number."""
        return self._mirror.stories(product_id, plan_id=plan_id, include_closed=include_closed)

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to it, here and there, oldest first."""
        return self._mirror.history(number)

    def changes_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions of the mirror with an id above the cursor, oldest first."""
        return self._mirror.changes_since(product_id, cursor)

    # -- writing: the mirror at once, the tracker as soon as it can

    def create(self, draft: StoryDraft, actor: str) -> Story:
        """Queue it. The answer is ``pending``: the tracker alone gives numbers."""
        return self.create_all((draft,), actor)[0]

    def create_all(self, drafts: Sequence[StoryDraft], actor: str) -> tuple[Story, ...]:
        """Queue many; each answer is ``pending``. A field that cannot be refuses them all."""
        self._queue.check()
        states = tuple(machine.opened(draft, 0, actor, self._now) for draft in drafts)
        self._queue.put_creates([encode(draft) for draft in drafts], actor)
        return tuple(state.story for state in states)

    def edit(self, number: int, fields: Mapping[str, Any], actor: str, comment: str = "") -> Story:
        """Edit in place; words are refused while the mirror has not read the old ones."""
        if fields.keys() & TEXT_FIELDS:
            self._queue.check_text(number)
        args = {"fields": dict(fields), "comment": comment}
        return self._act(
            WriteAct.EDIT, number, args, actor,
            lambda: self._mirror.edit(number, fields, actor, comment),
        )  # fmt: skip

    def submit_for_review(self, number: int, reviewers: Sequence[str], actor: str) -> Story:
        """Draft or changing → reviewing."""
        args = {"reviewers": list(reviewers)}
        return self._act(
            WriteAct.SUBMIT, number, args, actor,
            lambda: self._mirror.submit_for_review(number, reviewers, actor),
        )  # fmt: skip

    def recall(self, number: int, actor: str) -> Story:
        """Take back from review, or withdraw a change."""
        return self._act(
            WriteAct.RECALL, number, {}, actor, lambda: self._mirror.recall(number, actor)
        )

    def record_verdict(
        self,
        number: int,
        verdict: Verdict,
        comment: str,
        actor: str,
        *,
        ballots: Sequence[Ballot] = (),
    ) -> Story:
        """Apply the outcome of a review."""
        args: dict[str, Any] = {"verdict": verdict.value, "comment": comment}
        if ballots:
            args["ballots"] = [encode(ballot) for ballot in ballots]
        return self._act(
            WriteAct.VERDICT, number, args, actor,
            lambda: self._mirror.record_verdict(number, verdict, comment, actor),
        )  # fmt: skip

    def change(
        self,
        number: int,
        *,
        title: str,
        spec: str,
        verify: str,
        reviewers: Sequence[str],
        comment: str,
        actor: str,
    ) -> Story:
        """A new version; refused while the mirror has not read the old text."""
        self._queue.check_text(number)
        texts = {"title": title, "spec": spec, "verify": verify}
        args = {**texts, "reviewers": list(reviewers), "comment": comment}
        return self._act(
            WriteAct.CHANGE, number, args, actor,
            lambda: self._mirror.change(
                number, **texts, reviewers=reviewers, comment=comment, actor=actor
            ),
        )  # fmt: skip

    def set_stage(self, number: int, stage: Stage, actor: str, comment: str = "") -> Story:
        """Set the stage by hand."""
        args = {"stage": stage.value, "comment": comment}
        return self._act(
            WriteAct.STAGE, number, args, actor,
            lambda: self._mirror.set_stage(number, stage, actor, comment),
        )  # fmt: skip

    def assign(self, number: int, person_id: str | None, actor: str, comment: str = "") -> Story:
        """Give it to somebody."""
        args = {"person": person_id, "comment": comment}
        return self._act(
            WriteAct.ASSIGN, number, args, actor,
            lambda: self._mirror.assign(number, person_id, actor, comment),
        )  # fmt: skip

    def close(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """Close with a reason."""
        args = {"reason": reason.value, "comment": comment}
        return self._act(
            WriteAct.CLOSE, number, args, actor,
            lambda: self._mirror.close(number, reason, comment, actor),
        )  # fmt: skip

    def activate(self, number: int, comment: str, actor: str) -> Story:
        """Reopen."""
        return self._act(
            WriteAct.ACTIVATE, number, {"comment": comment}, actor,
            lambda: self._mirror.activate(number, comment, actor),
        )  # fmt: skip

    def link_plan(self, number: int, plan_id: str | None, actor: str) -> Story:
        """Put it on a plan; between plans that the tracker does not have, only here."""
        old = self._mirror.story(number).plan_id
        if not self._queue.bound(old) and not self._queue.bound(plan_id):
            return self._mirror.link_plan(number, plan_id, actor)
        args = {"plan": plan_id if self._queue.bound(plan_id) else None}
        return self._act(
            WriteAct.PLAN, number, args, actor,
            lambda: self._mirror.link_plan(number, plan_id, actor),
        )  # fmt: skip

    def comment(self, number: int, text: str, actor: str) -> None:
        """Add a comment to the history, here and there."""
        if text.strip():
            self._queue.check()
            self._mirror.comment(number, text, actor)
            self._queue.put(
                WriteAct.COMMENT, number, {"comment": text}, base={}, after={}, actor=actor
            )

    def _act(
        self,
        act: WriteAct,
        number: int,
        args: Mapping[str, Any],
        actor: str,
        move: Callable[[], Story],
    ) -> Story:
        """Move the mirror and queue the write; an act without effect leaves at most its comment."""
        self._queue.check()
        before = self._store.state(number, to_write=True).story
        after = move()
        changed = difference(before, after)
        if changed:
            base = snapshot(before, stands_on(act, args))
            self._queue.put(act, number, args, base=base, after=changed, actor=actor)
        elif str(args.get("comment", "")).strip():
            told = {"comment": args["comment"]}
            self._queue.put(WriteAct.COMMENT, number, told, base={}, after={}, actor=actor)
        return after
