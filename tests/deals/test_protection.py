"""Protection in calendar days: zones, changes of the clocks, leap days, extensions, countdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.deals.rules.protection import (
    Countdown,
    ExtensionRequest,
    Moments,
    countdown,
    extended,
    granted,
    may_extend,
    reminder_days,
    with_late_time,
)
from portal.kernel.business import Calendar, office_hours
from portal.kernel.clock import Length, Period, Unit, end_of_day, local_day
from portal.programme.rules.deal_rules import (
    ExtensionRule,
    LateRule,
    ProtectionRule,
    ProtectionStart,
    WhenLate,
)
from tests.deals.values import RULES, ZURICH, at

ZONES = ["Europe/Zurich", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Cairo"]
INSTANTS = st.integers(1_700_000_000, 2_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))
LENGTHS = st.builds(Length, st.integers(1, 400), st.just(Unit.DAYS)) | st.builds(
    Length, st.integers(1, 24), st.just(Unit.MONTHS)
)


def all_at(instant: datetime) -> Moments:
    return Moments(instant, instant, instant)


@pytest.mark.parametrize(
    ("zone", "approved", "length", "ends"),
    [
        ("Europe/Zurich", "2026-03-28T23:30", Length(1), "2026-03-30"),  # a day of 23 hours
        ("Europe/Zurich", "2026-10-24T23:30", Length(1), "2026-10-26"),  # a day of 25 hours
        ("America/New_York", "2026-03-07T12:00", Length(90), "2026-06-06"),
        ("Asia/Tokyo", "2026-12-31T23:59", Length(1, Unit.MONTHS), "2027-02-01"),
        ("Europe/Zurich", "2028-01-31T10:00", Length(1, Unit.MONTHS), "2028-03-01"),  # leap day
        ("Europe/Zurich", "2027-11-30T10:00", Length(3, Unit.MONTHS), "2028-03-01"),
        ("Europe/Zurich", "2028-02-29T10:00", Length(12, Unit.MONTHS), "2029-03-01"),
        ("Europe/Zurich", "2028-02-28T10:00", Length(1), "2028-03-01"),
    ],
)
def test_the_last_day_is_protected_to_its_end(
    zone: str, approved: str, length: Length, ends: str
) -> None:
    rules = replace(RULES, calendar=Calendar(zone), protection=ProtectionRule(length))
    assert granted(rules, all_at(at(approved, zone))).ends_at == at(ends, zone)


def test_the_start_is_the_moment_the_programme_names() -> None:
    moments = Moments(
        registered_at=at("2026-06-01"),
        submitted_at=at("2026-06-02"),
        approved_at=at("2026-06-05"),
        accepted_at=at("2026-06-08"),
    )
    starts = {
        start: granted(replace(RULES, protection=ProtectionRule(starts_with=start)), moments)
        for start in ProtectionStart
    }
    assert {start: local_day(p.starts_at, ZURICH.tzinfo).day for start, p in starts.items()} == {
        ProtectionStart.REGISTRATION: 1,
        ProtectionStart.SUBMISSION: 2,
        ProtectionStart.APPROVAL: 5,
        ProtectionStart.ACCEPTANCE: 8,
        ProtectionStart.ASSIGNMENT: 5,  # not assigned: the approval counts
    }


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(ZONES), INSTANTS, LENGTHS)
def test_protection_ends_at_a_local_midnight_after_the_whole_length(
    zone: str, start: datetime, length: Length
) -> None:
    rules = replace(RULES, calendar=Calendar(zone), protection=ProtectionRule(length))
    period = granted(rules, all_at(start))
    tzinfo = rules.calendar.tzinfo
    last_day = length.after(local_day(start, tzinfo))
    assert period.ends_at == end_of_day(last_day, tzinfo)
    assert start in period
    assert countdown(period.ends_at, start, tzinfo).last_day == last_day


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(ZONES), INSTANTS, st.integers(1, 60))
def test_an_extension_adds_whole_days_to_the_old_end(zone: str, start: datetime, days: int) -> None:
    rules = replace(RULES, calendar=Calendar(zone), extensions=ExtensionRule(length=Length(days)))
    end = granted(rules, all_at(start)).ends_at
    tzinfo = rules.calendar.tzinfo
    before, after = (countdown(e, start, tzinfo).last_day for e in (end, extended(rules, end)))
    assert (after - before).days == days


def test_late_time_counts_only_where_the_programme_adds_it() -> None:
    late = timedelta(hours=20)
    lenient = replace(RULES, late=LateRule(WhenLate.NOTHING))
    moments = all_at(at("2026-06-01T10:00"))
    assert granted(lenient, moments, late) == granted(lenient, moments)
    assert granted(RULES, moments, late).ends_at > granted(RULES, moments).ends_at
    assert with_late_time(RULES, at("2026-09-01"), timedelta()) == at("2026-09-01")


def test_late_time_that_fills_a_day_to_midnight_ends_with_that_day() -> None:
    always = replace(RULES, calendar=Calendar("Europe/Zurich", office_hours(0, 24, range(7))))
    assert with_late_time(always, at("2026-09-01"), timedelta(hours=24)) == at("2026-09-02")
    assert with_late_time(always, at("2026-09-01"), timedelta(hours=25)) == at("2026-09-03")


@pytest.mark.parametrize(
    ("rule", "changes", "code"),
    [
        (ExtensionRule(), {}, ""),
        (ExtensionRule(limit=0), {}, "extension_used"),
        (ExtensionRule(limit=2), {"taken": 1}, ""),
        (ExtensionRule(), {"is_pending": True}, "extension_pending"),
        (ExtensionRule(), {"reason": " "}, "extension_reason"),
        (ExtensionRule(needs_evidence=True), {}, "extension_evidence"),
        (ExtensionRule(needs_evidence=True), {"has_evidence": True}, ""),
        (ExtensionRule(window_days=14), {}, "extension_early"),
        (ExtensionRule(window_days=31), {}, ""),
        (ExtensionRule(), {"asked_at": at("2026-09-01")}, "protection_ended"),
    ],
)
def test_an_extension_is_asked_in_time_and_in_form(
    rule: ExtensionRule, changes: dict[str, object], code: str
) -> None:
    request = ExtensionRequest(at("2026-09-01"), at("2026-07-31T10:00"), reason="Budget in autumn")
    ruling = may_extend(replace(RULES, extensions=rule), replace(request, **changes))
    assert ruling.code == code
    assert ruling.is_allowed == (not code)


def test_the_countdown_is_in_days_of_the_programmes_zone() -> None:
    ends_at = at("2026-09-01")
    last_day = date(2026, 8, 31)
    zone = ZURICH.tzinfo
    assert countdown(ends_at, at("2026-08-01T23:59"), zone) == Countdown(30, last_day)
    assert countdown(ends_at, at("2026-08-31T00:00"), zone) == Countdown(0, last_day)
    assert countdown(ends_at, ends_at, zone) == Countdown(None, last_day)


def test_reminders_come_thirty_fourteen_and_three_days_before() -> None:
    zone = ZURICH.tzinfo
    assert reminder_days(Period(at("2026-06-01T10:00"), at("2026-09-01")), zone) == [
        date(2026, 8, 1),
        date(2026, 8, 17),
        date(2026, 8, 28),
    ]
    assert reminder_days(Period(at("2026-08-25"), at("2026-09-01")), zone) == [date(2026, 8, 28)]
