"""Texts as plain words in one language: for what is written where nobody reads our cards.

Cards stay untranslated until somebody reads them; a comment in the tracker or the name of a phase
is stored once, in the language of the workspace.
"""

from __future__ import annotations

from locales import template


def said(locale: str, key: str, **params: str | int) -> str:
    """The text of ``locales`` with its parameters; ``n`` chooses the singular."""
    count = params.get("n")
    text = template(locale, key, count if isinstance(count, int) else None)
    for name, value in params.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
