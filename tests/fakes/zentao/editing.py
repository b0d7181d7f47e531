"""What an edit writes into a story's row, and PHP's idea of values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.zentao.markup import escape_again, escape_title, purify
from tests.fakes.zentao.rows import Row
from tests.fakes.zentao.state import Spec, State

PLAIN: Final = ("category", "source", "sourceNote", "keywords", "type", "notifyEmail", "status")


def whole(value: Any) -> int:
    """PHP's idea of an integer."""
    try:
        return int(float(value))
    except (TypeError, ValueError):
        return 0


def hours(value: Any) -> float:
    """PHP's idea of a float."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def plan_of(value: Any) -> str:
    """A plan as it is stored; a list's first."""
    if isinstance(value, list):
        value = value[0] if value else 0
    return str(value)


def accounts_of(value: Any) -> str:
    """A list of accounts as it is stored: ``,dev1,dev2``."""
    names = value if isinstance(value, list) else str(value or "").split(",")
    return "".join(f",{name}" for name in names if name)


def edit_text(state: State, story: Row, fields: Mapping[str, Any], *, v2: bool) -> None:
    """Title, and in v2 also spec and verify, of the current version, in place."""
    text = state.spec(story)
    sent = fields.get("title")
    title = escape_again(text.title, v2=v2) if sent is None else escape_title(str(sent))
    spec = purify(str(fields["spec"])) if v2 and "spec" in fields else text.spec
    verify = purify(str(fields["verify"])) if v2 and "verify" in fields else text.verify
    state.specs[story["id"], story["version"]] = Spec(title, spec, verify)


def edit_columns(state: State, story: Row, fields: Mapping[str, Any]) -> None:
    """Plain columns, any value."""
    for name in PLAIN:
        if name in fields:
            story[name] = str(fields[name])
    for name in ("pri", "module", "parent"):
        if name in fields:
            story[name] = whole(fields[name])
    if "estimate" in fields:
        story["estimate"] = hours(fields["estimate"])
    if "mailto" in fields:
        story["mailto"] = accounts_of(fields["mailto"])
    if "product" in fields and whole(fields["product"]) != story["product"]:
        state.moved(story, whole(fields["product"]))


def edit_stage(state: State, story: Row, fields: Mapping[str, Any], staged_by: str) -> None:
    """A stage set by hand; only v2 (``staged_by``) notes by whom, which makes it stay."""
    stage = fields.get("stage", story["stage"])
    if stage == story["stage"]:
        return
    story["stage"] = str(stage)
    if staged_by:
        story["stagedBy"] = staged_by
    if stage == "verified" and not state.version.old:
        story["verifiedDate"] = state.now()
    if stage == "released":
        story["releasedDate"] = state.now()
