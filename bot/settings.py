"""Settings: from the environment, and from a TOML file with the same names in lower case."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from bot.settings_outside import (
    NAMES,
    DingtalkSettings,
    SlackSettings,
    ZentaoSettings,
    dingtalk_settings,
    lanhu_hosts,
    slack_settings,
    zentao_settings,
)
from domain.errors import UserError
from domain.messages import Join

_OWN = frozenset({"host", "port", "base_url", "data_dir", "database_url", "secret_keys"})
_NAMES = _OWN | NAMES


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs.

    :param base_url: where people's browsers reach the pages, without a slash at the end.
    :param secret_keys: sign and encrypt; the first one makes new signatures, all are accepted.
    :param lanhu_hosts: hosts whose links are designs.
    :param public: ``DUBAN_BASE_URL`` was given, and other machines can reach it.
    """

    host: str
    port: int
    base_url: str
    data_dir: Path
    database_url: str
    secret_keys: tuple[str, ...] = field(repr=False)
    slack: SlackSettings = field(default_factory=SlackSettings)
    dingtalk: DingtalkSettings = field(default_factory=DingtalkSettings)
    zentao: ZentaoSettings | None = None
    lanhu_hosts: tuple[str, ...] = ("lanhuapp.com",)
    public: bool = False

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

    ``DUBAN_CONFIG`` names a TOML file whose keys are the variables' names in lower case (without
    ``duban_``); the environment wins over the file.
    """
    stored = _file(environment.get("DUBAN_CONFIG"))

    def value(name: str, default: str) -> str:
        return environment.get(f"DUBAN_{name}") or str(stored.get(name.lower(), default))

    def outside(name: str, default: str) -> str:
        return environment.get(name) or str(stored.get(name.lower(), "") or default)

    host, port = value("HOST", "127.0.0.1"), _port(value("PORT", "8000"))
    given_url = value("BASE_URL", "").rstrip("/")
    data_dir = Path(value("DATA_DIR", "./data")).resolve()
    return Settings(
        host=host,
        port=port,
        base_url=given_url or f"http://{_shown_host(host)}:{port}",
        data_dir=data_dir,
        database_url=value("DATABASE_URL", f"sqlite:///{data_dir / 'duban.sqlite'}"),
        secret_keys=_secret_keys(value("SECRET_KEYS", ""), data_dir),
        slack=slack_settings(outside),
        dingtalk=dingtalk_settings(outside),
        zentao=zentao_settings(outside),
        lanhu_hosts=lanhu_hosts(outside),
        public=bool(given_url) and not _is_loopback(urlsplit(given_url).hostname or ""),
    )


def make_data_dir(settings: Settings) -> None:
    """Make the data folder where it is missing; ``UserError`` when that cannot be."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(settings.data_dir, error) from error


def refuse_open_door(settings: Settings) -> None:
    """Refuse to listen beyond this machine while strangers could use the web chat.

    It has no sign-in. With a public address it is off (see ``bot.app``), and then any host will do.
    """
    if not _is_loopback(settings.host) and not settings.public:
        raise UserError("cli.not_loopback", host=settings.host)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


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
    """A list as the text that a variable would have; only keys and hosts take a list."""
    if not isinstance(value, list):
        return value
    values = cast("list[object]", value)
    texts = [v for v in values if isinstance(v, str) and "," not in v and v.strip()]
    if name not in ("secret_keys", "lanhu_hosts") or len(texts) != len(values):
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
