"""Modals and Home tabs."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.blocks import check_blocks

MODAL = {
    "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip
HOME = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
LARGEST = 250_000


def require_view(view: Any, kind: str) -> None:
    """Refuse with ``invalid_arguments`` (or ``view_too_large``) what is no good view.

    :param kind: ``modal`` or ``home``.
    """
    if not isinstance(view, dict) or view.get("type") != kind:
        raise Refusal("invalid_arguments", messages=[f"[ERROR] must be a {kind} view"])
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST:
        raise Refusal("view_too_large")
    check = check_blocks(view.get("blocks"), kind)
    check.keys(view, MODAL if kind == "modal" else HOME, "/view")
    if kind == "modal":
        check.text(view.get("title"), 24, "/view/title", plain=True)
        check.text(view.get("submit"), 24, "/view/submit", plain=True, optional=True)
        check.text(view.get("close"), 24, "/view/close", plain=True, optional=True)
        if "submit" not in view and any(b.get("type") == "input" for b in view["blocks"]):
            check.wrong("a view with input blocks needs submit", "/view/submit")
    check.string(view.get("private_metadata"), 3000, "/view/private_metadata", least=0)
    check.string(view.get("callback_id"), 255, "/view/callback_id", least=0)
    check.string(view.get("external_id"), 255, "/view/external_id", least=0)
    if check.problems:
        raise Refusal("invalid_arguments", messages=check.problems)
