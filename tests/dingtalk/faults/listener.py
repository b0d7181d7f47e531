"""A process that listens to DingTalk's stream, and is killed by the test."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from bot.app import Duban
from bot.core import build_core
from bot.settings import load_settings
from domain.clock import ManualClock
from tests.harness import MONDAY
from tests.idle import IdleEngine


def listen(environment: Mapping[str, str]) -> None:
    """Be connected until the process is killed; others send what is queued."""
    core = build_core(load_settings(environment), ManualClock(MONDAY))
    Duban(core, work=False, listen=True, engine=IdleEngine()).start()
    threading.Event().wait()
