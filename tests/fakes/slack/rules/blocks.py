"""Blocks of messages, modals and Home tabs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.fakes.slack.refusal import Refusal
from tests.fakes.slack.rules.checking import Check
from tests.fakes.slack.rules.elements import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    image,
)

MOST = {"message": 50, "modal": 100, "home": 100}
MOST_CHARACTERS = 13_200
MOST_MARKDOWN = 12_000
COMMON = {"type", "block_id"}


def check_blocks(blocks: Any, place: str) -> Check:
    """Everything that the server would complain about.

    :param place: ``message``, ``modal`` or ``home``.
    """
    check = Check(place)
    for number, block in enumerate(check.count(blocks, MOST[place], "/blocks", least=0)):
        path = f"/blocks/{number}"
        kind = block.get("type") if isinstance(block, dict) else None
        rule = RULES.get(str(kind))
        if rule is None or (kind in ONLY and place not in ONLY[kind]):
            check.wrong(f"unsupported type: {kind}", path)
            continue
        check.unique("block_id", block.get("block_id"), f"{path}/block_id")
        rule(check, block, path)
    if check.markdown > MOST_MARKDOWN:
        check.wrong(f"markdown must be less than {MOST_MARKDOWN + 1} characters", "/blocks")
    return check


def require_blocks(blocks: Any, place: str = "message") -> None:
    """Refuse with ``invalid_blocks`` or ``msg_blocks_too_long``."""
    check = check_blocks(blocks, place)
    if check.problems:
        raise Refusal("invalid_blocks", messages=check.problems)
    if place == "message" and check.characters + check.markdown > MOST_CHARACTERS:
        raise Refusal("msg_blocks_too_long")


def _section(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"text", "fields", "accessory", "expand"}, path)
    fields = block.get("fields")
    check.text(block.get("text"), 3000, f"{path}/text", optional=fields is not None)
    if fields is not None:
        for number, field in enumerate(check.count(fields, 10, f"{path}/fields")):
            check.text(field, 2000, f"{path}/fields/{number}")
    if block.get("accessory") is not None:
        check_element(check, block["accessory"], IN_SECTION, f"{path}/accessory")


def _header(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"text", "level"}, path)
    check.text(block.get("text"), 150, f"{path}/text", plain=True)


def _divider(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON, path)


def _context(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"elements"}, path)
    for number, element in enumerate(check.count(block.get("elements"), 10, f"{path}/elements")):
        here = f"{path}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            image(check, element, here)
        else:
            check.text(element, 3000, here)


def _actions(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"elements"}, path)
    for number, element in enumerate(check.count(block.get("elements"), 25, f"{path}/elements")):
        check_element(check, element, IN_ACTIONS, f"{path}/elements/{number}")


def _image(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"image_url", "alt_text", "title", "slack_file"}, path)
    image(check, block, path)
    check.text(block.get("title"), 2000, f"{path}/title", plain=True, optional=True)


def _input(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"label", "element", "hint", "optional", "dispatch_action"}, path)
    check.text(block.get("label"), 2000, f"{path}/label", plain=True)
    check.text(block.get("hint"), 2000, f"{path}/hint", plain=True, optional=True)
    check_element(check, block.get("element"), IN_INPUT, f"{path}/element")
    if "block_id" in block:
        check.inputs[block["block_id"]] = block


def _markdown(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"text"}, path)
    check.string(block.get("text"), MOST_MARKDOWN, f"{path}/text", optional=False)
    check.markdown += len(str(block.get("text", "")))


def _rich_text(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"elements"}, path)
    kinds = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
    for number, element in enumerate(check.count(block.get("elements"), 100, f"{path}/elements")):
        here = f"{path}/elements/{number}"
        check.one_of(element.get("type"), kinds, f"{here}/type")
        _rich_parts(check, element, here)


def _rich_parts(check: Check, element: dict[str, Any], path: str) -> None:
    for number, part in enumerate(element.get("elements", ())):
        here = f"{path}/elements/{number}"
        if part.get("type") == "rich_text_section":
            _rich_parts(check, part, here)
        elif part.get("type") == "text":
            check.string(part.get("text"), 100_000, f"{here}/text", optional=False)
            check.characters += len(str(part.get("text", "")))


def _table(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"rows", "column_settings"}, path)
    for number, row in enumerate(check.count(block.get("rows"), 100, f"{path}/rows")):
        for cell in check.count(row, 20, f"{path}/rows/{number}"):
            here = f"{path}/rows/{number}"
            check.one_of(cell.get("type"), {"raw_text", "rich_text"}, here)
            if cell.get("type") == "raw_text":
                check.string(cell.get("text"), 3000, here, optional=False)
                check.characters += len(str(cell.get("text", "")))
    check.tables += 1
    if check.tables > 1:
        check.wrong("only_one_table_allowed", path)


def _file(check: Check, block: dict[str, Any], path: str) -> None:
    check.keys(block, COMMON | {"external_id", "source"}, path)
    check.string(block.get("external_id"), 255, f"{path}/external_id", optional=False)
    check.one_of(block.get("source"), {"remote"}, f"{path}/source")


RULES: dict[str, Callable[[Check, dict[str, Any], str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "file": _file,
}
ONLY = {"markdown": {"message"}, "table": {"message"}, "file": {"message"}}
