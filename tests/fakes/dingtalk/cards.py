"""Interactive cards: templates, and the cards made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.dingtalk.forms import FormScreen


@dataclass(frozen=True, slots=True)
class Offer:
    """A button of a card, as the template has it.

    :param params: what the template gives the button.
    :param form: the form that it submits, if it does.
    """

    label: str
    action: str
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    form: FormScreen | None = None

    def pressed(self, inputs: Mapping[str, str]) -> dict[str, Any]:
        """What comes back with a press: the parameters, and what was filled in."""
        if self.form is None:
            return {**self.params, **inputs}
        return {"form": self.form.filled(inputs), **self.params}


@dataclass(frozen=True, slots=True)
class CardScreen:
    """What a card shows to one person.

    :param inputs: names of the fields that can be filled in.
    """

    text: str
    offers: tuple[Offer, ...] = ()
    inputs: tuple[str, ...] = ()


def everything(values: Mapping[str, str]) -> CardScreen:
    """A template that shows all its variables."""
    return CardScreen("\n".join(f"{k}: {v}" for k, v in sorted(values.items()) if v))


@dataclass(frozen=True, slots=True)
class Template:
    """A published template.

    :param id: ends with ``.schema``.
    :param show: what it makes of the variables.
    :param variables: the ones that it has (others are passed over); None: any.
    :param private: the ones of which single people may have values of their own; None: any.
    """

    id: str
    show: Callable[[Mapping[str, str]], CardScreen] = everything
    variables: frozenset[str] | None = None
    private: frozenset[str] | None = None


@dataclass(slots=True)
class Card:
    """A card; one own id (``outTrackId``), shown in one conversation or several.

    :param private: variables of single people, by handle.
    :param callback: ``STREAM``, ``HTTP`` or empty: then nobody hears of presses.
    :param versions: the variables as they were, oldest first.
    """

    track: str
    template: Template
    values: dict[str, str]
    private: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    callback: str = ""
    route: str = ""
    by_union: bool = False
    rooms: list[str] = field(default_factory=list[str])
    versions: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def update(
        self,
        values: Mapping[str, str] | None,
        private: Mapping[str, Mapping[str, str]],
        options: Mapping[str, Any],
    ) -> None:
        """New variables; without ``...ByKey`` they replace all that there were."""
        self.versions.append(dict(self.values))
        if values is not None:
            kept = self.values if options.get("updateCardDataByKey") else {}
            self.values = {**kept, **values}
        for handle, own in private.items():
            known = self.private.get(handle, {})
            self.private[handle] = {
                **(known if options.get("updatePrivateDataByKey") else {}), **own
            }  # fmt: skip

    def seen_by(self, handle: str) -> CardScreen:
        """What somebody sees on it; an own value that is empty shows what everybody sees."""
        known = self.template.private
        own = {
            k: v for k, v in self.private.get(handle, {}).items()
            if v and (known is None or k in known)
        }  # fmt: skip
        values = {**self.values, **own}
        if self.template.variables is not None:
            values = {k: v for k, v in values.items() if k in self.template.variables}
        return self.template.show(values)
