"""The card template that Duban ships, as a template of the stand-in: read from its own file.

Only what the file says is drawn: components in their order, each where its condition holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.fakes.dingtalk import CardScreen, Offer, Template
from tests.fakes.dingtalk.forms import FormScreen

SHIPPED = Path(__file__).parents[2] / "bot" / "dingtalk" / "cards" / "template.json"
TEMPLATE_ID = "0a1b2c3d-duban.schema"
ENVELOPE = {"editorData", "widgetInfo", "type", "mode"}
COLORS = {"blue", "gray", "red"}
_PLACE = re.compile(r"\$\{(\w+)\}")

Values = Mapping[str, str]


def shipped() -> dict[str, Any]:
    """What the editor would load."""
    envelope = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert set(envelope) == ENVELOPE
    return json.loads(envelope["editorData"])


def card_template(template_id: str = TEMPLATE_ID) -> Template:
    """A company's template that was imported from the shipped file."""
    editor = shipped()
    variables = editor["variableList"]
    (card,) = editor["schema"]["componentsTree"]

    def show(values: Values) -> CardScreen:
        lines: list[str] = []
        offers: list[Offer] = []
        for node in _visible(card, values):
            props = node["props"]
            match node["componentName"]:
                case "CardHeaderV2":
                    tags = [
                        _filled(tag["props"]["text"]["content"], values)
                        for tag in props["titleAfterSlot"]["value"] if _seen(tag, values)
                    ]  # fmt: skip
                    title = _filled(props["title"]["content"], values)
                    lines.append(" · ".join([title, *tags]))
                case "Markdown":
                    lines.append(values[props["content"]["variable"]])
                case "BaseText":
                    lines.append(_filled(props["text"]["content"], values))
                case "ButtonGroup":
                    listed = json.loads(values[props["dynamicButtons"]["variable"]])
                    offers += [_offer(each) for each in listed]
                case "Form":
                    lines.append(_form(props, values, offers))
        return CardScreen("\n\n".join(lines), tuple(offers))

    names = frozenset(v["name"] for v in variables)
    own = frozenset(v["name"] for v in variables if v["private"])
    return Template(template_id, show, names, own)


def _visible(card: Mapping[str, Any], values: Values) -> Iterator[Mapping[str, Any]]:
    for node in card["children"]:
        if _seen(node, values):
            yield node


def _seen(node: Mapping[str, Any], values: Values) -> bool:
    visible = node["props"]["visible"]
    if visible["valueType"] == "fixed":
        return bool(visible["value"])
    for condition in visible["condition"]["conditions"]:
        assert condition["op"] == "isTrue"
        value = values.get(condition["variable"], "")
        assert value in ("true", "false", ""), f"{condition['variable']} is no truth: {value!r}"
        if value != "true":
            return False
    return True


def _offer(each: Mapping[str, Any]) -> Offer:
    """A button of a group variable."""
    assert set(each) == {"text", "color", "status", "event"}, each
    assert each["color"] in COLORS, each
    assert each["event"]["type"] == "sendCardRequest"
    asked = each["event"]["params"]
    assert all(isinstance(v, str) for v in asked["params"].values())
    return Offer(each["text"], asked["actionId"], asked["params"])


def _form(props: Mapping[str, Any], values: Values, offers: list[Offer]) -> str:
    form = FormScreen.of(values[props["formSchema"]["variable"]])
    if values[props["status"]["variable"]] != "disabled":
        params = {p["name"]: values[p["variable"]] for p in props["params"]}
        label = _filled(props["submitText"]["content"], values)
        offers.append(Offer(label, props["id"], params, form))
    return form.text


def _filled(text: str, values: Values) -> str:
    return _PLACE.sub(lambda m: values.get(m.group(1), ""), text)
