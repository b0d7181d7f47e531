"""Putting a backup back. Stop Duban first: restoring exchanges everything under its feet."""

from __future__ import annotations

import itertools
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, inspect, select, table, text

from domain.errors import DubanError, UserError
from storage.archive import (
    FILES,
    MANIFEST,
    TABLES,
    Manifest,
    TableInfo,
    as_table,
    copy_hashed,
    load_row,
    manifest_from_json,
)
from storage.errors import from_os
from storage.jobs import forget_jobs
from storage.migrate import exclusive, revisions, upgrade_on
from storage.tables import metadata

_BATCH = 500
_VERSIONS = "alembic_version"


def restore(source: Path, db_url: str, files_dir: Path | None, *, force: bool = False) -> Manifest:
    """Put everything of a backup back, and upgrade it to this version's schema.

    The archive is checked whole before anything changes, and the database changes in one
    transaction. What the job engine remembers is cleared: it belongs to the time after the backup.

    :param files_dir: where the files go, or ``None`` to leave those of the archive out.
    :param force: replace what is there; else a database or folder with content is refused.
    :raises UserError: ``storage.backup_missing`` when there is no such file,
        ``storage.backup_damaged`` when the archive is not whole,
        ``storage.backup_newer`` when a later version of Duban wrote it,
        ``storage.not_empty`` when there is content and ``force`` is not set.
    """
    if not source.is_file():
        raise UserError("storage.backup_missing", name=source.name)
    beside = (files_dir or source.absolute()).parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=beside, prefix=".duban-restore-") as folder:
            unpacked = Path(folder)
            manifest = _unpack(source, unpacked)
            if manifest.revision not in revisions():
                raise UserError("storage.backup_newer")
            if not force and files_dir is not None and _has_content(files_dir):
                raise UserError("storage.not_empty")
            with exclusive(db_url) as connection:
                _fill(connection, manifest, unpacked, force=force)
            forget_jobs(db_url)
            if files_dir is not None:
                _exchange(unpacked / "files", files_dir)
    except OSError as error:
        raise from_os(error) from error
    return manifest


def _unpack(source: Path, folder: Path) -> Manifest:
    try:
        with tarfile.open(source, "r:gz") as archive:
            manifest = _manifest(archive)
            found = {entry.name for entry in _entries(archive, manifest, folder)}
            _read_to_the_end(archive)
        if found != set(manifest.members):
            raise UserError("storage.backup_damaged", name=source.name)
    except DubanError:
        raise
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise UserError("storage.backup_damaged", name=source.name) from error
    except OSError as error:
        if error.errno is None:  # gzip's own complaints (a wrong checksum, not gzip at all)
            raise UserError("storage.backup_damaged", name=source.name) from error
        raise
    return manifest


def _manifest(archive: tarfile.TarFile) -> Manifest:
    entry = archive.next()
    content = archive.extractfile(entry) if entry is not None else None
    if entry is None or entry.name != MANIFEST or content is None:
        raise ValueError("no manifest")
    return manifest_from_json(content.read().decode())


def _entries(
    archive: tarfile.TarFile, manifest: Manifest, folder: Path
) -> Iterator[tarfile.TarInfo]:
    while (entry := archive.next()) is not None:
        content = archive.extractfile(entry)
        expected = manifest.members.get(entry.name)
        if content is None or expected is None or not _is_inside(entry.name):
            raise ValueError(f"unexpected {entry.name}")
        path = folder / entry.name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            if copy_hashed(content, out) != expected:
                raise ValueError(f"changed {entry.name}")
        yield entry


def _read_to_the_end(archive: tarfile.TarFile) -> None:
    # gzip compares its checksum, which covers the manifest too, only when it meets the end.
    while archive.fileobj.read(1 << 20):
        pass


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return name.startswith((TABLES, FILES)) and not path.is_absolute() and ".." not in path.parts


def _fill(connection: Connection, manifest: Manifest, folder: Path, *, force: bool) -> None:
    existing = set(inspect(connection).get_table_names()) & {*metadata.tables, *manifest.tables}
    if not force and any(_has_rows(connection, name) for name in existing):
        raise UserError("storage.not_empty")
    _drop(connection, existing)
    upgrade_on(connection, manifest.revision)
    for name, info in manifest.tables.items():
        _load(connection, name, info, folder / f"{TABLES}{name}.jsonl")
    upgrade_on(connection, "head")


def _has_rows(connection: Connection, name: str) -> bool:
    return (
        connection.execute(select(text("1")).select_from(table(name)).limit(1)).first() is not None
    )


def _drop(connection: Connection, names: set[str]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
    for name in [*sorted(names), _VERSIONS]:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quote(name)}{cascade}")


def _load(connection: Connection, name: str, info: TableInfo, path: Path) -> None:
    statement = as_table(name, info).insert()
    with path.open(encoding="utf-8") as lines:
        rows = (load_row(line, info.columns) for line in lines)
        while batch := list(itertools.islice(rows, _BATCH)):
            connection.execute(statement, batch)


def _has_content(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is not None


def _exchange(new: Path, files_dir: Path) -> None:
    new.mkdir(exist_ok=True)
    old = new.with_name("replaced")
    if files_dir.exists():
        files_dir.rename(old)
    new.rename(files_dir)
    shutil.rmtree(old, ignore_errors=True)
