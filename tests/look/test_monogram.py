"""Two letters and a hue for a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.monogram import HUES, hue, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alpenblick IT", "AI"),
        ("Hexacode", "HE"),
        ("De Haan Bouwgroep", "DH"),
        ("müller & söhne", "MS"),
        ("Karl-Heinz", "KH"),
        ("X", "X"),
        ("", "?"),
        ("& (", "?"),
    ],
)
def test_initials_are_the_first_letters_of_two_words(name, letters):
    assert initials(name) == letters


@given(st.text())
def test_any_name_has_at_most_two_letters_and_a_hue(name):
    assert 1 <= len(initials(name)) <= 2
    assert 0 <= hue(name) < HUES


def test_case_does_not_change_the_hue():
    assert hue("Alder") == hue("ALDER")
