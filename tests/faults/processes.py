"""Real ``duban`` processes that start fast: forked from one that has imported everything."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

import httpx

from bot import cli
from tests.waiting import until

DEADLINE = 180
"""Seconds until something that should have happened is a failure; generous for busy machines."""


def run_duban(environment: Mapping[str, str], arguments: tuple[str, ...], out: str) -> None:
    """What the forked process does: ``duban <arguments>`` in this environment."""
    os.environ.clear()
    os.environ.update(environment)
    folder = Path(environment["DUBAN_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.exit(cli.main(arguments))


class Duban:
    """One process: ``run``, ``web``, ``worker`` or a command that ends by itself.

    :param data: its folder; what it prints is in the file ``output`` beside it.
    """

    def __init__(self, context: ForkServerContext, data: Path, **environment: str) -> None:
        self._context = context
        self.environment = {
            "PATH": os.environ["PATH"],
            "DUBAN_DATA_DIR": str(data),
            "DUBAN_PORT": "0",
            "LANG": "zh_CN.UTF-8",
            **environment,
        }
        self.output = data.with_suffix(".out")
        self._process: ForkServerProcess | None = None
        self._seen = 0
        self.url = ""

    def start(self, *arguments: str) -> Duban:
        """Begin; ``listening`` waits until it takes requests."""
        self.url = ""
        self._seen = self.output.stat().st_size if self.output.exists() else 0
        self._process = self._context.Process(
            target=run_duban,
            args=(self.environment, arguments or ("run",), str(self.output)),
            daemon=True,
        )
        self._process.start()
        return self

    def listening(self) -> Duban:
        """Wait until it says where it listens."""

        def found() -> bool:
            assert self.alive, self.printed()
            lines = [line for line in self.printed().splitlines() if "http://" in line]
            self.url = lines[0][lines[0].index("http://") :].strip() if lines else ""
            return bool(lines)

        until(found, "it does not listen")
        return self

    def working(self) -> Duban:
        """Wait until its background work has begun."""
        until(lambda: "engine.started" in self.printed(), "it does not work")
        return self

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.is_alive()

    def printed(self) -> str:
        """What it has printed since its start."""
        if not self.output.exists():
            return ""
        return self.output.read_bytes()[self._seen :].decode(errors="replace")

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.join(DEADLINE)

    def wait(self, seconds: float) -> None:
        """Let it work for a while."""
        assert self._process is not None
        self._process.join(seconds)

    def stop(self) -> int | None:
        """Ask it to stop; its exit code."""
        if self._process is None:
            return None
        self._process.terminate()
        return self.ended()

    def ended(self) -> int | None:
        """Wait until it has ended; its exit code."""
        assert self._process is not None
        self._process.join(DEADLINE)
        assert self._process.exitcode is not None, self.printed()[-3000:]
        return self._process.exitcode

    def call(self, *arguments: str) -> str:
        """Run a command to its end and answer what it printed."""
        other = Duban(self._context, Path(self.environment["DUBAN_DATA_DIR"]))
        other.environment = self.environment
        other.output = self.output.with_suffix(f".{arguments[0]}")
        other.start(*arguments)
        assert other.ended() == 0, other.printed()
        return other.printed()

    def token(self, person: str) -> str:
        """A new token of this person."""
        printed = self.call("token", "create", "--person", person)
        return next(word for word in printed.split() if word.startswith("duban_"))


class Script:
    """A script that speaks for one person."""

    def __init__(self, token: str) -> None:
        self._token = token

    def ask(self, url: str, text: str, key: str | None = None, **more: Any) -> httpx.Response:
        """Post a command."""
        headers = {"authorization": f"Bearer {self._token}"}
        headers |= {"idempotency-key": key} if key else {}
        with httpx.Client(timeout=DEADLINE, trust_env=False, verify=False) as http:
            return http.post(f"{url}/api/v1/commands", json={"text": text, **more}, headers=headers)

    def said(self, url: str, text: str, key: str | None = None, **more: Any) -> str:
        """Post a command that must succeed, and read the reply."""
        answer = self.ask(url, text, key, **more)
        assert answer.status_code == 200, answer.text
        assert not answer.json()["failed"], answer.text
        return answer.json()["reply"]["text"]


def forks() -> ForkServerContext:
    """Where the processes come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.processes", "tests.faults.sending"])
    return context
