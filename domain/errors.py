"""One family of errors: a message key with parameters and a kind.

The boundary (``commands.dispatcher``) turns the kind into an answer in the reader's language.
Whatever is not a :class:`DubanError` is a bug: the person sees a short reference, the log has the
trace.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from domain.messages import Action, Inline, T


class ErrorKind(StrEnum):
    """What an error means to the person who reads it."""

    USER = "user"
    PERMISSION = "permission"
    CONFLICT = "conflict"
    OUTSIDE = "outside"


class DubanError(Exception):
    """An error that people may see.

    :param key: message key in ``locales``; the text says what to do next.
    :param params: values for the text's placeholders.
    :param hint: an optional second sentence, for example the nearest right command.
    :ivar actions: buttons that put it right, where there are any.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.USER

    def __init__(self, key: str, hint: Inline | None = None, /, **params: Inline | int) -> None:
        super().__init__(key, params)
        self.key = key
        self.params: Mapping[str, Inline | int] = params
        self.hint = hint
        self.actions: tuple[Action, ...] = ()

    @property
    def text(self) -> T:
        """The error as translatable text."""
        return T(self.key, dict(self.params))

    def __str__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.params.items())
        return f"{self.key}({shown})"


class UserError(DubanError):
    """What was typed cannot be done as it stands; the text says how to put it right."""


class NotFoundError(UserError):
    """The thing that was named does not exist (or is not this workspace's)."""


class ForbiddenError(DubanError):
    """The person lacks a role. The text names the role and who has it."""

    kind = ErrorKind.PERMISSION


class ConflictError(DubanError):
    """Somebody else was first. The dispatcher tries the use case once more on fresh data."""

    kind = ErrorKind.CONFLICT


class OutsideError(DubanError):
    """Something beyond Duban failed: the disk, the database, a platform, the tracker."""

    kind = ErrorKind.OUTSIDE


class StorageError(OutsideError):
    """The database cannot take or give the data (full, unreachable, read-only)."""
