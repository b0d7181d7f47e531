"""What was filled in, as the core expects it from a form (``Request.values``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

from bot.slack.blocks.inputs import FIELD, NONE

Raw = Mapping[str, Any]
PersonOf = Callable[[str], str]
"""Our person's id for a Slack user id."""

_NOTHING: Raw = {}


def form_values(view: Raw, person_of: PersonOf) -> dict[str, str]:
    """The values by field name; a field that was left empty is there as an empty text.

    Texts as typed, days as ``2026-12-31``, people as person ids, several values with commas.

    :param view: the ``view`` of a ``view_submission``.
    """
    return {
        block_id.removeprefix(FIELD): _value(element, person_of)
        for block_id, element in _elements(view)
        if block_id.startswith(FIELD)
    }


def form_files(view: Raw) -> tuple[Raw, ...]:
    """Slack's descriptions of the files that were chosen, in order."""
    return tuple(file for _, element in _elements(view) for file in _many(element, "files"))


def _elements(view: Raw) -> Iterator[tuple[str, Raw]]:
    """Each input's ``block_id`` and what stands in it."""
    values = _inside(_inside(view, "state"), "values")
    for block_id, block in values.items():
        for element in cast("Raw", block).values():
            yield block_id, cast("Raw", element)


def _value(element: Raw, person_of: PersonOf) -> str:
    read = _READERS.get(str(element.get("type")), _typed)
    return read(element, person_of)


def _typed(element: Raw, _: PersonOf) -> str:
    return str(element.get("value") or "")


def _day(element: Raw, _: PersonOf) -> str:
    return str(element.get("selected_date") or "")


def _person(element: Raw, person_of: PersonOf) -> str:
    user = element.get("selected_user")
    return person_of(str(user)) if user else ""


def _people(element: Raw, person_of: PersonOf) -> str:
    users = cast("Sequence[str]", element.get("selected_users") or ())
    return ",".join(person_of(user) for user in users)


def _choice(element: Raw, _: PersonOf) -> str:
    value = str(_inside(element, "selected_option").get("value") or "")
    return "" if value == NONE else value


def _choices(element: Raw, _: PersonOf) -> str:
    return ",".join(str(option["value"]) for option in _many(element, "selected_options"))


def _files(element: Raw, _: PersonOf) -> str:
    return ",".join(str(file.get("name") or "") for file in _many(element, "files"))


_READERS: Mapping[str, Callable[[Raw, PersonOf], str]] = {
    "datepicker": _day,
    "users_select": _person,
    "multi_users_select": _people,
    "static_select": _choice,
    "checkboxes": _choices,
    "multi_static_select": _choices,
    "external_select": _choice,
    "multi_external_select": _choices,
    "file_input": _files,
}


def _inside(raw: Raw, name: str) -> Raw:
    return cast("Raw", raw.get(name) or _NOTHING)


def _many(raw: Raw, name: str) -> Sequence[Raw]:
    return cast("Sequence[Raw]", raw.get(name) or ())
