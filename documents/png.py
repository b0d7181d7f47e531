"""SVG to PNG."""

from __future__ import annotations

import resvg_py

from documents.fonts import ChartFont


def render(svg: str, font: ChartFont, *, zoom: int = 2) -> bytes:
    """The picture as PNG on white, drawn with the named font and no other when it was found.

    :param svg: from :mod:`documents.gantt`; it refers to nothing outside itself.
    :param zoom: 2 is sharp on a telephone and a high-resolution screen.
    """
    return resvg_py.svg_to_bytes(  # pyright: ignore[reportUnknownMemberType]
        svg_string=svg,
        background="#ffffff",
        zoom=float(zoom),
        skip_system_fonts=bool(font.files),
        font_files=[str(path) for path in font.files] or None,
        font_family=font.family,
        sans_serif_family=font.family if font.files else None,
    )
