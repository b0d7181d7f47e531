"""Reminders as commands show them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.messages import Inline
from domain.reminders import LedgerRow, Rule, RuleOverride, Slot


@dataclass(frozen=True, slots=True)
class Told:
    """A reminder in words.

    :param open: whether there is still something to do about it.
    :param settle: the typed command that settles it, or empty.
    """

    row: LedgerRow
    line: Inline
    open: bool
    settle: str


@dataclass(frozen=True, slots=True)
class Coming:
    """A reminder that would be sent if everything stays as it is."""

    slot: Slot
    line: Inline


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule as Duban brings it, what the product has set, and what holds."""

    rule: Rule
    override: RuleOverride | None
    effective: Rule
