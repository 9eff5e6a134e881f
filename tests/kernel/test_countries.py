"""Countries as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("de ", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("UK", "GB"),
        ("United Kingdom", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("United States", "US"),
        ("Österreich", "AT"),
        ("España", "ES"),
        ("", ""),
        ("Atlantis", ""),
        ("QX", ""),
    ],
)
def test_a_country_is_known_by_its_code_and_its_name(text, code):
    assert country_code(text) == code


@given(st.text(st.characters(), max_size=30))
def test_any_text_gives_a_code_or_nothing(text):
    code = country_code(text)
    assert code == "" or (len(code) == 2 and country_code(code) == code)
