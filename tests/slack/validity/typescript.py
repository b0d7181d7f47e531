"""Slack's own type definitions, asked by TypeScript's compiler about what Duban sends."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.machine import give_up

TYPES = Path(__file__).parent / "types"
HEAD = """\
import type { HomeView, KnownBlock, ModalView } from "@slack/types";
import type { Manifest } from "@slack/web-api/dist/types/request/manifest";

// Views may hold blocks that nobody knows; here they may not.
type Known<V extends { blocks: unknown }> = Omit<V, "blocks"> & { blocks: KnownBlock[] };
// A manifest may hold anything at its top; here only what is documented.
type Documented<T> = { [K in keyof T as string extends K ? never : K]: T[K] };
"""
WAIT = 300
_KINDS = {
    "blocks": "KnownBlock[]",
    "modal": "Known<ModalView>",
    "home": "Known<HomeView>",
    "manifest": "Documented<Manifest>",
}


class TypeScript:
    """The compiler and the type definitions, installed once per lock file beside other caches."""

    def __init__(self) -> None:
        npm = shutil.which("npm")
        if npm is None:
            give_up("npm (Debian: nodejs npm), which installs Slack's type definitions")
        lock = (TYPES / "package-lock.json").read_bytes()
        self._folder = _cache() / hashlib.sha256(lock).hexdigest()[:16]
        if not (self._folder / "installed").exists():
            self._install(npm)

    def _install(self, npm: str) -> None:
        """Install what the lock names, by its checksums; no package runs anything of its own."""
        part = self._folder.with_name(f"{self._folder.name}.{os.getpid()}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "tsconfig.json"):
            shutil.copyfile(TYPES / name, part / name)
        done = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=part, capture_output=True, text=True, timeout=WAIT, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            give_up(f"Slack's type definitions from npm: {done.stderr[-1500:]}")
        (part / "installed").touch()
        try:
            part.rename(self._folder)
        except OSError:  # another run was quicker
            shutil.rmtree(part)

    def complaints(self, things: Iterable[tuple[str, str, Any]], folder: Path) -> str:
        """What the compiler says about ``(kind, where from, value)``; empty when all is well.

        :param folder: where the file to compile is written, with links to what is installed.
        """
        lines = [HEAD]
        for number, (kind, where, value) in enumerate(things):
            lines.append(f"// {json.dumps(where)}")
            written = json.dumps(value, ensure_ascii=True)
            lines.append(f"export const it{number}: {_KINDS[kind]} = {written};")
        (folder / "check.ts").write_text("\n".join(lines), encoding="utf-8")
        shutil.copyfile(TYPES / "tsconfig.json", folder / "tsconfig.json")
        (folder / "node_modules").symlink_to(self._folder / "node_modules")
        compiler = self._folder / "node_modules" / "typescript" / "bin" / "tsc"
        done = subprocess.run(
            ["node", str(compiler), "--project", str(folder)],
            capture_output=True, text=True, timeout=WAIT, check=False,
        )  # fmt: skip
        return done.stdout[:4000] + done.stderr[:1000] if done.returncode else ""


def _cache() -> Path:
    """Outside of the repository, where caches are."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "duban-tests"


def unique(things: Iterable[tuple[str, str, Any]]) -> list[tuple[str, str, Any]]:
    """Without what has the same shape as something before: texts do not matter to types."""
    known: set[str] = set()
    found: list[tuple[str, str, Any]] = []
    for kind, where, value in things:
        shape = kind + json.dumps(_shape(value), sort_keys=True)
        if shape not in known:
            known.add(shape)
            found.append((kind, where, value))
    return found


def _shape(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: v if k in {"type", "style"} else _shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shape(v) for v in value]
    return type(value).__name__
