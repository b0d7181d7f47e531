"""``duban chat … | head``: who stops reading ends the program, without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_a_closed_pipe_ends_it_quietly(tmp_path: Path) -> None:
    environment = os.environ | {"DUBAN_DATA_DIR": str(tmp_path / "data"), "DUBAN_LANG": "en"}
    command = [sys.executable, "-m", "bot.cli", "chat", "/help"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        complaints = process.stderr.read()
        code = process.wait(180)
    assert "BrokenPipe" not in complaints
    assert "Traceback" not in complaints
    assert code == 128 + signal.SIGPIPE
