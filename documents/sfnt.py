"""Just enough of the OpenType format to say which family a font file holds and which characters."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_COLLECTION = b"ttcf"
_FACES = frozenset({b"\x00\x01\x00\x00", b"OTTO", b"true"})
_LARGEST_TABLE = 16 * 1024 * 1024
_FAMILY, _TYPOGRAPHIC_FAMILY = 1, 16
_ENGLISH = 0x409


class BadFontError(ValueError):
    """The file is no font, or a broken one."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file.

    :param family: its English family name, as a style sheet names it.
    :param characters: those of the asked characters that it can draw.
    """

    family: str
    characters: frozenset[str]


def faces(path: Path, wanted: str) -> list[Face]:
    """The faces of a TrueType or OpenType file or collection.

    Only the two small tables that are needed are read, not the outlines. Raises
    :class:`BadFontError` for what is no font, ``OSError`` for what cannot be read.
    """
    with path.open("rb") as file:
        try:
            return [_face(file, offset, wanted) for offset in _offsets(file)]
        except (struct.error, IndexError, UnicodeError) as error:
            raise BadFontError(str(path)) from error


def _offsets(file: BinaryIO) -> tuple[int, ...]:
    head = file.read(12)
    if head[:4] in _FACES:
        return (0,)
    if head[:4] != _COLLECTION:
        raise BadFontError("unknown signature")
    (count,) = struct.unpack(">I", head[8:12])
    if count > 256:
        raise BadFontError("too many faces")
    return struct.unpack(f">{count}I", file.read(4 * count))


def _face(file: BinaryIO, offset: int, wanted: str) -> Face:
    tables = _tables(file, offset)
    if "name" not in tables or "cmap" not in tables:
        raise BadFontError("a font without names or characters")
    family = _family(_table(file, tables["name"]))
    cmap = _table(file, tables["cmap"])
    return Face(family, frozenset(c for c in wanted if _has(cmap, ord(c))))


def _tables(file: BinaryIO, offset: int) -> dict[str, tuple[int, int]]:
    file.seek(offset + 4)
    (count,) = struct.unpack(">H6x", file.read(8))
    rows = file.read(16 * count)
    found: dict[str, tuple[int, int]] = {}
    for tag, _, start, length in struct.iter_unpack(">4sIII", rows):
        found[tag.decode("latin-1")] = (start, length)
    return found


def _table(file: BinaryIO, place: tuple[int, int]) -> bytes:
    start, length = place
    if length > _LARGEST_TABLE:
        raise BadFontError("a table of unlikely size")
    file.seek(start)
    return file.read(length)


def _family(table: bytes) -> str:
    """The English typographic family, else the English family, else whichever there is."""
    _, count, strings = struct.unpack_from(">HHH", table)
    best: tuple[int, str] = (0, "")
    for index in range(count):
        record = struct.unpack_from(">HHHHHH", table, 6 + 12 * index)
        platform, _, language, name, length, offset = record
        if name not in (_FAMILY, _TYPOGRAPHIC_FAMILY) or platform not in (0, 1, 3):
            continue
        raw = table[strings + offset : strings + offset + length]
        text = raw.decode("mac_roman" if platform == 1 else "utf-16-be", errors="replace")
        english = platform == 3 and language == _ENGLISH
        rank = 1 + 2 * english + (name == _TYPOGRAPHIC_FAMILY)
        if rank > best[0]:
            best = (rank, text)
    return best[1]


def _has(cmap: bytes, code: int) -> bool:
    return any(_in_subtable(cmap, start, code) for start in _unicode_subtables(cmap))


def _unicode_subtables(cmap: bytes) -> Iterator[int]:
    _, count = struct.unpack_from(">HH", cmap)
    for index in range(count):
        platform, encoding, start = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        if platform == 0 or (platform == 3 and encoding in (1, 10)):
            yield start


def _in_subtable(cmap: bytes, start: int, code: int) -> bool:
    (kind,) = struct.unpack_from(">H", cmap, start)
    if kind == 4:
        return code <= 0xFFFF and _in_format_4(cmap, start, code)
    if kind == 12:
        return _in_format_12(cmap, start, code)
    return False


def _in_format_4(cmap: bytes, start: int, code: int) -> bool:
    """Segments of the basic plane: end codes, start codes, deltas, offsets into the glyph list."""
    (double,) = struct.unpack_from(">H", cmap, start + 6)
    ends = start + 14
    for step in range(0, double, 2):
        (end,) = struct.unpack_from(">H", cmap, ends + step)
        if code > end:
            continue
        (first,) = struct.unpack_from(">H", cmap, ends + double + 2 + step)
        if code < first:
            return False
        (delta,) = struct.unpack_from(">H", cmap, ends + 2 * double + 2 + step)
        place = ends + 3 * double + 2 + step
        (offset,) = struct.unpack_from(">H", cmap, place)
        if offset == 0:
            return (code + delta) & 0xFFFF != 0
        (glyph,) = struct.unpack_from(">H", cmap, place + offset + 2 * (code - first))
        return glyph != 0
    return False


def _in_format_12(cmap: bytes, start: int, code: int) -> bool:
    (count,) = struct.unpack_from(">I", cmap, start + 12)
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        first, last, glyph = struct.unpack_from(">III", cmap, start + 16 + 12 * middle)
        if code < first:
            high = middle
        elif code > last:
            low = middle + 1
        else:
            return glyph + code - first != 0
    return False
