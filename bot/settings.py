"""Settings: from the environment, and from a TOML file with the same names in lower case."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import cast

from domain.errors import UserError
from domain.messages import Join

_NAMES = frozenset({"host", "port", "base_url", "data_dir", "database_url", "secret_keys"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs.

    :param base_url: where people's browsers reach the pages, without a slash at the end.
    :param secret_keys: sign and encrypt; the first one makes new signatures, all are accepted.
    """

    host: str
    port: int
    base_url: str
    data_dir: Path
    database_url: str
    secret_keys: tuple[str, ...]

    @property
    def files_dir(self) -> Path:
        """Where the bytes of files lie."""
        return self.data_dir / "files"

    @property
    def templates_dir(self) -> Path:
        """Where the company's own document templates lie."""
        return self.data_dir / "templates"


def load_settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment; a value that cannot be raises ``UserError``.

    ``DUBAN_CONFIG`` names a TOML file whose keys are the variables' names in lower case without
    ``duban_``; the environment wins over the file.
    """
    stored = _file(environment.get("DUBAN_CONFIG"))

    def value(name: str, default: str) -> str:
        return environment.get(f"DUBAN_{name}") or str(stored.get(name.lower(), default))

    host, port = value("HOST", "127.0.0.1"), _port(value("PORT", "8000"))
    data_dir = Path(value("DATA_DIR", "./data")).resolve()
    return Settings(
        host=host,
        port=port,
        base_url=value("BASE_URL", f"http://{_shown_host(host)}:{port}").rstrip("/"),
        data_dir=data_dir,
        database_url=value("DATABASE_URL", f"sqlite:///{data_dir / 'duban.sqlite'}"),
        secret_keys=_secret_keys(value("SECRET_KEYS", ""), data_dir),
    )


def make_data_dir(settings: Settings) -> None:
    """Make the data folder where it is missing; ``UserError`` when that cannot be."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(settings.data_dir, error) from error


def refuse_open_door(settings: Settings) -> None:
    """Refuse to listen beyond this machine: there is no sign-in that could keep strangers out."""
    try:
        loopback = settings.host == "localhost" or ip_address(settings.host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UserError("cli.not_loopback", host=settings.host)


def _file(path: str | None) -> Mapping[str, object]:
    if not path:
        return {}
    try:
        stored: dict[str, object] = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError("cli.bad_config", path=path, reason=str(error)) from error
    unknown = [n for n in stored if n not in _NAMES]
    if unknown:
        known = Join(tuple(sorted(_NAMES)), ", ")
        raise UserError("cli.unknown_setting", path=path, name=unknown[0], known=known)
    for name, value in stored.items():
        if isinstance(value, bool) or not isinstance(value, str | int | list):
            raise UserError("cli.bad_value", path=path, name=name)
    return {n: _plain(path, n, v) for n, v in stored.items()}


def _plain(path: str, name: str, value: object) -> object:
    """A list of keys as the text that a variable would have; no other setting takes a list."""
    if not isinstance(value, list):
        return value
    values = cast("list[object]", value)
    texts = [v for v in values if isinstance(v, str) and "," not in v and v.strip()]
    if name != "secret_keys" or len(texts) != len(values):
        raise UserError("cli.bad_value", path=path, name=name)
    return ",".join(texts)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise UserError("cli.bad_port", port=text)
    return int(text)


def _shown_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _secret_keys(text: str, data_dir: Path) -> tuple[str, ...]:
    """The keys that were given, or one that is made once and kept in the data folder."""
    given = tuple(k.strip() for k in text.split(",") if k.strip())
    if given:
        return given
    path = data_dir / "secret.key"
    try:
        kept = _kept_key(path)
        key = _make_key(path) if kept is None else kept
    except OSError as error:
        raise _unusable(data_dir, error) from error
    except UnicodeDecodeError:
        key = ""
    if not key:
        raise UserError("cli.bad_key", path=str(path))
    return (key,)


def _unusable(data_dir: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    return UserError("cli.bad_data_dir", path=str(data_dir), reason=reason)


def _kept_key(path: Path) -> str | None:
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None


def _make_key(path: Path) -> str:
    """A new key in this file, whole or not at all; another process's where that was quicker."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(32)
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
        os.link(part, path)  # unlike a rename it fails where the name is taken
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    finally:
        part.unlink(missing_ok=True)
    return key
