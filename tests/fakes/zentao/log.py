"""The action log: what each write leaves behind, and which web hooks it fires (facts §8, §11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import Action, Change, State

FIRING: Final = {
    "story": frozenset({
        "opened", "edited", "commented", "frombug", "changed", "submitreview", "reviewed",
        "closed", "activated", "assigned",
    }),
    "productplan": frozenset({"opened", "edited"}),
    "product": frozenset({"opened", "edited", "closed"}),
    "project": frozenset({"opened", "edited"}),
    "execution": frozenset({"opened", "edited"}),
    "task": frozenset({"opened", "edited", "assigned", "started", "finished", "closed"}),
    "bug": frozenset({"opened", "edited", "assigned", "closed"}),
}  # fmt: skip

# The order in which a history shows its fields.
ORDER: Final = (
    "product", "module", "plan", "parent", "title", "spec", "verify", "type", "category",
    "source", "sourceNote", "keywords", "pri", "estimate", "status", "stage", "stagedBy",
    "mailto", "notifyEmail", "assignedTo", "version", "reviewers", "reviewedBy", "changedBy",
    "changedDate", "verifiedDate", "releasedDate", "closedBy", "closedReason", "duplicateStory",
    "activatedDate",
)  # fmt: skip


class Log:
    """Writes the action log of one server."""

    def __init__(self, state: State) -> None:
        self._state = state

    def write(
        self,
        kind: str,
        number: int,
        action: str,
        actor: str,
        *,
        product: int,
        comment: str = "",
        extra: str = "",
        project: int = 0,
        execution: int = 0,
        changes: tuple[tuple[str, Any, Any], ...] = (),
    ) -> Action:
        """Append an action and queue the hooks that it fires."""
        state = self._state
        history = tuple(self._change(*change) for change in changes)
        entry = Action(
            state.next_action, kind, number, product, action, actor, state.now(),
            comment, extra, project, execution, history,
        )  # fmt: skip
        state.next_action += 1
        state.actions.append(entry)
        state.history.setdefault((kind, number), []).append(entry)
        self._fire(entry)
        return entry

    def _change(self, name: str, old: Any, new: Any) -> Change:
        change = Change(self._state.next_change, name, old, new)
        self._state.next_change += 1
        return change

    def _fire(self, entry: Action) -> None:
        if entry.action not in FIRING.get(entry.kind, frozenset()):
            return
        if self._state.version.old and entry.action == "submitreview":
            return
        if entry.kind == "story":
            story = self._state.stories.get(entry.object_id)
            if story is None or story["status"] == "draft":
                return
        for hook in self._state.hooks.values():
            wanted = not hook.products or entry.product in hook.products
            if not hook.deleted and wanted:
                self._state.pending.append((hook, entry))


def snapshot(state: State, story: Row) -> dict[str, Any]:
    """The fields of a story that its history tells about."""
    text = state.spec(story)
    values: dict[str, Any] = {name: story[name] for name in ORDER if name in story.columns}
    values |= {"title": text.title, "spec": text.spec, "verify": text.verify}
    values["reviewers"] = ",".join(sorted(state.reviewers(story)))
    return values


def difference(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, Any, Any], ...]:
    """Field, old and new value of everything that differs, in the history's order."""
    return tuple(
        (name, before[name], after[name])
        for name in ORDER
        if name in before and before[name] != after[name]
    )
