"""The template of interactive cards, as a file that DingTalk's card platform imports.

``template.json`` beside this file is what this module prints (``python -m
bot.dingtalk.cards.template_file``). The shape is that of the exports which DingTalk publishes
(github.com/open-dingtalk/dingtalk-card-examples: “helloworld” and “表单组件的使用与更新”): an
envelope whose ``editorData`` is a JSON text with the tree of components and the variables. Form
fields and buttons come as data (DingTalk's protocols of the form variable and of the button group
variable), so one template shows every card and every form of Duban.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.dingtalk.cards import variables as v

FILE = Path(__file__).with_name("template.json")
ROOT = "node_dockcviv8fo1"
"""The id of the card itself in every export of the editor."""

Node = dict[str, Any]

_ALWAYS: Node = {
    "type": "dynamicVisible",
    "value": True,
    "valueType": "fixed",
    "condition": {"op": "and", "conditions": []},
}
_FORM_PARTS = (
    ("name", "string"), ("label", "string"), ("type", "string"), ("hidden", "boolean"),
    ("required", "boolean"), ("requiredMsg", "string"), ("readOnly", "boolean"),
    ("placeholder", "string"), ("defaultValue", "string"),
)  # fmt: skip


def template_file() -> str:
    """The whole file."""
    editor = json.dumps(_editor(), ensure_ascii=False, separators=(",", ":"))
    envelope = {"editorData": editor, "widgetInfo": "", "type": "im", "mode": "card"}
    return json.dumps(envelope, ensure_ascii=False, indent=2) + "\n"


def _editor() -> Node:
    tree = _card()
    names = sorted({node["componentName"] for node in _nodes(tree)})
    return {
        "schemaVersion": "3.0.0",
        "schema": {
            "version": "1.0.0",
            "componentsMap": [_component(name) for name in names],
            "componentsTree": [tree],
            "i18n": {},
        },
        "mockData": {"cardData": dict(v.EXAMPLE), "cardPrivateData": {}, "richTextData": {}},
        "editVersion": 0,
        "customWidgetInfo": "",
        "useCustomWidgetInfo": False,
        "variableList": [_variable(each) for each in v.VARIABLES],
        "formList": [],
        "expList": [],
        "localList": [],
        "hsfList": [],
        "lwpList": [],
        "extension": {"extendType": "NORMAL", "fileTypeList": []},
    }


def _card() -> Node:
    """From top to bottom: header, text, form, buttons, the line for one person, how to type."""
    header = _node("CardHeaderV2", "header", "卡片头部", {
        "title": _text("${title}"),
        "icon": {"type": "dynamicImage", "valueType": "fixed", "value": ""},
        "color": _select(v.COLOR, "blue"),
        "titleAfterSlot": {
            "type": "JSSlot", "id": "node_duban_slot", "title": "标题后内容",
            "value": [_tag()],
        },
    })  # fmt: skip
    body = _node("Markdown", "body", "Markdown 内容", {
        "mdVer": 0,
        "content": {
            "type": "dynamicMarkdown", "valueType": "variable", "value": "",
            "variable": v.BODY, "variableType": "global",
        },
    }, v.HAS_BODY)  # fmt: skip
    form = _node("Form", "form", "表单", {
        "id": v.FORM,
        "formSchema": _bound(v.FORM),
        "submitText": _text("${form_submit}"),
        "status": _select(v.FORM_STATUS, "normal"),
        "actionType": "request",
        "params": [_param(v.SERIAL)],
    }, v.HAS_FORM)  # fmt: skip
    buttons = _node("ButtonGroup", "buttons", "按钮组", {
        "buttonsSource": "variable",
        "dynamicButtons": _bound(v.BUTTONS),
        "fixedButtons": [],
        "fixedButtonIds": [],
        "enableResponsiveLayout": True,
        "responsiveLayoutWidth": 350,
        "buttonSpacing": 8,
        "matchContent": False,
    }, v.HAS_BUTTONS)  # fmt: skip
    card: Node = {
        "componentName": "Card",
        "id": ROOT,
        "fileName": "duban",
        "props": {
            "hasCardHeader": True,
            "isLinkToCard": False,
            "autoFoldConfig": {
                "needFold": False, "heightLimit": 480,
                "foldStatusLocalDataKey": "_cardFoldStatusLocalDataKey",
            },
            "summaryContent": _bound(v.TITLE),
        },
        "children": [
            header, body, _words("note", "${note}", v.HAS_NOTE), form, buttons,
            _words("hint", "${hint}", v.HAS_HINT, small=True),
        ],
    }  # fmt: skip
    return card | _rest("")


def _tag() -> Node:
    return _node("Tag", "status", "标签", {
        "text": _text("${status}"),
        "color": _select(v.COLOR, "blue"),
        "tagStyle": "hollow",
        "size": "small",
    }, v.HAS_STATUS)  # fmt: skip


def _words(name: str, content: str, shown: str, *, small: bool = False) -> Node:
    return _node("BaseText", name, "基础文本", {
        "text": _text(content),
        "maxLine": _number(3 if small else 20),
        "color": {
            "type": "dynamicColor", "valueType": "fixed",
            "value": "common_level3_base_color" if small else "common_orange1_color",
            "variable": "", "variableType": "global",
        },
        "fontColorType": "Standard",
        "fontSizeType": "Standard",
        "styleType": "standard",
        "styleToken": "common_footnote_text_style" if small else "common_body_text_style",
        "size": "small" if small else "middle",
        "gravity": "left",
        "widthMode": "match_parent",
    }, shown)  # fmt: skip


def _node(kind: str, name: str, title: str, props: Mapping[str, Any], shown: str = "") -> Node:
    """A component.

    :param shown: a boolean variable; without one it is always there.
    """
    margins = {"marginLeft": 12, "marginRight": 12, "marginTop": 6, "marginBottom": 6}
    visible = _when(shown) if shown else _ALWAYS
    node: Node = {"componentName": kind, "id": f"node_duban_{name}"}
    return node | {"props": {**props, **margins, "visible": visible}} | _rest(title)


def _rest(title: str) -> Node:
    return {
        "title": title, "hidden": False, "isLocked": False, "condition": True,
        "conditionGroup": "",
    }  # fmt: skip


def _when(variable: str) -> Node:
    condition = {
        "value": "", "op": "isTrue", "variable": variable, "variableType": "global",
        "type": "variable", "valueType": "fixed", "valueVariableType": "global",
    }  # fmt: skip
    return {
        "type": "dynamicVisible",
        "value": True,
        "valueType": "condition",
        "condition": {"op": "and", "conditions": [condition]},
    }


def _text(content: str) -> Node:
    return {"type": "dynamicString", "content": content, "i18n": False}


def _bound(variable: str) -> Node:
    return {"type": "variableValue", "variable": variable, "variableType": "global"}


def _select(variable: str, otherwise: str) -> Node:
    return {
        "type": "dynamicSelect", "valueType": "variable", "value": otherwise,
        "variable": variable, "variableType": "global",
    }  # fmt: skip


def _number(value: int) -> Node:
    return {
        "type": "dynamicNumber", "valueType": "fixed", "value": value, "variable": "",
        "variableType": "global",
    }  # fmt: skip


def _param(variable: str) -> Node:
    return {
        "type": "variable", "variable": variable, "value": "", "name": variable,
        "variableType": "global", "id": "1",
    }  # fmt: skip


def _component(name: str) -> Node:
    return {
        "package": "@ali/dxComponent", "version": "1.0.0", "exportName": name,
        "main": "./src/index.tsx", "destructuring": False, "subName": "", "componentName": name,
    }  # fmt: skip


def _nodes(node: Node) -> list[Node]:
    """A component with all that stands in it, in its slots too."""
    slots: list[Node] = node["props"].get("titleAfterSlot", {}).get("value", [])
    inside: list[Node] = [*node.get("children", []), *slots]
    return [node, *(deeper for each in inside for deeper in _nodes(each))]


def _variable(each: v.Variable) -> Node:
    schema = {"form": _form_schema, "buttonGroup": _button_schema}.get(each.kind)
    return {
        **_leaf(each.name, each.name, each.kind, private=each.private),
        "description": each.means,
        "disabled": False,
        **({"schema": schema(each.private)} if schema else {}),
    }


def _leaf(path: str, name: str, kind: str, *, private: bool) -> Node:
    return {
        "id": path, "name": name, "type": kind, "private": private,
        "editorVarType": "variables", "disabled": True,
    }  # fmt: skip


def _form_schema(private: bool) -> list[Node]:
    at, options = "form.fields[0]", "form.fields[0].options[0]"
    choice = [_leaf(f"{options}.{n}", n, "string", private=private) for n in ("value", "text")]
    fields = [_leaf(f"{at}.{n}", n, kind, private=private) for n, kind in _FORM_PARTS]
    offered = _leaf(f"{at}.options", "options", "loopArray", private=private)
    whole = _leaf("form.fields", "fields", "loopArray", private=private)
    return [whole | {"schema": [*fields, offered | {"schema": choice}]}]


def _button_schema(private: bool) -> list[Node]:
    at = v.BUTTONS
    asked = [
        _leaf(f"{at}.actionId", "actionId", "string", private=private),
        _leaf(f"{at}.params", "params", "object", private=private),
    ]
    event = [
        _leaf(f"{at}.type", "type", "string", private=private),
        _leaf(f"{at}.params", "params", "object", private=private) | {"schema": asked},
    ]
    plain = [_leaf(f"{at}.{n}", n, "string", private=private) for n in ("text", "color", "status")]
    happens = _leaf(f"{at}.event", "event", "dynamicEvent", private=private)
    return [*plain, happens | {"schema": event}]


if __name__ == "__main__":
    FILE.write_text(template_file(), encoding="utf-8")
