"""Pictures of a file for pages that list it: a preview of the first page, a thumbnail of each page.

Runs in the sandbox.  What no library here can draw gets a cover set in type.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from portal.files import archives, extract, images, pdf
from portal.files.fonts import FONTS, loaded, missing
from portal.files.kinds import FORMS, IMAGES, OFFICE, Kind
from portal.files.verdict import Unacceptable

if TYPE_CHECKING:
    from PIL.Image import Image

PREVIEW_WIDTH = 1280
THUMBNAIL_WIDTH = 480
PAGE_WIDTH = 320
MOST_PAGES_DRAWN = 100

_COLOURS = {Kind.PPTX: "#b7472a", Kind.DOCX: "#2b579a", Kind.XLSX: "#217346", Kind.MP4: "#6f42c1"}
_EMBEDDED = ("docProps/thumbnail.jpeg", "docProps/thumbnail.jpg")
_SMALLEST_EMBEDDED = 400


def preview(path: Path, kind: Kind, out: Path, *, title: str = "") -> list[str]:
    """Writes preview.webp and thumbnail.webp; returns their names."""
    picture = _first(path, kind, title)
    for name, width in (("preview.webp", PREVIEW_WIDTH), ("thumbnail.webp", THUMBNAIL_WIDTH)):
        _save(picture, out / name, width)
    return ["preview.webp", "thumbnail.webp"]


def page_preview(path: Path, kind: Kind, out: Path, *, page: int) -> list[str]:
    """Writes page.webp, of one page counted from 1 of a PDF, or of an image; returns its name."""
    if kind is Kind.PDF:
        with pdf.opened(path) as document:
            picture = pdf.draw(document, page - 1, width=PREVIEW_WIDTH)
    else:
        picture = _upright(path, kind)
    _save(picture, out / "page.webp", PREVIEW_WIDTH)
    return ["page.webp"]


def page_thumbnails(path: Path, kind: Kind, out: Path) -> list[str]:
    """Writes page-0001.webp and so on for a PDF, at most a hundred; other kinds have none."""
    if kind is not Kind.PDF:
        return []
    names = []
    with pdf.opened(path) as document:
        for page in range(min(len(document), MOST_PAGES_DRAWN)):
            names.append(f"page-{page + 1:04}.webp")
            _save(pdf.draw(document, page, width=PAGE_WIDTH), out / names[-1], PAGE_WIDTH)
    return names


def _first(path: Path, kind: Kind, title: str) -> Image:
    if kind is Kind.PDF:
        with pdf.opened(path) as document:
            return pdf.draw(document, 0, width=PREVIEW_WIDTH)
    if kind in IMAGES:
        return _upright(path, kind)
    return (_embedded(path) if kind in OFFICE else None) or _cover(path, kind, title)


def _upright(path: Path, kind: Kind) -> Image:
    """On white, as it will be seen; JPEGs are decoded no larger than needed."""
    from PIL import Image, ImageOps  # noqa: PLC0415  heavy

    with images.opened(path, kind) as image:
        image.draft("RGB", (PREVIEW_WIDTH, PREVIEW_WIDTH))
        upright = ImageOps.exif_transpose(image)
        if not upright.has_transparency_data:
            return upright.convert("RGB")
        seen = upright.convert("RGBA")
        ground = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(ground, seen).convert("RGB")


def _embedded(path: Path) -> Image | None:
    """The picture that Office saved with the file, when it is large enough to be of use."""
    with archives.opened(path) as archive:
        name = next((name for name in _EMBEDDED if name in archive.namelist()), None)
        content = archive.read(name) if name else b""
    if not content:
        return None
    try:
        with images.opened(content, Kind.JPEG) as image:
            return image.convert("RGB") if image.width >= _SMALLEST_EMBEDDED else None
    except Unacceptable:
        return None


def _cover(path: Path, kind: Kind, title: str) -> Image:
    import typst  # noqa: PLC0415  heavy
    from PIL import Image  # noqa: PLC0415  heavy

    found = extract.texts(path, kind)
    # Of slides only the titles: the notes of a speaker are not for a cover.
    shown = [text.partition("\n")[0] if kind is Kind.PPTX else text for text in found]
    lines = [line for text in shown for line in text.splitlines() if line.strip()]
    title = title or extract.facts(path, kind).title or (lines[0] if lines else path.stem)
    job = {
        "fonts": list(FONTS),
        "upright": kind in {Kind.DOCX, Kind.TEXT},
        "colour": _COLOURS.get(kind, "#57606a"),
        "label": FORMS[kind].label,
        "title": _printable(title)[:160],
        "lines": [_printable(line)[:240] for line in lines[:24] if line != title],
    }
    drawn = typst.compile(
        Path(__file__).with_name("cover.typ").read_bytes(),
        format="png",
        ppi=96,
        font_paths=loaded(),
        sys_inputs={"job": json.dumps(job)},
    )
    return Image.open(io.BytesIO(drawn), formats=("PNG",)).convert("RGB")


def _printable(text: str) -> str:
    lost = missing(text)
    return "".join("·" if char in lost else char for char in text)


def _save(picture: Image, path: Path, width: int) -> None:
    """Never larger than it is; at most four times as tall as wide."""
    copy = picture.copy()
    copy.thumbnail((width, 4 * width))
    copy.save(path, "WEBP", quality=82, method=4)
