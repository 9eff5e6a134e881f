"""Placeholders in slides, documents and texts, however Office has split them."""

from __future__ import annotations

import io
import re

import docx
import pptx
import pytest
from pptx.util import Emu

from portal.files.kinds import Kind
from portal.files.placeholders import (
    fill_office,
    fill_text,
    placeholders_in,
    placeholders_of,
)
from tests.files import samples

VALUES = {
    "partner.company": "Alder & Söhne <GmbH>",
    "partner.email": "a@alder.example",
    "partner.level": "",
}


def deck(*runs, picture=None):
    """One slide with a text of the given runs, bold one by one, and a picture named for the
    logo.
    """
    made = pptx.Presentation()
    slide = made.slides.add_slide(made.slide_layouts[6])
    paragraph = slide.shapes.add_textbox(0, 0, 3_000_000, 500_000).text_frame.paragraphs[0]
    for number, text in enumerate(runs):
        run = paragraph.add_run()
        run.text = text
        run.font.bold = number % 2 == 0
    if picture:
        shape = slide.shapes.add_picture(
            io.BytesIO(samples.picture("JPEG")), Emu(100), Emu(200), Emu(4000), Emu(1000)
        )
        shape._element.nvPicPr.cNvPr.set("descr", picture)
        shape.crop_left = 0.2
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def texts(content):
    return [
        shape.text_frame.text
        for slide in pptx.Presentation(io.BytesIO(content)).slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]


@pytest.mark.parametrize(
    "runs",
    [
        ["By {{partner.company}}, {{partner.email}}."],
        ["By {{part", "ner.comp", "any}}, {{partner", ".email}}."],
        list("By {{partner.company}}, {{ partner.email }}."),
        ["By ", "{{partner.company}}", ", {{partner.email}}."],
    ],
)
def test_a_placeholder_is_filled_across_its_runs(runs):
    source = deck(*runs)

    assert placeholders_of(source, Kind.PPTX) == {"partner.company", "partner.email"}
    assert texts(fill_office(source, Kind.PPTX, VALUES)) == [
        "By Alder & Söhne <GmbH>, a@alder.example."
    ]


def test_the_rest_of_a_deck_keeps_its_bytes():
    source = samples.deck("de", 4)
    parts = samples.unpacked(deck("{{partner.company}}"))

    assert samples.unpacked(fill_office(source, Kind.PPTX, VALUES)) == samples.unpacked(source)
    filled = samples.unpacked(fill_office(samples.archive(parts), Kind.PPTX, VALUES))
    assert {name for name in parts if parts[name] != filled[name]} == {"ppt/slides/slide1.xml"}


def test_unknown_placeholders_stay_and_empty_ones_go():
    source = deck("{{partner.fax}}|{{partner.level}}|")

    assert texts(fill_office(source, Kind.PPTX, VALUES)) == ["{{partner.fax}}||"]


def test_a_document_is_filled_too():
    made = docx.Document()
    paragraph = made.add_paragraph("Sold by ")
    for part in ("{{partner", ".company", "}}"):
        paragraph.add_run(part)
    target = io.BytesIO()
    made.save(target)

    filled = docx.Document(io.BytesIO(fill_office(target.getvalue(), Kind.DOCX, VALUES)))

    assert filled.paragraphs[0].text == "Sold by Alder & Söhne <GmbH>"


@pytest.mark.parametrize("size", [(300, 100), (100, 100), (100, 400)])
def test_a_logo_takes_the_place_of_its_picture_in_proportion(size):
    source = deck("x", picture="{{partner.logo}}")
    picture = samples.logo("#0b5cad", size)

    made = fill_office(source, Kind.PPTX, VALUES, picture)

    assert placeholders_of(source, Kind.PPTX) == {"partner.logo"}
    [shape] = [
        shape
        for shape in pptx.Presentation(io.BytesIO(made)).slides[0].shapes
        if not shape.has_text_frame
    ]
    assert shape.image.blob == picture
    assert shape.crop_left == 0
    assert shape.width / shape.height == pytest.approx(size[0] / size[1], rel=0.01)
    assert shape.left + shape.width / 2 == pytest.approx(2100, abs=1)
    assert shape.top + shape.height / 2 == pytest.approx(700, abs=1)


def test_other_pictures_stay():
    source = deck("x", picture="a pump")

    made = fill_office(source, Kind.PPTX, VALUES, samples.logo("#0b5cad"))

    assert samples.unpacked(made) == samples.unpacked(source)


def test_a_text_is_filled_once_and_not_again():
    values = {"partner.company": "{{partner.email}}", "partner.email": "a@b.example"}

    assert fill_text("Hi {{partner.company}} {{ partner.email }} {{x}}", values) == (
        "Hi {{partner.email}} a@b.example {{x}}"
    )
    assert placeholders_in("{{partner.company}} {{ partner.x }}") == {
        "partner.company",
        "partner.x",
    }


def test_every_part_of_a_filled_deck_is_well_formed():
    made = fill_office(
        deck("{{partner.company}}", picture="{{partner.logo}}"),
        Kind.PPTX,
        VALUES,
        samples.logo("red"),
    )

    for name, content in samples.unpacked(made).items():
        assert not name.endswith(".xml") or re.match(
            rb"\s*<", content.removeprefix(b"\xef\xbb\xbf")
        )
    assert len(pptx.Presentation(io.BytesIO(made)).slides) == 1
