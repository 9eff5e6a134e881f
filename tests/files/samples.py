"""Real files in several languages, made here: by typst, pypdf, Pillow, python-pptx, python-docx
and xlsxwriter.
"""

from __future__ import annotations

import io
import struct
import zipfile
from functools import cache

import docx
import pptx
import typst
import xlsxwriter
from docx.enum.text import WD_BREAK
from PIL import Image
from pypdf import PdfReader, PdfWriter

from portal.files.fonts import loaded

SENTENCES = {
    "de": (
        "Wir liefern die Pumpen für Ihre Anlage und sorgen für den Betrieb, auch bei großer Hitze."
    ),
    "en": (
        "We deliver the pumps for your plant and look after them, and that is also true in "
        "the heat."
    ),
    "es": "Entregamos las bombas para su planta y nos ocupamos de que funcionen en todo momento.",
    "fr": "Nous livrons les pompes pour votre usine et nous veillons sur elles, été comme hiver.",
    "it": "Consegniamo le pompe per il vostro impianto e ci occupiamo della loro manutenzione.",
    "nl": "Wij leveren de pompen voor uw fabriek en zorgen dat het ook bij warm weer goed gaat.",
    "pl": "Dostarczamy pompy do zakładu i dbamy o to, żeby działały również w upale.",
    "pt": "Entregamos as bombas para a sua fábrica e cuidamos para que não parem com o calor.",
    "sv": "Vi levererar pumparna till din fabrik och ser till att de går även när det är varmt.",
}


@cache
def pdf(language: str = "en", pages: int = 2, *, landscape: bool = False) -> bytes:
    """Each page says which it is; with an outline, a link on each page and tags."""
    sentence = SENTENCES[language]
    body = "\n#pagebreak()\n".join(
        f'= Part {page}\n{sentence * 6}\n\n#link("https://example.com/{page}")[link {page}]'
        for page in range(1, pages + 1)
    )
    flipped = "true" if landscape else "false"
    source = (
        f'#set document(title: "Brochure {language}", author: "Nordwind")\n'
        f'#set page(paper: "a4", flipped: {flipped})\n'
        f'#set text(font: "Inter", lang: "{language}")\n{body}'
    )
    made = typst.compile(
        source.encode(),
        format="pdf",
        font_paths=loaded(),
    )
    assert isinstance(made, bytes)
    return made


@cache
def turned_pdf(turn: int, crop: tuple[int, int, int, int] | None = None) -> bytes:
    """One page, rotated, and with a crop box when given as left, bottom, right, top."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf("en", 1)))
    page = writer.pages[0]
    if crop:
        left, bottom, right, top = crop
        page.cropbox.lower_left = (left, bottom)
        page.cropbox.upper_right = (right, top)
    page.rotate(turn)
    return _written(writer)


@cache
def locked_pdf(user: str, owner: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(pdf("en", 2)))
    writer.encrypt(user, owner, algorithm=algorithm)
    return _written(writer)


@cache
def bookmarked_pdf(pages: int) -> bytes:
    """In the old form: plain objects and a cross-reference table instead of streams."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("de", pages))))
    for number in range(pages):
        writer.add_outline_item(title=f"Bookmark {number + 1}", page_number=number)
    return _written(writer)


@cache
def streamed_pdf(pages: int) -> bytes:
    """Its newest directory is a stream, as most programs write it today."""
    writer = PdfWriter(io.BytesIO(pdf("en", pages)), incremental=True)
    writer.add_metadata({"/Subject": "pumps"})
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


@cache
def deck(language: str = "en", slides: int = 3) -> bytes:
    made = pptx.Presentation()
    made.core_properties.title = f"Slides {language}"
    made.core_properties.author = "Nordwind"
    for number in range(1, slides + 1):
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text = f"Slide {number}"
        slide.placeholders[1].text = SENTENCES[language]
        slide.notes_slide.notes_text_frame.text = f"Speaker note {number}"
    return _saved(made)


@cache
def letter(language: str = "en", pages: int = 2) -> bytes:
    made = docx.Document()
    made.core_properties.title = f"Letter {language}"
    made.core_properties.author = "Nordwind"
    for number in range(1, pages + 1):
        made.add_heading(f"Page {number}")
        made.add_paragraph(SENTENCES[language])
        if number < pages:
            made.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    return _saved(made)


def _saved(made) -> bytes:
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


@cache
def sheet(language: str = "en", sheets: int = 2) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": f"Prices {language}", "author": "Nordwind"})
    for number in range(1, sheets + 1):
        page = book.add_worksheet(f"Sheet {number}")
        page.write_row(0, 0, ["Article", "Price", SENTENCES[language]])
        page.write_row(1, 0, ["Pump", 12.5])
    book.close()
    return target.getvalue()


@cache
def picture(form: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (320, 200)) -> bytes:
    image = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (image, image.transpose(Image.Transpose.ROTATE_180), image))
    target = io.BytesIO()
    image.convert(mode).save(target, form)
    return target.getvalue()


@cache
def logo(colour: str, size: tuple[int, int] = (300, 100)) -> bytes:
    """A full rectangle of one colour on a transparent margin of a tenth."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    inner = Image.new("RGBA", (size[0] * 8 // 10, size[1] * 8 // 10), colour)
    image.paste(inner, (size[0] // 10, size[1] // 10))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">L4s", 8 + len(content), name) + content


@cache
def film(seconds: int = 12, size: tuple[int, int] = (1280, 720), version: int = 0) -> bytes:
    """The boxes of an MP4 with one track; the media are noise, which nobody here decodes."""
    times = struct.pack(">LLLL" if version == 0 else ">QQLQ", 0, 0, 1000, seconds * 1000)
    header = _box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))
    track = _box(b"tkhd", bytes(4 + 20 + 52) + struct.pack(">LL", size[0] << 16, size[1] << 16))
    return (
        _box(b"ftyp", b"isom\0\0\2\0isomiso2mp41")
        + _box(b"moov", header + _box(b"trak", track))
        + _box(b"mdat", bytes(range(256)) * 8)
    )


def archive(parts: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", way) as made:
        for name, content in parts.items():
            made.writestr(zipfile.ZipInfo(name), content, compress_type=way)
    return target.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: held.read(name) for name in held.namelist()}


@cache
def kit() -> bytes:
    return archive(
        {"read me.txt": b"A kit", "a.pdf": pdf(), "b/c.docx": letter(), "d.png": picture()}
    )


def table(language: str = "en", encoding: str = "utf-8") -> bytes:
    text = f"article;price;note\r\nPump;12.50;{SENTENCES[language]}\r\n"
    return text.encode(encoding, "replace")
