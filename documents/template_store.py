"""Word templates: the ones that ship with Duban, and those that a company put in their place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import locales
from documents.docx_render import LARGEST_TEMPLATE, fill
from documents.template_samples import CREATED, sample_fields
from domain.errors import NotFoundError, UserError

KINDS = ("minutes", "change", "plan")
"""The documents that have a template."""


class Templates:
    """Finds the template of a document.

    In the company's folder ``minutes.zh.docx`` counts for Chinese readers and ``minutes.docx`` for
    everybody; without either the shipped template is used.

    :param folder: the company's templates; it need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, kind: str, locale: str) -> bytes:
        """The template for a document in a language.

        :raises NotFoundError: ``document.unknown_kind`` for a kind that has no template.
        """
        _known(kind)
        for name in (f"{kind}.{_language(locale)}.docx", f"{kind}.docx"):
            path = self._folder / name
            if path.is_file():
                return _read(path)
        return shipped(kind, locale)

    def save(self, kind: str, data: bytes, locale: str | None = None) -> None:
        """Put a company's template in place, durably, once it was tried out on sample data.

        :param locale: the language that it is for; None for both.
        :raises UserError: ``document.template_…`` when it cannot be used; nothing is changed then.
        """
        validate(kind, data, locale)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / _name(kind, locale)
        partial = target.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)

    def check(self, kind: str, data: bytes, locale: str | None) -> None:
        """Try a template out, as :func:`validate` does."""
        validate(kind, data, locale)

    def own(self) -> frozenset[tuple[str, str | None]]:
        """The company's templates: kind, and the language (None: both)."""
        languages = (None, *locales.LOCALES)
        every = ((kind, language) for kind in KINDS for language in languages)
        return frozenset(
            (kind, language)
            for kind, language in every
            if (self._folder / _name(kind, language)).is_file()
        )

    def remove(self, kind: str, locale: str | None = None) -> bool:
        """Go back to the shipped template; False when there was no other."""
        _known(kind)
        target = self._folder / _name(kind, locale)
        existed = target.is_file()
        target.unlink(missing_ok=True)
        return existed


def shipped(kind: str, locale: str) -> bytes:
    """The template that ships with Duban."""
    _known(kind)
    name = f"{kind}.{_language(locale)}.docx"
    return files("documents.templates").joinpath(name).read_bytes()


def validate(kind: str, data: bytes, locale: str | None = None) -> None:
    """Fill a template with a full and an empty sample, in the languages that it is for.

    :raises UserError: ``document.template_…`` in words for whoever keeps the template.
    """
    _known(kind)
    for language in (locale,) if locale else locales.LOCALES:
        samples: tuple[Mapping[str, Any], ...] = sample_fields(kind, language)
        for fields in samples:
            fill(data, fields, title=kind, at=CREATED)


def _name(kind: str, locale: str | None) -> str:
    return f"{kind}.{_language(locale)}.docx" if locale else f"{kind}.docx"


def _language(locale: str) -> str:
    return locale if locale in locales.LOCALES else locales.LOCALES[0]


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise NotFoundError("document.unknown_kind", kind=kind)


def _read(path: Path) -> bytes:
    if path.stat().st_size > LARGEST_TEMPLATE:
        raise UserError("document.template_too_large", n=LARGEST_TEMPLATE // (1024 * 1024))
    return path.read_bytes()
