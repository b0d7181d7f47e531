"""What a closure says about a story, in plain words for the history of the tracker."""

from __future__ import annotations

from commands.closing.family import Case
from commands.context import Context
from commands.plain import said
from domain.closures.state import Word
from domain.errors import NotFoundError

_MOST_POINTS = 20


def verified_comment(ctx: Context, case: Case, note: str) -> str:
    """What was checked: the acceptance points that hold, and what was done without and why."""
    locale, story = ctx.workspace.locale, case.story
    ticked = case.closure.ticked(story)
    lines = [said(locale, "close.comment.verified", n=len(ticked))] if ticked else []
    if not ticked:
        lines.append(said(locale, "close.comment.verified_plain"))
    lines += [f"✓ {point}" for point in ticked[:_MOST_POINTS]]
    lines += [
        said(locale, "close.comment.waived", what=w.key.removeprefix("point:"), why=w.reason)
        for w in case.closure.waivers
        if w.key.startswith("point:")
    ]
    if note:
        lines.append(said(locale, "close.comment.note", text=note))
    return "\n".join(lines)


def closed_comment(ctx: Context, case: Case) -> str:
    """Who verified and who agreed."""
    locale, closure = ctx.workspace.locale, case.closure
    parts: list[str] = []
    for key, word in (("verified_by", closure.verified), ("agreed_by", closure.agreed)):
        if word is not None:
            parts.append(said(locale, f"close.comment.{key}", who=_name(ctx, word)))
    return said(locale, "close.comment.comma").join(parts)


def refused_comment(ctx: Context, reason: str) -> str:
    """Why it goes back to its developers."""
    return said(ctx.workspace.locale, "close.comment.refused", text=reason)


def reopened_comment(ctx: Context, reason: str) -> str:
    """Why it is open again."""
    return said(ctx.workspace.locale, "close.comment.reopened", text=reason)


def _name(ctx: Context, word: Word) -> str:
    try:
        return ctx.uow.people.get(word.by or "").name
    except NotFoundError:
        return said(ctx.workspace.locale, "change.former_member")
