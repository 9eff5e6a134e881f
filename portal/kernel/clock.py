"""Calendar arithmetic in local days, and instants that only go forward.  Never reads the clock.

Instants are aware UTC.  A day belongs to a time zone; a period is [start, end).
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo

TICK = timedelta(microseconds=1)


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of the local day, also where midnight is skipped or comes twice."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which the local day is over: the next local midnight."""
    return start_of_day(add_days(day, 1), zone)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    return instant.astimezone(zone).date()


def add_days(day: date, days: int) -> date:
    return day + timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day if it is shorter."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, index + 1)[1]
    return date(year, index + 1, min(day.day, last))


class Unit(StrEnum):
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that people write in a contract: 90 days, 6 months.  The start is day 0."""

    count: int
    unit: Unit = Unit.DAYS

    def after(self, day: date) -> date:
        if self.unit is Unit.MONTHS:
            return add_months(day, self.count)
        return add_days(day, self.count)

    def before(self, day: date) -> date:
        return Length(-self.count, self.unit).after(day)

    def __str__(self) -> str:
        name = self.unit.value.removesuffix("s") if self.count == 1 else self.unit.value
        return f"{self.count} {name}"


@dataclass(frozen=True, slots=True)
class Period:
    """[starts_at, ends_at); empty when it ends no later than it starts."""

    starts_at: datetime
    ends_at: datetime

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    def __contains__(self, instant: datetime) -> bool:
        return self.starts_at <= instant < self.ends_at

    def overlaps(self, other: Period) -> bool:
        return max(self.starts_at, other.starts_at) < min(self.ends_at, other.ends_at)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter, numbered 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def next(self) -> Quarter:
        return Quarter.of(add_months(self.first_day, 3))

    @property
    def last_day(self) -> date:
        return add_days(self.next.first_day, -1)

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"


def strictly_after(now: datetime, last: datetime | None) -> datetime:
    """`now`, or one microsecond after `last` if the clock stands still or went back."""
    return now if last is None else max(now, last + TICK)
