"""Archives and Office files: the directory is judged first, then the content is streamed under a
hard cap.

Nothing is written to disk and names in the archive are never used as paths.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from portal.files import kinds
from portal.files.kinds import Kind
from portal.files.scan import EICAR
from portal.files.verdict import Unacceptable

_CHUNK = 1024 * 1024

_PROGRAMS = re.compile(
    r"apk|app|bat|bin|chm|cmd|com|cpl|deb|dll|dmg|exe|gadget|hta|html?|iso|jar|jse?|lnk|mjs|msc|msi"
    r"|msp|pif|ps1|py|reg|rpm|scf|scr|sh|svg|url|vb|vbe|vbs|wsf|wsh|xhtml"
    r"|docm|dotm|potm|ppam|ppsm|pptm|sldm|xlam|xlsm|xltm"
)
_ARCHIVES = re.compile(r"7z|bz2|cab|gz|lz4|rar|tar|tgz|xz|z|zip|zst")
_OFFICE = re.compile(r"docx|pptx|xlsx")
_PROGRAM_STARTS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
)
_ARCHIVE_STARTS = (
    b"PK\x03\x04",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
)

_MAIN_PART = {
    Kind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
# Relationships that fetch something when the file is opened; links that a reader clicks are fine.
_FETCHED = re.compile(r"/(attachedTemplate|oleObject|frame|subDocument|externalLinkPath|package)$")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; everything that a damaged one raises becomes Unacceptable("broken")."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        RuntimeError,
        UnicodeError,
        OSError,
        ValueError,
        LookupError,
        ParseError,
    ) as error:
        raise Unacceptable("broken") from error


def parse(xml: bytes) -> Element:
    """The root of a part.  A document type is refused before any entity can be declared."""
    parser = XMLParser(target=_NoDoctype())  # noqa: S314  the target refuses what makes it unsafe
    parser.feed(xml)
    root: Element = parser.close()
    return root


class _NoDoctype(TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unacceptable("broken")


def check_directory(archive: zipfile.ZipFile) -> None:
    """Counts, declared sizes, overlaps, names and kinds of entry, before anything is unpacked."""
    entries = archive.infolist()
    if len(entries) > kinds.MOST_ENTRIES:
        raise Unacceptable("too_many_entries")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > kinds.MOST_UNPACKED or (
        unpacked > kinds.BOMB_FROM and unpacked > kinds.BOMB_RATIO * max(packed, 1)
    ):
        raise Unacceptable("bomb")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise Unacceptable("unsafe_archive")
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.header_offset < end:
            raise Unacceptable("bomb")
        end = entry.header_offset + entry.compress_size
        if entry.flag_bits & 0x1:
            raise Unacceptable("encrypted")
        if _is_unsafe(entry):
            raise Unacceptable("unsafe_archive")


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    mode = entry.external_attr >> 16
    name = entry.filename
    return (
        (stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR})
        or name.startswith(("/", "\\"))
        or "\\" in name
        or ".." in PurePosixPath(name).parts
        or bool(re.match(r"[A-Za-z]:", name))
        or any(ord(char) < 32 for char in name)
    )


def check_content(archive: zipfile.ZipFile, *, is_office: bool) -> None:
    """Every entry read to its end under the cap: sizes that lie, bad checksums, programs and
    archives inside.
    """
    left = kinds.MOST_UNPACKED
    for entry in archive.infolist():
        if entry.is_dir():
            continue
        with archive.open(entry) as stream:
            start = stream.read(_CHUNK)
            _check_member(entry.filename, start, is_office=is_office)
            left -= len(start)
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Unacceptable("bomb")


def _check_member(name: str, start: bytes, *, is_office: bool) -> None:
    extension = PurePosixPath(name).suffix.lower().lstrip(".")
    if EICAR in start[:256]:
        raise Unacceptable("malware")
    if is_office:
        if b"<!DOCTYPE" in start and extension in {"xml", "rels"}:
            raise Unacceptable("broken")
        return
    is_archive = start.startswith(_ARCHIVE_STARTS) and not _OFFICE.fullmatch(extension)
    if is_archive or _ARCHIVES.fullmatch(extension):
        raise Unacceptable("nested_archive")
    if _PROGRAMS.fullmatch(extension) or start.startswith(_PROGRAM_STARTS):
        raise Unacceptable("program")


def check_office(archive: zipfile.ZipFile, kind: Kind) -> None:
    """The parts agree with the kind, carry no macros and fetch nothing from elsewhere when
    opened.
    """
    names = archive.namelist()
    lower = [name.lower() for name in names]
    if "[Content_Types].xml" not in names or "_rels/.rels" not in names:
        raise Unacceptable("mismatch")
    types = parse(archive.read("[Content_Types].xml"))
    declared = {part.get("ContentType", "") for part in types}
    if any("macroEnabled" in each or "vbaProject" in each for each in declared) or any(
        name.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in name for name in lower
    ):
        raise Unacceptable("macros")
    if _MAIN_PART[kind] not in declared:
        raise Unacceptable("mismatch")
    for name in names:
        if name.endswith(".rels") and any(_is_fetched(link) for link in parse(archive.read(name))):
            raise Unacceptable("outside_links")


def _is_fetched(link: Element) -> bool:
    return link.get("TargetMode") == "External" and bool(_FETCHED.search(link.get("Type", "")))


def office_kind(archive: zipfile.ZipFile) -> Kind | None:
    """Which Office kind the parts say; None for a plain archive."""
    if "[Content_Types].xml" not in archive.namelist():
        return None
    declared = {part.get("ContentType", "") for part in parse(archive.read("[Content_Types].xml"))}
    return next((kind for kind, main in _MAIN_PART.items() if main in declared), None)
