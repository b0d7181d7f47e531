from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from documents.fonts import NO_FONT, PROBE, find_font, system_folders
from documents.sfnt import BadFontError, faces


def font_bytes(family: str, characters: str, table_format: int = 4) -> bytes:
    """A font file with nothing but the two tables that are read."""
    name = family.encode("utf-16-be")
    names = struct.pack(">HHH", 0, 1, 18) + struct.pack(">HHHHHH", 3, 1, 0x409, 1, len(name), 0)
    cmap = cmap_4(characters) if table_format == 4 else cmap_12(characters)
    tables = {b"cmap": cmap, b"name": names + name}
    offset = 12 + 16 * len(tables)
    head = b"\x00\x01\x00\x00" + struct.pack(">HHHH", len(tables), 0, 0, 0)
    rows, body = b"", b""
    for tag, data in tables.items():
        rows += struct.pack(">4sIII", tag, 0, offset + len(body), len(data))
        body += data
    return head + rows + body


def cmap_4(characters: str) -> bytes:
    codes = [*sorted(map(ord, characters)), 0xFFFF]
    n = len(codes)
    ends = b"".join(struct.pack(">H", c) for c in codes)
    deltas = b"".join(struct.pack(">H", (1 - c) & 0xFFFF) for c in codes[:-1]) + b"\0\1"
    sub = struct.pack(">HHHHHHH", 4, 0, 0, 2 * n, 0, 0, 0)
    sub += ends + b"\0\0" + ends + deltas + b"\0\0" * n
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + sub


def cmap_12(characters: str) -> bytes:
    codes = sorted(map(ord, characters))
    groups = b"".join(struct.pack(">III", c, c, 7) for c in codes)
    sub = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(codes)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + sub


def write(folder: Path, name: str, family: str, characters: str, table_format: int = 4) -> Path:
    path = folder / name
    path.write_bytes(font_bytes(family, characters, table_format))
    return path


@pytest.mark.parametrize("table_format", [4, 12])
def test_a_face_says_its_family_and_which_characters_it_has(tmp_path, table_format):
    path = write(tmp_path, "x.ttf", "Some Sans", "督A", table_format)
    (face,) = faces(path, "督办AB")
    assert face.family == "Some Sans"
    assert face.characters == {"督", "A"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a font at all, really", id="text"),
        pytest.param(b"\x00\x01\x00\x00\x00\x05", id="cut off"),
        pytest.param(b"ttcf\x00\x01\x00\x00\xff\xff\xff\xff", id="four billion faces"),
        pytest.param(font_bytes("X", "督")[:60], id="tables missing"),
    ],
)
def test_a_broken_font_is_named_as_one(tmp_path, data):
    path = tmp_path / "broken.ttf"
    path.write_bytes(data)
    with pytest.raises(BadFontError):
        faces(path, PROBE)
    assert find_font([tmp_path]) == NO_FONT


def test_no_font_with_chinese_is_a_warning_and_not_an_error(tmp_path):
    write(tmp_path, "latin.ttf", "Latin Only", "ABC")
    font = find_font([tmp_path, tmp_path / "missing"])
    assert font == NO_FONT
    assert font.warning is not None
    assert font.warning.key == "document.no_chinese_font"


def test_a_known_screen_font_wins_over_any_other_with_chinese(tmp_path):
    write(tmp_path, "aaa-handwriting.ttf", "Brush Script CN", PROBE)
    write(tmp_path, "simsun.ttf", "SimSun", PROBE)
    known = write(tmp_path, "msyh.ttf", "Microsoft YaHei", PROBE)
    font = find_font([tmp_path])
    assert (font.family, font.files, font.warning) == ("Microsoft YaHei", (known,), None)


def test_an_unknown_font_with_chinese_is_better_than_none(tmp_path):
    (tmp_path / "deep").mkdir()
    path = write(tmp_path / "deep", "house.otf", "House Font", PROBE)
    font = find_font([tmp_path])
    assert (font.family, font.files) == ("House Font", (path,))


def test_the_weights_of_a_family_are_loaded_together(tmp_path):
    for name in ("NotoSansCJK-Bold.ttf", "NotoSansCJK-Regular.ttf"):
        write(tmp_path, name, "Noto Sans CJK SC", PROBE)
    assert [f.name for f in find_font([tmp_path]).files] == [
        "NotoSansCJK-Regular.ttf",
        "NotoSansCJK-Bold.ttf",
    ]


def test_a_chosen_file_wins_when_it_has_chinese(tmp_path):
    write(tmp_path, "msyh.ttf", "Microsoft YaHei", PROBE)
    chosen = tmp_path / "ours.bin"
    chosen.write_bytes(font_bytes("Ours", PROBE))
    assert find_font([tmp_path], chosen).family == "Ours"
    chosen.write_bytes(font_bytes("Ours", "A"))
    assert find_font([tmp_path], chosen).family == "Microsoft YaHei"


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_system_has_its_folders(platform, tmp_path):
    folders = system_folders(platform, tmp_path)
    assert len(folders) >= 2
    assert any(tmp_path in f.parents for f in folders)


def test_the_font_of_this_machine_is_read_as_fontconfig_reads_it():
    if shutil.which("fc-list") is None or not find_font().files:
        pytest.skip("needs fontconfig and a font with Chinese")
    import subprocess

    font = find_font()
    listed = subprocess.run(
        ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=True
    ).stdout
    assert font.family in listed
