"""One transaction, tried again when another process was quicker with the same delivery."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from domain.errors import ConflictError
from storage.uow import Store, UnitOfWork

_R = TypeVar("_R")


def write_again(store: Store, workspace_id: str, work: Callable[[UnitOfWork], _R]) -> _R:
    """Run the work in a transaction, and on a conflict once more on fresh data."""
    try:
        with store.write(workspace_id) as uow:
            return work(uow)
    except ConflictError:
        with store.write(workspace_id) as uow:
            return work(uow)
