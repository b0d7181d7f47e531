from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Date, Float, Integer, Table, func, insert, select
from sqlalchemy.exc import IntegrityError

from domain.clock import ManualClock
from domain.errors import ConflictError, UserError
from storage.backup import backup
from storage.database import Database
from storage.jobs import jobs_url
from storage.migrate import is_current
from storage.restore import restore
from storage.tables import metadata
from storage.types import Json, UtcDateTime

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ROWS = 3


def sample(column: Column[Any], n: int) -> Any:
    """A value for row ``n``, telling rows apart and of a shape that is easily lost."""
    if isinstance(column.type, UtcDateTime):
        return NOW + timedelta(days=n, microseconds=n)
    if isinstance(column.type, Json):
        return {"名": "督办 “quoted” \n", "n": n, "列": [None, True, 1.5]} if n else []
    if isinstance(column.type, Date):
        return date(2026, 2, 26 + n)
    if isinstance(column.type, Boolean):
        return bool(n % 2)
    if isinstance(column.type, Integer):
        return n
    if isinstance(column.type, Float):
        return n + 0.1
    return f"文{column.name[:2]}{n}'\\"[: getattr(column.type, "length", None) or 99]


def rows_of(table: Table) -> list[dict[str, Any]]:
    """Rows whose references are kept: reference ``n`` goes to row ``n`` of the other table."""
    rows: list[dict[str, Any]] = []
    for n in range(ROWS):
        row: dict[str, Any] = {}
        for column in table.columns:
            target = next(iter(column.foreign_keys), None)
            row[column.name] = sample(column if target is None else target.column, n)
        if n == ROWS - 1:
            row |= {c.name: None for c in table.columns if c.nullable}
        rows.append(row)
    return rows


def fill(url: str) -> None:
    db = Database(url)
    with db.write() as conn:
        for table in metadata.sorted_tables:
            conn.execute(insert(table), rows_of(table))
    db.close()


def content(url: str) -> dict[str, list[Any]]:
    db = Database(url)
    with db.read() as conn:
        found = {
            table.name: sorted(
                (dict(row) for row in conn.execute(select(table)).mappings()), key=str
            )
            for table in metadata.sorted_tables
        }
    db.close()
    return found


def files_in(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "01ab").write_bytes(b"minutes \x00\xff" * 1000)
    (folder / "plan.xlsx").write_bytes(b"")
    (folder / "ab" / "half.part").write_bytes(b"a file that is just being written")
    return folder


@pytest.fixture
def archive(db_url: str, files: Path, tmp_path: Path) -> Path:
    fill(db_url)
    target = tmp_path / "out" / "duban.tar.gz"
    backup(db_url, files, target, ManualClock(NOW))
    return target


@pytest.fixture
def sqlite_archive(sqlite_url: str, files: Path, tmp_path: Path) -> Path:
    fill(sqlite_url)
    target = tmp_path / "duban.tar.gz"
    backup(sqlite_url, files, target, ManualClock(NOW))
    return target


def repack(archive: Path, edit: Callable[[dict[str, bytes]], None]) -> None:
    """Rewrite an archive, with hashes that are right for what it holds then."""
    with tarfile.open(archive) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    edit(members)
    manifest = json.loads(members.pop("manifest.json"))
    manifest["members"] = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        for name, data in members.items()
    }
    write(archive, {"manifest.json": json.dumps(manifest).encode(), **members})


def write(archive: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))


def test_what_was_saved_comes_back_on_the_same_and_the_other_database(
    archive: Path, db_url: str, empty_db_url: str, files: Path, tmp_path: Path
) -> None:
    before = content(db_url)
    assert all(len(rows) == ROWS for rows in before.values())
    there = tmp_path / "restored" / "files"
    manifest = restore(archive, empty_db_url, there)
    assert manifest.created_at == NOW.isoformat()
    assert content(empty_db_url) == before
    saved = files_in(files)
    del saved["ab/half.part"]
    assert files_in(there) == saved
    db = Database(empty_db_url)
    assert is_current(db)
    db.close()


def test_a_restored_database_works_on(archive: Path, empty_db_url: str) -> None:
    restore(archive, empty_db_url, None)
    db = Database(empty_db_url)
    table = metadata.tables["workspaces"]
    with pytest.raises(ConflictError), db.write() as conn:  # keys are there again
        conn.execute(insert(table), rows_of(table)[0])
    roles = metadata.tables["roles"]
    with pytest.raises(IntegrityError), db.write() as conn:  # and references
        conn.execute(insert(roles), {**rows_of(roles)[0], "id": "x", "person_id": "nobody"})
    db.close()


def test_only_what_is_committed_is_saved(db_url: str, empty_db_url: str, tmp_path: Path) -> None:
    db = Database(db_url)
    table = metadata.tables["workspaces"]
    with db.write() as conn:
        conn.execute(insert(table), rows_of(table)[0])
    with db.write() as conn:
        conn.execute(insert(table), rows_of(table)[1])
        backup(db_url, None, tmp_path / "x.tar.gz")
    db.close()
    restore(tmp_path / "x.tar.gz", empty_db_url, None)
    assert len(content(empty_db_url)["workspaces"]) == 1


def test_a_backup_is_for_its_owner_only_and_replaces_nothing(
    sqlite_archive: Path, sqlite_url: str, files: Path
) -> None:
    assert sqlite_archive.stat().st_mode & 0o777 == 0o600
    was = sqlite_archive.read_bytes()
    with pytest.raises(UserError) as caught:
        backup(sqlite_url, files, sqlite_archive)
    assert caught.value.key == "storage.backup_exists"
    assert sqlite_archive.read_bytes() == was
    assert [p.name for p in sqlite_archive.parent.iterdir() if p.name.startswith(".")] == []


def test_a_database_of_another_version_is_not_saved(empty_db_url: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        backup(empty_db_url, None, tmp_path / "x.tar.gz")
    assert caught.value.key == "storage.not_current"
    assert not (tmp_path / "x.tar.gz").exists()


def test_content_is_replaced_only_when_told_to(archive: Path, db_url: str) -> None:
    before = content(db_url)
    db = Database(db_url)
    with db.write() as conn:
        conn.execute(metadata.tables["tokens"].delete())
    db.close()
    changed = content(db_url)
    with pytest.raises(UserError) as caught:
        restore(archive, db_url, None)
    assert caught.value.key == "storage.not_empty"
    assert content(db_url) == changed
    restore(archive, db_url, None, force=True)
    assert content(db_url) == before


def test_files_are_replaced_only_when_told_to(
    sqlite_archive: Path, tmp_path: Path, files: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    (files / "later").write_bytes(b"made after the backup")
    was = files_in(files)
    with pytest.raises(UserError) as caught:
        restore(sqlite_archive, url, files)
    assert caught.value.key == "storage.not_empty"
    assert files_in(files) == was
    restore(sqlite_archive, url, files, force=True)
    assert sorted(files_in(files)) == ["ab/01ab", "plan.xlsx"]


@pytest.fixture
def untouched(tmp_path: Path) -> Iterator[str]:
    """A target for restores that must be refused: it stays without a single table."""
    url = f"sqlite:///{tmp_path / 'untouched.sqlite'}"
    yield url
    db = Database(url)
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar() == 0
    db.close()


def refused(archive: Path, url: str, folder: Path) -> str:
    with pytest.raises(UserError) as caught:
        restore(archive, url, folder / "refused")
    assert not (folder / "refused").exists()
    return caught.value.key


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.9, 0.999])
def test_an_archive_with_a_changed_byte_is_refused(
    sqlite_archive: Path, untouched: str, tmp_path: Path, share: float
) -> None:
    data = bytearray(sqlite_archive.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    sqlite_archive.write_bytes(data)
    assert refused(sqlite_archive, untouched, tmp_path) == "storage.backup_damaged"


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7, 0.99])
def test_an_archive_that_was_cut_off_is_refused(
    sqlite_archive: Path, untouched: str, tmp_path: Path, share: float
) -> None:
    data = sqlite_archive.read_bytes()
    sqlite_archive.write_bytes(data[: int(len(data) * share)])
    assert refused(sqlite_archive, untouched, tmp_path) == "storage.backup_damaged"


def _without_a_member(members: dict[str, bytes]) -> None:
    del members["files/plan.xlsx"]


def _with_a_member(members: dict[str, bytes]) -> None:
    members["files/extra"] = b"x"


def _with_other_content(members: dict[str, bytes]) -> None:
    members["files/ab/01ab"] = b"something else"


def _without_manifest(members: dict[str, bytes]) -> None:
    del members["manifest.json"]


def _of_another_format(members: dict[str, bytes]) -> None:
    members["manifest.json"] = members["manifest.json"].replace(b'"format": 1', b'"format": 2')


@pytest.mark.parametrize(
    "change",
    [_without_a_member, _with_a_member, _with_other_content, _without_manifest, _of_another_format],
    ids=lambda change: change.__name__.strip("_"),
)
def test_an_archive_that_differs_from_its_manifest_is_refused(
    sqlite_archive: Path,
    untouched: str,
    tmp_path: Path,
    change: Callable[[dict[str, bytes]], None],
) -> None:
    with tarfile.open(sqlite_archive) as tar:
        members = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    change(members)
    write(sqlite_archive, members)
    assert refused(sqlite_archive, untouched, tmp_path) == "storage.backup_damaged"


@pytest.mark.parametrize("name", ["files/../../evil", "/etc/evil", "elsewhere/evil"])
def test_an_archive_cannot_write_elsewhere(
    sqlite_archive: Path, untouched: str, tmp_path: Path, name: str
) -> None:
    repack(sqlite_archive, lambda members: members.update({name: b"x"}))
    assert refused(sqlite_archive, untouched, tmp_path) == "storage.backup_damaged"
    assert not list(tmp_path.parent.rglob("evil"))


def test_a_file_that_is_not_there_is_told(untouched: str, tmp_path: Path) -> None:
    assert refused(tmp_path / "none.tar.gz", untouched, tmp_path) == "storage.backup_missing"


def test_a_backup_of_a_later_version_is_refused(
    sqlite_archive: Path, untouched: str, tmp_path: Path
) -> None:
    def later(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps({**manifest, "revision": "9999"}).encode()

    repack(sqlite_archive, later)
    assert refused(sqlite_archive, untouched, tmp_path) == "storage.backup_newer"


def test_a_backup_of_an_earlier_version_is_upgraded(archive: Path, empty_db_url: str) -> None:
    core = {"workspaces", "people", "products"}

    def earlier(members: dict[str, bytes]) -> None:
        manifest = json.loads(members["manifest.json"])
        manifest["revision"] = "0001_core"
        manifest["tables"] = {n: t for n, t in manifest["tables"].items() if n in core}
        members["manifest.json"] = json.dumps(manifest).encode()
        for name in [n for n in members if n.startswith("tables/")]:
            if name.removeprefix("tables/").removesuffix(".jsonl") not in core:
                del members[name]

    repack(archive, earlier)
    restore(archive, empty_db_url, None)
    db = Database(empty_db_url)
    assert is_current(db)
    with db.read() as conn:
        assert conn.scalar(select(func.count()).select_from(metadata.tables["people"])) == ROWS
    db.close()


def test_a_restore_that_fails_half_way_leaves_what_was_there(archive: Path, db_url: str) -> None:
    before = content(db_url)

    def broken(members: dict[str, bytes]) -> None:
        lines = members["tables/roles.jsonl"].decode().splitlines()
        row = json.loads(lines[0])
        columns = list(metadata.tables["roles"].columns.keys())
        row[columns.index("person_id")] = "nobody"
        members["tables/roles.jsonl"] = "\n".join([json.dumps(row), *lines[1:], ""]).encode()

    repack(archive, broken)
    with pytest.raises((IntegrityError, RuntimeError)):
        restore(archive, db_url, None, force=True)
    assert content(db_url) == before


def test_what_the_job_engine_remembered_is_cleared(sqlite_archive: Path, sqlite_url: str) -> None:
    jobs = Path(jobs_url(sqlite_url).removeprefix("sqlite:///"))
    jobs.write_bytes(b"")
    restore(sqlite_archive, sqlite_url, None, force=True)
    assert not jobs.exists()
