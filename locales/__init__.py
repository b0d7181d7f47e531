"""The texts of Duban in Chinese and English: ``<language>/<family>.toml``, one key a line."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LOCALES = ("zh", "en")
"""The languages; the first is the default."""


@cache
def catalogue(locale: str) -> dict[str, str]:
    """Every text of a language by its full key (``review.started``).

    An unknown language gives the default one.
    """
    language = locale if locale in LOCALES else LOCALES[0]
    texts: dict[str, str] = {}
    for entry in files("locales").joinpath(language).iterdir():
        if entry.name.endswith(".toml"):
            family = entry.name.removesuffix(".toml")
            loaded = tomllib.loads(entry.read_text(encoding="utf-8"))
            texts.update((f"{family}.{key}", text) for key, text in _flat("", loaded))
    return texts


def _flat(prefix: str, table: dict[str, object]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            out += _flat(f"{prefix}{key}.", value)  # pyright: ignore[reportUnknownArgumentType]
        else:
            out.append((prefix + key, str(value)))
    return out


def template(locale: str, key: str, count: int | None = None) -> str:
    """The text with its placeholders; for a count of 1 the singular where there is one.

    A key that does not exist is answered with itself: a slip shows and never breaks a message.
    """
    texts = catalogue(locale)
    if count == 1 and (singular := texts.get(f"{key}_one")):
        return singular
    return texts.get(key, key)
