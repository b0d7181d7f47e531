"""DingTalk's generated models, asked about bodies; they live in an interpreter of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.dingtalk.validity.installing import WAIT, models
from tests.fakes.dingtalk.bodies import MODELS
from tests.fakes.dingtalk.shapes import Each, Kind, Many, Shape

Body = tuple[str, Mapping[str, Any]]
SCRIPT = Path(__file__).parent / "describe.py"


class Models:
    """The official models."""

    def __init__(self) -> None:
        self._folder = models()
        self.fields: dict[str, Any] = self._ask(set(MODELS.values()), [])["models"]

    def losses(self, bodies: Iterable[Body]) -> list[Any]:
        """What the models do not keep of bodies (by operation): fields that they do not have."""
        named = [[MODELS[operation], body] for operation, body in bodies]
        return self._ask(set(), named)["losses"]

    def _ask(self, names: set[str], bodies: list[Any]) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-s", str(SCRIPT)],
            input=json.dumps({"models": sorted(names), "bodies": bodies}),
            env=os.environ | {"PYTHONPATH": str(self._folder)},
            capture_output=True, text=True, timeout=WAIT, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)


def strange(wanted: Kind | Shape | Many | Each, official: Any, where: str = "") -> list[str]:
    """Where a shape says something else than the official model."""
    if isinstance(wanted, Kind):
        return [] if official == wanted.value else [f"{where} is {official}, not {wanted}"]
    if isinstance(wanted, Many | Each):
        name = "many" if isinstance(wanted, Many) else "each"
        inner = official.get(name) if isinstance(official, dict) else None
        return [f"{where} is not {name}"] if inner is None else strange(wanted.of, inner, where)
    found: list[str] = []
    for name, kind in wanted.fields.items():
        path = f"{where}.{name}"
        if not isinstance(official, dict) or name not in official:
            found.append(f"{path} is unknown")
        else:
            found += strange(kind, official[name], path)
    return found
