"""The lines of a story's history, in words."""

from __future__ import annotations

from commands.context import Context
from commands.stories.family import plan_name, stage_text
from commands.stories.words import category_text, stage_of, status_of
from domain.errors import NotFoundError
from domain.messages import Bullet, Inline, Join, Moment, T
from domain.stories import ClosedReason, StoryAction, Verdict

_KNOWN = frozenset({
    "opened", "edited", "commented", "assigned", "submitreview", "changed", "reviewed",
    "reviewpassed", "reviewclarified", "reviewreverted", "reviewrejected", "recalled",
    "recalledchange", "closed", "activated", "linked2plan", "unlinkedfromplan",
})  # fmt: skip
_QUIET = frozenset({"status", "version", "plan_id"})
"""Differences that the act itself tells."""
_LONG = frozenset({"spec", "verify"})
_CUT = 120


def recent_lines(ctx: Context, number: int, limit: int) -> tuple[Bullet, ...]:
    """The last lines, newest first."""
    told = ctx.uow.stories.history(number)
    return tuple(Bullet(line(ctx, action)) for action in reversed(told[-limit:]))


def line(ctx: Context, action: StoryAction) -> Inline:
    """When, who, what, and the words that were given with it."""
    who = ctx.person(action.actor) if action.actor else action.actor_name or T("story.system")
    parts: list[Inline] = [Moment(action.at), who, _act(ctx, action)]
    parts += _differences(ctx, action)
    if action.comment:
        parts.append(T("story.said", {"text": action.comment}))
    return Join(tuple(parts), "  ")


def _act(ctx: Context, action: StoryAction) -> Inline:
    if action.action not in _KNOWN:
        return action.action  # a word of the tracker that we have no text for
    extra = action.extra.casefold()
    match action.action:
        case "linked2plan" | "unlinkedfromplan":
            plan = plan_name(ctx, action.extra) or T("story.gone_plan")
            return T(f"story.act.{action.action}", {"plan": plan})
        case "reviewed" if extra in set(Verdict):
            return T("story.act.reviewed", {"verdict": T(f"review.verdict.{extra}")})
        case "closed" if extra in set(ClosedReason):
            return T("story.act.closed", {"reason": T(f"story.reason.{extra}")})
        case "reviewed" | "closed":
            return T(f"story.act.{action.action}_plain")
        case _:
            return T(f"story.act.{action.action}")


def _differences(ctx: Context, action: StoryAction) -> list[Inline]:
    out: list[Inline] = []
    for name, (old, new) in (action.changes or {}).items():
        if name in _QUIET or (name == "stage" and action.action != "edited"):
            continue
        if name in _LONG:
            out.append(T("story.rewritten", {"what": T(f"story.arg.{name}")}))
            continue
        values: dict[str, Inline | int] = {
            "what": T(f"story.field_name.{name}"),
            "old": _value(ctx, name, old),
            "new": _value(ctx, name, new),
        }
        out.append(T("story.difference", values))
    return out


def _value(ctx: Context, name: str, value: str) -> Inline:
    if not value:
        return T("story.none")
    if name == "assigned_to":
        return _person(ctx, value)
    if name == "stage" and (stage := stage_of(value)):
        return stage_text(stage)
    if name == "status" and (status := status_of(value)):
        return T(f"story.status.{status.value}")
    if name == "category":
        return category_text(value)
    return value if len(value) <= _CUT else f"{value[:_CUT]}…"


def _person(ctx: Context, value: str) -> Inline:
    """A person of ours; a tracker elsewhere may name somebody whom only it knows."""
    try:
        return ctx.person(value)
    except NotFoundError:
        return value
