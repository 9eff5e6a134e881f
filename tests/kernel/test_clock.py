"""Days, months, quarters and local midnights, over leap days and changes of the clocks."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.clock import (
    Length,
    Period,
    Quarter,
    Unit,
    add_months,
    end_of_day,
    local_day,
    start_of_day,
    strictly_after,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
ZONES = st.sampled_from(
    ["UTC", "Europe/Zurich", "America/New_York", "Asia/Tokyo", "Africa/Cairo", "Asia/Beirut",
     "America/Sao_Paulo", "America/Havana", "America/St_Johns", "Australia/Lord_Howe"]
).map(ZoneInfo)  # fmt: skip


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -13, date(2024, 12, 15)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_one(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@given(DAYS, st.integers(0, 120))
def test_months_later_lie_in_the_month_counted(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(DAYS, ZONES)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: ZoneInfo) -> None:
    assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)
    assert local_day(end_of_day(day, zone) - timedelta(seconds=1), zone) <= day
    assert start_of_day(day, zone) < end_of_day(day, zone)
    assert local_day(start_of_day(day, zone), zone) == day


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2026, 3, 29), "Europe/Zurich", datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), "Europe/Zurich", datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 3, 7), "America/New_York", datetime(2026, 3, 8, 5, tzinfo=UTC)),
        (date(2026, 3, 8), "America/New_York", datetime(2026, 3, 9, 4, tzinfo=UTC)),
        (date(2026, 2, 28), "Asia/Tokyo", datetime(2026, 2, 28, 15, tzinfo=UTC)),
        # midnight of 27 March 2022 did not exist in Beirut: the clock went from 24:00 to 01:00
        (date(2022, 3, 26), "Asia/Beirut", datetime(2022, 3, 26, 22, tzinfo=UTC)),
        # midnight of 1 November 2026 comes twice in Havana: the day starts at the first
        (date(2026, 10, 31), "America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_the_next_local_midnight(day: date, zone: str, expected: datetime) -> None:
    assert end_of_day(day, ZoneInfo(zone)) == expected


def test_a_length_is_written_as_people_say_it() -> None:
    assert str(Length(90)) == "90 days"
    assert str(Length(1)) == "1 day"
    assert str(Length(6, Unit.MONTHS)) == "6 months"
    assert Length(3, Unit.MONTHS).before(date(2026, 5, 31)) == date(2026, 2, 28)


def test_a_period_holds_its_start_and_not_its_end() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    period = Period(noon, noon + hour)
    assert noon in period
    assert noon + hour not in period
    assert period.overlaps(Period(noon - hour, noon + hour / 2))
    assert not period.overlaps(Period(noon + hour, noon + 2 * hour))
    assert not period.overlaps(Period(noon, noon))


def test_quarters_follow_each_other_over_the_year() -> None:
    last = Quarter.of(date(2027, 12, 31))
    assert (str(last), last.first_day, last.last_day) == (
        "Q4 2027", date(2027, 10, 1), date(2027, 12, 31),
    )  # fmt: skip
    assert last.next == Quarter(2028, 1)
    assert last.next.last_day == date(2028, 3, 31)
    assert Quarter.of(date(2028, 3, 31)) == Quarter(2028, 1)


@given(
    st.lists(
        st.integers(0, 4_000_000_000).map(lambda s: datetime.fromtimestamp(s, UTC)), min_size=1
    )
)
def test_instants_are_strictly_increasing_whatever_the_clock_does(clock: list[datetime]) -> None:
    taken: list[datetime] = []
    for now in clock:
        taken.append(strictly_after(now, taken[-1] if taken else None))
        assert taken[-1] >= now
    assert all(one < other for one, other in itertools.pairwise(taken))
