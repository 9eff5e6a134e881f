"""Co-branding a PDF or an image: what is set is there, readable and whole; everything else is as
it was.
"""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from portal.files.brand import set_into_image, set_into_pdf
from portal.files.zones import Align, Block, Box, Ground, Line, Unit, Valign, from_json, to_json
from portal.kernel.errors import Refused
from tests.files import samples

LONG = (
    Line(
        "Alder Systems Gesellschaft für Datenverarbeitung mbH & Co. Kommanditgesellschaft",
        is_strong=True,
    ),
    Line("Ängström Straße 12, 10115 Berlin"),
    Line("+49 30 1234567 · vertrieb@alder-systems.example"),
)


BLUE, WHITE = samples.logo("#0b5cad"), samples.logo("#ffffff")


def words(page=1, box=None, lines=LONG, **more):
    return Block(page, box or Box(40, 600, 200, 60), lines=lines, **more)


def drawn(content, page=0, scale=1.0):
    document = pypdfium2.PdfDocument(content)
    picture = document[page].render(scale=scale).to_pil().convert("RGB")
    document.close()
    return picture


def text_of(content, page=0):
    document = pypdfium2.PdfDocument(content)
    held = document[page]
    read = held.get_textpage()
    text = " ".join(read.get_text_range().split())
    read.close()
    document.close()
    return text


def text_box(content, phrase, page=0):
    """Left, top, right and bottom of a phrase on the page as it is shown, in points."""
    document = pypdfium2.PdfDocument(content)
    held = document[page]
    read = held.get_textpage()
    at, count = read.search(phrase).get_next()
    boxes = [read.get_charbox(number) for number in range(at, at + count)]
    height = held.get_height()
    read.close()
    document.close()
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    return left, height - top, right, height - bottom


def changed(before, after):
    """The box of pixels that differ between two pages of the same size."""
    return ImageChops.difference(before, after).getbbox()


@pytest.mark.parametrize("make", [samples.pdf, lambda _, n: samples.bookmarked_pdf(n)])
def test_pages_without_zones_keep_every_byte(make):
    source = make("de", 5)

    made = set_into_pdf(source, [words(3)])

    assert made.startswith(source)
    before, after = PdfReader(io.BytesIO(source)), PdfReader(io.BytesIO(made))
    for number in (0, 1, 3, 4):
        held, was = after.pages[number], before.pages[number]
        assert held.raw_get("/Contents").idnum == was.raw_get("/Contents").idnum
        assert held["/Contents"].get_data() == was["/Contents"].get_data()
        assert drawn(source, number).tobytes() == drawn(made, number).tobytes()


def test_text_is_selectable_in_order_and_its_font_is_embedded():
    made = set_into_pdf(samples.pdf("en", 2), [words(2)])

    assert LONG[0].text in text_of(made, 1).replace("- ", "-")
    assert LONG[2].text in text_of(made, 1)
    fonts = [
        font.get_object()
        for form in PdfReader(io.BytesIO(made)).pages[1]["/Resources"]["/XObject"].values()
        for font in form.get_object()["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
        assert "Inter" in descriptor["/FontName"]
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_links_bookmarks_tags_and_properties_survive():
    source = samples.bookmarked_pdf(3)

    made = PdfReader(io.BytesIO(set_into_pdf(source, [words(1), words(3)])))

    assert [item.title for item in made.outline if not isinstance(item, list)][-3:] == [
        f"Bookmark {number}" for number in (1, 2, 3)
    ]
    for number, page in enumerate(made.pages, 1):
        assert page["/Annots"][0].get_object()["/A"]["/URI"] == f"https://example.com/{number}"
    assert made.metadata.title == PdfReader(io.BytesIO(source)).metadata.title
    assert "/StructTreeRoot" in made.trailer["/Root"]


def test_long_text_shrinks_to_its_zone_and_is_never_cut():
    source = samples.pdf("en", 1)
    zone = Box(40, 600, 90, 30)

    made = set_into_pdf(source, [words(box=zone)])

    left, top, right, bottom = changed(drawn(source, scale=4), drawn(made, scale=4))
    assert (left / 4, top / 4) >= (zone.x - 0.5, zone.y - 0.5)
    assert right / 4 <= zone.x + zone.width + 0.5
    assert bottom / 4 <= zone.y + zone.height + 0.5
    assert all(word in text_of(made) for line in LONG for word in line.text.split())


def test_short_text_keeps_the_size_that_was_asked_for():
    made = set_into_pdf(samples.pdf("en", 1), [words(lines=(Line("HHH"),), largest=20)])

    _, top, _, bottom = text_box(made, "HHH")
    assert bottom - top == pytest.approx(20 * 0.727, abs=0.6)


@pytest.mark.parametrize(
    ("align", "valign", "corner"),
    [
        (Align.LEFT, Valign.TOP, (0, 0)),
        (Align.RIGHT, Valign.BOTTOM, (1, 1)),
        (Align.CENTER, Valign.MIDDLE, (0.5, 0.5)),
    ],
)
def test_text_lies_where_it_is_aligned_to(align, valign, corner):
    zone = Box(100, 500, 300, 100)
    made = set_into_pdf(
        samples.pdf("en", 1),
        [words(box=zone, lines=(Line("Hamburg"),), align=align, valign=valign)],
    )

    left, top, right, bottom = text_box(made, "Hamburg")
    across = (left - zone.x) / (zone.width - (right - left))
    down = (top - zone.y) / (zone.height - (bottom - top))
    assert across == pytest.approx(corner[0], abs=0.02)
    assert down == pytest.approx(corner[1], abs=0.06)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 60, 450, 700)])
def test_zones_follow_the_page_as_it_is_shown(turn, crop):
    source = samples.turned_pdf(turn, crop)
    plain = drawn(source)
    zone = Box(60, 10, 25, 10, Unit.PERCENT)

    made = set_into_pdf(source, [Block(1, zone, picture=samples.logo("#c00000", (200, 200)))])

    left, top, right, bottom = changed(plain, drawn(made))
    box = zone.on(*plain.size)
    side = min(box.width, box.height)
    assert (left, top) == pytest.approx((box.x + side / 10, box.y + side / 10), abs=2)
    assert (right - left, bottom - top) == pytest.approx((side * 0.8, side * 0.8), abs=2)


@pytest.mark.parametrize("size", [(300, 100), (100, 300), (50, 50)])
def test_a_logo_keeps_its_proportions(size):
    source = samples.pdf("en", 1)

    made = set_into_pdf(
        source, [Block(1, Box(50, 500, 200, 120), picture=samples.logo("#0b5cad", size))]
    )

    left, top, right, bottom = changed(drawn(source, scale=3), drawn(made, scale=3))
    assert (right - left) / (bottom - top) == pytest.approx(size[0] / size[1], rel=0.03)
    assert max((right - left) / 600, (bottom - top) / 360) == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("picture", "ground", "has_plate"),
    [
        (BLUE, Ground.LIGHT, False),
        (WHITE, Ground.LIGHT, True),
        (WHITE, Ground.DARK, False),
        (samples.logo("#1b1f24"), Ground.DARK, True),
        (samples.picture("PNG", "RGB"), Ground.DARK, False),
    ],
)
def test_a_logo_that_could_not_be_seen_gets_a_plate(picture, ground, has_plate):
    source = samples.picture("PNG", "RGB", (400, 200))
    zone = Box(50, 50, 200, 80)

    made = set_into_image(source, [Block(1, zone, picture=picture, ground=ground)])

    with Image.open(io.BytesIO(made)) as image, Image.open(io.BytesIO(source)) as before:
        box = changed(before.convert("RGB"), image.convert("RGB"))
        plates = {Ground.LIGHT: (27, 31, 36), Ground.DARK: (255, 255, 255)}
        found = image.convert("RGB").getpixel((box[0] + 3, (box[1] + box[3]) // 2))
    assert (found == plates[ground]) is has_plate


@pytest.mark.parametrize(("fill", "dark_text"), [("#ffd700", True), ("#0b3d91", False)])
def test_a_badge_is_filled_and_its_text_stands_out(fill, dark_text):
    block = Block(
        1, Box(50, 600, 150, 24), lines=(Line("Gold Partner", is_strong=True),), fill=fill
    )

    made = set_into_pdf(samples.pdf("en", 1), [block])

    assert "Gold Partner" in text_of(made)
    seen = drawn(made, scale=2).crop((100, 1200, 400, 1248)).getcolors(100_000)
    colours = [colour for _, colour in sorted(seen, reverse=True)]
    assert tuple(int(fill[at : at + 2], 16) for at in (1, 3, 5)) in colours[:3]
    assert ((255, 255, 255) if not dark_text else (27, 31, 36)) in colours[:6]


def test_an_image_keeps_its_form_its_size_and_what_lies_outside():
    for form in ("PNG", "JPEG", "WEBP"):
        source = samples.picture(form, "RGB", (640, 480))

        made = set_into_image(source, [words(box=Box(10, 10, 300, 60), ground=Ground.DARK)])

        with Image.open(io.BytesIO(made)) as image, Image.open(io.BytesIO(source)) as before:
            assert (image.format, image.size) == (form, (640, 480))
            box = changed(before.convert("RGB"), image.convert("RGB"))
            if form == "PNG":
                assert box[0] >= 10
                assert box[2] <= 310
                assert box[3] <= 70


def test_markup_in_a_name_is_text():
    name = '#panic("x") *bold* $x$ <a> \\ " ] )'

    assert name in text_of(set_into_pdf(samples.pdf("en", 1), [words(lines=(Line(name),))]))


@pytest.mark.parametrize(
    ("make", "block", "code"),
    [
        (lambda: samples.locked_pdf("", "owner", "AES-256"), words(), "encrypted"),
        (lambda: b"%PDF-1.7 nonsense", words(), "broken"),
        (samples.pdf, words(3), "no_such_page"),
        (samples.pdf, words(box=Box(500, 10, 200, 20)), "off_page"),
        (samples.pdf, words(box=Box(10, 10, 0, 20)), "off_page"),
        (samples.pdf, words(box=Box(90, 10, 20, 20, Unit.PERCENT)), "off_page"),
        (samples.pdf, words(lines=(Line("日本"),)), "no_glyph"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(make, block, code):
    with pytest.raises(Refused) as refusal:
        set_into_pdf(make(), [block])

    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


def test_nothing_to_set_leaves_the_file_alone():
    source = samples.pdf()

    assert set_into_pdf(source, []) == source
    assert set_into_pdf(source, [words(lines=(Line("  "),))]) == source


def test_the_same_blocks_make_the_same_bytes():
    blocks = [words(), Block(1, Box(10, 10, 100, 50), picture=BLUE)]

    assert set_into_pdf(samples.pdf(), blocks) == set_into_pdf(samples.pdf(), blocks)


def test_a_file_can_be_branded_again():
    once = set_into_pdf(samples.pdf(), [words(1, lines=(Line("First"),))])
    twice = set_into_pdf(once, [words(1, Box(40, 700, 200, 30), lines=(Line("Second"),))])

    assert "First" in text_of(twice)
    assert "Second" in text_of(twice)


def test_a_block_survives_the_way_into_a_child():
    for block in (
        words(ground=Ground.DARK, fill="#123456"),
        Block(2, Box(1, 2, 3, 4), picture=BLUE),
    ):
        assert from_json(to_json(block)) == block


@pytest.mark.parametrize(
    ("make", "mark"), [(samples.streamed_pdf, b"/XRef"), (samples.bookmarked_pdf, b"\nxref\n")]
)
def test_an_update_has_the_form_of_the_file_that_it_extends(make, mark):
    source = make(pages=2)

    made = set_into_pdf(source, [words(2)])
    added = made[len(source) :]

    assert mark in added
    assert (b"\nxref\n" in added) is (mark == b"\nxref\n")
    assert LONG[2].text in text_of(made, 1)


def test_a_file_with_a_lost_directory_is_rebuilt_and_branded():
    source = samples.bookmarked_pdf(3)
    at = source.rindex(b"startxref")

    made = set_into_pdf(source[:at] + b"startxref\n7\n%%EOF\n", [words(3)])

    assert LONG[2].text in text_of(made, 2)
    assert len(PdfReader(io.BytesIO(made)).pages) == 3


def test_pages_that_share_their_resources_are_branded_apart():
    made = set_into_pdf(
        samples.bookmarked_pdf(3),
        [words(1, lines=(Line("Alder"),)), words(3, lines=(Line("Birch"),))],
    )

    assert ["Alder" in text_of(made, page) for page in range(3)] == [True, False, False]
    assert ["Birch" in text_of(made, page) for page in range(3)] == [False, False, True]
