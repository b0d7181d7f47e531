"""People's names by id, read when the first one is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from storage.uow import Store


class Names(Mapping[str, str]):
    """The names of everybody in a workspace, those who left too; asks the database once, if at all.

    Most texts mention nobody, so that most readers never need them.
    """

    def __init__(self, store: Store, workspace_id: str) -> None:
        self._store = store
        self._workspace = workspace_id

    @cached_property
    def _known(self) -> Mapping[str, str]:
        with self._store.read(self._workspace) as uow:
            return {p.id: p.name for p in uow.people.all(with_inactive=True)}

    def __getitem__(self, person_id: str) -> str:
        return self._known[person_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
