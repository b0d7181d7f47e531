"""Finds a font that can draw Chinese, and says which; without one pictures show empty boxes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from documents.sfnt import BadFontError, Face, faces
from domain.messages import T

PROBE = "督办需求评审"
"""Characters that a usable font must have."""

_SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
_MOST_FILES = 20_000

KNOWN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "HarmonyOS Sans SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "SimHei",
    "DengXian",
    "STHeiti",
    "Noto Serif CJK SC",
    "SimSun",
)
"""Families for reading on a screen, best first, in their simplified Chinese form."""

_FILE_HINTS = (
    "notosanscjk", "notosanssc", "notosanshans", "sourcehansans", "pingfang", "msyh", "harmonyos",
    "hiragino", "wqy-microhei", "wqy-zenhei", "droidsansfallback", "simhei", "deng", "stheiti",
    "notoserifcjk", "simsun", "arphic", "uming", "ukai", "cjk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChartFont:
    """The font that charts are drawn with.

    :param family: family name for the style sheet.
    :param files: the files to load; empty when no font with Chinese was found.
    :param chinese: whether it has the Chinese characters.
    """

    family: str
    files: tuple[Path, ...]
    chinese: bool

    @property
    def warning(self) -> T | None:
        """What to tell people when Chinese cannot be drawn; None when all is well."""
        return None if self.chinese else T("document.no_chinese_font")


NO_FONT = ChartFont("sans-serif", (), chinese=False)
"""What is used when nothing was found: whatever the system has, without Chinese."""


def system_folders(platform: str = sys.platform, home: Path | None = None) -> tuple[Path, ...]:
    """The folders in which a system keeps its fonts (existing or not)."""
    home = home if home is not None else Path.home()
    if platform == "darwin":
        return (
            Path("/System/Library/Fonts"),
            Path("/System/Library/AssetsV2"),
            Path("/Library/Fonts"),
            home / "Library/Fonts",
        )
    if platform == "win32":
        windows = Path(os.path.expandvars("%WINDIR%")) if platform == sys.platform else Path("C:/")
        return (windows / "Fonts", home / "AppData/Local/Microsoft/Windows/Fonts")
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    )


def find_font(folders: Sequence[Path] | None = None, chosen: Path | None = None) -> ChartFont:
    """The font to draw charts with.

    Known screen fonts are preferred, in the order of :data:`KNOWN`; otherwise any font that has
    the characters of :data:`PROBE`. Unreadable and broken files are passed over.

    :param folders: where to look, instead of the system's folders.
    :param chosen: a font file that an administrator named; it wins when it has Chinese.
    """
    if chosen is not None:
        font = _best([chosen])
        if font is not None:
            return font
    files = sorted(_font_files(system_folders() if folders is None else folders), key=_promise)
    promising = [f for f in files if _promise(f)[0] < len(_FILE_HINTS)]
    found = _best(promising) or _first(f for f in files if f not in set(promising))
    return found or NO_FONT


@cache
def chart_font() -> ChartFont:
    """The font of this machine; looked for once per process, when it is first asked for."""
    return find_font()


def chinese_font() -> str | None:
    """The family that draws Chinese on this machine; None when charts would show boxes."""
    font = chart_font()
    return font.family if font.chinese else None


def _font_files(folders: Iterable[Path]) -> Iterator[Path]:
    left = _MOST_FILES
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                if Path(name).suffix.lower() in _SUFFIXES:
                    yield Path(root, name)
                    left -= 1
                    if not left:
                        return


def _promise(path: Path) -> tuple[int, bool, str]:
    """Files that sound like a Chinese screen font come first, upright weights before others."""
    name = path.name.lower()
    rank = next((i for i, hint in enumerate(_FILE_HINTS) if hint in name), len(_FILE_HINTS))
    return rank, "regular" not in name, str(path)


def _usable(path: Path) -> list[Face]:
    try:
        return [f for f in faces(path, PROBE) if f.family and len(f.characters) == len(set(PROBE))]
    except (OSError, BadFontError):
        return []


def _best(files: Sequence[Path]) -> ChartFont | None:
    """Of all usable faces the best known family, with every file (weight) that belongs to it."""
    by_family: dict[str, list[Path]] = {}
    for path in files:
        for face in _usable(path):
            by_family.setdefault(face.family, []).append(path)
    if not by_family:
        return None
    order = {family: rank for rank, family in enumerate(KNOWN)}
    family = min(by_family, key=lambda f: (order.get(f, len(order)), f))
    return ChartFont(family, tuple(by_family[family]), chinese=True)


def _first(files: Iterable[Path]) -> ChartFont | None:
    for path in files:
        usable = _usable(path)
        if usable:
            return ChartFont(usable[0].family, (path,), chinese=True)
    return None
