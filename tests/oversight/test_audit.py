"""The log as auditors see it, through HTTP."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import func, select, text

from portal.db.events import Entry
from tests.deals.registering import draft, register


@pytest.fixture
def ref(services, cast):
    return register(services, cast.anna, draft(cast))


def entries_of(browser, query=""):
    body = browser.get(f"/settings/audit.csv{query}").data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))


@pytest.mark.parametrize("name", ["anna", "alma", "mara", "fritz", "lena"])
def test_only_auditors_and_administrators_read_the_log(browser_of, cast, name):
    assert browser_of(getattr(cast, name)).get("/settings/audit").status_code == 403


def test_an_auditor_reads_what_happened_in_words(browser_of, cast, ref):
    page = browser_of(cast.ivo).get("/settings/audit").text
    assert "Registered the deal" in page
    assert "Anna" in page
    assert ref in page


def test_a_deal_is_found_by_its_number(browser_of, cast, ref):
    rows = entries_of(browser_of(cast.ada), f"?thing={ref}")
    assert rows
    assert {row["About"] for row in rows} == {"deal"}


def test_filters_by_person_kind_and_day_narrow_the_file(browser_of, cast, ref):
    browser = browser_of(cast.ivo)
    assert {row["Person"] for row in entries_of(browser, "?person=anna@alder")} == {"Anna"}
    assert len(entries_of(browser, "?kind=deal.submitted")) == 1
    assert len(entries_of(browser, "?kind=deal.submitted&from=2026-03-02&to=2026-03-02")) == 1
    assert entries_of(browser, "?kind=deal.submitted&from=2026-03-03") == []
    assert entries_of(browser, "?subject=deal&thing=99999999999") == []


def test_the_file_holds_every_entry(browser_of, cast, ref, peek):
    browser = browser_of(cast.ivo)
    rows = entries_of(browser)
    assert [int(row["Entry"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) == peek(select(func.count(Entry.id)))


def test_a_day_that_is_none_is_said(browser_of, cast):
    assert browser_of(cast.ivo).get("/settings/audit?from=yesterday").status_code in {400, 422}


def test_the_check_says_that_the_log_holds(browser_of, cast, ref):
    assert "The log holds." in browser_of(cast.ivo).get("/settings/audit/check").text


def test_the_check_finds_an_entry_that_was_changed(browser_of, cast, ref, system):
    browser = browser_of(cast.ivo)
    if system.get_bind().dialect.name == "sqlite":
        names = system.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'")
        ).all()
        for name in names:
            system.execute(text(f"DROP TRIGGER {name}"))
    else:
        system.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
    system.execute(text("UPDATE events SET kind = 'deal.won' WHERE id = 1"))
    system.commit()
    assert "entry 1 was changed" in browser.get("/settings/audit/check").text
