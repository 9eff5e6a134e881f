"""Brand colours: whatever is entered, the accents can be read in both themes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel import colour
from portal.kernel.errors import Refused

BRANDS = [
    "#2b50d6",
    "#ffff00",
    "#000000",
    "#ffffff",
    "#e30613",
    "#00a651",
    "#ff6600",
    "#7b2d8b",
    "#00bcd4",
    "#888888",
]


def readable(accent, surfaces):
    grounds = (*surfaces, accent.weak, accent.on_accent)
    return all(colour.contrast(accent.accent, ground) >= 4.5 for ground in grounds)


@pytest.mark.parametrize("brand", BRANDS)
def test_ten_brand_colours_become_accents_that_can_be_read(brand):
    accents = colour.derive(brand)
    assert readable(accents.light, colour.LIGHT_SURFACES)
    assert readable(accents.dark, colour.DARK_SURFACES)
    for accent in (accents.light, accents.dark):
        assert colour.contrast(accent.strong, accent.on_accent) >= 4.5


@settings(max_examples=60)
@given(st.integers(0, 0xFFFFFF))
def test_any_colour_becomes_accents_that_can_be_read(number):
    accents = colour.derive(f"#{number:06x}")
    assert readable(accents.light, colour.LIGHT_SURFACES)
    assert readable(accents.dark, colour.DARK_SURFACES)


def test_a_colour_that_can_be_read_is_kept():
    accents = colour.derive("#2B50D6")
    assert accents.light.accent == "#2b50d6"
    assert not accents.adjusted


def test_a_colour_that_cannot_be_read_is_adjusted_and_said_so():
    assert colour.derive("#ffff00").adjusted


def test_contrast_runs_from_one_to_twenty_one():
    assert colour.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colour.contrast("#777777", "#777777") == 1


@pytest.mark.parametrize(("typed", "meant"), [("#FFF", "#ffffff"), (" 2b50d6 ", "#2b50d6")])
def test_short_and_bare_forms_are_understood(typed, meant):
    assert colour.parse(typed) == meant


@pytest.mark.parametrize("typed", ["", "blue", "#12", "#12345g", "#1234567"])
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(Refused):
        colour.parse(typed)


def test_the_sheet_sets_the_accent_tokens_for_both_themes():
    text = colour.sheet(colour.derive("#e30613"))
    names = re.findall(r"--([\w-]+): light-dark\(#[0-9a-f]{6}, #[0-9a-f]{6}\);", text)
    assert names == ["accent", "accent-strong", "accent-weak", "on-accent"]
