"""Blocks as a person reads them, for golden files: one block a paragraph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]


def read(blocks: Sequence[Block]) -> str:
    """Headers with ``#``, small print with ``~``, buttons in brackets."""
    return "\n\n".join(_block(b) for b in blocks)


def _block(block: Block) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "section":
            text = block.get("text", {}).get("text", "")
            fields = " | ".join(f["text"].replace("\n", " ") for f in block.get("fields", ()))
            beside = f"   {_element(block['accessory'])}" if "accessory" in block else ""
            return f"{text}{fields}{beside}"
        case "context":
            return "\n".join(f"~ {e['text']}" for e in block["elements"])
        case "actions":
            return " ".join(_element(e) for e in block["elements"])
        case "divider":
            return "----"
        case "input":
            return _input(block)
        case other:
            return f"?{other}"


def _element(element: Block) -> str:
    if element["type"] == "overflow":
        return f"[⋯ {' / '.join(o['text']['text'] for o in element['options'])}]"
    marks = {"primary": "!", "danger": "‼"}.get(str(element.get("style")), "")
    return f"[{marks}{element['text']['text']}{' ?' if 'confirm' in element else ''}]"


def _input(block: Block) -> str:
    element = block["element"]
    options = ", ".join(o["text"]["text"] for o in element.get("options", ()))
    initial = [_plain(v) for k, v in element.items() if k.startswith("initial_")]
    shown = f"{block['label']['text']}{'' if block['optional'] else ' *'} <{element['type']}>"
    parts = [shown, *(f"({options})" if options else "",), *(f"= {i}" for i in initial)]
    hint = f"\n~ {block['hint']['text']}" if "hint" in block else ""
    return " ".join(p for p in parts if p) + hint


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(v) for v in value)
    return str(value["text"]["text"]) if isinstance(value, dict) else str(value)
