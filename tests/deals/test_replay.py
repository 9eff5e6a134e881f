"""The past replayed: outcomes, order of a day, and counts, against a plain recomputation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.deals.rules.history import opportunities
from portal.deals.rules.replay import Opportunity, Replayed, counted, replay
from portal.kernel.clock import Length
from portal.kernel.errors import Refused

START = date(2026, 1, 1)


def opportunity(ref: str, partner: str, day: int | None, closed: int | None = None) -> Opportunity:
    return Opportunity(
        id=ref,
        partner=partner,
        line="core",
        account="Acme",
        region="East",
        engaged_on=None if day is None else START + timedelta(days=day),
        closed_on=None if closed is None else START + timedelta(days=closed),
    )


def outcomes(rows: list[Opportunity], days: int = 90) -> dict[str, str]:
    return {j.opportunity.id: j.outcome.value for j in replay(rows, Length(days))}


def test_first_come_is_first_served_until_its_days_are_over() -> None:
    rows = [
        opportunity("a", "Alder", 0),
        opportunity("b", "Birch", 89),
        opportunity("c", "Alder", 89),
        opportunity("d", "Birch", 90),
    ]
    assert outcomes(rows) == {"a": "granted", "b": "conflict", "c": "own", "d": "granted"}


def test_a_closed_deal_frees_the_customer_on_its_close_date() -> None:
    rows = [opportunity("a", "Alder", 0, 10), opportunity("b", "Birch", 10)]
    assert outcomes(rows) == {"a": "granted", "b": "granted"}


def test_a_deal_closed_on_the_day_it_began_protects_nothing() -> None:
    rows = [opportunity("a", "Alder", 5, 5), opportunity("b", "Birch", 5)]
    assert outcomes(rows) == {"a": "granted", "b": "granted"}


def test_on_one_day_the_lower_id_is_first() -> None:
    rows = [opportunity("b", "Birch", 0), opportunity("a", "Alder", 0)]
    assert outcomes(rows) == {"a": "granted", "b": "conflict"}


def test_what_was_never_begun_is_a_draft_even_without_a_customer() -> None:
    rows = [
        opportunity("a", "Alder", None),
        Opportunity("b", "Birch", "core"),
        Opportunity("c", "Birch", "core", engaged_on=START),
    ]
    assert outcomes(rows) == {"a": "draft", "b": "draft", "c": "no_customer"}


def test_a_conflict_names_what_stood_in_the_way() -> None:
    rows = [opportunity("a", "Alder", 0), opportunity("b", "Birch", 1)]
    assert [j.against for j in replay(rows, Length(90))] == ["", "a"]


ROWS = st.lists(
    st.builds(
        Opportunity,
        id=st.uuids().map(str),
        partner=st.sampled_from(["Alder", "Birch", "Cedar"]),
        line=st.sampled_from(["core", "edge"]),
        account=st.sampled_from(["Acme", "Bolt", ""]),
        region=st.sampled_from(["East", "West"]),
        engaged_on=st.none() | st.integers(0, 60).map(lambda d: START + timedelta(days=d)),
        closed_on=st.none() | st.integers(0, 90).map(lambda d: START + timedelta(days=d)),
    ),
    max_size=40,
    unique_by=lambda row: row.id,
)


def recomputed(rows: list[Opportunity], days: int) -> dict[str, str]:
    """The definition once more, with plain dates and nothing shared."""
    found: dict[str, str] = {}
    live: list[tuple[Opportunity, date, date]] = []
    for row in sorted(rows, key=lambda r: (r.engaged_on or date.min, r.id)):
        day = row.engaged_on
        if day is None:
            found[row.id] = "draft"
            continue
        if not row.account:
            found[row.id] = "no_customer"
            continue
        holders = {
            held.partner
            for held, start, end in live
            if (held.account, held.line) == (row.account, row.line) and start <= day < end
        }
        if holders:
            found[row.id] = "own" if row.partner in holders else "conflict"
            continue
        found[row.id] = "granted"
        end = day + timedelta(days=days)
        live.append((row, day, min(end, row.closed_on) if row.closed_on else end))
    return found


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 40))
def test_the_replay_is_its_definition(rows: list[Opportunity], days: int) -> None:
    assert outcomes(rows, days) == recomputed(rows, days)


@settings(max_examples=30, deadline=None)
@given(ROWS)
def test_every_breakdown_adds_up_to_the_total(rows: list[Opportunity]) -> None:
    result = counted(replay(rows, Length(30)))
    assert sum(result.total.values()) == len(rows)
    for breakdown in (result.by_line, result.by_region, result.by_partner):
        for outcome in Replayed:
            assert sum(c[outcome] for c in breakdown.values()) == result.total[outcome]


PIPELINE = {
    "opportunity_id": "1C1I7A6R",
    "sales_agent": "Moses Frase",
    "product": "GTX Plus Basic",
    "account": "Cancity",
    "deal_stage": "Won",
    "engage_date": "20-10-2016",
    "close_date": "2017-03-01",
    "close_value": "1054",
}
TEAM = {"sales_agent": "Moses Frase", "manager": "Dustin", "regional_office": "Central"}


def test_a_row_of_an_export_is_an_opportunity() -> None:
    assert list(opportunities([PIPELINE], [TEAM])) == [
        Opportunity(
            id="1C1I7A6R",
            partner="Moses Frase",
            line="GTX Plus Basic",
            account="Cancity",
            region="Central",
            engaged_on=date(2016, 10, 20),
            closed_on=date(2017, 3, 1),
        )
    ]
    unknown = {**PIPELINE, "sales_agent": "New One", "engage_date": " ", "close_date": ""}
    (row,) = opportunities([unknown], [TEAM])
    assert (row.region, row.engaged_on, row.closed_on) == ("", None, None)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({**PIPELINE, "engage_date": "10/20/2016"}, "not_a_date"),
        ({**PIPELINE, "engage_date": "31-02-2016"}, "not_a_date"),
        ({k: v for k, v in PIPELINE.items() if k != "account"}, "column_missing"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(row: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        list(opportunities([row], [TEAM]))
    assert refused.value.code == code
