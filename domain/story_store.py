"""A story with what its tracker remembers about it, and where the built-in tracker keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.stories import Stage, Status, Story, StoryAction


@dataclass(frozen=True, slots=True)
class StoryState:
    """A story and what is needed to take a step back.

    :param reopens_to: for a closed story, the status that activation gives back.
    :param reopens_at: for a closed story, the stage that activation gives back.
    :param stage_by_hand: somebody set the stage; linking to a plan no longer moves it.
    """

    story: Story
    reopens_to: Status | None = None
    reopens_at: Stage | None = None
    stage_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class StoryText:
    """What one version of a story says."""

    version: int
    title: str
    spec: str
    verify: str


class StoryStore(Protocol):
    """Where the built-in tracker keeps its stories: inside the transaction of the use case."""

    def state(self, number: int, *, to_write: bool = False) -> StoryState:
        """The story as it stands; ``NotFoundError`` if there is none.

        :param to_write: nobody else changes it until the end of the transaction.
        """
        ...

    def of_product(
        self, product_id: str, *, plan_id: str | None = None, include_closed: bool = False
    ) -> tuple[Story, ...]:
        """Stories of a product (of one plan), by number."""
        ...

    def next_numbers(self, count: int) -> tuple[int, ...]:
        """Numbers, counting up, that no story of the workspace has."""
        ...

    def insert(
        self,
        opened: Sequence[tuple[StoryState, Sequence[str]]],
        *,
        actor: str | None,
        at: datetime,
    ) -> None:
        """Store new stories with their version, and the actions that their history begins with."""
        ...

    def update(self, state: StoryState) -> None:
        """Store a story as it stands now; a version that is new is kept, later ones are dropped."""
        ...

    def text(self, number: int, version: int) -> StoryText:
        """What a version says; ``NotFoundError`` if there is no such version."""
        ...

    def add_action(
        self,
        story: Story,
        action: str,
        *,
        actor: str | None,
        at: datetime,
        comment: str = "",
        extra: str = "",
        changes: Mapping[str, tuple[str, str]] | None = None,
    ) -> None:
        """Append to the history."""
        ...

    def history(self, number: int) -> tuple[StoryAction, ...]:
        """What happened to a story, oldest first."""
        ...

    def actions_since(self, product_id: str, cursor: int) -> tuple[StoryAction, ...]:
        """Actions of a product with an id above the cursor, oldest first."""
        ...
