"""Amounts: what is read, what is refused and why, and that no minor unit is lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.errors import Refused
from portal.kernel.money import (
    AMOUNT_LIMIT,
    Money,
    exponent,
    format_amount,
    format_money,
    parse_amount,
    parse_plain,
    plain,
    round_half_up,
    split,
)

LOCALES = ["en_GB", "de_DE", "de_CH", "fr_FR", "en_IN", "sv_SE", "ar_EG", "pl_PL"]
minors = st.integers(-AMOUNT_LIMIT + 1, AMOUNT_LIMIT - 1)
currencies = st.sampled_from(["EUR", "JPY", "KWD", "CLF"])


def refusal(text: str, currency: str = "EUR", locale: str = "en_GB") -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        parse_amount(text, currency, locale)
    return caught.value.code, caught.value.message


def test_a_currency_has_its_own_decimals():
    assert [exponent(code) for code in ("JPY", "EUR", "KWD", "CLF")] == [0, 2, 3, 4]


def test_an_unknown_currency_is_refused():
    with pytest.raises(Refused, match="capital letters"):
        Money(1, "eur")


@pytest.mark.parametrize("minor", [1.0, True, Decimal(1)])
def test_minor_units_are_whole_numbers(minor):
    with pytest.raises(TypeError):
        Money(minor, "EUR")


def test_two_currencies_do_not_add_up():
    with pytest.raises(ValueError, match="EUR and JPY"):
        Money(1, "EUR") + Money(1, "JPY")


@pytest.mark.parametrize(
    ("text", "locale", "minor"),
    [
        ("12500.00", "en_GB", 1_250_000),
        ("12,500.5", "en_GB", 1_250_050),
        (" 5 ", "en_GB", 500),
        ("1.000", "de_DE", 100_000),
        ("1.000,5", "de_DE", 100_050),
        ("12 500,00", "fr_FR", 1_250_000),
        ("12'500.00", "de_CH", 1_250_000),
        ("12,34,567.00", "en_IN", 123_456_700),
    ],
)
def test_an_amount_is_read_as_its_locale_writes_it(text, locale, minor):
    assert parse_amount(text, "EUR", locale) == Money(minor, "EUR")


@pytest.mark.parametrize(
    "text",
    ["", "NaN", "sNaN", "Infinity", "1_000", "1e5", "0x10", "-0", "-5", "+5", ".5", "5."],
)
def test_what_is_no_plain_number_is_answered_with_an_example(text):
    assert refusal(text) == ("amount_format", "Enter an amount such as 12,500.00.")


@pytest.mark.parametrize("text", ["1,00", "12 500", "€5", "0,500", "1,2345", "1,000,00", "5\x00"])
def test_misplaced_grouping_is_answered_with_an_example(text):
    assert refusal(text) == ("amount_format", "Enter an amount such as 12,500.00.")


@pytest.mark.parametrize("text", ["１２", "٣", "१२"])
def test_other_digits_are_named_not_converted(text):
    code, message = refusal(text)
    assert code == "amount_format"
    assert message.startswith("Use the digits 0 to 9.")


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("0.001", "EUR", "EUR has 2 decimals."),
        ("1.000", "EUR", "EUR has 2 decimals."),
        ("10.5", "JPY", "JPY has no decimals."),
        ("1.0001", "KWD", "KWD has 3 decimals."),
    ],
)
def test_too_many_decimals_are_refused_never_rounded(text, currency, message):
    assert refusal(text, currency) == ("amount_decimals", message)


@pytest.mark.parametrize("text", ["99999999999999999999", "10000000000000", "9" * 5000])
def test_an_amount_beyond_the_limit_is_refused_with_the_limit(text):
    assert refusal(text) == ("amount_too_large", "The largest amount is 9,999,999,999,999.99 EUR.")


def test_thousands_of_leading_zeros_are_still_a_number():
    assert parse_amount("0" * 5000 + "7", "EUR", "en_GB") == Money(700, "EUR")


@pytest.mark.parametrize("text", ["-0", "-0.00"])
def test_zero_has_no_minus_sign(text):
    with pytest.raises(Refused, match="no minus sign"):
        parse_plain(text, "EUR")


@pytest.mark.parametrize("text", ["1,000.00", "1e5", "1_000", " 5", "5\n", "٣", "NaN", "--5"])
def test_a_file_names_amounts_in_one_way_only(text):
    with pytest.raises(Refused, match=r"such as 12500\.00"):
        parse_plain(text, "EUR")


@given(minors, currencies, st.sampled_from(LOCALES))
def test_what_is_printed_reads_back_the_same(minor, currency, locale):
    money = Money(minor, currency)
    assert parse_amount(format_amount(money, locale), currency, locale, signed=True) == money
    assert parse_plain(plain(money), currency) == money


def test_people_see_the_currency_and_all_its_decimals():
    assert format_money(Money(123_450, "EUR"), "de_DE") == "1.234,50\u00a0€"
    assert format_money(Money(123_450, "KWD"), "en_GB") == "KWD\u00a0123.450"
    assert format_money(Money(123_450, "JPY"), "en_GB") == "JP¥123,450"


@pytest.mark.parametrize(
    ("cents", "percent", "earned"),
    [(11_000, "0.35", 39), (5_000, "1.13", 57), (7_000, "1.15", 81)],
)
def test_half_a_cent_rounds_up(cents, percent, earned):
    assert round_half_up(cents * Decimal(percent) / 100) == earned


@given(st.fractions())
def test_rounding_a_reversal_is_the_exact_negation(value: Fraction):
    assert round_half_up(-value) == -round_half_up(value)
    assert abs(round_half_up(value) - value) <= Fraction(1, 2)


def test_an_equal_split_gives_the_odd_cent_to_the_first_printed():
    assert split(10_000, [1, 1, 1]) == [3334, 3333, 3333]


def test_percentages_with_decimals_are_exactly_a_hundred():
    weights = [Decimal("14.29")] * 6 + [Decimal("14.26")]
    assert sum(weights) == 100
    assert split(10_000, weights) == [1429] * 6 + [1426]


weights = st.lists(st.fractions(0, 1000), min_size=1, max_size=12).filter(any)


@given(minors, weights)
def test_parts_add_up_and_each_is_within_one_unit_of_exact(minor, shares):
    parts = split(minor, shares)
    assert sum(parts) == minor
    total = sum(shares)
    assert all(
        abs(part - minor * share / total) < 1 for part, share in zip(parts, shares, strict=True)
    )
    assert split(-minor, shares) == [-part for part in parts]


@given(minors, st.lists(st.integers(0, 50), min_size=2, max_size=8).filter(any), st.randoms())
def test_permuting_parties_permutes_parts(minor, shares, random):
    total = sum(shares)
    if len({Fraction(abs(minor) * s, total) % 1 for s in shares}) < len(shares):
        return  # with a tie the printed order decides, and the order is what changes
    order = list(range(len(shares)))
    random.shuffle(order)
    parts = split(minor, shares)
    assert split(minor, [shares[i] for i in order]) == [parts[i] for i in order]


@pytest.mark.parametrize("shares", [[], [0], [1, -1]])
def test_weights_without_a_share_are_a_mistake(shares):
    with pytest.raises(ValueError, match="weights"):
        split(100, shares)
