"""People of the company, and of others."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class User:
    """Somebody.

    :param handle: how tests call them; the platform does not know it.
    :param staff: their user id in the company; empty for people from outside.
    :param sender: their encrypted id, of no use but to compare.
    :param corp: the company they belong to.
    :param visible: whether the app's visible range has them.
    """

    handle: str
    staff: str
    union: str
    sender: str
    corp: str
    name: str
    mobile: str = ""
    email: str = ""
    title: str = ""
    departments: tuple[int, ...] = (1,)
    admin: bool = False
    active: bool = True
    visible: bool = True
    dings: list[str] = field(default_factory=list[str])

    @property
    def outside(self) -> bool:
        """Whether the company does not know them."""
        return not self.staff
