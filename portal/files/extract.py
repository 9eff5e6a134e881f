"""What a file tells about itself: text by page, how many pages, how large, how long, title,
author, language.

Runs in the sandbox.  A broken or locked file raises Unacceptable; the caller shows the state.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from portal.files import archives, images, language, office, pdf, video
from portal.files.kinds import IMAGES, OFFICE, Kind

MOST_TEXT = 4_000_000
MOST_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Facts:
    """`pages` is None where the word has no meaning.  Sizes are points of the first page, or
    pixels.

    Title, author and language are proposals; empty when the file says nothing.
    """

    pages: int | None = None
    width: float | None = None
    height: float | None = None
    seconds: float | None = None
    title: str = ""
    author: str = ""
    language: str = ""


def facts(path: Path, kind: Kind) -> Facts:
    if kind is Kind.PDF:
        return _pdf_facts(path)
    if kind in OFFICE:
        return _office_facts(path, kind)
    if kind in IMAGES:
        with images.opened(path, kind) as image:
            return Facts(width=image.width, height=image.height)
    if kind is Kind.MP4:
        film = video.facts(path)
        return Facts(width=film.width, height=film.height, seconds=film.seconds)
    return Facts(language=language.guess(" ".join(texts(path, kind))))


def texts(path: Path, kind: Kind) -> list[str]:
    """The text of each page, at most four million characters in all; empty for pictures and
    videos.
    """
    if kind is Kind.PDF:
        found = _pdf_texts(path)
    elif kind in OFFICE:
        with archives.opened(path) as archive:
            found = office.pages(archive, kind)
    elif kind is Kind.ZIP:
        with archives.opened(path) as archive:
            found = [
                "\n".join(entry.filename for entry in archive.infolist() if not entry.is_dir())
            ]
    elif kind in {Kind.CSV, Kind.TEXT}:
        found = [_decoded(path.read_bytes())]
    else:
        found = []
    return _capped(found)


def _capped(found: list[str]) -> list[str]:
    left, kept = MOST_TEXT, []
    for text in found[:MOST_PAGES]:
        kept.append(text[:left])
        left -= len(kept[-1])
    return kept


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _pdf_facts(path: Path) -> Facts:
    with pdf.opened(path) as document:
        said = document.get_metadata_dict()
        across, down = document.get_page_size(0)
        sample = " ".join(pdf.text(document, page) for page in range(min(3, len(document))))
        return Facts(
            pages=len(document),
            width=across,
            height=down,
            title=_line(said.get("Title", "")),
            author=_line(said.get("Author", "")),
            language=pdf.language(document) or language.guess(sample),
        )


def _pdf_texts(path: Path) -> list[str]:
    with pdf.opened(path) as document:
        return [pdf.text(document, page) for page in range(min(len(document), MOST_PAGES))]


def _office_facts(path: Path, kind: Kind) -> Facts:
    with archives.opened(path) as archive:
        said = office.properties(archive)
        found = office.pages(archive, kind)
    return Facts(
        pages=len(found),
        title=_line(said["title"]),
        author=_line(said["author"]),
        language=language.guess(" ".join(found)) or said["language"],
    )


def _line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())[:200]
