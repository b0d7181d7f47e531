"""The form component of cards: what its data must be, and what somebody's filling it in sends.

As DingTalk documents the form variable (open.dingtalk.com/document/development/form-variables).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.dingtalk.refusal import CannotDo

CHOICE = {"SELECT", "CHECKBOX_GROUP"}
CHOICES = {"MULTI_SELECT", "MULTI_CHECKBOX_GROUP"}
MENUS = {"SELECT", "MULTI_SELECT"}
TYPES = {
    "TEXT", "TEXT_ARRAY", "TEXT_AREA", "NUMBER", "DATE", "TIME", "DATETIME", "CHECKBOX", "SWITCH",
    *CHOICE, *CHOICES,
}  # fmt: skip
KNOWN = {
    "name", "label", "type", "hidden", "required", "requiredMsg", "readOnly", "placeholder",
    "format", "defaultValue", "options", "minRows", "maxRows", "addText",
}  # fmt: skip
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z")


@dataclass(frozen=True, slots=True)
class FormScreen:
    """A form on a card, as the client draws it; one that it could not draw is refused here."""

    fields: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, text: str) -> FormScreen:
        """The form that the variable's text describes."""
        found = json.loads(text)
        assert set(found) == {"fields"}, f"no form: {text[:80]}"
        for field in found["fields"]:
            _sound(field)
        names = [f["name"] for f in found["fields"]]
        assert len(set(names)) == len(names), f"two fields of one name: {names}"
        return cls(tuple(found["fields"]))

    @property
    def names(self) -> tuple[str, ...]:
        """Of the fields that can be filled in."""
        return tuple(f["name"] for f in self.fields if not (f.get("hidden") or f.get("readOnly")))

    @property
    def text(self) -> str:
        """What one reads: labels, what stands in the fields, and hints in empty ones."""
        lines: list[str] = []
        for field in self.fields:
            if not field.get("hidden"):
                star = "*" if field.get("required") else ""
                lines.append(f"{field['label']}{star}: {_shown(field)}")
        return "\n".join(lines)

    def filled(self, inputs: Mapping[str, str]) -> dict[str, Any]:
        """What is sent when somebody types or picks this; options are picked by what they say.

        What is required and empty the client refuses (``CannotDo``).
        """
        out: dict[str, Any] = {}
        for field in self.fields:
            name = field["name"]
            value = _value(field, inputs[name]) if name in inputs else field.get("defaultValue")
            if field.get("required") and _nothing(value):
                raise CannotDo(field.get("requiredMsg") or f"{field['label']}是必填项")
            if value is not None:
                out[name] = value
        return out


def _sound(field: Mapping[str, Any]) -> None:
    assert set(field) <= KNOWN, f"unknown: {sorted(set(field) - KNOWN)}"
    kind, default = field["type"], field.get("defaultValue")
    assert kind in TYPES, kind
    assert field["name"]
    assert field.get("hidden") or field["label"], field
    if kind in CHOICE | CHOICES:
        assert field["options"], f"nothing to pick: {field}"
        for option in field["options"]:
            assert set(option) == {"value", "text"}, option
            assert all(isinstance(v, str) and v for v in option.values()), option
        values = [o["value"] for o in field["options"]]
        assert len(set(values)) == len(values), f"two options of one value: {values}"
        if default is not None:
            _picked(kind, values, default)
    elif kind == "DATE" and default is not None:
        assert _DAY.match(default), default
    elif kind == "NUMBER" and default is not None:
        float(default)
    elif default is not None:
        assert isinstance(default, str | bool | list), default


def _picked(kind: str, values: list[str], default: Any) -> None:
    """What is picked at first must be there."""
    if kind in MENUS:
        index, value = default["index"], default["value"]
        many = kind == "MULTI_SELECT"
        found = [values[i] for i in index] if many else values[index]
        assert found == value, default
    elif kind == "CHECKBOX_GROUP":
        assert default in values, default
    else:
        assert set(default) <= set(values), default


def _value(field: Mapping[str, Any], typed: str) -> Any:
    kind = field["type"]
    if field.get("readOnly") or field.get("hidden"):
        raise CannotDo(f"{field['name']} cannot be filled in")
    if kind in CHOICE | CHOICES:
        parts = [p for p in re.split(r"[,，]", typed) if p]
        at = [_index(field, part) for part in (parts if kind in CHOICES else [typed])]
        values = [field["options"][i]["value"] for i in at]
        if kind == "SELECT":
            return {"index": at[0], "value": values[0]}
        if kind == "MULTI_SELECT":
            return {"index": at, "value": values}
        return values[0] if kind == "CHECKBOX_GROUP" else values
    if kind == "DATE" and not _DAY.match(typed):
        raise CannotDo(f"no day of a calendar: {typed!r}")
    if kind == "NUMBER":
        return float(typed) if "." in typed else int(typed)
    if kind == "TEXT" and "\n" in typed:
        raise CannotDo("one line only")
    return typed


def _index(field: Mapping[str, Any], said: str) -> int:
    for at, option in enumerate(field["options"]):
        if said in (option["text"], option["value"]):
            return at
    raise CannotDo(f"not to be picked: {said!r} of {[o['text'] for o in field['options']]}")


def _nothing(value: Any) -> bool:
    return value in (None, "", []) or (isinstance(value, dict) and value["value"] in ("", []))


def _shown(field: Mapping[str, Any]) -> str:
    default = field.get("defaultValue")
    if default is None:
        return field.get("placeholder") or "____"
    if isinstance(default, dict):
        default = default["value"]
    named = {o["value"]: o["text"] for o in field.get("options", ())}
    if isinstance(default, list):
        return "、".join(str(named.get(d, d)) for d in default)
    return str(named.get(default, default))
