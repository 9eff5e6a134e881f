"""Cleaning, folding and web domains."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.errors import Refused
from portal.kernel.text import (
    clean,
    country_of_domain,
    domain_of,
    fold,
    is_free_mail,
    label_of,
    look_alike,
    name_from_domain,
    script_of,
)

any_text = st.text(st.characters(), max_size=60)  # lone surrogates included


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Acme   GmbH ", "Acme GmbH"),
        ("Acme\u202egpj", "Acmegpj"),
        ("A\u200bc\u200dm\ufeffe", "Acme"),
        ("Soft\u00adhyphen", "Softhyphen"),
        ("Acme\u00a0\u3000AG", "Acme AG"),
        ("Cafe\u0301", "Café"),
        ("a\nb\tc", "a b c"),
        ("", ""),
    ],
)
def test_cleaning_keeps_what_a_reader_sees(typed, stored):
    assert clean(typed) == stored


def test_cleaning_keeps_line_breaks_where_lines_are_asked_for():
    assert clean("one  two\r\n\r\nthree\rfour ", lines=True) == "one two\n\nthree\nfour"


@pytest.mark.parametrize("typed", ["Acme\x00", "\ud800", "bell\x07", "\x9b31m", "\udfffAcme"])
def test_what_no_database_can_store_is_refused(typed):
    with pytest.raises(Refused) as refusal:
        clean(typed)
    assert refusal.value.code == "unstorable_text"
    assert "cannot be stored" in refusal.value.message


def test_at_most_four_marks_stay_on_one_letter():
    cleaned = clean("x" + "\u0301" * 200 + "y")
    assert cleaned.startswith("x")
    assert cleaned.endswith("y")
    assert sum(unicodedata.category(char) == "Mn" for char in cleaned) == 4


@given(any_text)
def test_cleaning_twice_changes_nothing(text):
    try:
        once = clean(text)
    except Refused:
        return
    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once)


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("ACME gmbh", "acme gmbh"),
        ("Müller & Söhne", "muller and sohne"),
        ("Straße", "strasse"),
        ("S.p.A.", "spa"),
        ("I.B.M.", "ibm"),
        ("A/S Norsk", "as norsk"),
        ("J. P. Morgan", "j p morgan"),
        ("St.Gallen", "st gallen"),
        ("McDonald's", "mcdonalds"),
        ("L’Oréal", "loreal"),
        ("ＡＣＭＥ　１２", "acme 12"),
        ("Газпром", "gazprom"),
        ("Северсталь", "severstal"),
        ("Ελλάς", "ellas"),
        ("トヨタ自動車", "toyota zidongche"),
        ("パナソニック", "panasoniku"),
        ("シャープ", "shapu"),
        ("华为", "huawei"),
        ("㈱東芝", "zhu dongzhi"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("AT&T", "at and t"),
        ("!!!", ""),
        ("", ""),
    ],
)
def test_spellings_of_one_name_fold_alike(name, folded):
    assert fold(name) == folded


@given(any_text)
def test_folding_is_idempotent_and_plain(text):
    once = fold(text)
    assert fold(once) == once
    assert set(once) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("acme.com", "acme.com"),
        ("www.Acme.co.uk", "acme.co.uk"),
        ("https://user:pw@shop.acme.com.au:8443/path?x=1#y", "acme.com.au"),
        ("Jo <jo@mail.acme.de>", "acme.de"),
        ("mailto:jo@acme.de", "acme.de"),
        ("acme.com.", "acme.com"),
        ("acme.com/", "acme.com"),
        ("http://münchen-re.de", "xn--mnchen-re-q9a.de"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("helvetia-logistics.example", "helvetia-logistics.example"),
        ("acme.github.io", "acme.github.io"),
        ("co.uk", None),
        ("localhost", None),
        ("192.168.0.1", None),
        ("http://[::1]/", None),
        ("not a domain.com at all", None),
        ("acme..com", None),
        ("-acme.com", None),
        ("a_b.com", None),
        ("x" * 64 + ".com", None),
        ("@", None),
        ("", None),
    ],
)
def test_a_registrable_domain_is_read_from_what_people_type(text, domain):
    assert domain_of(text) == domain


@given(any_text)
def test_reading_a_domain_never_raises_and_is_stable(text):
    domain = domain_of(text)
    if domain is not None:
        assert domain_of(domain) == domain
        assert domain.isascii()
        assert name_from_domain(domain) or label_of(domain)
        country_of_domain(domain)


def test_free_mail_and_shared_pages_name_no_company():
    assert is_free_mail("gmail.com")
    assert is_free_mail("t-online.de")
    assert is_free_mail("facebook.com")
    assert not is_free_mail("siemens.com")


@pytest.mark.parametrize(
    ("domain", "name"),
    [
        ("helvetia-logistics.example", "Helvetia Logistics"),
        ("ibm.com", "IBM"),
        ("3m.com", "3M"),
        ("nordwind.ch", "Nordwind"),
        ("xn--mnchen-re-q9a.de", "München Re"),
    ],
)
def test_a_name_is_suggested_from_a_domain(domain, name):
    assert name_from_domain(domain) == name


@pytest.mark.parametrize(
    ("domain", "country"),
    [
        ("acme.ch", "CH"),
        ("acme.co.uk", "GB"),
        ("acme.com", None),
        ("acme.io", None),
        ("acme.eu", None),
        ("xn--e1afmkfd.xn--p1ai", "RU"),
    ],
)
def test_a_country_is_read_from_a_country_domain_only(domain, country):
    assert country_of_domain(domain) == country


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Acme 12", "latin"),
        ("Газпром", "cyrillic"),
        ("東芝", "han"),
        ("삼성", "hangul"),
        ("12", ""),
    ],
)
def test_the_script_is_that_of_most_letters(text, script):
    assert script_of(text) == script


@pytest.mark.parametrize(
    ("text", "imitated"),
    [
        ("АСМЕ", "acme"),
        ("Aсme Ltd", "acme ltd"),
        ("ΑΒΒ", "abb"),
        ("Acme", None),
        ("Müller", None),
        ("Газпром", None),
    ],
)
def test_letters_that_imitate_latin_are_noticed(text, imitated):
    assert look_alike(text) == imitated


@given(any_text)
def test_looking_at_scripts_never_raises(text):
    script_of(text)
    look_alike(text)
