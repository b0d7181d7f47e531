"""Runs one throw-away PostgreSQL until standard input ends, then stops it and removes its folder.

A process of its own, so that the server also goes when the tests are killed. Arguments: the folder
with the server's programs. Prints the port once the server takes connections, or what went wrong.
PostgreSQL refuses to run as root, so root runs it as ``nobody``.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

READY = "database system is ready to accept connections"
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "Asia/Shanghai",  # not UTC on purpose: nothing may rely on the server's zone
}


def as_user() -> dict[str, Any]:
    """How ``subprocess`` starts a program that must not run as root."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def readable_programs(install: Path, folder: Path) -> Path:
    """The programs' folder, copied where the server's user cannot reach the original."""
    try:
        subprocess.run(
            [install / "bin" / "postgres", "--version"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **as_user(),
        )
    except (OSError, subprocess.CalledProcessError):
        # With the libraries that the wheel keeps beside the package and finds by relative path.
        copy = folder / "copy" / install.parent.name / install.name
        shutil.copytree(install, copy, symlinks=True)
        libraries = install.parent.with_name(f"{install.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, folder / "copy" / libraries.name)
        return copy
    return install


def say(line: str) -> None:
    sys.stdout.write(line.replace("\n", " ") + "\n")
    sys.stdout.flush()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(install: Path, folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Make a cluster and start it; the port may be lost to another program, so try again."""
    programs = readable_programs(install, folder) / "bin"
    data = folder / "data"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "duban",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=environment,
        **as_user(),
    )
    said: list[str] = []
    for _ in range(3):
        port = free_port()
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        server = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env=environment,
            start_new_session=True,
            **as_user(),
        )
        assert server.stderr is not None
        for line in server.stderr:
            said.append(line)
            if READY in line:
                return server, port
        server.wait()
    raise RuntimeError("PostgreSQL did not start: " + "".join(said[-5:]))


def main(install: Path) -> int:
    folder = Path(tempfile.mkdtemp(prefix="duban-postgres-"))
    server = None
    try:
        if as_user():
            shutil.chown(folder, "nobody")
        folder.chmod(0o700)
        server, port = start(install, folder)
        assert server.stderr is not None
        threading.Thread(target=server.stderr.read, daemon=True).start()  # keep the pipe empty
        say(f"port {port}")
        sys.stdin.read()
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        say(f"{error} {getattr(error, 'stderr', '')}")
        return 1
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the tests; they close the pipe
    sys.exit(main(Path(sys.argv[1])))
