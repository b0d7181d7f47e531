"""The real program, started as a person starts it, in a folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).parents[2]
START_SECONDS = 180


class Server:
    """``duban run`` (or another role) on a free port of this machine.

    :param environment: on top of a bare one.
    """

    def __init__(self, data: Path, *arguments: str, **environment: str) -> None:
        self.data = data
        self._arguments = arguments or ("run",)
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DUBAN_DATA_DIR": str(data),
            "DUBAN_PORT": "0",
            "LANG": "zh_CN.UTF-8",
            **environment,
        }
        self.url = ""
        self.log = data.with_suffix(".log")
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> Server:
        """Start, and wait until it says where it listens."""
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", *self._arguments],
                cwd=self.data.parent,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._reader.start()
        while not self.url:
            try:
                line = lines.get(timeout=START_SECONDS)
            except Empty:
                raise AssertionError(f"did not start: {self.log.read_text()[-2000:]}") from None
            if not line:
                raise AssertionError(f"ended at once: {self.log.read_text()[-2000:]}")
            if "http://" in line:
                self.url = line[line.index("http://") :].strip()
        return self

    def _read(self, lines: Queue[str]) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            lines.put(line)
        lines.put("")

    def run(self, *arguments: str) -> str:
        """Run another ``duban`` command on the same data and return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=self.data.parent,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def kill(self) -> None:
        """kill -9."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        self._end(signal.SIGTERM)

    def _end(self, what: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(what)
            self._process.wait(90)
            if self._reader is not None:
                self._reader.join()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None
            self.url = ""
