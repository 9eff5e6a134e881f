"""Business time counts open hours only, in any zone, over holidays and changes of the clocks."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.business import (
    Calendar,
    Shift,
    add_business_days,
    add_business_hours,
    business_hours_between,
    office_hours,
)
from portal.kernel.errors import Refused

ZURICH = Calendar("Europe/Zurich", country="CH", subdivision="ZH")
NEW_YORK = Calendar("America/New_York", country="US", subdivision="NY")
TOKYO = Calendar("Asia/Tokyo", country="JP")
DUBAI = Calendar("Asia/Dubai", (*office_hours(8, 18, range(4)), Shift(4, 480, 720)))
ALWAYS = Calendar("Europe/Zurich", office_hours(0, 24, range(7)))
LUNCH = Calendar(
    "Europe/Zurich",
    tuple(Shift(d, a * 60, b * 60) for d in range(5) for a, b in [(8, 12), (13, 17)]),
    closed=frozenset({date(2026, 6, 5)}),
)
CALENDARS = st.sampled_from([ZURICH, NEW_YORK, TOKYO, DUBAI, ALWAYS, LUNCH])
INSTANTS = st.integers(1_577_836_800, 1_956_528_000).map(lambda s: datetime.fromtimestamp(s, UTC))
HOURS = st.integers(1, 60 * 200).map(lambda minutes: timedelta(minutes=minutes))


def at(calendar: Calendar, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "start", "hours", "due"),
    [
        (ZURICH, "2026-12-24T15:00", 16, "2026-12-29T15:00"),
        (ZURICH, "2026-06-05T16:00", 2, "2026-06-08T10:00"),  # over a weekend
        (ZURICH, "2026-06-05T16:00", 1, "2026-06-05T17:00"),  # closing time is in time
        (ZURICH, "2026-06-06T12:00", 1, "2026-06-08T10:00"),  # from a Saturday
        (ZURICH, "2026-03-27T16:00", 2, "2026-03-30T10:00"),  # over the change to summer time
        (NEW_YORK, "2026-11-25T16:00", 2, "2026-11-27T10:00"),  # Thanksgiving
        (TOKYO, "2026-05-01T16:00", 2, "2026-05-07T10:00"),  # Golden Week, with a substitute day
        (DUBAI, "2026-06-05T11:00", 2, "2026-06-08T09:00"),  # a short Friday
        (ALWAYS, "2026-03-28T12:00", 24, "2026-03-29T13:00"),  # the day has 23 hours
        (ALWAYS, "2026-10-24T12:00", 24, "2026-10-25T11:00"),  # the day has 25 hours
        (LUNCH, "2026-06-04T11:30", 1, "2026-06-04T13:30"),
        (LUNCH, "2026-06-04T16:30", 1, "2026-06-08T08:30"),  # a day the vendor closed itself
    ],
)
def test_open_hours_are_added(calendar: Calendar, start: str, hours: int, due: str) -> None:
    reached = add_business_hours(calendar, at(calendar, start), timedelta(hours=hours))
    assert reached == at(calendar, due)


@pytest.mark.parametrize(
    ("calendar", "start", "days", "due"),
    [
        (ZURICH, "2026-12-24T15:00", 2, "2026-12-29T15:00"),
        (ZURICH, "2026-12-25T15:00", 1, "2026-12-29T09:00"),  # a holiday counts from the opening
        (ZURICH, "2026-06-04T20:00", 1, "2026-06-08T09:00"),  # after hours, too
        (NEW_YORK, "2026-03-06T15:00", 1, "2026-03-09T15:00"),  # over the change to summer time
        (NEW_YORK, "2026-07-02T15:00", 1, "2026-07-06T15:00"),  # 4 July observed on the Friday
        (TOKYO, "2026-12-31T10:00", 1, "2027-01-04T10:00"),  # New Year's Day is a Friday
        (DUBAI, "2026-06-04T15:00", 1, "2026-06-05T12:00"),  # no later than closing time
        (ZURICH, "2028-02-28T10:00", 2, "2028-03-01T10:00"),  # over a leap day
    ],
)
def test_open_days_are_added(calendar: Calendar, start: str, days: int, due: str) -> None:
    assert add_business_days(calendar, at(calendar, start), days) == at(calendar, due)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, INSTANTS, HOURS)
def test_what_was_added_lies_between(calendar: Calendar, start: datetime, hours: timedelta) -> None:
    assert (
        business_hours_between(calendar, start, add_business_hours(calendar, start, hours)) == hours
    )


@settings(max_examples=60, deadline=None)
@given(CALENDARS, INSTANTS, HOURS, HOURS)
def test_adding_twice_is_adding_the_sum(
    calendar: Calendar, start: datetime, one: timedelta, other: timedelta
) -> None:
    in_steps = add_business_hours(calendar, add_business_hours(calendar, start, one), other)
    assert in_steps == add_business_hours(calendar, start, one + other)


@settings(max_examples=60, deadline=None)
@given(CALENDARS, INSTANTS, st.integers(1, 30))
def test_a_deadline_in_days_falls_into_opening_hours(
    calendar: Calendar, start: datetime, days: int
) -> None:
    due = add_business_days(calendar, start, days)
    day = due.astimezone(calendar.tzinfo).date()
    periods = calendar.open_periods(day)
    assert periods[0].starts_at <= due <= periods[-1].ends_at
    assert due > start


@given(CALENDARS, INSTANTS)
def test_nothing_added_changes_nothing(calendar: Calendar, start: datetime) -> None:
    assert add_business_hours(calendar, start, timedelta()) == start
    assert add_business_days(calendar, start, 0) == start
    assert business_hours_between(calendar, start, start - timedelta(days=1)) == timedelta()


def test_a_shift_that_the_change_of_clocks_swallows_is_left_out() -> None:
    night = Calendar("Europe/Zurich", (Shift(6, 120, 150), Shift(6, 150, 180), Shift(6, 180, 240)))
    hours = business_hours_between(
        night, at(night, "2026-03-29T00:00"), at(night, "2026-03-30T00:00")
    )
    assert hours <= timedelta(hours=1, minutes=30)
    periods = night.open_periods(date(2026, 3, 29))
    assert all(p.starts_at < p.ends_at for p in periods)
    assert all(a.ends_at <= b.starts_at for a, b in itertools.pairwise(periods))


def test_midnight_can_be_closing_time() -> None:
    late = Calendar("Europe/Zurich", (Shift(0, 22 * 60, 24 * 60), Shift(1, 0, 60)))
    due = add_business_hours(late, at(late, "2026-06-01T23:00"), timedelta(hours=2))
    assert due == at(late, "2026-06-02T01:00")


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("zone", lambda: Calendar("Mars/Olympus")),
        ("zone", lambda: Calendar("../etc/passwd")),
        ("country", lambda: Calendar(country="XX")),
        ("subdivision", lambda: Calendar(country="CH", subdivision="NY")),
        ("shifts", lambda: Calendar(shifts=())),
        ("shifts", lambda: Calendar(shifts=(Shift(0, 60, 180), Shift(0, 120, 240)))),
        ("closes", lambda: Shift(0, 600, 600)),
        ("weekday", lambda: Shift(7, 0, 60)),
    ],
)
def test_a_calendar_that_cannot_be_names_the_field(field: str, make) -> None:
    with pytest.raises(Refused) as refused:
        make()
    assert refused.value.field == field


def test_a_calendar_that_never_opens_again_says_so() -> None:
    one_day = Calendar(
        shifts=(Shift(0, 60, 120),),
        closed=frozenset(date(2026, 1, 5) + timedelta(weeks=week) for week in range(700)),
    )
    with pytest.raises(Refused) as refused:
        add_business_hours(one_day, at(one_day, "2026-01-01T00:00"), timedelta(hours=1))
    assert refused.value.code == "never_open"
