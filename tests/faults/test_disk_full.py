"""A full disk: a clear error, nothing lost of what was said to be stored, and on it goes later."""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol, Self

import httpx
import pytest

from tests.faults.conftest import Start
from tests.faults.evidence import witness
from tests.faults.processes import Duban, Script
from tests.machine import give_up
from tests.waiting import until

KEY = re.compile(r"<(k-\d+)>")
CHANNEL = "大厅"
LONG = "很长的说明 " * 300
SPARE = 100_000
"""Bytes that are left when the disk is nearly full."""


class Disk(Protocol):
    """Where the process keeps its data."""

    folder: Path

    def fill(self, process: Duban) -> None:
        """Leave next to nothing."""
        ...

    def clear(self, process: Duban) -> None:
        """Make space again, while the process runs."""
        ...


class LimitedFiles:
    """No file of the process may grow: the kernel refuses what a full disk refuses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, process: Duban) -> None:
        largest = max(f.stat().st_size for f in self.folder.rglob("*") if f.is_file())
        self._limit(process, largest + SPARE)

    def clear(self, process: Duban) -> None:
        self._limit(process, -1)

    def _limit(self, process: Duban, most: int) -> None:
        import resource

        prlimit: Callable[..., tuple[int, int]] | None = getattr(resource, "prlimit", None)
        if prlimit is None:
            give_up("prlimit: this system cannot limit a running process")
        _, hard = prlimit(process.pid, resource.RLIMIT_FSIZE)
        prlimit(process.pid, resource.RLIMIT_FSIZE, (most if most >= 0 else hard, hard))


class SmallDisk:
    """A file system of its own in memory, which a ballast fills."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self, process: Duban) -> None:
        import shutil

        with contextlib.suppress(OSError), self._ballast.open("wb", buffering=0) as out:
            # The process writes too meanwhile, so that there may be even less space than this.
            out.write(b"\1" * (shutil.disk_usage(self.folder).free - SPARE))

    def clear(self, process: Duban) -> None:
        self._ballast.unlink()


@pytest.fixture(params=["limited files", "small disk"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "data"
    folder.mkdir()
    if request.param == "limited files":
        yield LimitedFiles(folder)
        return
    mounting = ["mount", "-t", "tmpfs", "-o", "size=16m", "duban-test", str(folder)]
    try:
        subprocess.run(mounting, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as refused:
        pytest.skip(f"only who may mount file systems can run this: {refused}")
    yield SmallDisk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_nothing_is_lost_and_it_goes_on_when_there_is_space(duban: Start, disk: Disk) -> None:
    process = duban("data").start().listening()
    admin = Script(process.token("admin"))
    for line in ("/setup product 物流", "/team add dev 李雷", "/team role @dev developer"):
        admin.said(process.url, line, channel=CHANNEL)
    stored = [post(admin, process, number) for number in range(5)]
    assert all(stored)
    with Page(process) as page:
        disk.fill(process)
        while stored[-1]:
            assert len(stored) < 200, "the disk does not become full"
            stored.append(post(admin, process, len(stored)))
        refused = [n for n, done in enumerate(stored) if not done]
        last = f"任务<k-{refused[0] - 1}>"
        assert last in admin.said(process.url, "/action list all", channel=CHANNEL)
        answer = page.upload(b"x" * 5_000_000)
        assert answer.status_code == 503, answer.text
        assert "磁盘" in answer.json()["error"]["message"]
        disk.clear(process)
        for number in refused:
            assert post(admin, process, number)
        assert page.upload(b"x" * 1000).status_code == 201
    posted = Counter(f"k-{n}" for n in range(len(stored)))
    with witness(f"sqlite:///{disk.folder / 'duban.sqlite'}") as seen:
        until(lambda: not seen.waiting(), "the outbox does not become empty")
        assert keys(seen.said("李雷")) == posted
    process.kill()
    process.start().listening()
    with witness(f"sqlite:///{disk.folder / 'duban.sqlite'}") as seen:
        assert keys(seen.items()) == keys(seen.said("李雷")) == posted
    assert "审计链完整" in process.call("audit", "verify")
    assert process.stop() == 0


def post(script: Script, process: Duban, number: int) -> bool:
    """Whether the command is acknowledged; where it is not, a person reads why."""
    key = f"k-{number}"
    text = f"/action add @dev 任务<{key}> {LONG}"
    answer = script.ask(process.url, text, key, channel=CHANNEL)
    assert answer.status_code == 200, answer.text
    if not answer.json()["failed"]:
        return True
    shown = answer.json()["reply"]["text"]
    assert "磁盘" in shown or "数据库" in shown, shown
    return False


class Page:
    """Somebody's page, open since before the fault."""

    def __init__(self, process: Duban) -> None:
        self._http = httpx.Client(base_url=process.url, timeout=90, trust_env=False)
        me = self._http.get("/api/v1/chat/me").json()
        self._headers = {"x-csrf-token": me["csrf"], "accept-language": "zh"}

    def upload(self, data: bytes) -> httpx.Response:
        """Send a file."""
        path, query = "/api/v1/chat/files", {"name": "a.txt"}
        return self._http.post(path, params=query, content=data, headers=self._headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()


def keys(texts: list[str]) -> Counter[str]:
    """How often each key stands in the texts."""
    return Counter(key for text in texts for key in KEY.findall(text))
