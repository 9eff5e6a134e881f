"""More than three hundred files, good and bad, each with the answer that it must get.

A case is built when its test runs.  `code` is empty for a file that is taken.
"""

from __future__ import annotations

import io
import itertools
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image

from portal.files.kinds import FORMS, MEGABYTE, Kind, Purpose
from portal.files.scan import EICAR
from tests.files import samples

SCRIPT_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PAGE = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"


@dataclass(frozen=True, slots=True)
class Case:
    label: str
    name: str
    build: Callable[[], bytes]
    code: str = ""
    purpose: Purpose = Purpose.COLLATERAL


GOOD: dict[Kind, Callable[[], bytes]] = {
    Kind.PDF: samples.pdf,
    Kind.PPTX: samples.deck,
    Kind.DOCX: samples.letter,
    Kind.XLSX: samples.sheet,
    Kind.PNG: lambda: samples.picture("PNG"),
    Kind.JPEG: lambda: samples.picture("JPEG"),
    Kind.WEBP: lambda: samples.picture("WEBP"),
    Kind.MP4: samples.film,
    Kind.ZIP: samples.kit,
    Kind.CSV: samples.table,
    Kind.TEXT: lambda: b"Dear Sir or Madam,\n\n{{partner.company}} looks forward to your call.\n",
}


def cases() -> list[Case]:
    return [
        *_documents(),
        *_pictures_and_films(),
        *_texts(),
        *_names(),
        *_broken(),
        *_wrong_extension(),
        *_locked(),
        *_macros_and_parts(),
        *_polyglots(),
        *_archives(),
        *_flat_bombs(),
        *_scripts_and_malware(),
        *_floods(),
        *_not_taken(),
    ]


def _documents() -> Iterator[Case]:
    for language in samples.SENTENCES:
        for pages in (1, 4):
            yield Case(f"pdf-{language}-{pages}", "a.pdf", _bound(samples.pdf, language, pages))
            yield Case(f"pptx-{language}-{pages}", "a.pptx", _bound(samples.deck, language, pages))
            yield Case(
                f"docx-{language}-{pages}", "a.docx", _bound(samples.letter, language, pages)
            )
        yield Case(f"xlsx-{language}", "a.xlsx", _bound(samples.sheet, language, 3))
    for turn in (90, 180, 270):
        yield Case(f"pdf-turned-{turn}", "a.pdf", _bound(samples.turned_pdf, turn))
    yield Case("pdf-cropped", "a.pdf", _bound(samples.turned_pdf, 0, (50, 60, 400, 500)))
    yield Case("pdf-40-pages", "a.pdf", _bound(samples.pdf, "fr", 40))
    yield Case("pdf-bookmarked", "a.pdf", _bound(samples.bookmarked_pdf, 5))
    yield Case("pdf-no-printing", "a.pdf", _bound(samples.locked_pdf, "", "owner", "AES-256"))


def _pictures_and_films() -> Iterator[Case]:
    modes = {
        "PNG": ("L", "RGB", "RGBA", "P", "1"),
        "JPEG": ("L", "RGB", "CMYK"),
        "WEBP": ("RGB", "RGBA"),
    }
    for form, sorts in modes.items():
        extension = "jpg" if form == "JPEG" else form.lower()
        for mode, size in itertools.product(sorts, ((1, 1), (640, 480))):
            build = _bound(samples.picture, form, mode, size)
            yield Case(
                f"{extension}-{mode}-{size[0]}", f"a.{extension}", build, purpose=Purpose.LOGO
            )
    yield Case("jpeg-upper-case", "A.JPEG", GOOD[Kind.JPEG])
    yield Case("jpeg-script-behind", "a.jpg", lambda: GOOD[Kind.JPEG]() + SCRIPT_SVG)
    for version, seconds in itertools.product((0, 1), (1, 90, 7200)):
        build = _bound(samples.film, seconds, (1920, 1080), version)
        yield Case(f"mp4-{version}-{seconds}", "a.mp4", build)


def _texts() -> Iterator[Case]:
    for language in samples.SENTENCES:
        for encoding in ("utf-8", "utf-8-sig", "utf-16"):
            yield Case(
                f"csv-{language}-{encoding}", "a.csv", _bound(samples.table, language, encoding)
            )
    yield Case("csv-cp1252", "a.csv", _bound(samples.table, "de", "cp1252"), purpose=Purpose.IMPORT)
    yield Case("txt", "a.txt", GOOD[Kind.TEXT])


ODD_NAMES = (
    "../../etc/passwd.pdf",
    "..\\..\\windows\\system32\\a.pdf",
    'a"\r\nX-Evil: y.pdf',
    "x" * 300 + ".pdf",
    "ü" * 125 + "abc.pdf",
    "価格表" * 40 + ".pdf",
    "CON.pdf",
    "nul.tar.pdf",
    "exe\u202efdp.pdf",
    "\u2066ab\u2069c.pdf",
    "a\u200bb\ufeff.pdf",
    "עלון מוצר.pdf",
    "كتيب المنتج.pdf",
    "Broschüre – Größe 50%.pdf",
    "  padded . pdf .pdf",
    "a\x00b.pdf",
    "a\x1bb.pdf",
    "\ud800.pdf",
    "e\u0301te\u0301.pdf",
    "a?b*c<d>e|f:g.pdf",
    "a.PDF",
    "🚀.pdf",
    "a'b%27c.pdf",
)


def _names() -> Iterator[Case]:
    for number, name in enumerate(ODD_NAMES):
        yield Case(f"name-{number}", name, GOOD[Kind.PDF])


def _broken() -> Iterator[Case]:
    for kind, build in GOOD.items():
        name = _named(kind)
        yield Case(f"{kind}-empty", name, lambda: b"", "empty")
        if kind in {Kind.CSV, Kind.TEXT}:
            continue
        for share in (0.4, 0.9):
            yield Case(f"{kind}-cut-at-{share}", name, _cut(build, share), "broken")
    yield Case(
        "pdf-garbage", "a.pdf", lambda: b"%PDF-1.7\n" + b"nonsense " * 300 + b"\n%%EOF", "broken"
    )
    yield Case("png-flipped", "a.png", _flipped(GOOD[Kind.PNG], 60), "broken")
    yield Case("pptx-flipped", "a.pptx", _flipped(GOOD[Kind.PPTX], 400), "broken")
    yield Case(
        "mp4-box-too-long",
        "a.mp4",
        _replaced(GOOD[Kind.MP4], b"\0\0\x08\x08mdat", b"\0\xff\x08\x08mdat"),
        "broken",
    )
    yield Case("mp4-no-movie", "a.mp4", _replaced(GOOD[Kind.MP4], b"moov", b"free"), "broken")
    yield Case("txt-binary", "a.txt", lambda: bytes(range(256)), "mismatch")


def _wrong_extension() -> Iterator[Case]:
    for really, said in itertools.permutations(GOOD, 2):
        if {really, said} != {Kind.CSV, Kind.TEXT}:
            yield Case(f"{really}-as-{said}", _named(said), GOOD[really], "mismatch")


def _locked() -> Iterator[Case]:
    for algorithm in ("RC4-128", "AES-128", "AES-256"):
        build = _bound(samples.locked_pdf, "secret", "owner", algorithm)
        yield Case(f"pdf-locked-{algorithm}", "a.pdf", build, "encrypted")
    for kind in (Kind.PPTX, Kind.DOCX, Kind.XLSX):
        yield Case(
            f"{kind}-locked", _named(kind), _bound(_container, "EncryptedPackage"), "encrypted"
        )
        yield Case(f"{kind}-old", _named(kind), _bound(_container, "WordDocument"), "old_office")
    yield Case("zip-locked", "a.zip", lambda: _with_flag(GOOD[Kind.ZIP](), 0x1), "encrypted")
    for extension in ("doc", "ppt", "xls"):
        yield Case(
            f"old-{extension}", f"a.{extension}", _bound(_container, "WordDocument"), "old_office"
        )


def _macros_and_parts() -> Iterator[Case]:
    folders = {Kind.PPTX: "ppt", Kind.DOCX: "word", Kind.XLSX: "xl"}
    for kind, folder in folders.items():
        parts = {f"{folder}/vbaProject.bin": b"\xd0\xcf\x11\xe0"}
        yield Case(f"{kind}-macros", _named(kind), _added(GOOD[kind], parts), "macros")
        enabled = _part_replaced(
            GOOD[kind], "[Content_Types].xml", b".main+xml", b".macroEnabled.main+xml"
        )
        yield Case(f"{kind}-macro-type", _named(kind), enabled, "macros")
        no_types = _without(GOOD[kind], "[Content_Types].xml")
        yield Case(f"{kind}-no-types", _named(kind), no_types, "mismatch")
        laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Types>&b;</Types>'
        yield Case(
            f"{kind}-entities",
            _named(kind),
            _added(GOOD[kind], {"[Content_Types].xml": laughs}),
            "broken",
        )
        outside = _added(GOOD[kind], {f"{folder}/_rels/x.xml.rels": _link("attachedTemplate")})
        yield Case(f"{kind}-template-from-elsewhere", _named(kind), outside, "outside_links")
        linked = _added(GOOD[kind], {f"{folder}/_rels/x.xml.rels": _link("hyperlink")})
        yield Case(f"{kind}-hyperlink", _named(kind), linked)
    external = b'<!DOCTYPE w [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>'
    yield Case(
        "docx-external-entity",
        "a.docx",
        _added(GOOD[Kind.DOCX], {"word/x.xml": external}),
        "broken",
    )
    for extension in ("docm", "pptm", "xlsm"):
        yield Case(f"extension-{extension}", f"a.{extension}", GOOD[Kind.DOCX], "macros")


def _polyglots() -> Iterator[Case]:
    def small() -> bytes:
        return samples.archive({"x.txt": b"hidden"})

    for kind in (Kind.PDF, Kind.PNG, Kind.JPEG, Kind.WEBP, Kind.MP4):
        yield Case(f"{kind}-and-zip", _named(kind), _joined(GOOD[kind], small), "polyglot")
    yield Case("pdf-and-page", "a.pdf", _joined(GOOD[Kind.PDF], lambda: b"\n" + PAGE), "polyglot")
    yield Case("pdf-not-at-start", "a.pdf", lambda: b"GIF89a" + samples.pdf(), "mismatch")
    yield Case("pdf-after-blank", "a.pdf", lambda: b"\n" + samples.pdf(), "mismatch")
    yield Case("pdf-blank-behind", "a.pdf", lambda: samples.pdf() + b"\r\n\0\0\n")
    yield Case("gif-as-png", "a.png", _gif, "mismatch")
    yield Case("gif-script", "a.jpg", lambda: _gif() + b"/*" + SCRIPT_SVG, "mismatch")


def _archives() -> Iterator[Case]:
    nul = {"a.txt": b"x"}
    yield Case("zip-of-nothing", "a.zip", lambda: samples.archive({}))
    yield Case("zip-1000", "a.zip", lambda: samples.archive({f"{n}.txt": b"" for n in range(1000)}))
    many = _bound(samples.archive, {f"{n}.txt": b"" for n in range(1001)})
    yield Case("zip-1001", "a.zip", many, "too_many_entries")
    yield Case(
        "zip-in-zip",
        "a.zip",
        lambda: samples.archive({"b.zip": samples.archive(nul)}),
        "nested_archive",
    )
    hidden = {"b.dat": samples.archive(nul)}
    yield Case("zip-hidden-in-zip", "a.zip", _bound(samples.archive, hidden), "nested_archive")
    yield Case("zip-gz", "a.zip", _bound(samples.archive, {"b.gz": b"\x1f\x8b"}), "nested_archive")
    for name in ("run.exe", "run.js", "x.html", "x.svg", "x.docm", "setup.msi", "go.PS1"):
        yield Case(f"zip-with-{name}", "a.zip", _bound(samples.archive, {name: b"x"}), "program")
    for label, start in (("windows", b"MZ\x90\0"), ("linux", b"\x7fELF"), ("script", b"#!/bin/sh")):
        yield Case(
            f"zip-program-{label}", "a.zip", _bound(samples.archive, {"a.pdf": start}), "program"
        )
    for number, name in enumerate(
        ("../a.txt", "/etc/a.txt", "C:/a.txt", "a\\..\\b.txt", "a/../../b.txt")
    ):
        yield Case(f"zip-slip-{number}", "a.zip", _bound(_raw_named, name), "unsafe_archive")
    yield Case("zip-symlink", "a.zip", _symlink, "unsafe_archive")
    yield Case("zip-twice", "a.zip", _twice, "unsafe_archive")


def _flat_bombs() -> Iterator[Case]:
    yield Case(
        "zip-70-MB-of-nothing",
        "a.zip",
        lambda: samples.archive({"a.txt": bytes(70 * MEGABYTE)}),
        "bomb",
    )
    yield Case("zip-201-MB-declared", "a.zip", _bound(_lying, 201 * MEGABYTE), "bomb")
    yield Case("zip-lies-small", "a.zip", _bound(_lying, 10), "broken")
    yield Case("zip-overlapping", "a.zip", _overlapping, "bomb")
    bomb = _added(GOOD[Kind.PPTX], {"ppt/media/x.bin": bytes(70 * MEGABYTE)})
    yield Case("pptx-bomb", "a.pptx", bomb, "bomb")
    yield Case("png-text-bomb", "a.png", _text_bomb, "broken")


def _scripts_and_malware() -> Iterator[Case]:
    for extension in ("svg", "html", "htm", "xml", "xhtml"):
        yield Case(f"script-{extension}", f"a.{extension}", lambda: SCRIPT_SVG, "active_content")
    for extension in ("txt", "csv"):
        for label, content in (
            ("svg", SCRIPT_SVG),
            ("page", PAGE),
            ("blank", b"\xef\xbb\xbf \n" + PAGE),
        ):
            build = _bound(bytes, content)
            yield Case(f"{label}-as-{extension}", f"a.{extension}", build, "active_content")
        yield Case(f"eicar-{extension}", f"a.{extension}", lambda: EICAR, "malware")
    for extension in ("pdf", "png", "docx"):
        yield Case(f"svg-as-{extension}", f"a.{extension}", lambda: SCRIPT_SVG, "mismatch")
    yield Case("eicar-in-zip", "a.zip", _bound(samples.archive, {"a.txt": EICAR}), "malware")
    yield Case(
        "eicar-in-stored-zip", "a.zip", _bound(samples.archive, {"a.txt": EICAR}, 0), "malware"
    )
    yield Case("eicar-in-docx", "a.docx", _added(GOOD[Kind.DOCX], {"word/x.bin": EICAR}), "malware")
    yield Case("eicar-in-jpeg", "a.jpg", lambda: samples.picture("JPEG") + EICAR, "malware")
    yield Case("eicar-com", "eicar.com", lambda: EICAR, "wrong_type")


def _floods() -> Iterator[Case]:
    for width, height in ((30_000, 30_000), (10_000, 10_000), (8_000, 5_001), (2**31 - 1, 1)):
        yield Case(
            f"png-{width}x{height}", "a.png", _bound(_tall_png, width, height), "too_many_pixels"
        )
    yield Case("jpeg-flood", "a.jpg", _tall_jpeg, "too_many_pixels")
    yield Case(
        "logo-flood", "a.png", _bound(_tall_png, 9000, 9000), "too_many_pixels", Purpose.LOGO
    )
    for form in ("PNG", "WEBP"):
        yield Case(f"moving-{form}", f"a.{form.lower()}", _bound(_moving, form), "animated")


def _not_taken() -> Iterator[Case]:
    for extension in (
        "exe",
        "gif",
        "bmp",
        "tiff",
        "heic",
        "js",
        "py",
        "7z",
        "psd",
        "eps",
        "odt",
        "pages",
    ):
        yield Case(f"type-{extension}", f"a.{extension}", lambda: b"anything", "wrong_type")
    yield Case("no-extension", "readme", lambda: b"anything", "wrong_type")
    yield Case("only-dots-and-extension", "....pdf", GOOD[Kind.PDF], "wrong_type")
    for kind, purpose in (
        (Kind.PDF, Purpose.LOGO),
        (Kind.ZIP, Purpose.EVIDENCE),
        (Kind.MP4, Purpose.CERTIFICATE),
        (Kind.PPTX, Purpose.IMPORT),
    ):
        yield Case(f"{kind}-for-{purpose}", _named(kind), GOOD[kind], "wrong_type", purpose)
    yield Case("txt-too-large", "a.txt", lambda: b"a" * (MEGABYTE + 1), "too_large")
    logo = lambda: samples.picture() + bytes(5 * MEGABYTE)  # noqa: E731  one of a kind
    yield Case("logo-too-large", "a.png", logo, "too_large", Purpose.LOGO)


def _named(kind: Kind) -> str:
    return f"a.{FORMS[kind].extensions[0]}"


def _bound(build: Callable[..., bytes], *given: object) -> Callable[[], bytes]:
    return lambda: build(*given)


def _cut(build: Callable[[], bytes], share: float) -> Callable[[], bytes]:
    return lambda: build()[: int(len(build()) * share)]


def _joined(one: Callable[[], bytes], other: Callable[[], bytes]) -> Callable[[], bytes]:
    return lambda: one() + other()


def _flipped(build: Callable[[], bytes], at: int) -> Callable[[], bytes]:
    return lambda: (
        build()[:at] + bytes(byte ^ 0xFF for byte in build()[at : at + 8]) + build()[at + 8 :]
    )


def _replaced(build: Callable[[], bytes], old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: build().replace(old, new)


def _added(build: Callable[[], bytes], parts: dict[str, bytes]) -> Callable[[], bytes]:
    return lambda: samples.archive(samples.unpacked(build()) | parts)


def _without(build: Callable[[], bytes], part: str) -> Callable[[], bytes]:
    return lambda: samples.archive(
        {n: c for n, c in samples.unpacked(build()).items() if n != part}
    )


def _part_replaced(
    build: Callable[[], bytes], part: str, old: bytes, new: bytes
) -> Callable[[], bytes]:
    def made() -> bytes:
        parts = samples.unpacked(build())
        return samples.archive(parts | {part: parts[part].replace(old, new)})

    return made


def _link(kind: str) -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    sort = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return (
        f'<Relationships xmlns="{space}"><Relationship Id="r1" Type="{sort}" '
        'Target="http://elsewhere.example/x.dotm" TargetMode="External"/></Relationships>'
    ).encode()


def _container(stream: str) -> bytes:
    """The beginning of an OLE container whose directory names one stream."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return (
        header
        + "Root Entry".encode("utf-16-le").ljust(128, b"\0")
        + stream.encode("utf-16-le").ljust(384, b"\0")
    )


def _with_flag(content: bytes, flag: int) -> bytes:
    """Every entry marked with the flag, in its own header and in the directory."""
    marked = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(mark)
        while at >= 0:
            marked[at + offset] |= flag
            at = marked.find(mark, at + 4)
    return bytes(marked)


def _raw_named(name: str) -> bytes:
    """Zipfile would mend the name, so it is put in afterwards."""
    stand_in = "n" * len(name)
    return samples.archive({stand_in: b"x"}).replace(stand_in.encode(), name.encode())


def _symlink() -> bytes:
    entry = zipfile.ZipInfo("link")
    entry.create_system = 3
    entry.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        made.writestr(entry, "/etc/passwd")
    return target.getvalue()


def _twice() -> bytes:
    return samples.archive({"a.txt": b"x", "b.txt": b"y"}).replace(b"b.txt", b"a.txt")


def _lying(size: int) -> bytes:
    """One entry of 20 kB whose headers declare another size."""
    content = samples.archive({"a.txt": bytes(20_000)})
    return content.replace(struct.pack("<L", 20_000), struct.pack("<L", size))


def _overlapping() -> bytes:
    """Two directory entries for the same packed bytes."""
    content = samples.archive({"a.txt": b"x" * 5000, "b.txt": b"y"})
    second = content.rfind(b"PK\x01\x02")
    return content[: second + 42] + struct.pack("<L", 0) + content[second + 46 :]


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">L", len(content))
        + name
        + content
        + struct.pack(">L", zlib.crc32(name + content))
    )


def _tall_png(width: int, height: int) -> bytes:
    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = _chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + rows + _chunk(b"IEND", b"")


def _tall_jpeg() -> bytes:
    content = samples.picture("JPEG")
    at = content.index(b"\xff\xc0")
    return content[: at + 5] + struct.pack(">HH", 60_000, 60_000) + content[at + 9 :]


def _text_bomb() -> bytes:
    """A compressed note of 70 MB before a small picture."""
    content = samples.picture()
    note = _chunk(b"zTXt", b"note\0\0" + zlib.compress(bytes(70 * MEGABYTE)))
    return content[:33] + note + content[33:]


def _gif() -> bytes:
    target = io.BytesIO()
    Image.new("P", (4, 4)).save(target, "GIF")
    return target.getvalue()


def _moving(form: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "green")]
    target = io.BytesIO()
    frames[0].save(target, form, save_all=True, append_images=frames[1:])
    return target.getvalue()
