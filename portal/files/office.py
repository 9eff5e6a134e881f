"""Text, page counts and properties of PPTX, DOCX and XLSX, from their parts; nothing is
rendered.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from portal.files.archives import parse
from portal.files.kinds import Kind

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LANGUAGE = re.compile(rb'<(?:a:\w+|w:lang)\b[^>]*?\b(?:lang|w:val)="([A-Za-z]{2,3})\b')


def pages(archive: zipfile.ZipFile, kind: Kind) -> list[str]:
    """The text of each slide with its notes, of each page as Word last broke it, or of each
    sheet.
    """
    reader = {Kind.PPTX: _slides, Kind.DOCX: _document, Kind.XLSX: _sheets}[kind]
    return [_tidy(text) for text in reader(archive)]


def properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author and language, as far as the file names them."""
    found = {"title": "", "author": "", "language": ""}
    if "docProps/core.xml" in archive.namelist():
        for item in parse(archive.read("docProps/core.xml")):
            name = item.tag.rpartition("}")[2]
            key = "author" if name == "creator" else name
            if key in found and item.text:
                found[key] = item.text.strip()
    found["language"] = found["language"][:2].lower() or _marked_language(archive)
    return found


def _marked_language(archive: zipfile.ZipFile) -> str:
    """The language that most runs of the first slide, or the styles of a document, are marked
    with.
    """
    for part in ("ppt/slides/slide1.xml", "word/styles.xml"):
        if part in archive.namelist() and (mark := _LANGUAGE.search(archive.read(part))):
            return mark[1].decode().lower()[:2]
    return ""


def _slides(archive: zipfile.ZipFile) -> Iterator[str]:
    deck = "ppt/presentation.xml"
    targets = _targets(archive, deck)
    for slide in parse(archive.read(deck)).iter():
        if not slide.tag.endswith("}sldId"):
            continue
        part = targets[slide.get(f"{_R}id", "")]
        notes = [at for at in _targets(archive, part).values() if "/notesSlides/" in at]
        yield "\n".join(_paragraphs(parse(archive.read(at)), _A) for at in (part, *notes))


def _document(archive: zipfile.ZipFile) -> Iterator[str]:
    """Headers, footers and footnotes go with the first page."""
    names = [
        name
        for name in archive.namelist()
        if re.fullmatch(r"word/(header|footer|footnotes|endnotes)\d*\.xml", name)
    ]
    page = [_paragraphs(parse(archive.read(name)), _W) for name in sorted(names)]
    for item in parse(archive.read("word/document.xml")).iter():
        if item.tag == f"{_W}p":
            page.append("\n")
        elif item.tag == f"{_W}t":
            page.append(item.text or "")
        elif item.tag in {f"{_W}tab", f"{_W}cr"}:
            page.append(" ")
        elif item.tag == f"{_W}lastRenderedPageBreak" or (
            item.tag == f"{_W}br" and item.get(f"{_W}type") == "page"
        ):
            yield "".join(page)
            page = []
    yield "".join(page)


def _sheets(archive: zipfile.ZipFile) -> Iterator[str]:
    book = "xl/workbook.xml"
    targets = _targets(archive, book)
    shared: list[str] = []
    if "xl/sharedStrings.xml" in archive.namelist():
        items = parse(archive.read("xl/sharedStrings.xml")).iter(f"{_S}si")
        shared = ["".join(text.text or "" for text in item.iter(f"{_S}t")) for item in items]
    for sheet in parse(archive.read(book)).iter(f"{_S}sheet"):
        content = parse(archive.read(targets[sheet.get(f"{_R}id", "")]))
        rows = (" ".join(_cells(row, shared)) for row in content.iter(f"{_S}row"))
        yield "\n".join([sheet.get("name", ""), *rows])


def _cells(row: Element, shared: list[str]) -> Iterator[str]:
    for cell in row.iter(f"{_S}c"):
        value = cell.findtext(f"{_S}v") or ""
        if cell.get("t") == "s":
            yield shared[int(value)]
        elif cell.get("t") == "inlineStr":
            yield "".join(text.text or "" for text in cell.iter(f"{_S}t"))
        elif value:
            yield value


def _paragraphs(root: Element, space: str) -> str:
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(f"{space}t"))
        for paragraph in root.iter(f"{space}p")
    )


def _targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that `part` refers to, by the id of the relationship."""
    folder, name = posixpath.split(part)
    links = f"{folder}/_rels/{name}.rels"
    if links not in archive.namelist():
        return {}
    return {
        link.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))[
            1:
        ]
        for link in parse(archive.read(links))
        if link.get("TargetMode") != "External"
    }


def _tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
