"""What other package managers install for a test, once per lock, beside other caches."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.machine import give_up

HERE = Path(__file__).parent
MODELS = HERE.parents[2] / "requirements" / "dingtalk-models.txt"
WAIT = 300


def node_client() -> Path:
    """A folder with DingTalk's Node client and our program for it."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        give_up("npm (Debian: nodejs npm), which installs DingTalk's Node client")
    files = [HERE / "node" / n for n in ("package.json", "package-lock.json", "robot.mjs")]
    # No package runs anything of its own; the lock has the checksums.
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    return _once("DingTalk's Node client", files, lambda _: command)


def models() -> Path:
    """A folder with DingTalk's generated models, to be put on ``PYTHONPATH``."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]

    def command(folder: Path) -> list[str]:
        # One of them is a source distribution: it is built with the locked setuptools that is
        # installed here. What they depend on (88 MB of clients) is not needed to read models.
        return [*pip, "--no-deps", "--no-build-isolation", "--require-hashes",
                "--requirement", str(folder / MODELS.name), "--target", str(folder)]  # fmt: skip

    return _once("DingTalk's generated models", [MODELS], command)


def _once(what: str, files: Sequence[Path], command: Callable[[Path], list[str]]) -> Path:
    content = b"".join(f.read_bytes() for f in files)
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    folder = Path(home) / "duban-tests" / hashlib.sha256(content).hexdigest()[:16]
    if (folder / "installed").exists():
        return folder
    part = folder.with_name(f"{folder.name}.{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, part / file.name)
    done = subprocess.run(
        command(part), cwd=part, capture_output=True, text=True, timeout=WAIT, check=False
    )
    if done.returncode != 0:
        give_up(f"{what}: {done.stderr[-1500:]}")
    (part / "installed").touch()
    try:
        part.rename(folder)
    except OSError:  # another run was quicker
        shutil.rmtree(part)
    return folder
