from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("run", "test", "check")
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / "requirements" / f"{lock}.txt").read_text()))


def test_the_domain_knows_only_itself_and_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"domain"}
    foreign = {
        (str(file.relative_to(ROOT)), name)
        for file in (ROOT / "domain").rglob("*.py")
        for name in imports(file)
        if name.split(".")[0] not in allowed
    }
    assert foreign == set()


def test_every_import_of_a_package_is_in_the_lock_for_running() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]}
    assert declared <= set(pins("run"))


def test_the_locks_agree() -> None:
    run, test, check = map(pins, LOCKS)
    assert run.items() <= test.items()
    assert test.items() <= check.items()


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host_and_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    assert re.findall(r"https?://|index-url|find-links", text) == []
    entries = re.split(r"(?m)^(?=[a-z0-9])", text)
    assert [entry for entry in entries if entry and "--hash=sha256:" not in entry] == []


def test_importing_our_packages_opens_nothing_and_reads_no_setting() -> None:
    """A fresh interpreter imports every module, with every connection and setting a trap."""
    code = """
import os, pkgutil, sys, importlib
def trap(event, arguments):
    if event in {"socket.connect", "sqlite3.connect", "subprocess.Popen", "socket.bind"}:
        raise RuntimeError(f"{event} {arguments}")
class Environment(dict):
    def __getitem__(self, name): self.seen(name); return super().__getitem__(name)
    def get(self, name, default=None): self.seen(name); return super().get(name, default)
    def __contains__(self, name): self.seen(name); return super().__contains__(name)
    def seen(self, name):
        if str(name).startswith(("DUBAN_", "SLACK_", "DINGTALK_", "ZENTAO_")):
            frame = sys._getframe(2)
            while frame.f_code.co_filename == "<frozen os>":  # os.getenv: who called it?
                frame = frame.f_back
            if "site-packages" not in frame.f_code.co_filename:
                raise RuntimeError(f"{name} read by {frame.f_code.co_filename}")
os.environ = Environment(os.environ)
sys.addaudithook(trap)
for package in sys.argv[1:]:
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(module.__path__, package + "."):
        if not found.name.startswith("storage.migrations") and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
"""
    packages = ["bot", "commands", "documents", "domain", "reminders", "storage", "trackers", "web"]
    packages = [name for name in packages if (ROOT / name / "__init__.py").exists()]
    done = subprocess.run(
        [sys.executable, "-c", code, *packages],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
