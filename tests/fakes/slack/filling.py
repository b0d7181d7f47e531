"""Filling in form elements: the state that each kind of element has."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.fakes.slack.methods.files import as_json
from tests.fakes.slack.people import User
from tests.fakes.slack.refusal import CannotDo
from tests.fakes.slack.team import StoredFile, Team
from tests.fakes.slack.world import World

_UNSET = object()
_ONE = {
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
}
_MANY = {
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
}


def untouched(element: dict[str, Any]) -> dict[str, Any]:
    """What an element holds before anybody touches it."""
    kind = element["type"]
    if kind in _ONE:
        name, initial = _ONE[kind]
        return {"type": kind, name: element.get(initial)}
    if kind in _MANY:
        name, initial = _MANY[kind]
        return {"type": kind, name: element.get(initial) or []}
    if kind == "file_input":
        return {"type": kind, "files": []}
    return {"type": kind, "value": element.get("initial_value")}


def is_empty(state: dict[str, Any]) -> bool:
    """Whether nothing was filled in."""
    return all(not value for key, value in state.items() if key != "type")


def state_of(
    team: Team, world: World, user: User, element: dict[str, Any], value: Any
) -> dict[str, Any]:
    """What an element holds after somebody has filled it in.

    :param value: text, date, an option's label or value, a person's name; lists for several;
        ``(name, bytes)`` pairs for files. None empties it.
    """
    kind = element["type"]
    if kind in _ONE:
        name = _ONE[kind][0]
        return {"type": kind, name: None if not value else _chosen(team, element, value)}
    if kind in _MANY:
        chosen = [_chosen(team, element, each) for each in value or ()]
        most = element.get("max_selected_items")
        if most is not None and len(chosen) > most:
            raise CannotDo(f"no more than {most}")
        return {"type": kind, _MANY[kind][0]: chosen}
    if kind == "file_input":
        if len(value or ()) > element.get("max_files", 10):
            raise CannotDo("too many files")
        return {"type": kind, "files": [_file(team, world, user, *each) for each in value or ()]}
    return {"type": kind, "value": _text(element, value)}


def _text(element: dict[str, Any], value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    if len(text) > element.get("max_length", 3000):
        raise CannotDo(f"too long: {len(text)}")
    if len(text) < element.get("min_length", 0):
        raise CannotDo(f"too short: {len(text)}")
    if element["type"] == "number_input":
        number = float(text)
        if not element["is_decimal_allowed"] and not number.is_integer():
            raise CannotDo("whole numbers only")
        low, high = element.get("min_value"), element.get("max_value")
        if (low is not None and number < float(low)) or (high is not None and number > float(high)):
            raise CannotDo(f"not between {low} and {high}")
    return text


def _chosen(team: Team, element: dict[str, Any], value: Any) -> Any:
    kind = element["type"].removeprefix("multi_")
    if kind == "users_select":
        return next(
            (u.id for u in team.users.values() if value in {u.id, u.name, u.shown}),
            None,
        ) or _none(value, [u.shown for u in team.users.values()])
    if kind in {"conversations_select", "channels_select"}:
        return team.channel(value).id
    if kind in {"datepicker", "timepicker", "datetimepicker"}:
        return value
    if kind == "external_select":
        return value
    groups = element.get("option_groups")
    options = [o for g in groups for o in g["options"]] if groups else element["options"]
    for option in options:
        if value in {option["value"], option["text"]["text"]}:
            return option
    return _none(value, [o["text"]["text"] for o in options])


def _none(value: Any, among: list[str]) -> Any:
    raise CannotDo(f"there is no {value!r} among {among}")


def _file(team: Team, world: World, user: User, name: str, data: bytes) -> dict[str, Any]:
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = StoredFile(world.marks.id("F"), name, data, name, user.id, mime)
    team.files[file.id] = file
    return as_json(world, team.id, file)
