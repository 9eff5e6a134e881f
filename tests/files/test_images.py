"""Images are written anew: nothing that came with them but the picture stays."""

from __future__ import annotations

import io

import pytest
from PIL import Image, PngImagePlugin

from portal.files.images import strip_image
from portal.files.kinds import Kind
from portal.files.verdict import Unacceptable
from tests.files import corpus, samples


def reopened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def photographed():
    """A JPEG held sideways, with a place and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "home of Ada"
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(target, "JPEG", exif=exif, comment=b"secret note")
    return target.getvalue()


def test_a_photograph_is_turned_upright_and_loses_its_notes():
    stripped = strip_image(photographed(), Kind.JPEG)

    assert reopened(stripped).size == (40, 60)
    assert not reopened(stripped).getexif()
    assert b"Ada" not in stripped
    assert b"secret" not in stripped


def test_the_texts_of_a_png_are_lost_and_its_transparency_kept():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Ada")
    target = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 40)).save(target, "PNG", pnginfo=notes)

    stripped = strip_image(target.getvalue(), Kind.PNG)

    assert b"Ada" not in stripped
    assert reopened(stripped).getpixel((0, 0)) == (1, 2, 3, 40)


@pytest.mark.parametrize("mode", ["P", "1", "L", "RGB"])
def test_the_pixels_of_a_png_stay_the_same(mode):
    before = samples.picture("PNG", mode)

    assert reopened(strip_image(before, Kind.PNG)).convert("RGB").tobytes() == (
        reopened(before).convert("RGB").tobytes()
    )


def test_a_script_behind_the_end_is_dropped():
    stripped = strip_image(samples.picture("JPEG") + corpus.SCRIPT_SVG, Kind.JPEG)

    assert b"script" not in stripped


def test_a_print_jpeg_becomes_one_for_screens():
    assert reopened(strip_image(samples.picture("JPEG", "CMYK"), Kind.JPEG)).mode == "RGB"


def test_a_flood_is_refused_before_it_is_decoded():
    flood = next(case for case in corpus.cases() if case.label == "png-30000x30000")

    with pytest.raises(Unacceptable) as refusal:
        strip_image(flood.build(), Kind.PNG)

    assert refusal.value.code == "too_many_pixels"
