"""Business time: opening hours, public holidays, and arithmetic that counts only open hours.

Hours are real hours: a shift over a change of the clocks is as long as it is.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from portal.kernel.clock import Period, add_days, end_of_day, local_day
from portal.kernel.errors import Refused

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MIDNIGHT = 24 * 60
_LONGEST_SEARCH = 3700
"""Days without an open one after which a calendar counts as closed for good: ten years."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Open from `opens` to `closes` on `weekday` (0 is Monday), in minutes after local midnight."""

    weekday: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise Refused("A weekday is 0 (Monday) to 6 (Sunday).", field="weekday")
        if not 0 <= self.opens < self.closes <= MIDNIGHT:
            raise Refused("Open before you close, within one day.", field="closes")


def office_hours(opens: int, closes: int, weekdays: range = range(5)) -> tuple[Shift, ...]:
    """The same whole hours on each of `weekdays`; Monday to Friday unless said otherwise."""
    return tuple(Shift(day, opens * 60, closes * 60) for day in weekdays)


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the programme's office works.

    `country` and `subdivision` name the public holidays (ISO 3166: "CH", "ZH"); "" has none.
    `closed` are further days off.
    """

    zone: str = "UTC"
    shifts: tuple[Shift, ...] = office_hours(9, 17)
    country: str = ""
    subdivision: str = ""
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Refused(f"{self.zone!r} is not a known time zone.", field="zone") from error
        if not self.shifts:
            raise Refused("Name at least one opening time.", field="shifts")
        ordered = sorted(self.shifts, key=lambda shift: (shift.weekday, shift.opens))
        for one, other in itertools.pairwise(ordered):
            if one.weekday == other.weekday and other.opens < one.closes:
                day = DAY_NAMES[one.weekday]
                raise Refused(f"Two opening times of {day} overlap.", field="shifts")
        known = holidays.list_supported_countries()
        if self.country and self.country not in known:
            raise Refused(f"No holidays are known for {self.country!r}.", field="country")
        if self.subdivision and self.subdivision not in known.get(self.country, ()):
            raise Refused(
                f"{self.subdivision!r} is no part of {self.country!r} with own holidays.",
                field="subdivision",
            )

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_day_off(self, day: date) -> bool:
        return day in self.closed or day in _public_holidays(
            self.country, self.subdivision, day.year
        )

    def open_periods(self, day: date) -> list[Period]:
        """What is open on the local day, in order; empty on a day off.

        A shift that a change of the clocks swallows is left out.
        """
        if self.is_day_off(day):
            return []
        periods: list[Period] = []
        for shift in sorted(self.shifts, key=lambda shift: shift.opens):
            if shift.weekday != day.weekday():
                continue
            starts_at = self._instant(day, shift.opens)
            if periods:
                starts_at = max(starts_at, periods[-1].ends_at)
            ends_at = self._instant(day, shift.closes)
            if starts_at < ends_at:
                periods.append(Period(starts_at, ends_at))
        return periods

    def _instant(self, day: date, minute: int) -> datetime:
        if minute == MIDNIGHT:
            return end_of_day(day, self.tzinfo)
        wall = time(*divmod(minute, 60))
        return datetime.combine(day, wall, tzinfo=self.tzinfo).astimezone(UTC)


def add_business_hours(calendar: Calendar, start: datetime, hours: timedelta) -> datetime:
    """The instant at which `hours` of open time have passed since `start`.

    A deadline that falls on closing time is closing time.  No hours at all is `start` itself.
    """
    if hours <= timedelta():
        return start
    periods = _open_from(calendar, start)
    left, period = hours, next(periods)
    while left > period.length:
        left, period = left - period.length, next(periods)
    return period.starts_at + left


def add_business_days(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The same time of day, `days` open days later.

    A start outside opening hours counts from the next opening; a day that closes earlier ends the
    deadline at its last closing time.
    """
    if days <= 0:
        return start
    opening = next(_open_from(calendar, start)).starts_at
    wall = opening.astimezone(calendar.tzinfo).time()
    day = local_day(opening, calendar.tzinfo)
    for _ in range(days):
        day = _next_open_day(calendar, day)
    periods = calendar.open_periods(day)
    same_time = datetime.combine(day, wall, tzinfo=calendar.tzinfo).astimezone(UTC)
    return min(max(same_time, periods[0].starts_at), periods[-1].ends_at)


def business_hours_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Open time in [start, end); nothing if the end comes first."""
    if end <= start:
        return timedelta()
    touched = takewhile(lambda period: period.starts_at < end, _open_from(calendar, start))
    return sum((min(p.ends_at, end) - p.starts_at for p in touched), timedelta())


def _open_from(calendar: Calendar, start: datetime) -> Iterator[Period]:
    """Open periods that end after `start`, without end; the first is cut to begin no earlier."""
    day = local_day(start, calendar.tzinfo)
    if not calendar.open_periods(day):
        day = _next_open_day(calendar, day)
    while True:
        for period in calendar.open_periods(day):
            if period.ends_at > start:
                yield Period(max(period.starts_at, start), period.ends_at)
        day = _next_open_day(calendar, day)


def _next_open_day(calendar: Calendar, day: date) -> date:
    """Raises Refused("never_open")."""
    for ahead in range(1, _LONGEST_SEARCH):
        later = add_days(day, ahead)
        if calendar.open_periods(later):
            return later
    raise Refused("This calendar has no open day left. Add opening times.", code="never_open")


@lru_cache(maxsize=256)
def _public_holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    if not country:
        return frozenset()
    return frozenset(
        holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False)
    )
