"""Backups while Duban works: one committed state of the database, and the files beside it."""

from __future__ import annotations

import os
import tarfile
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from sqlalchemy import Connection, Table, select

from domain.clock import Clock, SystemClock
from domain.errors import UserError
from storage.archive import (
    FILES,
    MANIFEST,
    TABLES,
    Manifest,
    Member,
    TableInfo,
    describe,
    dump_row,
    kind_of,
)
from storage.database import Database
from storage.errors import from_os
from storage.migrate import current, head
from storage.tables import metadata

_BATCH = 1000


def backup(
    db_url: str, files_dir: Path | None, target: Path, clock: Clock | None = None
) -> Manifest:
    """Write everything to ``target``, a ``.tar.gz`` that only its owner can read.

    The database is read in one snapshot; nobody waits for that. Files are copied after it: they are
    written before the rows that name them and never change, so none is missing.

    :param files_dir: where the files lie, or ``None`` when they are kept elsewhere.
    :raises UserError: ``storage.backup_exists`` when there is such a file already,
        ``storage.not_current`` when the database is not at this version's revision.
    :raises StorageError: the disk is full or cannot be written; no half archive is left.
    """
    if target.exists():
        raise UserError("storage.backup_exists", name=target.name)
    db = Database(db_url)
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".duban-backup-") as folder:
            manifest = _collect(db, files_dir, Path(folder), clock or SystemClock())
            _pack(manifest, Path(folder), files_dir, part)
        part.replace(target)
    except OSError as error:
        raise from_os(error) from error
    finally:
        part.unlink(missing_ok=True)
        db.close()
    return manifest


def _collect(db: Database, files_dir: Path | None, folder: Path, clock: Clock) -> Manifest:
    revision = current(db)
    if revision is None or revision != head():
        raise UserError("storage.not_current")
    tables: dict[str, TableInfo] = {}
    members: dict[str, Member] = {}
    with db.read() as connection:
        for declared in metadata.sorted_tables:
            path = folder / f"{declared.name}.jsonl"
            tables[declared.name] = _dump(connection, declared, path)
            members[f"{TABLES}{declared.name}.jsonl"] = describe(path)
    for name, path in _files(files_dir):
        members[name] = describe(path)
    return Manifest(clock.now().isoformat(), revision, tables, members)


def _dump(connection: Connection, declared: Table, path: Path) -> TableInfo:
    kinds = {c.name: kind_of(c) for c in declared.columns}
    # By key: a row that refers to its own table (an answer in a thread) comes after what it names.
    query = select(declared).order_by(*declared.primary_key.columns)
    result = connection.execution_options(yield_per=_BATCH).execute(query)
    rows = 0
    with path.open("w", encoding="utf-8") as out:
        for row in result:
            out.write(dump_row(row, kinds.values()) + "\n")
            rows += 1
    return TableInfo(kinds, rows)


def _files(files_dir: Path | None) -> Iterator[tuple[str, Path]]:
    if files_dir is None or not files_dir.is_dir():
        return
    for path in sorted(files_dir.rglob("*")):
        if path.is_file() and path.suffix != ".part":
            yield f"{FILES}{path.relative_to(files_dir).as_posix()}", path


def _pack(manifest: Manifest, folder: Path, files_dir: Path | None, part: Path) -> None:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
            text = manifest.to_json().encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, BytesIO(text))
            for name in manifest.members:
                archive.add(_origin(name, folder, files_dir), arcname=name, recursive=False)
        raw.flush()
        os.fsync(raw.fileno())


def _origin(name: str, folder: Path, files_dir: Path | None) -> Path:
    if files_dir is not None and name.startswith(FILES):
        return files_dir / name.removeprefix(FILES)
    return folder / name.removeprefix(TABLES)
