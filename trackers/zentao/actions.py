"""ZenTao's action log in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.stories import StoryAction
from trackers.zentao import values, voice
from trackers.zentao.mapping import OUTCOMES, Reading
from trackers.zentao.remote import RemoteAction
from trackers.zentao.text import decoded, to_text
from trackers.zentao.wire import rows

_PLAN_LINKS = frozenset({"linked2plan", "unlinkedfromplan"})
_SILENT = frozenset(
    {"opened", "submitreview", "recalled", "recalledchange", "edited", *_PLAN_LINKS}
)
"""Calls that take no comment (in v1 edits too): they are signed in a comment of its own."""


def _hours(value: str) -> str:
    return f"{values.hours(value):g}"


_FIELDS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "title": ("title", decoded),
    "spec": ("spec", to_text),
    "verify": ("verify", to_text),
    "pri": ("priority", str),
    "category": ("category", str),
    "module": ("module", str),
    "estimate": ("estimate", _hours),
    "plan": ("plan_id", str),
    "stage": ("stage", str),
    "status": ("status", str),
    "assignedTo": ("assigned_to", str),
    "version": ("version", str),
    "reviewers": ("reviewers", str),
    "reviewer": ("reviewers", str),
    "closedReason": ("closed_reason", str),
    "product": ("product_id", str),
}
"""ZenTao's fields that say something to people: statuses, stages and people are labels there."""


def remote_action(row: Mapping[str, Any], how: Reading) -> RemoteAction:
    """One line of a story's history or of the company's log."""
    word = str(row.get("action") or "").strip().lower()
    kind = str(row.get("objectType") or "")
    ref = str(row.get("objectID") or "")
    said = voice.heard(str(row.get("comment") or ""))
    actor = "" if word in OUTCOMES else str(row.get("actor") or "")
    if how.bot_name and actor == how.bot_name:
        actor = how.bot  # v1 gives real names; the API account's own is known
    ours = actor == how.bot or said.signed
    at = values.instant(row.get("originalDate") or row.get("date"), how.zone)
    action = StoryAction(
        id=values.number(row.get("id")),
        number=values.number(ref) if kind == "story" else 0,
        action=word,
        actor=_person(said.account if said.signed else actor, how),
        at=at or datetime.fromtimestamp(0, UTC),
        comment=said.text,
        extra=_extra(word, str(row.get("extra") or ""), how),
        changes=_changes(row),
    )
    products = values.refs(row.get("product"))
    return RemoteAction(action.id, kind, ref, actor, products, ours, said.name, action)


def story_actions(value: Any, how: Reading) -> tuple[RemoteAction, ...]:
    """A story's history, oldest first, signatures folded in."""
    return folded([remote_action(x, how) for x in rows(value)])


def folded(found: Sequence[RemoteAction]) -> tuple[RemoteAction, ...]:
    """The lines by id. Those that only sign what was done before them become one with it.

    Some calls take no comment: the API account then adds one that holds nothing but the signature.
    """
    out: list[RemoteAction] = []
    for item in sorted(found, key=lambda x: x.id):
        if not _only_signs(item):
            out.append(item)
            continue
        for at in _silent(out, item.object_ref):
            out[at] = _signed_by(out[at], item)
    return tuple(out)


def told(actions: Sequence[RemoteAction]) -> tuple[StoryAction, ...]:
    """The same in the words of the domain alone."""
    return tuple(x.action for x in actions)


def _person(account: str, how: Reading) -> str | None:
    return how.book.person_of(account) if account else None


def _only_signs(item: RemoteAction) -> bool:
    alone = item.action.action == "commented" and not item.action.comment
    return alone and item.ours and bool(item.signed)


def awaits_name(item: RemoteAction) -> bool:
    """Whether the API account did it with a call that takes no comment, and has not signed."""
    silent = item.action.action in _SILENT and not item.action.comment
    return silent and item.ours and not item.signed


def _silent(out: Sequence[RemoteAction], ref: str) -> list[int]:
    """Where the newest lines of a story wait for a name: one act leaves two (opened, submitted)."""
    found: list[int] = []
    for at in range(len(out) - 1, -1, -1):
        item = out[at]
        if item.object_ref != ref or item.kind != "story":
            continue
        if not awaits_name(item):
            break
        found.append(at)
    return found


def _signed_by(item: RemoteAction, signature: RemoteAction) -> RemoteAction:
    action = replace(item.action, actor=signature.action.actor)
    return replace(item, signed=signature.signed, action=action)


def _extra(word: str, extra: str, how: Reading) -> str:
    if word in _PLAN_LINKS and extra.isdigit():
        return how.book.plan_of(extra) or extra
    return to_text(extra)


def _changes(row: Mapping[str, Any]) -> Mapping[str, tuple[str, str]] | None:
    found: dict[str, tuple[str, str]] = {}
    for line in rows(row.get("history")):
        known = _FIELDS.get(str(line.get("field") or ""))
        if known:
            name, read = known
            found[name] = (read(str(line.get("old") or "")), read(str(line.get("new") or "")))
    return found or None
