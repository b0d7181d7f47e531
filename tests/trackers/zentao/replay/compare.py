"""Compares an answer with a recorded one: status, keys, types, values; not ids of log rows, times.

Recorded bodies marked ``trimmed`` lack list items, empty fields and the ends of long texts: what
they do show must be there, and the fields they always show when filled must be empty when absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

TIMES = re.compile(r"(\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\dZ?|\d+月\d+日 \d\d:\d\d")
# A trimmed story shows these whenever they are filled.
SHOWN_WHEN_FILLED = (
    "assignedTo", "assignedDate", "lastEditedBy", "lastEditedDate", "changedBy", "changedDate",
    "reviewedBy", "reviewedDate", "closedBy", "closedDate", "closedReason", "duplicateStory",
    "activatedDate", "planTitle", "parent", "mailto", "spec", "verify", "reviewer", "notReview",
)  # fmt: skip
# Numbers that a server counts for itself or draws at random.
VOLATILE = frozenset({
    "token", "sessionID", "random", "rand", "serverTime", "visits", "ip", "lastRunDate",
})  # fmt: skip


class Comparison:
    """Collects the differences between a recorded body and ours."""

    def __init__(self, *, trimmed: bool, ignored: frozenset[str] = frozenset()) -> None:
        self._trimmed = trimmed
        self._ignored = VOLATILE | ignored
        self.differences: list[str] = []

    def body(self, recorded: Any, got: bytes) -> list[str]:
        """The differences of a whole body."""
        text = got.decode()
        if recorded == "":
            self._same("body", "", text)
        elif isinstance(recorded, str):
            self._documents(recorded, text)
        else:
            try:
                value = json.loads(text)
            except ValueError:
                self.differences.append(f"body: no JSON: {text[:80]!r}")
            else:
                self.value("", recorded, value)
        return self.differences

    def _documents(self, recorded: str, text: str) -> None:
        if recorded.startswith("<"):
            self._same("html", mask(recorded)[:120], mask(text)[:120])
            return
        theirs, ours = split_documents(recorded), split_documents(text)
        for index, (left, right) in enumerate(zip(theirs, ours, strict=False)):
            self.value(f"[document {index}]", left, right)
        cut_off = recorded.endswith("…")
        self._same("documents", len(theirs) + cut_off, len(ours))

    def value(self, path: str, recorded: Any, got: Any) -> None:
        """One value and all below it."""
        if isinstance(recorded, dict) and isinstance(got, dict):
            self._mapping(path, recorded, got)
        elif isinstance(recorded, list) and isinstance(got, list):
            self._list(path, recorded, got)
        elif type(recorded) is not type(got):
            self.differences.append(f"{path}: {recorded!r} is recorded, ours is {got!r}")
        elif isinstance(recorded, str):
            self._text(path, mask(recorded), mask(got))
        else:
            self._same(path, recorded, got)

    def _mapping(self, path: str, recorded: Mapping[str, Any], got: Mapping[str, Any]) -> None:
        for key, value in recorded.items():
            if self._skipped(path, key):
                continue
            if key in got:
                self.value(f"{path}.{key}", value, got[key])
            else:
                self.differences.append(f"{path}.{key}: missing")
        extra = sorted(key for key in got.keys() - recorded.keys() if key not in self._ignored)
        if not self._trimmed:
            self.differences += [f"{path}.{key}: not recorded" for key in extra]
        elif "stage" in recorded and "version" in recorded:
            filled = [key for key in SHOWN_WHEN_FILLED if key in extra and got[key]]
            self.differences += [f"{path}.{key}: {got[key]!r}, recorded empty" for key in filled]

    def _skipped(self, path: str, key: str) -> bool:
        log_row = ".actions" in path or ".dateGroups" in path or ".logs" in path
        return (
            key in self._ignored
            or (log_row and key == "id")
            or (".history" in path and key == "action")
        )

    def _list(self, path: str, recorded: list[Any], got: list[Any]) -> None:
        if not self._trimmed or not recorded or not isinstance(recorded[0], dict):
            self._same(f"{path} (length)", len(recorded), len(got))
            pairs = list(zip(recorded, got, strict=False))
        else:
            pairs = self._found(path, recorded, got)
        for index, (left, right) in enumerate(pairs):
            self.value(f"{path}[{index}]", left, right)

    def _found(self, path: str, recorded: list[Any], got: list[Any]) -> list[tuple[Any, Any]]:
        """Each recorded item with ours, in the recorded order (items between are left out)."""
        pairs: list[tuple[Any, Any]] = []
        rest = list(got)
        for item in recorded:
            at = next((i for i, ours in enumerate(rest) if _same_object(path, item, ours)), None)
            if at is None:
                self.differences.append(f"{path}: no {_name(item)} (in this order)")
                continue
            pairs.append((item, rest[at]))
            rest = rest[at + 1 :]
        return pairs

    def _text(self, path: str, recorded: str, got: str) -> None:
        if self._trimmed and recorded.endswith("…"):
            self._same(path, recorded[:-1], got[: len(recorded) - 1])
        else:
            self._same(path, recorded, got)

    def _same(self, path: str, recorded: Any, got: Any) -> None:
        if recorded != got:
            self.differences.append(f"{path}: {recorded!r} is recorded, ours is {got!r}")


def mask(text: str) -> str:
    """Times replaced by their form."""
    return TIMES.sub(lambda found: re.sub(r"\d", "9", found[0]), text)


def split_documents(text: str) -> list[Any]:
    """The JSON documents that stand one after the other; a cut-off last one is left out."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    while text:
        try:
            value, end = decoder.raw_decode(text)
        except ValueError:
            break
        found.append(value)
        text = text[end:]
    return found


def _same_object(path: str, item: Any, ours: Any) -> bool:
    if path.endswith((".actions", ".dateGroups", ".history")):
        keys = ("objectID", "action", "actor", "extra", "field", "objectType")
    else:
        keys = ("id",)
    return all(
        item.get(key) == ours.get(key) for key in keys if key != "action" or "field" not in item
    )


def _name(item: dict[str, Any]) -> str:
    shown = {key: item[key] for key in ("id", "action", "field", "extra") if key in item}
    return str(shown)
