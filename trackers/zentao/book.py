"""Who and what is who in ZenTao: persons, products and plans on both sides.

The gateway asks the book; whoever keeps it (the mirror's storage) fills it on purpose, never by
display name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class AccountBook(Protocol):
    """Translates between our ids and ZenTao's. Refs are ZenTao's numeric ids as text."""

    def account_of(self, person_id: str) -> str | None:
        """The ZenTao account of a person; None when it is not known."""
        ...

    def person_of(self, account: str) -> str | None:
        """The person behind a ZenTao account; None when it is not known."""
        ...

    def name_of(self, person_id: str) -> str:
        """How a person is called in a comment: the bot acts for them and says so."""
        ...

    def plan_ref(self, plan_id: str) -> str | None:
        """The productplan that a plan is bound to; None when it is bound to none."""
        ...

    def plan_of(self, ref: str) -> str | None:
        """Our plan for a productplan; None when nobody bound it."""
        ...

    def product_ref(self, product_id: str) -> str | None:
        """The ZenTao product of one of our products; None when it is bound to none."""
        ...

    def product_of(self, ref: str) -> str | None:
        """Our product for a ZenTao product; None when it is not ours to touch."""
        ...


@dataclass(frozen=True, slots=True)
class FixedBook:
    """A book whose entries are all known: read once, good for one piece of work.

    :param accounts: person id → account. :param names: person id → name.
    :param plans: plan id → ref. :param products: product id → ref.
    """

    accounts: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    plans: Mapping[str, str] = field(default_factory=dict[str, str])
    products: Mapping[str, str] = field(default_factory=dict[str, str])

    def account_of(self, person_id: str) -> str | None:
        """The ZenTao account of a person."""
        return self.accounts.get(person_id)

    def person_of(self, account: str) -> str | None:
        """The person behind an account; ZenTao's accounts do not differ by case alone."""
        return _key(self.accounts, account)

    def name_of(self, person_id: str) -> str:
        """The person's name; the id where there is none."""
        return self.names.get(person_id, person_id)

    def plan_ref(self, plan_id: str) -> str | None:
        """The productplan of a plan."""
        return self.plans.get(plan_id)

    def plan_of(self, ref: str) -> str | None:
        """Our plan for a productplan."""
        return _key(self.plans, ref)

    def product_ref(self, product_id: str) -> str | None:
        """The ZenTao product of one of ours."""
        return self.products.get(product_id)

    def product_of(self, ref: str) -> str | None:
        """Our product for one of ZenTao's."""
        return _key(self.products, ref)


def _key(pairs: Mapping[str, str], value: str) -> str | None:
    wanted = value.casefold()
    return next((key for key, known in pairs.items() if known.casefold() == wanted), None)
