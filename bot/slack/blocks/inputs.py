"""The fields of a form as inputs of a modal, filled with what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.cards.html import Choices
from bot.cards.view import View
from bot.slack.blocks import limits
from bot.slack.blocks.buttons import Block, plain_text
from bot.slack.blocks.escape import calm
from bot.slack.blocks.sheet import context
from domain.messages import FieldKind
from locales import template

FIELD = "f:"
"""The ``block_id`` of a field is this and its name."""
ELEMENT = "v:"
"""The ``action_id`` of its input is this and its name: ids are unique in a whole view."""
NONE = "·none·"
"""The value of “none” in the menu of a field that may stay empty: menus cannot be emptied."""

Pairs = Sequence[tuple[str, str]]
_SPELLED = 3
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?\Z")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Draws fields for one reader.

    :param users: Slack user ids by person id.
    :param choices: people and stories that menus offer where Slack has no picker of its own.
    :param searched: kinds of field whose menu holds more than that: Slack asks for what was typed.
    """

    locale: str
    users: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    choices: Choices = field(default_factory=Choices)
    searched: frozenset[FieldKind] = frozenset()

    def blocks(self, view: View) -> list[Block]:
        """A field: its input, and what is wrong with it if anything is."""
        element = self._element(view)
        out: Block = {
            "type": "input",
            "block_id": f"{FIELD}{view['name']}",
            "label": plain_text(limits.cut(_words(view["label"]), limits.LABEL)),
            "element": {"action_id": f"{ELEMENT}{view['name']}", **element},
            "optional": not view["required"],
        }
        if view["help"]:
            out["hint"] = plain_text(limits.cut(_words(view["help"]), limits.LABEL))
        spelled = _spelled_out(view) if element["type"] in _MENUS else []
        error = limits.cut(_words(view["error"]), limits.LABEL)
        wrong = context(f"⚠ {calm(error)}") if error else []
        return [*spelled, out, *wrong]

    def _element(self, view: View) -> Block:  # noqa: PLR0911 one kind of field a line
        match FieldKind(view["kind"]):
            case FieldKind.DATE:
                return _date(view)
            case FieldKind.PERSON | FieldKind.PEOPLE:
                return self._people(view)
            case FieldKind.STORY | FieldKind.STORIES:
                return self._stories(view)
            case FieldKind.CHOICE | FieldKind.CHOICES:
                pairs = [(o["value"], o["label"]) for o in view["options"]]
                return self._menu(view, pairs)
            case FieldKind.NUMBER:
                return _number(view)
            case FieldKind.FILE:
                return {"type": "file_input", "max_files": 1}
            case FieldKind.TEXT | FieldKind.MULTILINE:
                return _typed(view)

    def _people(self, view: View) -> Block:
        """Slack's own picker; a menu of ours when somebody chosen has no Slack account."""
        many = view["kind"] == FieldKind.PEOPLE.value
        chosen = _listed(view["value"])
        if any(p not in self.users for p in chosen):
            offered = [*(self.choices.people or self.names.items())]
            offered += [(p, self.names.get(p, p)) for p in chosen]
            return self._menu(view, list(dict(offered).items()))
        picked = [self.users[p] for p in chosen]
        if many:
            initial = {"initial_users": picked} if picked else {}
            return {"type": "multi_users_select", **initial}
        return {"type": "users_select", **({"initial_user": picked[0]} if picked else {})}

    def _stories(self, view: View) -> Block:
        """A menu of the open stories, if they are known and not too many; else typed."""
        chosen = _listed(view["value"])
        offered = dict(self.choices.stories)
        if FieldKind(view["kind"]) in self.searched:
            return _search(view, [(c, offered.get(c, c)) for c in chosen])
        if not offered:
            return _typed(view)
        return self._menu(view, [*((c, c) for c in chosen if c not in offered), *offered.items()])

    def _menu(self, view: View, pairs: Pairs) -> Block:
        many = view["kind"] in (
            FieldKind.CHOICES.value, FieldKind.PEOPLE.value, FieldKind.STORIES.value,
        )  # fmt: skip
        chosen = _listed(view["value"]) if many else [view["value"]] if view["value"] else []
        known = {value for value, _ in pairs}
        pairs = [*pairs, *((c, c) for c in chosen if c not in known)]
        if not pairs or any(not 0 < limits.units(v) <= limits.OPTION_VALUE for v, _ in pairs):
            return _typed(view)
        if not many and not view["required"]:
            pairs = [(NONE, template(self.locale, "slack.none")), *pairs]
        if len(pairs) > limits.OPTIONS * limits.OPTIONS:
            return _typed(view)
        return _picker(pairs, chosen, many=many)


def _picker(pairs: Pairs, chosen: Sequence[str], *, many: bool) -> Block:
    options = [_option(value, label) for value, label in pairs]
    marked = [o for o in options if o["value"] in chosen]
    if many and len(options) <= limits.CHECKBOXES:
        return {"type": "checkboxes", "options": options, **_initial("initial_options", marked)}
    if len(options) <= limits.OPTIONS:
        offered: Block = {"options": options}
    else:
        offered = {"option_groups": _groups(options)}
    if many:
        return {"type": "multi_static_select", **offered, **_initial("initial_options", marked)}
    first = _initial("initial_option", marked[0] if marked else None)
    return {"type": "static_select", **offered, **first}


def _search(view: View, chosen: Pairs) -> Block:
    """A menu whose lines come from us as somebody types (see :func:`found_options`)."""
    marked = [_option(value, label) for value, label in chosen]
    if view["kind"] == FieldKind.STORIES.value:
        out: Block = {"type": "multi_external_select", **_initial("initial_options", marked)}
    else:
        first = marked[0] if marked else None
        out = {"type": "external_select", **_initial("initial_option", first)}
    return {**out, "min_query_length": 0}


def found_options(pairs: Pairs, none: str | None) -> list[Block]:
    """What such a menu is answered.

    :param none: the words for “none”, where the field may stay empty.
    """
    first = [_option(NONE, none)] if none is not None else []
    return [*first, *(_option(value, label) for value, label in pairs)][: limits.OPTIONS]


def _initial(name: str, value: Any) -> Block:
    """Slack refuses an initial value that is there and empty."""
    return {name: value} if value else {}


def _groups(options: list[Block]) -> list[Block]:
    """More choices than one menu takes, a hundred to a group."""
    out: list[Block] = []
    for at in range(0, len(options), limits.OPTIONS):
        part = options[at : at + limits.OPTIONS]
        out.append({"label": plain_text(f"{at + 1}–{at + len(part)}"), "options": part})
    return out


def _option(value: str, label: str) -> Block:
    return {"text": plain_text(limits.cut(_one_line(label), limits.OPTION)), "value": value}


_MENUS = frozenset({"checkboxes", "static_select", "multi_static_select"})


def _spelled_out(view: View) -> list[Block]:
    """The choices in full above the input, where a menu would cut one of them."""
    labels = [o["label"] for o in view["options"]]
    if all(limits.units(_one_line(label)) <= limits.OPTION for label in labels):
        return []
    return context("\n".join(calm(label) for label in labels))[:_SPELLED]


def _typed(view: View) -> Block:
    most = max(1, min(view["max_length"], limits.INPUT))
    out: Block = {"type": "plain_text_input", "max_length": most}
    if view["kind"] == FieldKind.MULTILINE.value:
        out["multiline"] = True
    value = _trimmed(view["value"], most)
    return out | ({"initial_value": value} if value else {})


def _trimmed(value: str, most: int) -> str:
    """No longer than the input takes; a value that came through it never is."""
    while limits.units(value) > most:
        value = value[: most - (limits.units(value) - len(value))]
    return value


def _number(view: View) -> Block:
    """What is no number stays in a text field, beside its error."""
    value: str = view["value"]
    if value and not _NUMBER.match(value):
        return _typed(view)
    out: Block = {"type": "number_input", "is_decimal_allowed": True}
    return out | ({"initial_value": value} if value else {})


def _date(view: View) -> Block:
    """A calendar; what was typed in words stays in a text field."""
    value: str = view["value"]
    try:
        plain = not value or date.fromisoformat(value).isoformat() == value
    except ValueError:
        plain = False
    if not plain:
        return _typed(view)
    return {"type": "datepicker", **({"initial_date": value} if value else {})}


def _listed(value: str) -> list[str]:
    return list(dict.fromkeys(part for part in re.split(r"[,，\s]+", value) if part))


def _words(run: Sequence[View]) -> str:
    return "".join(span["text"] for span in run).strip()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
