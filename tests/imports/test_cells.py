"""Days, amounts and countries as files write them, and which column is which."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.imports.rules import Choices, Column, Kind, Sheet, read, records
from portal.imports.rules.amounts import Notation, notation_of, read_amount
from portal.imports.rules.columns import fingerprint, propose
from portal.imports.rules.countries import country_code
from portal.imports.rules.days import DayOrder, order_of, read_day
from portal.imports.rules.records import open_questions, suggestions
from portal.kernel.errors import Refused

SHEET = Sheet(
    "deals",
    "Deals",
    (
        Column("customer", "End customer", is_required=True, synonyms=("account",)),
        Column("email", "E-mail", Kind.EMAIL, is_required=True),
        Column("won_on", "Won on", Kind.DAY, synonyms=("close date",)),
        Column("value", "Value", Kind.AMOUNT),
        Column("sector", "Sector", vocabulary=("technology", "retail")),
    ),
)
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


def table(text: str):
    return read("t.csv", text.encode())


@given(DAYS, st.sampled_from("-/."))
def test_a_day_is_read_in_the_order_it_was_written(day, sign):
    first = f"{day.day:02}{sign}{day.month:02}{sign}{day.year}"
    assert read_day(first, DayOrder.DAY_FIRST) == day
    month = f"{day.month}{sign}{day.day}{sign}{day.year}"
    assert read_day(month, DayOrder.MONTH_FIRST) == day
    assert {read_day(day.isoformat(), order) for order in DayOrder} == {day}


@given(st.lists(DAYS, min_size=1))
def test_the_order_of_a_column_is_never_guessed_wrong(days):
    """It is told, or it is asked for; every day over the twelfth tells it."""
    found = order_of([f"{d.day:02}-{d.month:02}-{d.year}" for d in days])
    if any(d.day > 12 for d in days):
        assert found is DayOrder.DAY_FIRST
    elif any(d.day != d.month for d in days):
        assert found is None


def test_one_mistyped_day_does_not_turn_a_column_around():
    assert order_of(["25-10-2016", "31-12-2016", "01-31-2016"]) is DayOrder.DAY_FIRST


@pytest.mark.parametrize("text", ["30-02-2026", "0001-01-01", "9999-12-31", "26-1-1", "soon"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Refused):
        read_day(text, DayOrder.DAY_FIRST)


@pytest.mark.parametrize("text", ["20 Oct 2016", "Oct 20, 2016", "2016-10-20 00:00:00"])
def test_named_months_and_midnights_are_days(text):
    assert read_day(text, DayOrder.DAY_FIRST) == dt.date(2016, 10, 20)


@pytest.mark.parametrize(
    ("texts", "notation", "minor"),
    [
        (["1,234.50", "12"], Notation.POINT, 123_450),
        (["1.234,50", "12"], Notation.COMMA, 123_450),
        (["1'234.50"], Notation.APOSTROPHE, 123_450),
        (["$ 1,234.50"], Notation.POINT, 123_450),
        (["1.000"], Notation.COMMA, 100_000),
        (["1234.5 EUR"], Notation.POINT, 123_450),
    ],
)
def test_the_column_shows_how_amounts_are_written(texts, notation, minor):
    found = notation_of(texts, "EUR")
    assert found is notation
    assert read_amount(texts[0], "EUR", found).minor == minor


def test_amounts_that_can_be_read_two_ways_are_asked_about():
    assert notation_of(["1.000", "2.500"], "KWD") is None


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e5", "1_000", "-", "９９"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(Refused):
        read_amount(text, "EUR", Notation.POINT)


def test_countries_are_known_by_name_code_and_misspelling():
    said = ["Switzerland", "CH", "ch", "Philipines", "Korea", "United States", "USA"]
    assert [country_code(text) for text in said] == ["CH", "CH", "CH", "PH", "KR", "US", "US"]
    with pytest.raises(Refused, match="no country"):
        country_code("Nowhere")


def test_columns_are_proposed_by_name_then_by_likeness_then_by_values():
    found = propose(SHEET, table("Close Date,Acount,Who,VALUE\n1-2-2026,Acme,a@b.example,5\n"))
    assert found == {"won_on": 0, "customer": 1, "email": 2, "value": 3}


def test_a_header_is_known_again_however_it_is_written():
    assert fingerprint(("End-Customer", "E-Mail")) == fingerprint(("end customer", "e mail"))


def test_a_question_is_asked_only_where_the_column_does_not_tell():
    unclear = table("customer,email,won_on\nA,a@b.example,03-04-2026\n")
    assert open_questions(SHEET, unclear, propose(SHEET, unclear), "EUR") == {"day_order": "Won on"}


def test_every_problem_of_a_row_is_named_with_its_column():
    text = "customer,email,won_on,value\n,x,30-02-2026,1e5\nA,b,1-2-2026,1,9\n\x00,b,,\n"
    lines = table(text)
    found = list(records(SHEET, lines, propose(SHEET, lines), Choices()))
    assert [problem.column for problem in found[0].problems] == ["Won on", "Value", "End customer"]
    assert "5 cells" in found[1].problems[0].message
    assert "cannot be stored" in found[2].problems[0].message


def test_a_misspelling_is_kept_and_the_usual_word_proposed():
    lines = table("customer,email,sector\nA,a@b.example,technolgy\nB,b@b.example,Retail\n")
    places = propose(SHEET, lines)
    (found,) = suggestions(SHEET, lines, places)
    assert (found.given, found.proposed, found.count) == ("technolgy", "technology", 1)
    kept, _ = records(SHEET, lines, places, Choices())
    assert kept.text("sector") == "technolgy"
    taken, _ = records(SHEET, lines, places, Choices(corrections={found.code: found.proposed}))
    assert taken.text("sector") == "technology"


def test_a_formula_in_a_text_cell_is_text():
    lines = table('customer,email\n"=HYPERLINK(""x"")",a@b.example\n')
    (found,) = records(SHEET, lines, propose(SHEET, lines), Choices())
    assert found.text("customer") == '=HYPERLINK("x")'
