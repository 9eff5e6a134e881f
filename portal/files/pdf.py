"""PDF: checked, measured, read and drawn with PDFium.  Runs in a child process: PDFium parses in
C.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_ushort, cast, create_string_buffer
from pathlib import Path
from typing import TYPE_CHECKING

from portal.files.verdict import Unacceptable

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

_TAIL = 1024 * 1024
_BLANK = re.compile(rb"[\s\0]*\Z")
_PASSWORD = 4  # FPDF_ERR_PASSWORD


@contextmanager
def opened(path: Path) -> Iterator[PdfDocument]:
    """Raises Unacceptable("encrypted") when it needs a password, Unacceptable("broken") when PDFium
    cannot read it.
    """
    import pypdfium2  # noqa: PLC0415  heavy

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == _PASSWORD
        raise Unacceptable("encrypted" if locked else "broken") from error
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise Unacceptable("broken") from error
    finally:
        document.close()


def check(path: Path) -> None:
    """PDFium reads it, it has pages, and nothing but blanks follows its end mark."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise Unacceptable("broken")
    if not _BLANK.match(tail, end + 5):
        raise Unacceptable("polyglot")
    with opened(path) as document:
        if len(document) == 0:
            raise Unacceptable("broken")
        document[0].close()


def text(document: PdfDocument, page: int) -> str:
    held = document[page]
    read = held.get_textpage()
    try:
        return str(read.get_text_range()).replace("\r\n", "\n").replace("\0", "")
    finally:
        read.close()
        held.close()


def language(document: PdfDocument) -> str:
    """The two-letter code in the catalogue; empty when there is none."""
    from pypdfium2 import raw  # noqa: PLC0415  heavy

    room = create_string_buffer(64)
    raw.FPDFCatalog_GetLanguage(document.raw, cast(room, POINTER(c_ushort)), len(room))
    said = room.raw.decode("utf-16-le", "replace").partition("\0")[0]
    return said[:2].lower() if said[:2].isalpha() else ""


def draw(document: PdfDocument, page: int, *, width: int) -> Image:
    """One page, counted from 0, as an RGB picture `width` pixels wide, at most four times as
    tall.
    """
    held = document[page]
    try:
        across, down = held.get_size()
        scale = min(width / max(across, 1), 4 * width / max(down, 1))
        picture: Image = held.render(scale=scale, may_draw_forms=True).to_pil().convert("RGB")
        return picture
    finally:
        held.close()
