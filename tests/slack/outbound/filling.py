"""What Slack's client sends of a modal: the initial values, with some of them changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

_STATE = {
    "plain_text_input": ("initial_value", "value"),
    "number_input": ("initial_value", "value"),
    "datepicker": ("initial_date", "selected_date"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "static_select": ("initial_option", "selected_option"),
    "multi_static_select": ("initial_options", "selected_options"),
    "checkboxes": ("initial_options", "selected_options"),
    "file_input": ("", "files"),
}
_LISTS = frozenset({"selected_users", "selected_options", "files"})


def submitted(view: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """The view of a ``view_submission``.

    :param changed: by field name: a text, the value (or values) of options, users, or files.
    """
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].removeprefix("f:")
        initial, slot = _STATE[element["type"]]
        empty: Any = [] if slot in _LISTS else None
        state = copy.deepcopy(element.get(initial, empty))
        if name in changed:
            state = _typed(element, slot, changed[name])
        values[block["block_id"]] = {element["action_id"]: {"type": element["type"], slot: state}}
    return {**view, "id": "V1", "state": {"values": values}}


def _typed(element: Mapping[str, Any], slot: str, value: Any) -> Any:
    if slot == "selected_option":
        return _option(element, value) if value is not None else None
    if slot == "selected_options":
        return [_option(element, v) for v in value]
    return value


def _option(element: Mapping[str, Any], value: str) -> Any:
    groups = element.get("option_groups", [{"options": element.get("options", [])}])
    return next(o for g in groups for o in g["options"] if o["value"] == value)
