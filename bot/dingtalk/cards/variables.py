"""The variables of the interactive template: what each is, and how its value is written.

All values are texts (facts, section 7.3): truth as ``true`` and ``false``, objects as JSON. A
private variable that has no text for somebody shows them what everybody sees.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TITLE, STATUS, COLOR, BODY = "title", "status", "color", "body"
BUTTONS, NOTE, HINT, SERIAL = "buttons", "note", "hint", "serial"
FORM, FORM_STATUS, FORM_SUBMIT = "form", "form_status", "form_submit"
HAS_STATUS, HAS_BODY, HAS_FORM = "has_status", "has_body", "has_form"
HAS_BUTTONS, HAS_NOTE, HAS_HINT = "has_buttons", "has_note", "has_hint"
ACTION, OF = "action", "of"
"""Parameters that come back with a press: the button, and the button that a question was about."""
YES, NO = "true", "false"


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable.

    :param kind: as the card platform calls it.
    :param private: people may see other values than everybody.
    """

    name: str
    kind: str
    means: str
    private: bool = False


VARIABLES = (
    Variable(TITLE, "string", "标题"),
    Variable(STATUS, "string", "状态标签"),
    Variable(HAS_STATUS, "boolean", "有没有状态标签"),
    Variable(COLOR, "string", "颜色：blue、green、orange、red"),
    Variable(BODY, "markdown", "正文"),
    Variable(HAS_BODY, "boolean", "有没有正文"),
    Variable(BUTTONS, "buttonGroup", "按钮", private=True),
    Variable(HAS_BUTTONS, "boolean", "有没有按钮", private=True),
    Variable(NOTE, "string", "只给一个人看的话", private=True),
    Variable(HAS_NOTE, "boolean", "有没有只给一个人看的话", private=True),
    Variable(FORM, "form", "表单", private=True),
    Variable(FORM_STATUS, "string", "表单状态：normal、disabled", private=True),
    Variable(FORM_SUBMIT, "string", "表单的提交按钮"),
    Variable(HAS_FORM, "boolean", "有没有表单"),
    Variable(HINT, "string", "说明"),
    Variable(HAS_HINT, "boolean", "有没有说明"),
    Variable(SERIAL, "string", "第几次更新"),
)
PRIVATE = tuple(v.name for v in VARIABLES if v.private)
NOTHING_OWN: Mapping[str, str] = dict.fromkeys(PRIVATE, "")
"""Values by which somebody sees what everybody does."""

COLORS = {"primary": "blue", "danger": "red"}
"""Of buttons by style; all others are gray."""


def button(name: str, label: str, style: str, serial: int, **params: str) -> dict[str, Any]:
    """One button of a group.

    :param serial: of the drawing on which it stands; comes back with the press.
    """
    given = {ACTION: name, SERIAL: str(serial), **params}
    return {
        "text": label,
        "color": COLORS.get(style, "gray"),
        "status": "normal",
        "event": {"type": "sendCardRequest", "params": {"actionId": name, "params": given}},
    }


def buttons(each: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The variables of a group of buttons."""
    listed = list(each)
    return {BUTTONS: as_json(listed), HAS_BUTTONS: truth(listed)}


def as_json(value: object) -> str:
    """An object or a list as the text of a variable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def truth(value: object) -> str:
    """Whether there is something, as the text of a variable."""
    return YES if value else NO


EXAMPLE: Mapping[str, Any] = {
    TITLE: "评审 12 登录改版",
    STATUS: "进行中",
    HAS_STATUS: True,
    COLOR: "blue",
    BODY: "- S12 登录改版：已投 2/5",
    HAS_BODY: True,
    BUTTONS: [button("pass", "通过", "primary", 1), button("fail", "不通过", "danger", 1)],
    HAS_BUTTONS: True,
    NOTE: "",
    HAS_NOTE: False,
    FORM: {
        "fields": [
            {"name": "what", "label": "改什么", "type": "TEXT_AREA", "required": True},
            {"name": "day", "label": "哪天要", "type": "DATE"},
        ]
    },
    FORM_STATUS: "normal",
    FORM_SUBMIT: "提交",
    HAS_FORM: False,
    HINT: "按钮失灵时，也可以 @督办 发送命令。",
    HAS_HINT: True,
    SERIAL: "1",
}
"""What the editor's preview shows."""
