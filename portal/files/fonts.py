"""The typefaces that are set into files: Inter, and those in a folder that the operator names.

A character that no typeface holds would be printed as an empty box, so it is found before anything
is drawn.
"""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typst import Fonts

FONTS = ("Inter",)

_SHIPPED = Path(__file__).with_name("typefaces")


def loaded(added: Path | None = None) -> Fonts:
    """For typst: these and no other, so that a page looks the same on every machine."""
    import typst  # noqa: PLC0415  heavy

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(place) for place in _folders(added)],
    )


def missing(text: str, added: Path | None = None) -> str:
    """The characters of `text` that no typeface holds, each once, in order.  White space counts as
    held.
    """
    held = _held(tuple(_folders(added)))
    return "".join(
        dict.fromkeys(char for char in text if not char.isspace() and ord(char) not in held)
    )


def _folders(added: Path | None) -> list[Path]:
    return [_SHIPPED, *([added] if added else [])]


@cache
def _held(places: tuple[Path, ...]) -> frozenset[int]:
    files = [
        path for place in places for path in place.iterdir() if path.suffix in {".ttf", ".otf"}
    ]
    return frozenset().union(*(_character_map(path.read_bytes()) for path in files))


def _character_map(font: bytes) -> set[int]:
    """The code points of an OpenType file: its Unicode `cmap` subtables of format 4 and 12."""
    held: set[int] = set()
    (tables,) = struct.unpack_from(">H", font, 4)
    for at in range(12, 12 + 16 * tables, 16):
        tag, _, start, _ = struct.unpack_from(">4sLLL", font, at)
        if tag != b"cmap":
            continue
        (count,) = struct.unpack_from(">H", font, start + 2)
        for entry in range(count):
            (offset,) = struct.unpack_from(">L", font, start + 8 + 8 * entry)
            held |= _subtable(font, start + offset)
    return held


def _subtable(font: bytes, at: int) -> set[int]:
    (form,) = struct.unpack_from(">H", font, at)
    if form == 4:
        (doubled,) = struct.unpack_from(">H", font, at + 6)
        ends = struct.unpack_from(f">{doubled // 2}H", font, at + 14)
        starts = struct.unpack_from(f">{doubled // 2}H", font, at + 16 + doubled)
        ranges = zip(starts, ends, strict=True)
        return {code for start, end in ranges if start != 0xFFFF for code in range(start, end + 1)}
    if form == 12:
        (groups,) = struct.unpack_from(">L", font, at + 12)
        spans = [struct.unpack_from(">LL", font, at + 16 + 12 * group) for group in range(groups)]
        return {code for start, end in spans for code in range(start, end + 1)}
    return set()
