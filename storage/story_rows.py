"""Between rows and stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from domain.stories import ClosedReason, Stage, Status, Story, StoryAction
from domain.story_store import StoryState


def story_values(state: StoryState) -> dict[str, Any]:
    """A story as a row, without its id."""
    s = state.story
    return {
        "product_id": s.product_id,
        "number": s.number,
        "title": s.title,
        "spec": s.spec,
        "verify": s.verify,
        "status": s.status.value,
        "stage": s.stage.value,
        "version": s.version,
        "priority": s.priority,
        "category": s.category,
        "module": s.module,
        "estimate": s.estimate,
        "plan_id": s.plan_id,
        "assigned_to": s.assigned_to,
        "opened_by": s.opened_by,
        "reviewers": list(s.reviewers),
        "closed_reason": s.closed_reason.value if s.closed_reason else None,
        "opened_at": s.opened_at,
        "changed_at": s.changed_at,
        "stage_at": s.stage_at,
        "url": s.url,
        "status_before": state.reopens_to.value if state.reopens_to else None,
        "stage_before": state.reopens_at.value if state.reopens_at else None,
        "stage_by_hand": state.stage_by_hand,
    }


def read_story(row: Row[Any]) -> Story:
    """A row as a story."""
    return Story(
        number=row.number,
        product_id=row.product_id,
        title=row.title,
        status=Status(row.status),
        stage=Stage(row.stage),
        version=row.version,
        spec=row.spec,
        verify=row.verify,
        priority=row.priority,
        category=row.category,
        module=row.module,
        estimate=row.estimate,
        plan_id=row.plan_id,
        assigned_to=row.assigned_to,
        opened_by=row.opened_by,
        reviewers=tuple(row.reviewers),
        closed_reason=ClosedReason(row.closed_reason) if row.closed_reason else None,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        stage_at=row.stage_at,
        url=row.url,
    )


def version_values(story_id: str, story: Story) -> dict[str, Any]:
    """What the story's version says, as a row without its id."""
    return {
        "story_id": story_id,
        "version": story.version,
        "title": story.title,
        "spec": story.spec,
        "verify": story.verify,
    }


def read_action(row: Row[Any]) -> StoryAction:
    """A row as a line of history."""
    changes: Mapping[str, Sequence[str]] | None = row.changes
    return StoryAction(
        id=row.seq,
        number=row.number,
        action=row.action,
        actor=row.actor,
        at=row.at,
        comment=row.comment,
        extra=row.extra,
        changes={k: (v[0], v[1]) for k, v in changes.items()} if changes else None,
        actor_name=row.actor_name or "",
    )
