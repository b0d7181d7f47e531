"""Block elements: buttons, selects, inputs, and where each may stand."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.rules.checking import Check

SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
INPUTS = frozenset(
    [
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
        "file_input",
        "datepicker",
        "timepicker",
        "datetimepicker",
        "checkboxes",
        "radio_buttons",
    ]
)
PICKERS = frozenset(["datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"])
IN_SECTION = SELECTS | PICKERS | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = SELECTS | PICKERS | {"button", "overflow", "workflow_button"}
IN_INPUT = SELECTS | INPUTS
COMMON = {"type", "action_id", "confirm", "focus_on_load"}
TEXT_INPUT = {"type", "action_id", "initial_value", "placeholder", "focus_on_load"}
DISPATCH = {"dispatch_action_config"}
KEYS: dict[str, set[str]] = {
    "button": {
        "type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label",
    },
    "overflow": {"type", "action_id", "options", "confirm"},
    "image": {"type", "image_url", "alt_text", "slack_file"},
    "plain_text_input": TEXT_INPUT | DISPATCH | {"multiline", "min_length", "max_length"},
    "email_text_input": TEXT_INPUT | DISPATCH,
    "url_text_input": TEXT_INPUT | DISPATCH,
    "number_input": TEXT_INPUT | DISPATCH | {"is_decimal_allowed", "min_value", "max_value"},
    "rich_text_input": TEXT_INPUT | DISPATCH,
    "file_input": {"type", "action_id", "filetypes", "max_files"},
    "datepicker": COMMON | {"initial_date", "placeholder"},
    "timepicker": COMMON | {"initial_time", "placeholder", "timezone"},
    "datetimepicker": COMMON | {"initial_date_time"},
    "checkboxes": COMMON | {"options", "initial_options"},
    "radio_buttons": COMMON | {"options", "initial_option"},
    "static_select": COMMON | {"options", "option_groups", "initial_option", "placeholder"},
    "external_select": COMMON | {"initial_option", "min_query_length", "placeholder"},
    "users_select": COMMON | {"initial_user", "placeholder"},
    "conversations_select": COMMON
    | {"initial_conversation", "default_to_current_conversation", "placeholder", "filter",
       "response_url_enabled"},
    "channels_select": COMMON | {"initial_channel", "placeholder", "response_url_enabled"},
    "multi_static_select": COMMON
    | {"options", "option_groups", "initial_options", "placeholder", "max_selected_items"},
    "multi_external_select": COMMON
    | {"initial_options", "min_query_length", "placeholder", "max_selected_items"},
    "multi_users_select": COMMON | {"initial_users", "placeholder", "max_selected_items"},
    "multi_conversations_select": COMMON
    | {"initial_conversations", "default_to_current_conversation", "placeholder", "filter",
       "max_selected_items"},
    "multi_channels_select": COMMON | {"initial_channels", "placeholder", "max_selected_items"},
}  # fmt: skip
MOST_OPTIONS = {"overflow": 5, "radio_buttons": 10, "checkboxes": 10}


def check_element(check: Check, element: Any, allowed: frozenset[str], path: str) -> None:
    """Note what is wrong with one element."""
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed or (kind not in KEYS and kind != "workflow_button"):
        check.wrong(f"unsupported type: {kind}", path)
        return
    check.keys(element, KEYS.get(kind, element), path)
    if kind == "image":
        image(check, element, path)
        return
    check.unique("action_id", element.get("action_id"), f"{path}/action_id")
    check.confirm(element.get("confirm"), f"{path}/confirm")
    check.text(element.get("placeholder"), 150, f"{path}/placeholder", plain=True, optional=True)
    if kind == "button":
        _button(check, element, path)
    elif kind == "plain_text_input":
        _text_input(check, element, path)
    elif kind == "file_input" and check.place != "modal":
        check.wrong("unsupported type: file_input", path)
    elif kind == "number_input" and "is_decimal_allowed" not in element:
        check.wrong("missing required field: is_decimal_allowed", path)
    if "option" in " ".join(KEYS[kind]) and "external" not in kind:
        _options(check, element, kind, path)


def image(check: Check, element: Any, path: str) -> None:
    """A picture in a line or in a block of its own."""
    if "slack_file" not in element:
        check.string(element.get("image_url"), 3000, f"{path}/image_url", optional=False)
    check.string(element.get("alt_text"), 2000, f"{path}/alt_text", optional=False)


def _button(check: Check, element: dict[str, Any], path: str) -> None:
    check.text(element.get("text"), 75, f"{path}/text", plain=True)
    check.string(element.get("value"), 2000, f"{path}/value", least=0)
    check.string(element.get("url"), 3000, f"{path}/url")
    check.string(element.get("accessibility_label"), 75, f"{path}/accessibility_label")
    check.one_of(element.get("style"), {"primary", "danger"}, f"{path}/style")
    url = element.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "slack://")):
        check.wrong("invalid url", f"{path}/url")


def _text_input(check: Check, element: dict[str, Any], path: str) -> None:
    most = element.get("max_length", 3000)
    for name in ("min_length", "max_length"):
        value = element.get(name)
        if value is not None and not 0 <= value <= 3000:
            check.wrong("must be between 0 and 3000", f"{path}/{name}")
    check.string(element.get("initial_value"), most, f"{path}/initial_value", least=0)


def _options(check: Check, element: dict[str, Any], kind: str, path: str) -> None:
    groups = element.get("option_groups")
    found: list[Any] = []
    if groups is not None:
        if "options" in element:
            check.wrong("options and option_groups together", path)
        for number, group in enumerate(check.count(groups, 100, f"{path}/option_groups")):
            here = f"{path}/option_groups/{number}"
            check.text(group.get("label"), 75, f"{here}/label", plain=True)
            found += check.count(group.get("options"), 100, f"{here}/options")
    else:
        most = MOST_OPTIONS.get(kind, 100)
        found = check.count(element.get("options"), most, f"{path}/options")
    values: set[Any] = set()
    for number, option in enumerate(found):
        here = f"{path}/options/{number}"
        _option(check, option, kind, here)
        value = option.get("value") if isinstance(option, dict) else None
        if value in values:
            check.wrong(f"duplicate option value: {value}", here)
        values.add(value)
    initial = element.get("initial_options") or (
        [element["initial_option"]] if element.get("initial_option") else []
    )
    if "initial_options" in element and not element["initial_options"]:
        check.wrong("must have at least 1 items", f"{path}/initial_options")
    for chosen in initial:
        if chosen not in found:
            check.wrong("initial option does not match an option", f"{path}/initial_option")


def _option(check: Check, option: Any, kind: str, path: str) -> None:
    if not isinstance(option, dict):
        check.wrong("must be an option", path)
        return
    check.keys(option, {"text", "value", "description", "url"}, path)
    plain = kind not in {"radio_buttons", "checkboxes"}
    check.text(option.get("text"), 75, f"{path}/text", plain=plain)
    check.string(option.get("value"), 150, f"{path}/value", optional=False)
    check.text(option.get("description"), 75, f"{path}/description", plain=plain, optional=True)
    if "url" in option and kind != "overflow":
        check.wrong("url is for overflow menus only", path)
