"""The report on the process: its figures against a second, naive count of the raw rows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.deals.models import Deal
from portal.deals.rules.lifecycle import DealState
from portal.kernel import refs
from portal.oversight.rules import process
from portal.oversight.rules.process import Choice, Span, Stage
from portal.partners.models import Partner
from tests.clock import NOON

UNAPPROVED = {"submitted", "information_requested", "rejected", "appealed", "withdrawn"}
WAITING = {"submitted", "information_requested", "appealed"}


def strew(db, cast, *, count, seed):
    """Registrations of every state over a year, straight into the table."""
    chance = random.Random(seed)
    states = [state for state in DealState if state is not DealState.DRAFT]
    owners = {"alder": "anna", "birch": "bert", "cedar": "carl", "nordwind": "nils"}
    for number in range(count):
        company = chance.choice(sorted(owners))
        state = chance.choice(states)
        sent_at = NOON - dt.timedelta(minutes=chance.randrange(365 * 24 * 60))
        decided_at = sent_at + dt.timedelta(minutes=chance.randrange(1, 20_000))
        closed_at = decided_at + dt.timedelta(minutes=chance.randrange(1, 90_000))
        owner = cast.people[owners[company]].user_id
        is_decided = state.value not in WAITING | {"withdrawn"}
        db.add(
            Deal(
                created_at=sent_at,
                updated_at=sent_at,
                ref=refs.make("DR", 900_000 + number * 7),
                partner_id=cast.partners[company],
                owner_id=owner,
                registered_by_id=owner,
                line_id=cast.lines[chance.choice(sorted(cast.lines))],
                customer_name=f"Customer {number}",
                customer_key=f"customer {number}",
                state=state,
                submitted_at=sent_at,
                decided_at=decided_at if is_decided else None,
                closed_at=closed_at if state.value not in UNAPPROVED | {"approved"} else None,
                reason="too_small" if state is DealState.REJECTED else "",
                lost_reason="price" if state is DealState.LOST else "",
                won_on=closed_at.date() if state is DealState.WON else None,
                asked_at=sent_at if state is DealState.INFORMATION_REQUESTED else None,
                is_history=chance.random() < 0.1,
            )
        )
    db.commit()


def raw(db, since, until):
    """Rows as they stand, without the house's models, filters or joins."""
    table = Deal.__table__
    return [
        row
        for row in db.connection().execute(select(table))
        if since <= row.submitted_at < until and not row.is_history
    ]


def naive(rows):
    """Figures by name, counted one by one."""
    count = {stage.value: 0 for stage in Stage}
    waits = []
    for row in rows:
        state = row.state.value
        count["registered"] += 1
        count["waiting"] += state in WAITING
        if state not in WAITING and state != "withdrawn":
            count["decided"] += 1
            waits.append((row.decided_at - row.submitted_at).total_seconds())
        count["approved"] += state not in UNAPPROVED
        count["protected"] += state == "approved"
        count["given_up"] += state in {"released", "transferred"}
        for name in ("won", "lost", "expired", "rejected", "withdrawn"):
            count[name] += state == name
    waits.sort()
    median = next((w for n, w in enumerate(waits, 1) if n * 2 >= len(waits)), None)
    most = next((w for n, w in enumerate(waits, 1) if n * 10 >= len(waits) * 9), None)
    return count, median, most


def exported(browser, query):
    body = browser.get(f"/reports/process.csv?{query}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


def matches(row, rows):
    count, median, most = naive(rows)
    found = {stage.value: int(row[process.STAGE_LABELS[stage]]) for stage in Stage}
    hours = [row["Decided: median hours"], row["Decided: nine in ten within hours"]]
    expected = ["" if value is None else str(round(value / 3600)) for value in (median, most)]
    return found == count and hours == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_that_of_a_naive_count(browser_of, cast, system, seed):
    strew(system, cast, count=120, seed=seed)
    browser = browser_of(cast.ivo)
    start, end = NOON - dt.timedelta(days=150), NOON - dt.timedelta(days=20)
    zone = dt.timedelta(hours=1)
    since = dt.datetime.combine(start.date(), dt.time(), dt.UTC)
    until = dt.datetime.combine(end.date() + dt.timedelta(days=1), dt.time(), dt.UTC)
    days = f"period=days&from={start.date()}&to={end.date()}"
    rows = raw(system, since - offset(start, zone), until - offset(end, zone))
    partners = {row.id: row for row in system.execute(select(Partner.__table__))}
    assert matches(exported(browser, days)[-1], rows)
    lines = exported(browser, f"{days}&by=type")[:-1]
    assert sum(int(line["Registered"]) for line in lines) == len(rows)
    for line in lines:
        kind = line["Group"]
        assert matches(line, [r for r in rows if partners[r.partner_id].kind.label == kind])
    cedar = [row for row in rows if row.partner_id == cast.partners["cedar"]]
    ref = partners[cast.partners["cedar"]].ref
    assert matches(exported(browser, f"{days}&partner={ref}")[-1], cedar)
    vault = [row for row in rows if row.line_id == cast.lines["vault"]]
    assert matches(exported(browser, f"{days}&line=vault")[-1], vault)


def offset(day, winter):
    """Zurich's distance from UTC on that day; clocks went back on 26 October 2025."""
    return winter if day > dt.datetime(2025, 10, 26, tzinfo=dt.UTC) else winter * 2


def test_each_figure_opens_to_as_many_registrations(browser_of, cast, system):
    strew(system, cast, count=60, seed=3)
    browser = browser_of(cast.ada)
    row = exported(browser, "period=year")[-1]
    for stage in Stage:
        page = browser.get(f"/reports/process/deals?period=year&stage={stage}&size=100").text
        assert len(set(re.findall(r'data-ref="(DR-[^"]+)"', page))) == int(
            row[process.STAGE_LABELS[stage]]
        )


def test_a_channel_manager_counts_only_partners_looked_after(browser_of, cast, system):
    strew(system, cast, count=60, seed=4)
    names = {row["Group"] for row in exported(browser_of(cast.mara), "period=year")}
    assert names == {"Alder Systems", "Cedar Networks", "All"}


def test_the_page_names_a_finding_for_every_chart(browser_of, cast, system):
    strew(system, cast, count=60, seed=5)
    page = browser_of(cast.fritz).get("/reports/process?period=year").text
    assert "Most fall out" in page
    assert "Half are decided within" in page
    assert page.count("Show as table") == 3


def test_a_quiet_time_says_so(browser_of, cast):
    assert "Nothing was registered" in browser_of(cast.mara).get("/reports/process").text


@pytest.mark.parametrize("name", ["anna", "alma", "nora", "lena"])
def test_partners_and_marketing_read_no_reports(browser_of, cast, name):
    assert browser_of(getattr(cast, name)).get("/reports/process").status_code == 403


def test_a_span_that_ends_before_it_starts_is_refused(browser_of, cast):
    address = "/reports/process?period=days&from=2026-03-02&to=2026-02-02"
    assert browser_of(cast.ivo).get(address).status_code in {400, 422}


@given(st.lists(st.timedeltas(dt.timedelta(0), dt.timedelta(days=99)), min_size=1))
def test_half_take_no_longer_than_the_median_and_nine_in_ten_no_longer_than_most(lengths):
    found = process.times(lengths)
    assert found.median in lengths
    assert sum(length <= found.median for length in lengths) * 2 >= len(lengths)
    assert sum(length < found.median for length in lengths) * 2 <= len(lengths)
    assert sum(length <= found.most for length in lengths) * 10 >= len(lengths) * 9


@given(st.dates(dt.date(2001, 1, 1), dt.date(2100, 1, 1)), st.sampled_from(list(Choice)))
def test_the_period_before_ends_where_the_period_starts(today, choice):
    days = Span(today - dt.timedelta(days=9), today)
    span = process.span_of(choice, today, days)
    before = process.span_before(choice, span)
    assert before.starts_on < before.ends_on == span.starts_on
