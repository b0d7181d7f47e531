"""The built-in tracker: the embedded default, with ZenTao's meaning of every word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import story_machine as machine
from domain.stories import (
    Ballot,
    ClosedReason,
    Stage,
    Status,
    Story,
    StoryAction,
    StoryDraft,
    Verdict,
)
from domain.story_store import StoryState, StoryStore, StoryText

_LOGGED = (
    "title", "spec", "verify", "priority", "category", "module", "estimate", "plan_id", "stage",
    "status", "assigned_to", "version",
)  # fmt: skip
_OUTCOMES = {
    Verdict.PASS: "reviewpassed",
    Verdict.CLARIFY: "reviewclarified",
    Verdict.REJECT: "reviewrejected",
    Verdict.REVERT: "reviewreverted",
}


class BuiltinTracker:
    """A ``domain.ports.Tracker`` over a store, in the transaction of the use case.

    :param store: ``uow.stories``.
    :param now: the instant of the use case (aware).
    """

    def __init__(self, store: StoryStore, now: datetime) -> None:
        self._store = store
        self._now = now

    def story(self, number: int) -> Story:
        """The story at its current version."""
        return self._store.state(number).story

    def version(self, number: int, version: int) -> Story:
        """The story with title, spec and verify as of a version."""
        text = self._store.text(number, version)
        return replace(
            self.story(number),
            version=version,
            title=text.title,
            spec=text.spec,
            verify=text.verify,
        )

    def stories(
        self, product_id: str, *, plan_id: str | None = None, include_closed: bool = False
    ) -> tuple[Story, ...]:
        """Stories of a product (of one plan), by number."""
        return self._store.of_product(product_id, plan_id=plan_id, include_closed=include_closed)

    def create(self, draft: StoryDraft, actor: str) -> Story:
        """Create it: reviewing when it has reviewers, else draft."""
        return self.create_all((draft,), actor)[0]

    def create_all(self, drafts: Sequence[StoryDraft], actor: str) -> tuple[Story, ...]:
        """Create many with a handful of statements, so that an import holds nobody up."""
        numbers = self._store.next_numbers(len(drafts))
        states = [
            machine.opened(draft, number, actor, self._now)
            for draft, number in zip(drafts, numbers, strict=True)
        ]
        opened = [
            (state, ("opened", "submitreview") if state.story.reviewers else ("opened",))
            for state in states
        ]
        self._store.insert(opened, actor=actor, at=self._now)
        return tuple(state.story for state in states)

    def edit(self, number: int, fields: Mapping[str, Any], actor: str, comment: str = "") -> Story:
        """Edit in place; nothing is logged when nothing is different and no comment is given."""
        state = self._store.state(number, to_write=True)
        return self._save(state, machine.edited(state, fields, self._now), "edited", actor, comment)

    def submit_for_review(self, number: int, reviewers: Sequence[str], actor: str) -> Story:
        """Draft or changing → reviewing."""
        state = self._store.state(number, to_write=True)
        after = machine.submitted(state, reviewers, self._now)
        return self._save(state, after, "submitreview", actor)

    def recall(self, number: int, actor: str) -> Story:
        """Reviewing → draft (or changing); changing → the version before, active."""
        state = self._store.state(number, to_write=True)
        action = "recalled" if state.story.status is Status.REVIEWING else "recalledchange"
        after = machine.recalled(state, self._text_before(state.story), self._now)
        return self._save(state, after, action, actor)

    def record_verdict(
        self,
        number: int,
        verdict: Verdict,
        comment: str,
        actor: str,
        *,
        ballots: Sequence[Ballot] = (),
    ) -> Story:
        """The outcome of a review, logged as the vote and what came of it."""
        del ballots  # the record of the review has them
        state = self._store.state(number, to_write=True)
        after = machine.judged(state, verdict, self._text_before(state.story), self._now)
        extra = verdict.value.capitalize()
        self._store.add_action(
            state.story, "reviewed", actor=actor, at=self._now, comment=comment, extra=extra
        )
        return self._save(state, after, _OUTCOMES[verdict], actor)

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
        """A new version; the same text without reviewers leaves only the comment."""
        state = self._store.state(number, to_write=True)
        text = StoryText(state.story.version + 1, title, spec, verify)
        after = machine.changed(state, text, reviewers, self._now)
        if after == state:
            self._comment(state.story, comment, actor)
            return state.story
        story = self._save(state, after, "changed", actor, comment)
        if reviewers:
            self._store.add_action(story, "submitreview", actor=actor, at=self._now)
        return story

    def set_stage(self, number: int, stage: Stage, actor: str, comment: str = "") -> Story:
        """Set the stage by hand."""
        state = self._store.state(number, to_write=True)
        return self._save(state, machine.staged(state, stage, self._now), "edited", actor, comment)

    def assign(self, number: int, person_id: str | None, actor: str, comment: str = "") -> Story:
        """Give it to somebody."""
        state = self._store.state(number, to_write=True)
        after = machine.assigned(state, person_id, self._now)
        return self._save(state, after, "assigned", actor, comment)

    def close(self, number: int, reason: ClosedReason, comment: str, actor: str) -> Story:
        """Close with a reason."""
        state = self._store.state(number, to_write=True)
        after = machine.closed(state, reason, self._now)
        return self._save(state, after, "closed", actor, comment, reason.value.capitalize())

    def activate(self, number: int, comment: str, actor: str) -> Story:
        """Reopen: back to the status and stage before closing."""
        state = self._store.state(number, to_write=True)
        return self._save(state, machine.activated(state, self._now), "activated", actor, comment)

    def link_plan(self, number: int, plan_id: str | None, actor: str) -> Story:
        """Put it on a plan (or off every plan); the history names the plan in ``extra``."""
        state = self._store.state(number, to_write=True)
        after = machine.planned(state, plan_id, self._now)
        action = "linked2plan" if plan_id else "unlinkedfromplan"
        return self._save(state, after, action, actor, "", plan_id or state.story.plan_id or "")

    def comment(self, number: int, text: str, actor: str) -> None:
        """Add a comment to the history."""
        self._comment(self.story(number), text, actor)

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to it, oldest first."""
        return self._store.history(number)

    def changes_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions with an id above the cursor, oldest first."""
        return self._store.actions_since(product_id, cursor)

    def _text_before(self, story: Story) -> StoryText | None:
        return self._store.text(story.number, story.version - 1) if story.version > 1 else None

    def _comment(self, story: Story, text: str, actor: str) -> None:
        if text.strip():
            self._store.add_action(story, "commented", actor=actor, at=self._now, comment=text)

    def _save(
        self,
        before: StoryState,
        after: StoryState,
        action: str,
        actor: str,
        comment: str = "",
        extra: str = "",
    ) -> Story:
        """Store the new state and one line of history; an act without effect leaves its comment."""
        if before == after:
            self._comment(before.story, comment, actor)
            return before.story
        self._store.update(after)
        changes = _differences(before.story, after.story)
        self._store.add_action(
            after.story, action, actor=actor, at=self._now, comment=comment, extra=extra,
            changes=changes,
        )  # fmt: skip
        return after.story


def _differences(before: Story, after: Story) -> dict[str, tuple[str, str]] | None:
    """Field → (old, new) as text, of what is different; an empty text is nothing."""
    pairs = {name: (_shown(before, name), _shown(after, name)) for name in _LOGGED}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} or None


def _shown(story: Story, name: str) -> str:
    value = getattr(story, name)
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)
