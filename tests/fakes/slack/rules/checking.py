"""Collecting what is wrong, with the place where it is wrong."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

LONGEST_ID = 255


class Check:
    """Walks through a structure and notes each problem in the platform's words.

    :param place: ``message``, ``modal`` or ``home``: some blocks stand only in some of them.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.problems: list[str] = []
        self.characters = 0
        self.markdown = 0
        self.tables = 0
        self._ids: dict[str, set[str]] = {"block_id": set(), "action_id": set()}
        self.inputs: dict[str, dict[str, Any]] = {}

    def wrong(self, what: str, path: str) -> None:
        """Note a problem."""
        self.problems.append(f"[ERROR] {what} [json-pointer:{path}]")

    def keys(self, value: dict[str, Any], allowed: Collection[str], path: str) -> None:
        """No other properties than these."""
        for key in value.keys() - set(allowed):
            self.wrong(f"no more than the known properties allowed: {key}", path)

    def string(
        self, value: Any, most: int, path: str, *, least: int = 1, optional: bool = True
    ) -> None:
        """A text within its length."""
        if value is None:
            if not optional:
                self.wrong("missing required field", path)
            return
        if not isinstance(value, str):
            self.wrong("must be a string", path)
        elif len(value) < least:
            self.wrong(f"must be more than {least - 1} characters", path)
        elif _units(value) > most:
            self.wrong(f"must be less than {most + 1} characters", path)

    def one_of(self, value: Any, allowed: Collection[str], path: str) -> None:
        """One of these, or nothing."""
        if value is not None and value not in allowed:
            self.wrong(f"must be a valid enum value, not {value!r}", path)

    def unique(self, kind: str, value: Any, path: str) -> None:
        """A block_id or action_id: short enough, and not there yet."""
        if value is None:
            return
        self.string(value, LONGEST_ID, path, least=1)
        if value in self._ids[kind]:
            self.wrong(f"{kind} already exists: {value}", path)
        self._ids[kind].add(value)

    def count(self, value: Any, most: int, path: str, *, least: int = 1) -> list[Any]:
        """A list of so many things."""
        if not isinstance(value, list):
            self.wrong("must be an array", path)
            return []
        if len(value) < least:
            self.wrong(f"must have at least {least} items", path)
        if len(value) > most:
            self.wrong(f"no more than {most} items allowed", path)
        return value

    def text(
        self, value: Any, most: int, path: str, *, plain: bool = False, optional: bool = False
    ) -> None:
        """A text object."""
        if value is None:
            if not optional:
                self.wrong("missing required field", path)
            return
        if not isinstance(value, dict):
            self.wrong("must be a text object", path)
            return
        kind = value.get("type")
        allowed = (
            {"type", "text", "emoji"} if kind == "plain_text" else {"type", "text", "verbatim"}
        )
        if kind not in ({"plain_text"} if plain else {"plain_text", "mrkdwn"}):
            self.wrong(f"unsupported type: {kind}", path)
        self.keys(value, allowed, path)
        self.string(value.get("text"), most, f"{path}/text", optional=False)
        self.characters += len(str(value.get("text", "")))

    def confirm(self, value: Any, path: str) -> None:
        """The question before a button acts."""
        if value is None:
            return
        self.keys(value, {"title", "text", "confirm", "deny", "style"}, path)
        self.text(value.get("title"), 100, f"{path}/title", plain=True)
        self.text(value.get("text"), 300, f"{path}/text", plain=False)
        self.text(value.get("confirm"), 30, f"{path}/confirm", plain=True)
        self.text(value.get("deny"), 30, f"{path}/deny", plain=True)
        self.one_of(value.get("style"), {"primary", "danger"}, f"{path}/style")


def _units(text: str) -> int:
    """Characters as JavaScript counts them, which has two for an emoji: the careful reading."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
