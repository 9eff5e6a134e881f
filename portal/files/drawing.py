"""Drawing blocks with typst: one page for each block, as PDF to be set into a page or as PNG to be
set into an image.

Text reaches typst as JSON values, so nothing in it is read as markup.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, cast

from portal.files.fonts import FONTS, loaded
from portal.files.zones import Align, Block, Ground, Valign

INK = {Ground.LIGHT: "#1b1f24", Ground.DARK: "#ffffff"}
PLATE = {Ground.LIGHT: "#1b1f24", Ground.DARK: "#ffffff"}
PLATE_MARGIN = 0.08
# What a ground is taken to be, and the contrast from which a logo is seen on it: pale colours still
# show on white paper, deep ones are lost on dark.
_SEEN_ON = {Ground.LIGHT: ((255, 255, 255), 1.6), Ground.DARK: ((27, 31, 36), 2.5)}

_TEMPLATE = Path(__file__).with_name("drawing.typ")


def as_pdf(blocks: Sequence[Block], fonts: Path | None = None) -> bytes:
    """One page for each block, in order; boxes must be in points."""
    return _compiled(blocks, "pdf", fonts)[0]


def as_png(blocks: Sequence[Block], fonts: Path | None = None) -> list[bytes]:
    """One transparent picture for each block, a pixel for each point."""
    return _compiled(blocks, "png", fonts)


def _compiled(
    blocks: Sequence[Block], form: Literal["pdf", "png"], fonts: Path | None
) -> list[bytes]:
    import typst  # noqa: PLC0415  heavy

    with tempfile.TemporaryDirectory(prefix="portal-draw-") as folder:
        described_blocks = []
        for number, block in enumerate(blocks):
            described = _text(block)
            if block.picture is not None:
                name = f"{number}.png"
                Path(folder, name).write_bytes(block.picture)
                described = _picture(block, block.picture) | {"file": f"/{name}"}
            described_blocks.append(described)
        job = {"fonts": list(FONTS), "blocks": described_blocks}
        compiler = typst.Compiler(
            _TEMPLATE.read_bytes(),
            root=folder,
            font_paths=loaded(fonts),
            sys_inputs={"job": json.dumps(job)},
        )
        made = compiler.compile(format=form, ppi=72, timestamp=0, pdf_tags=False)
    return made if isinstance(made, list) else [made or b""]


def _text(block: Block) -> dict[str, Any]:
    return {
        "kind": "badge" if block.fill else "text",
        "width": block.box.width,
        "height": block.box.height,
        "align": block.align.value,
        "valign": block.valign.value,
        "largest": block.largest,
        "fill": block.fill,
        "colour": _readable_on(block.fill) if block.fill else INK[block.ground],
        "lines": [
            {"text": line.text, "weight": 600 if line.is_strong else 400} for line in block.lines
        ],
    }


def _picture(block: Block, picture: bytes) -> dict[str, Any]:
    """The picture in proportion within the box, on a plate when it could not be seen on the
    ground.
    """
    width, height, needs_plate = _measured(picture, block.ground)
    box = block.box
    margin = PLATE_MARGIN * min(box.width, box.height) if needs_plate else 0.0
    scale = min((box.width - 2 * margin) / width, (box.height - 2 * margin) / height)
    w, h = width * scale, height * scale
    x = margin + _share(block.align) * (box.width - 2 * margin - w)
    y = margin + _share(block.valign) * (box.height - 2 * margin - h)
    plate = {"x": x - margin, "y": y - margin, "width": w + 2 * margin, "height": h + 2 * margin}
    return {
        "kind": "picture",
        "width": box.width,
        "height": box.height,
        "align": block.align.value,
        "valign": block.valign.value,
        "x": x,
        "y": y,
        "w": w,
        "h": h,
        "plate": plate if needs_plate else None,
        "colour": PLATE[block.ground],
    }


def _share(side: Align | Valign) -> float:
    return {"left": 0.0, "top": 0.0, "right": 1.0, "bottom": 1.0}.get(side.value, 0.5)


def _measured(picture: bytes, ground: Ground) -> tuple[int, int, bool]:
    """Width, height, and whether most of what can be seen is too close to the ground.

    A picture without transparency brings its own ground and needs no plate.
    """
    from PIL import Image  # noqa: PLC0415  heavy

    with Image.open(io.BytesIO(picture), formats=("PNG",)) as image:
        width, height = image.size
        if not image.has_transparency_data:
            return width, height, False
        small = image.convert("RGBA")
        small.thumbnail((64, 64))
        seen = small.get_flattened_data()
        pixels = [
            (red, green, blue)
            for red, green, blue, alpha in cast("Iterable[tuple[int, int, int, int]]", seen)
            if alpha > 127
        ]
    under, least = _SEEN_ON[ground]
    lost = sum(_contrast(pixel, under) < least for pixel in pixels)
    return width, height, lost > len(pixels) / 2


def _readable_on(fill: str) -> str:
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    dark, light = (27, 31, 36), (255, 255, 255)
    colour = (red, green, blue)
    return INK[Ground.LIGHT] if _contrast(colour, dark) > _contrast(colour, light) else "#ffffff"


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, int, int]) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
