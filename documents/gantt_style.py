"""The colours of plan charts: light, told apart by lightness too, printable."""

from __future__ import annotations

from dataclasses import dataclass

from documents.chart import State

INK = "#1f2933"
MUTED = "#616e7c"
LINE = "#d9dfe5"
SHADE = "#eef1f4"
STRIPE = "#fafbfc"
RED = "#d64545"


@dataclass(frozen=True, slots=True)
class Colours:
    """How a row in one state looks.

    :param done: the part that is done; :param rest: the part that is not.
    :param mark: the diamond; :param text: facts; :param name: the row's name.
    """

    done: str
    rest: str
    mark: str
    text: str
    name: str


COLOURS = {
    State.PLANNED: Colours("#4a7fc1", "#c9dbf0", "#4a7fc1", MUTED, INK),
    State.RUNNING: Colours("#2f6db5", "#c3d9f1", "#2f6db5", INK, INK),
    State.DONE: Colours("#b7c9bc", "#b7c9bc", "#b7c9bc", "#7b8794", "#7b8794"),
    State.OVERDUE: Colours(RED, "#f5cfcb", RED, "#b3261e", INK),
}
