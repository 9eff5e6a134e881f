"""Boxes on pages, and the characters that can be set into them."""

from __future__ import annotations

import pytest

from portal.files import fonts
from portal.files.zones import Box, Unit


def test_percentages_become_points_of_the_page():
    assert Box(10, 50, 25, 5, Unit.PERCENT).on(600, 800) == Box(60, 400, 150, 40)
    assert Box(1, 2, 3, 4).on(600, 800) == Box(1, 2, 3, 4)


@pytest.mark.parametrize(
    ("box", "lies"),
    [
        (Box(0, 0, 600, 800), True),
        (Box(0, 0, 100, 100, Unit.PERCENT), True),
        (Box(0, 0, 600.4, 800), True),
        (Box(1, 0, 600, 800), False),
        (Box(-1, 0, 10, 10), False),
        (Box(0, 791, 10, 10), False),
        (Box(0, 0, 0.5, 10), False),
        (Box(0, 0, 10, -5), False),
        (Box(float("nan"), 0, 10, 10), False),
    ],
)
def test_a_box_lies_on_the_page_or_not(box, lies):
    assert box.lies_on(600, 800) is lies


def test_latin_greek_and_cyrillic_can_be_set_and_others_are_named():
    assert fonts.missing("Ångström Łódź Παπαδόπουλος Иванов ’–… €₺ 1½") == ""
    assert fonts.missing("日本 Alder 日本 🚀") == "日本🚀"


def test_an_added_typeface_widens_what_can_be_set(tmp_path):
    (tmp_path / "More.ttf").write_bytes(one_letter_font())

    assert fonts.missing("日本", tmp_path) == "本"


def one_letter_font():
    """No more than a table of characters, with one group of one."""
    groups = b"".join(n.to_bytes(4, "big") for n in (ord("日"), ord("日"), 1))
    subtable = (12).to_bytes(2, "big") + bytes(2) + (28).to_bytes(4, "big") + bytes(4)
    subtable += (1).to_bytes(4, "big") + groups
    table = bytes([0, 0, 0, 1, 0, 3, 0, 10]) + (12).to_bytes(4, "big") + subtable
    head = b"\0\1\0\0" + (1).to_bytes(2, "big") + bytes(6)
    entry = b"cmap" + bytes(4) + (28).to_bytes(4, "big") + len(table).to_bytes(4, "big")
    return head + entry + table
