"""Files in a folder: whole or not there, and names that lead nowhere else."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from bot.files import FolderStore
from domain.errors import NotFoundError, StorageError

ID = "01m84gw2qbv5afgdh7mmwkbr7a"


def test_what_was_put_is_got(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "new" / "files")
    store.put(ID, b"\x00data\xff")
    assert store.get(ID) == b"\x00data\xff"
    assert FolderStore(tmp_path / "new" / "files").get(ID) == b"\x00data\xff"
    store.put(ID, b"again")
    assert store.get(ID) == b"again"
    store.put("empty", b"")
    assert store.get("empty") == b""
    names = {p.name for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert names == {ID, "empty"}


@pytest.mark.parametrize(
    "file_id",
    [
        pytest.param("", id="nothing"),
        pytest.param("../secret", id="another folder"),
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("a/b", id="a folder inside"),
        pytest.param("..", id="the folder above"),
        pytest.param("ABC", id="capitals"),
        pytest.param("a.b", id="a dot"),
        pytest.param("a\x00", id="NUL"),
        pytest.param("a\n", id="a line break at the end"),
        pytest.param("字", id="no ASCII"),
        pytest.param("a" * 65, id="too long"),
    ],
)
def test_a_name_that_is_no_id_leads_nowhere(tmp_path: Path, file_id: str) -> None:
    (tmp_path / "secret").write_text("no")
    store = FolderStore(tmp_path / "files")
    with pytest.raises(NotFoundError, match=r"file\.gone"):
        store.get(file_id)
    with pytest.raises(NotFoundError, match=r"file\.gone"):
        store.put(file_id, b"x")
    assert {p.name for p in tmp_path.rglob("*")} == {"secret"}


def test_a_file_that_was_never_put_is_gone(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"file\.gone"):
        FolderStore(tmp_path).get(ID)


@pytest.mark.parametrize("where", ["write", "rename"])
def test_a_full_disk_is_told_and_nothing_half_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    store = FolderStore(tmp_path)
    store.put(ID, b"whole")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "write":
        monkeypatch.setattr("os.fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match=r"storage\.full"):
        store.put(ID, b"half")
    monkeypatch.undo()
    assert store.get(ID) == b"whole"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [ID]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("a file")
    with pytest.raises(StorageError):
        FolderStore(tmp_path / "files").put(ID, b"x")
