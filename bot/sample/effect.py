"""The outbox row that loads or removes the sample product."""

from __future__ import annotations

from collections.abc import Callable

from bot.sample.loading import load, loaded_channel, remove
from commands.context import Services
from commands.dispatcher import Dispatcher
from domain.clock import Clock
from domain.errors import DubanError
from domain.messages import Card, T, Tone
from storage.messaging import OutboxItem
from storage.uow import Store


def sample_effect(
    dispatcher: Dispatcher, store: Store, services: Services, clock: Clock
) -> Callable[[str, OutboxItem], Card]:
    """Loads or removes the sample, and answers what came of it.

    Safe to run twice: what the first run did is found done.
    """

    def run(workspace: str, item: OutboxItem) -> Card:
        try:
            if item.payload["what"] == "load":
                return _loaded(_load(workspace))
            _remove(workspace)
        except DubanError as error:
            return Card(T("setup.demo_failed", {"reason": error.text}), tone=Tone.WARN)
        return Card(T("setup.demo_removed_done"), tone=Tone.GOOD)

    def _load(workspace: str) -> str:
        with store.read(workspace) as uow:
            known = loaded_channel(uow)
        return (known or load(dispatcher, store, services, workspace, clock)).name

    def _remove(workspace: str) -> None:
        with store.read(workspace) as uow:
            there = bool(uow.sample.parts())
        if there:
            remove(store, workspace, clock)

    return run


def _loaded(channel: str) -> Card:
    return Card(T("setup.demo_loaded_done", {"channel": channel}), tone=Tone.GOOD)
