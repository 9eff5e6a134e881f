"""What files tell about themselves: text by page, counts, sizes, proposals; and the pictures
made of them.
"""

from __future__ import annotations

import io

import pytest
from PIL import Image

from portal.files import extract, preview
from portal.files.extract import Facts
from portal.files.kinds import Kind
from portal.files.verdict import Unacceptable
from tests.files import corpus, samples


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("language", samples.SENTENCES)
def test_a_pdf_proposes_title_author_and_language(language, written):
    facts = extract.facts(written(samples.pdf(language, 4)), Kind.PDF)

    assert (facts.pages, facts.title, facts.author) == (4, f"Brochure {language}", "Nordwind")
    assert facts.language == language
    assert (round(facts.width), round(facts.height)) == (595, 842)


def test_the_text_of_a_pdf_comes_by_page(written):
    texts = extract.texts(written(samples.pdf("de", 4)), Kind.PDF)

    assert [text.splitlines()[0] for text in texts] == ["Part 1", "Part 2", "Part 3", "Part 4"]
    assert all("Pumpen für Ihre Anlage" in " ".join(text.split()) for text in texts)


def test_a_turned_page_is_measured_as_it_is_shown(written):
    facts = extract.facts(written(samples.turned_pdf(90, (50, 60, 350, 460))), Kind.PDF)

    assert (round(facts.width), round(facts.height)) == (400, 300)


@pytest.mark.parametrize("language", samples.SENTENCES)
def test_slides_are_read_with_their_notes(language, written):
    path = written(samples.deck(language, 3))

    texts = extract.texts(path, Kind.PPTX)

    assert texts == [
        f"Slide {n}\n{samples.SENTENCES[language]}\nSpeaker note {n}\n{n}" for n in (1, 2, 3)
    ] or texts == [f"Slide {n}\n{samples.SENTENCES[language]}\nSpeaker note {n}" for n in (1, 2, 3)]
    assert extract.facts(path, Kind.PPTX) == Facts(
        pages=3, title=f"Slides {language}", author="Nordwind", language=language
    )


@pytest.mark.parametrize("language", samples.SENTENCES)
def test_a_document_is_read_page_by_page(language, written):
    path = written(samples.letter(language, 3))

    texts = extract.texts(path, Kind.DOCX)

    assert texts == [f"Page {n}\n{samples.SENTENCES[language]}" for n in (1, 2, 3)]
    assert extract.facts(path, Kind.DOCX).language == language


def test_a_workbook_is_read_sheet_by_sheet(written):
    path = written(samples.sheet("fr", 2))

    assert extract.texts(path, Kind.XLSX) == [
        f"Sheet {n}\nArticle Price {samples.SENTENCES['fr']}\nPump 12.5" for n in (1, 2)
    ]
    assert extract.facts(path, Kind.XLSX).pages == 2


def test_a_film_tells_how_long_and_how_large(written):
    facts = extract.facts(written(samples.film(90, (1920, 1080), 1)), Kind.MP4)

    assert facts == Facts(seconds=90.0, width=1920, height=1080)


def test_a_picture_tells_how_large(written):
    facts = extract.facts(written(samples.picture("WEBP", "RGB", (640, 480))), Kind.WEBP)

    assert facts == Facts(width=640, height=480)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_read_in_their_encoding(encoding, written):
    path = written(samples.table("de", encoding))

    assert samples.SENTENCES["de"] in extract.texts(path, Kind.CSV)[0]


def test_an_archive_is_read_as_the_list_of_its_files(written):
    assert extract.texts(written(samples.kit()), Kind.ZIP) == [
        "read me.txt\na.pdf\nb/c.docx\nd.png"
    ]


def test_a_text_without_a_language_proposes_none(written):
    assert extract.facts(written(b"12 34 56"), Kind.TEXT) == Facts()


@pytest.mark.parametrize(
    ("label", "kind", "code"),
    [
        ("pdf-garbage", Kind.PDF, "broken"),
        ("pdf-locked-AES-256", Kind.PDF, "encrypted"),
        ("pptx-cut-at-0.4", Kind.PPTX, "broken"),
        ("docx-flipped", Kind.DOCX, "broken"),
        ("docx-entities", Kind.DOCX, None),
        ("mp4-no-movie", Kind.MP4, "broken"),
        ("png-cut-at-0.4", Kind.PNG, None),
    ],
)
def test_a_bad_file_gives_a_state_and_never_another_error(label, kind, code, written):
    made = {case.label: case for case in corpus.cases()}.get(label)
    path = written(made.build() if made else samples.deck()[:300])
    refusals = []

    for act in (extract.facts, extract.texts):
        try:
            act(path, kind)
        except Unacceptable as refusal:
            refusals.append(refusal.code)

    assert set(refusals) <= {code} if code else set(refusals) <= {"broken"}
    assert refusals or code is None


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_preview_and_a_thumbnail(kind, written, tmp_path):
    names = preview.preview(written(corpus.GOOD[kind]()), kind, tmp_path, title="Pump 3000")

    assert names == ["preview.webp", "thumbnail.webp"]
    widths = []
    for name in names:
        with Image.open(tmp_path / name) as image:
            widths.append(image.width)
            assert image.format == "WEBP"
    assert widths[0] >= widths[1] > 0


def test_each_page_of_a_pdf_gets_a_thumbnail(written, tmp_path):
    names = preview.page_thumbnails(written(samples.pdf("en", 4)), Kind.PDF, tmp_path)

    assert names == ["page-0001.webp", "page-0002.webp", "page-0003.webp", "page-0004.webp"]
    with Image.open(tmp_path / names[3]) as image:
        assert image.width == 320


def test_a_large_picture_saved_with_an_office_file_is_its_cover(written, tmp_path):
    target = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(target, "JPEG")
    parts = samples.unpacked(samples.deck()) | {"docProps/thumbnail.jpeg": target.getvalue()}

    preview.preview(written(samples.archive(parts)), Kind.PPTX, tmp_path)

    with Image.open(tmp_path / "preview.webp") as image:
        red, green, _ = image.convert("RGB").getpixel((400, 300))
        assert red > 200
        assert green < 60
