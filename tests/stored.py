"""What the company of a test has stored."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from domain.people import Workspace
from storage.uow import Store, UnitOfWork


class Stored:
    """Reads and writes the rows of one workspace.

    A company sets ``store`` and ``workspace``.
    """

    store: Store
    workspace: Workspace

    @contextmanager
    def read(self) -> Generator[UnitOfWork]:
        """What is stored now."""
        with self.store.read(self.workspace.id) as uow:
            yield uow

    @contextmanager
    def write(self) -> Generator[UnitOfWork]:
        """Store something directly, for what no command does."""
        with self.store.write(self.workspace.id) as uow:
            yield uow
