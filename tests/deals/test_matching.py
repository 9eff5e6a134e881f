"""Matching of end customers: legal forms, keys, the score and its reasons, labelled pairs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.matching_quality import measure
from portal.deals.rules.matching import (
    EndCustomer,
    Match,
    Profile,
    Verdict,
    compare,
    exact_keys,
    keys,
    likeliest,
    match_rows,
    profile_of,
    read_pairs,
)
from portal.deals.rules.matching.legal import countries_of, countries_with_forms, split_legal
from portal.kernel.errors import Refused
from portal.kernel.text import fold

any_text = st.text(st.characters(), max_size=40)
company_like = st.lists(
    st.sampled_from(
        "Acme Nordwind Logistics Energy AG GmbH & Co. KG Berlin Paris 2 7 Plant Müller of the (UK) "
        "International dba IBM / Газпром 三菱 電機 株式会社 Group Inc. J A/S ООО".split()
    ),
    max_size=6,
).map(" ".join)
descriptions = st.builds(
    EndCustomer,
    name=any_text | company_like,
    country=st.sampled_from(["", "DE", "us", "UK"]) | any_text,
    city=any_text,
    domain=st.sampled_from(["", "acme.de", "jo@gmail.com", "https://www.acme.com/x"]) | any_text,
    tax_id=st.sampled_from(["", "DE123456789", "CHE-123.456.789 MWST"]) | any_text,
    parent=company_like,
    division=st.sampled_from(["", "Energy", "Mobility"]),
)


def matched(first: EndCustomer | str, second: EndCustomer | str) -> Match:
    sides = (EndCustomer(side) if isinstance(side, str) else side for side in (first, second))
    return compare(*map(profile_of, sides))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Acme GmbH & Co. KG", "acme"),
        ("Acme UG (haftungsbeschränkt)", "acme"),
        ("Acme S. p. A.", "acme"),
        ("Acme S.A. de C.V.", "acme"),
        ("Acme Sp. z o.o.", "acme"),
        ("Acme (Pty) Ltd", "acme"),
        ("Acme Sdn. Bhd.", "acme"),
        ("Acme & Cie", "acme"),
        ("Acme Sanayi ve Ticaret A.Ş.", "acme"),
        ("PT Acme Tbk", "acme"),
        ("UAB Acme", "acme"),
        ("S.C. Acme S.R.L.", "acme"),
        ("The Company Ltd", "the company"),
        ("AO Smith", "ao smith"),
        ("AS Roma", "as roma"),
        ("Limited", "limited"),
        ("SE", "se"),
        ("Acme GmbH Berlin", "acme berlin"),
    ],
)
def test_a_legal_form_is_taken_off_and_a_name_is_left(name, words):
    assert " ".join(split_legal(fold(name), is_latin=True).words) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ООО «Ромашка»", ("romashka",)),
        ("АО Тандер", ("tander",)),
        ("株式会社東芝", ("toshiba",)),
        ("㈱日立製作所", ("hitachi", "manufacturing")),
        ("华为技术有限公司", ("huawei", "technology")),
        ("삼성전자 주식회사", ("samsung", "electronics")),
        ("شركة أرامكو السعودية", ("aramco", "saudi")),
        ("Ελλάκτωρ Α.Ε.", ("ellaktor",)),
        ('בע"מ אלביט', ("lvyt",)),
        ("บริษัท ปตท จำกัด (มหาชน)", ("ptth",)),
    ],
)
def test_names_of_other_scripts_lose_their_legal_form_too(name, words):
    assert profile_of(EndCustomer(name)).name.words == words


def test_the_legal_forms_of_at_least_forty_countries_are_known():
    assert len(countries_with_forms()) >= 40
    assert countries_of(("gmbh",)) == {"AT", "CH", "DE", "LI"}
    assert countries_of(("inc",)) == frozenset()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Acme GmbH", "ACME AG"),
        ("Müller & Söhne", "Mueller und Soehne"),
        ("The Boeing Company", "Boeing"),
        ("Acme Intl Mfg", "Acme International Manufacturing Inc."),
        ("7-Eleven", "Seven Eleven"),
        ("Micro Soft", "Microsoft"),
        ("Université de Genève", "University of Geneva"),
        ("Газпром", "Gazprom PJSC"),
        ("Smith Holdings LLC (dba Joe's Pizza)", "Joe's Pizza"),
        ("International Business Machines (IBM)", "IBM"),
    ],
)
def test_one_name_in_two_spellings_is_the_same(first, second):
    assert matched(first, second).verdict is Verdict.SAME


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("Siemens", "Seimens", "typing"),
        ("IBM", "International Business Machines", "initials"),
        ("FedEx", "Federal Express", "syllables"),
        ("Acme", "Acme Group", "filler"),
        ("Microsoft", "Microsoft Deutschland", "place"),
        ("Hotel Adler", "Adler Hotel", "order"),
        ("J Smith Consulting", "John Smith Consulting", "initial"),
        ("АСМЕ", "ACME", "look_alike"),
        ("Nordwind Data Base", "Nordwind Database AG", "spacing"),
        ("Фольксваген", "Volkswagen", "typing"),
    ],
)
def test_what_a_person_must_decide_is_a_maybe_with_its_reason(first, second, code):
    match = matched(first, second)
    assert code in {reason.code for reason in match.reasons} or match.verdict is Verdict.SAME
    assert match.verdict is not Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("Siemens AG", "Siemens Healthineers AG", "added_words"),
        ("Siemens AG", "Siemens Energy AG", "division"),
        ("Acme Plant 2", "Acme Plant 3", "numbers"),
        ("Hilton Berlin", "Hilton Paris", "places"),
        ("Nordwind Logistics", "Nordwind Energy", "trades"),
        ("Deutsche Bank", "Deutsche Bahn", "other_words"),
        ("ABB", "ADP", "other_name"),
        ("Visa", "Vista", "typing"),
        ("Healthineers, a division of Siemens AG", "Siemens AG", "other_name"),
    ],
)
def test_companies_that_share_words_are_told_apart(first, second, code):
    match = matched(first, second)
    assert match.verdict is Verdict.DIFFERENT
    assert code in {reason.code for reason in match.reasons}


def test_a_missing_fact_tells_nothing():
    known = EndCustomer("Acme GmbH", "DE", "Berlin", "acme.de", "DE123456789")
    assert matched(known, "Acme").verdict is Verdict.SAME
    assert matched(known, "Acme").score == 100


@pytest.mark.parametrize(
    ("first", "second", "exact"),
    [
        (
            EndCustomer("Acme", tax_id="CHE-123.456.789 MWST", country="CH"),
            EndCustomer("Other", tax_id="CHE123456789", country="CH"),
            "tax_id",
        ),
        (
            EndCustomer("Acme", domain="jo@acme.de"),
            EndCustomer("Other", domain="https://www.acme.de/x"),
            "domain",
        ),
        (EndCustomer("Acme GmbH", "DE"), EndCustomer("ACME AG", "DE"), "name_country"),
    ],
)
def test_one_exact_key_decides_alone(first, second, exact):
    match = matched(first, second)
    assert match.exact == (exact,)
    assert (match.score, match.verdict) == (100, Verdict.SAME)
    assert set(exact_keys(profile_of(first))) & set(exact_keys(profile_of(second)))


def test_free_mail_decides_nothing():
    first = EndCustomer("Alder Foods", domain="alder@gmail.com")
    second = EndCustomer("Birch Metals", domain="birch@gmail.com")
    assert matched(first, second).verdict is Verdict.DIFFERENT
    assert exact_keys(profile_of(first)) == ()


def test_one_name_in_two_countries_goes_to_a_person():
    match = matched(EndCustomer("Acme", "DE"), EndCustomer("Acme", "US"))
    assert match.verdict is Verdict.MAYBE
    assert match.exact == ()


def test_one_name_with_two_tax_numbers_goes_to_a_person():
    first = EndCustomer("Acme", "DE", tax_id="DE123456789")
    assert matched(first, EndCustomer("Acme", "DE", tax_id="DE987654321")).verdict is Verdict.MAYBE


def test_one_domain_with_two_tax_numbers_goes_to_a_person():
    first = EndCustomer("Acme Tools", domain="acme.de", tax_id="DE123456789")
    second = EndCustomer("Acme", domain="acme.de", tax_id="DE987654321")
    assert matched(first, second).exact == ()
    assert matched(first, second).verdict is Verdict.MAYBE


def test_another_name_decides_nothing_alone():
    first = EndCustomer("Smith Holdings dba Joes Pizza", "US")
    match = matched(first, EndCustomer("Joes Pizza", "US"))
    assert (match.verdict, match.exact) == (Verdict.SAME, ())


def test_registered_divisions_of_one_company_are_different_customers():
    first = EndCustomer("Acme", "DE", domain="acme.de", division="Energy")
    second = EndCustomer("Acme", "DE", domain="acme.de", division="Mobility")
    assert matched(first, second).verdict is Verdict.DIFFERENT
    assert not set(exact_keys(profile_of(first))) & set(exact_keys(profile_of(second)))


def test_a_company_and_its_part_are_different_customers():
    part = EndCustomer("Acme Tools", parent="Acme GmbH")
    assert matched(part, "Acme").verdict is Verdict.DIFFERENT


def test_a_name_is_read_from_the_domain_when_none_is_given():
    named = EndCustomer("Helvetia Logistics AG")
    assert matched(EndCustomer("", domain="helvetia-logistics.example"), named).score == 100


@given(descriptions, descriptions)
def test_comparing_is_symmetric_and_its_score_is_its_reasons(first, second):
    one, other = profile_of(first), profile_of(second)
    match = compare(one, other)
    assert match == compare(other, one)
    assert match.score == max(0, min(100, sum(reason.weight for reason in match.reasons)))
    assert match.reasons
    assert (match.verdict is Verdict.DIFFERENT) == (match.score < 70)
    assert not match.exact or match.verdict is Verdict.SAME


@given(descriptions)
def test_a_customer_is_itself_and_comes_back_from_storage(description):
    profile = profile_of(description)
    assert Profile.unpack(profile.pack()) == profile
    if profile.name.words:
        assert compare(profile, profile).verdict is Verdict.SAME


@given(descriptions)
def test_keys_fit_a_bigint_and_are_found_again(description):
    profile = profile_of(description)
    found = keys(profile)
    assert found == tuple(sorted(set(found)))
    assert all(-(2**63) <= key < 2**63 for key in (*found, *exact_keys(profile)))
    assert not set(found) & set(exact_keys(profile))
    assert bool(found) or not (profile.name.words or profile.domain or profile.tax_id)


@given(company_like)
def test_names_that_are_the_same_share_a_key(name):
    one, other = profile_of(EndCustomer(name)), profile_of(EndCustomer(f"{name.upper()} GmbH"))
    if compare(one, other).verdict is Verdict.SAME:
        assert set(keys(one)) & set(keys(other))


def test_common_words_alone_find_nobody():
    one, other = (profile_of(EndCustomer(f"{name} Logistics")) for name in ("Alder", "Birch"))
    assert not set(keys(one)) & set(keys(other))
    assert set(keys(one, common=frozenset())) & set(keys(other, common=frozenset()))


def test_the_labelled_pairs_are_told_apart():
    found = measure()
    for tally in found.halves.values():
        assert tally.f1 >= 0.95
        assert tally.same_precision >= 0.99


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_pairs_are_read_from_what_spreadsheets_save(separator):
    heading = separator.join(["Name1", "name2", "domain1", "note"])
    row = separator.join(["Acme GmbH", "ACME", "acme.de"])
    rows = read_pairs(f"\ufeff{heading}\r\n{row}\r\n\r\n")
    assert rows == [{"name1": "Acme GmbH", "name2": "ACME", "domain1": "acme.de", "note": ""}]
    [found] = match_rows(rows)
    assert (found["score"], found["verdict"]) == ("100", "same")
    assert found["reasons"] == "The names are the same, legal form aside (+100)"
    assert list(found) == ["name1", "name2", "domain1", "note", "score", "verdict", "reasons"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("name1,country1\na,b\n", "columns_missing", "name2"),
        ("", "columns_missing", "name1, name2"),
        ("name1,name2\na,b,c\n", "cells_spare", "Line 2"),
        ('name1,name2\n"a"b,c\n', "not_csv", "line 2"),
        ("name1,name2,name2\n", "columns_twice", "name2"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(text, code, said):
    with pytest.raises(Refused) as refusal:
        read_pairs(text)
    assert refusal.value.code == code
    assert said in refusal.value.message


def test_the_likeliest_candidates_come_first_and_the_hopeless_not_at_all():
    names = ["Birch Metals", "Nordwind Energy", "Nordwnd Logistics", "Nordwind Logistics Group"]
    candidates = [profile_of(EndCustomer(name)) for name in names]
    wanted = profile_of(EndCustomer("Nordwind Logistics"))
    assert likeliest(wanted, candidates, most=2) == [2, 3]
    assert 0 not in likeliest(wanted, candidates, most=9)


def test_initials_and_shared_domains_are_always_worth_comparing():
    long = profile_of(EndCustomer("International Business Machines"))
    assert likeliest(profile_of(EndCustomer("IBM")), [long], most=1) == [0]
    wanted = profile_of(EndCustomer("Alder", domain="alder.example"))
    other = profile_of(EndCustomer("Quite Another Name", domain="www.alder.example"))
    assert likeliest(wanted, [other], most=1) == [0]
