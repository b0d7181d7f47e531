"""Run with DingTalk's generated models on the path: tells what they look like, and tries bodies.

Reads ``{"models": [name…], "bodies": [[name, body]…]}`` from standard input; names are like
``robot_1_0.OrgGroupSendRequest``. Writes ``{"models": {name: fields}, "losses": [[name, body,
what the model makes of it]…]}``.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
import typing
from typing import Any

_PLAIN = {str: "text", int: "whole", bool: "flag"}


def model(name: str) -> Any:
    """The class of this name."""
    module, _, plain = name.partition(".")
    return getattr(importlib.import_module(f"alibabacloud_dingtalk.{module}.models"), plain)


def fields(made: Any) -> dict[str, Any]:
    """Names as they go over the wire, and kinds; objects are dictionaries themselves."""
    wire = dict.fromkeys(re.findall(r"result\['([^']+)'\] = ", inspect.getsource(made.to_map)))
    kinds = [p.annotation for n, p in inspect.signature(made.__init__).parameters.items()
             if n != "self"]  # fmt: skip
    assert len(wire) == len(kinds), made
    return {name: kind(k) for name, k in zip(wire, kinds, strict=True)}


def kind(annotation: Any) -> Any:
    """The kind of one field, in the words of ``tests.fakes.dingtalk.shapes``."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return "texts" if arguments[0] is str else {"many": kind(arguments[0])}
    if origin is dict:
        words = {str: "words", Any: "things"}
        return words.get(arguments[1]) or {"each": kind(arguments[1])}
    return fields(annotation)


def main() -> None:
    """Answer what is asked on standard input."""
    asked = json.load(sys.stdin)
    losses: list[Any] = []
    for name, body in asked["bodies"]:
        kept = model(name)().from_map(body).to_map()
        kept = {k: v for k, v in kept.items() if k in body or v not in ([], {})}
        if kept != body:
            losses.append([name, body, kept])
    found = {name: fields(model(name)) for name in asked["models"]}
    json.dump({"models": found, "losses": losses}, sys.stdout)


if __name__ == "__main__":
    main()
