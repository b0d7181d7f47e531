"""The card template that Duban ships, as a template of the stand-in: read from its own file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.fakes.dingtalk import CardScreen, Offer, Template

SHIPPED = Path(__file__).parents[2] / "bot" / "dingtalk" / "template.json"
TEMPLATE_ID = "0a1b2c3d-duban.schema"
_PLACE = re.compile(r"\$\{(\w+)\}")


def shipped() -> dict[str, Any]:
    return json.loads(SHIPPED.read_text(encoding="utf-8"))


def card_template(template_id: str = TEMPLATE_ID) -> Template:
    """A company's template that was built by the shipped description."""
    described = shipped()
    names = frozenset(v["name"] for v in described["variables"])

    def show(values: Mapping[str, str]) -> CardScreen:
        lines: list[str] = []
        offers: list[Offer] = []
        for part in described["components"]:
            if part.get("show_if") and not values.get(part["show_if"]):
                continue
            text = _filled(part["text"], values)
            if part["type"] == "button":
                params = part["action"]["params"]
                filled = {k: _filled(v, values) for k, v in params.items()}
                offers.append(Offer(text, part["action"]["id"], filled))
                continue
            tag = _filled(part.get("tag", ""), values)
            lines.append(f"{text} · {tag}" if tag else text)
        return CardScreen("\n\n".join(lines), tuple(offers))

    return Template(template_id, show, names)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda m: values.get(m.group(1), ""), text)
