"""Setting blocks into the zones of a PDF or an image; everything else in the file stays as it was.

A PDF gets an incremental update (ISO 32000-1 §7.5.6): the result begins with the bytes of the
source, so pages without zones, links, bookmarks and tags survive by construction.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from portal.files import drawing, fonts
from portal.files.increment import Increment, directory_of
from portal.files.zones import Block
from portal.kernel.errors import Refused

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader
    from pypdf.generic import DictionaryObject, IndirectObject


def set_into_pdf(source: bytes, blocks: Sequence[Block], typefaces: Path | None = None) -> bytes:
    """The PDF with the blocks set over its pages, fonts embedded, text selectable.

    Raises Refused("encrypted"), Refused("broken"), Refused("no_such_page"), Refused("off_page"),
    Refused("no_glyph").
    """
    from pypdf import PdfReader  # noqa: PLC0415  heavy
    from pypdf.errors import PyPdfError  # noqa: PLC0415  heavy

    try:
        reader = PdfReader(io.BytesIO(source))
        if reader.is_encrypted:
            raise Refused(
                "This PDF is protected against changes. Save it without protection and "
                "add it as a new version.",
                code="encrypted",
            )
        sized = _fitted(blocks, [_shown_size(page) for page in reader.pages], typefaces)
        if not sized:
            return source
        directory = directory_of(source)
        if directory is None:
            return set_into_pdf(_rebuilt(reader), blocks, typefaces)
        return _with_overlay(source, reader, sized, directory, typefaces)
    except PyPdfError as error:
        raise Refused(
            "This PDF is damaged and cannot be co-branded. Export it again and add it "
            "as a new version.",
            code="broken",
        ) from error


def _with_overlay(
    source: bytes,
    reader: PdfReader,
    sized: Sequence[Block],
    directory: tuple[int, bool],
    typefaces: Path | None,
) -> bytes:
    from pypdf import PdfReader  # noqa: PLC0415  heavy

    increment = Increment(reader)
    overlay = PdfReader(io.BytesIO(drawing.as_pdf(sized, typefaces)))
    forms = [_form(increment, page) for page in overlay.pages]
    for number in sorted({block.page for block in sized}):
        placed = [
            (block, form) for block, form in zip(sized, forms, strict=True) if block.page == number
        ]
        _set_over(increment, reader.pages[number - 1], placed)
    previous, is_table = directory
    return increment.behind(source, previous, is_table=is_table)


def _rebuilt(reader: PdfReader) -> bytes:
    """The same document written anew, for one whose directory is not where it says."""
    from pypdf import PdfWriter  # noqa: PLC0415  heavy

    made = io.BytesIO()
    PdfWriter(clone_from=reader).write(made)
    return made.getvalue()


def set_into_image(source: bytes, blocks: Sequence[Block], typefaces: Path | None = None) -> bytes:
    """The image with the blocks set over it, in its own format and size, without metadata.

    Raises Refused("no_such_page"), Refused("off_page"), Refused("no_glyph").
    """
    from PIL import Image  # noqa: PLC0415  heavy

    with Image.open(io.BytesIO(source), formats=("PNG", "JPEG", "WEBP")) as image:
        form = str(image.format)
        sized = _fitted(blocks, [(float(image.width), float(image.height))], typefaces)
        if not sized:
            return source
        ground = image.convert("RGBA")
    for block, drawn in zip(sized, drawing.as_png(sized, typefaces), strict=True):
        with Image.open(io.BytesIO(drawn), formats=("PNG",)) as over:
            ground.alpha_composite(over.convert("RGBA"), (round(block.box.x), round(block.box.y)))
    made = io.BytesIO()
    if form == "JPEG":
        ground.convert("RGB").save(made, form, quality=92, subsampling=0)
    else:
        ground.save(made, form, **({"quality": 92} if form == "WEBP" else {}))
    return made.getvalue()


def _fitted(
    blocks: Sequence[Block], pages: Sequence[tuple[float, float]], typefaces: Path | None
) -> list[Block]:
    """The blocks that have something to show, their boxes in points and on the page."""
    sized = []
    for block in blocks:
        if not 1 <= block.page <= len(pages):
            raise Refused(
                f"A zone lies on page {block.page}, but the file has {len(pages)}. Move the zone.",
                code="no_such_page",
            )
        width, height = pages[block.page - 1]
        if not block.box.lies_on(width, height):
            raise Refused(
                f"A zone leaves page {block.page}, which is {width:.0f} x {height:.0f}. "
                "Move the zone.",
                code="off_page",
            )
        if lost := fonts.missing("".join(line.text for line in block.lines), typefaces):
            raise Refused(
                f"The typeface has no sign for {lost}. Write the text in other letters, "
                "or ask the administrator to"
                " add a typeface.",
                code="no_glyph",
            )
        if block.picture is not None or any(line.text.strip() for line in block.lines):
            sized.append(replace(block, box=block.box.on(width, height)))
    return sized


def _shown_size(page: PageObject) -> tuple[float, float]:
    width, height = float(page.cropbox.width), float(page.cropbox.height)
    return (height, width) if page.rotation % 180 else (width, height)


def _form(increment: Increment, drawn: PageObject) -> IndirectObject:
    """A drawn page as a form XObject of the document that is written."""
    from pypdf.generic import DecodedStreamObject, NameObject  # noqa: PLC0415  heavy

    content = drawn.get_contents()
    form = DecodedStreamObject()
    form.set_data(content.get_data() if content is not None else b"")
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = drawn.mediabox
    form[NameObject("/Resources")] = increment.adopt(drawn["/Resources"])
    return increment.add(form.flate_encode())


def _set_over(
    increment: Increment, page: PageObject, placed: Sequence[tuple[Block, IndirectObject]]
) -> None:
    """The page's own content streams stay as they are, between two that save and restore the
    graphics state.

    What is drawn is an artifact: a tagged document stays correctly tagged.
    """
    from pypdf.generic import ArrayObject, NameObject  # noqa: PLC0415  heavy

    pictures = _own_pictures(page)
    drawn = ["Q"]
    for block, form in placed:
        name = f"/Zone{form.idnum}"
        pictures[NameObject(name)] = form
        matrix = " ".join(f"{number:.4f}" for number in _matrix(page, block))
        drawn.append(f"q /Artifact BMC {matrix} cm {name} Do EMC Q")
    before = _stream(increment, "q\n")
    after = _stream(increment, "\n" + "\n".join(drawn) + "\n")
    content = page.raw_get("/Contents") if "/Contents" in page else ArrayObject()
    held = content.get_object()
    own = list(held) if isinstance(held, ArrayObject) else [content]
    page[NameObject("/Contents")] = ArrayObject([before, *own, after])
    assert page.indirect_reference is not None, "a page of a file has a number"
    increment.replace(page.indirect_reference, page)


def _own_pictures(page: PageObject) -> DictionaryObject:
    """The page's XObjects, in dictionaries of its own: others may share the ones that it had."""
    from pypdf.generic import NameObject  # noqa: PLC0415  heavy

    resources = _own_copy(page, "/Resources")
    pictures = _own_copy(resources, "/XObject")
    resources[NameObject("/XObject")] = pictures
    page[NameObject("/Resources")] = resources
    return pictures


def _own_copy(holder: DictionaryObject, key: str) -> DictionaryObject:
    from pypdf.generic import DictionaryObject  # noqa: PLC0415  heavy

    held = holder[key].get_object() if key in holder else None
    return DictionaryObject(held) if isinstance(held, DictionaryObject) else DictionaryObject()


def _stream(increment: Increment, text: str) -> IndirectObject:
    from pypdf.generic import DecodedStreamObject  # noqa: PLC0415  heavy

    stream = DecodedStreamObject()
    stream.set_data(text.encode("ascii"))
    return increment.add(stream)


def _matrix(page: PageObject, block: Block) -> tuple[float, float, float, float, float, float]:
    """From the drawn page (origin bottom left of the block) to the page's own space, which may be
    turned and cropped.
    """
    _, shown_height = _shown_size(page)
    x, y = block.box.x, shown_height - block.box.y - block.box.height
    left, bottom = float(page.cropbox.left), float(page.cropbox.bottom)
    right, top = float(page.cropbox.right), float(page.cropbox.top)
    return {
        0: (1, 0, 0, 1, left + x, bottom + y),
        90: (0, 1, -1, 0, right - y, bottom + x),
        180: (-1, 0, 0, -1, right - x, top - y),
        270: (0, -1, 1, 0, left + y, top - x),
    }[page.rotation % 360]
