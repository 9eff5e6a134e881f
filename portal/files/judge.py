"""Every file is judged by its content: extension, signature and parser must agree on one kind of
the allow-list.

The judge parses what comes from outside; doors reach it through `portal.files.intake`, which runs
it in a child.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

from portal.files import archives, images, kinds, pdf, scan, video
from portal.files.kinds import FORMS, IMAGES, LIMITS, OFFICE, Kind, Purpose
from portal.files.names import extension_of
from portal.files.verdict import REFUSALS, Unacceptable, Verdict

_HEAD = 4096
_BINARY = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"GIF8")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ACTIVE = re.compile(
    rb"\s*(<!doctype|<\?xml|<!--|<(html|head|body|script|iframe|svg|style|table|title|meta|link|a|b|br|div|font|h1|img|p)"
    rb"[\s/>])",
    re.IGNORECASE,
)
# Controls that no text has: all but tab, line feed, form feed, carriage return and escape.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ACTIVE_EXTENSIONS = frozenset({"svg", "svgz", "html", "htm", "xhtml", "xml", "mht", "mhtml"})
_MACRO_EXTENSIONS = frozenset({"docm", "dotm", "pptm", "potm", "ppsm", "xlsm", "xltm", "xlam"})
_OLD_EXTENSIONS = frozenset({"doc", "ppt", "xls", "pps", "dot", "pot"})


def judge(path: Path, name: str, purpose: Purpose) -> Verdict:
    """The whole judgement; never raises for what is in the file."""
    verdict = glance(path, name, purpose)
    if not verdict.is_accepted or verdict.kind is None:
        return verdict
    try:
        _check(path, verdict.kind)
    except Unacceptable as refusal:
        return refused(refusal.code, verdict.kind, purpose)
    return refused("malware", verdict.kind, purpose) if scan.has_eicar(path) else verdict


def glance(path: Path, name: str, purpose: Purpose) -> Verdict:
    """Name, size and signature only, without a parser: cheap enough to answer in the request."""
    extension = extension_of(name)
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    kind = kinds.kind_of_extension(extension)
    if code := _first_objection(extension, kind, head, path.stat().st_size, purpose):
        return refused(code, kind, purpose)
    return Verdict(kind)


def refused(code: str, kind: Kind | None, purpose: Purpose) -> Verdict:
    limit = LIMITS[purpose].get(kind, 0) if kind else 0
    message = REFUSALS[code].format(
        limit=limit // kinds.MEGABYTE,
        label=FORMS[kind].label if kind else "",
        choice=kinds.accepted_labels(purpose),
        entries=f"{kinds.MOST_ENTRIES:,}",
        pixels=kinds.MOST_PIXELS // 1_000_000,
    )
    return Verdict(kind, code, message)


def _first_objection(  # noqa: PLR0911  one return for one objection, in the order a person would want to hear them
    extension: str, kind: Kind | None, head: bytes, size: int, purpose: Purpose
) -> str:
    if extension in _ACTIVE_EXTENSIONS:
        return "active_content"
    if extension in _MACRO_EXTENSIONS:
        return "macros"
    if extension in _OLD_EXTENSIONS:
        return "old_office"
    if kind is None or kind not in LIMITS[purpose]:
        return "wrong_type"
    if not size:
        return "empty"
    if size > LIMITS[purpose][kind]:
        return "too_large"
    if kind in OFFICE and head.startswith(_OLE):
        return "encrypted" if _is_locked_office(head) else "old_office"
    if kind in {Kind.CSV, Kind.TEXT} and _ACTIVE.match(head.removeprefix(codecs.BOM_UTF8)):
        return "active_content"
    return "" if _has_signature(kind, head) else "mismatch"


def _is_locked_office(head: bytes) -> bool:
    """A locked Office file is an OLE container whose directory, in its first sectors as written by
    Office, names it.
    """
    return (
        "EncryptedPackage".encode("utf-16-le") in head
        or "EncryptionInfo".encode("utf-16-le") in head
    )


def _has_signature(kind: Kind, head: bytes) -> bool:
    if kind is Kind.PDF:
        return head.startswith(b"%PDF-")
    if kind is Kind.ZIP or kind in OFFICE:
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))
    if kind is Kind.MP4:
        return head[4:8] == b"ftyp"
    if kind is Kind.WEBP:
        return head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    if kind in IMAGES:
        return head.startswith(b"\x89PNG\r\n\x1a\n" if kind is Kind.PNG else b"\xff\xd8\xff")
    return not head.startswith(
        (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"MZ", b"GIF8", _OLE)
    )


def _check(path: Path, kind: Kind) -> None:
    if kind in OFFICE or kind is Kind.ZIP:
        _check_archive(path, kind)
        return
    if kind not in {Kind.CSV, Kind.TEXT} and zipfile.is_zipfile(path):
        raise Unacceptable("polyglot")
    if kind in IMAGES:
        images.check(path, kind)
    elif kind is Kind.PDF:
        pdf.check(path)
    elif kind is Kind.MP4:
        video.facts(path)
    else:
        _check_text(path)


def _check_archive(path: Path, kind: Kind) -> None:
    with archives.opened(path) as archive:
        archives.check_directory(archive)
        if kind in OFFICE:
            archives.check_office(archive, kind)
        elif archives.office_kind(archive):
            raise Unacceptable("mismatch")
        archives.check_content(archive, is_office=kind in OFFICE)


def _check_text(path: Path) -> None:
    """Text in UTF-8, in UTF-16 with its mark, or in Windows-1252, without control characters."""
    content = path.read_bytes()
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROLS.search(text):
            return
    raise Unacceptable("mismatch")
