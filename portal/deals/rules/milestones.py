"""What a partner must have reached while it is protected, and what happens when it has not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.kernel.clock import add_days, end_of_day, local_day
from portal.programme.rules.deal_rules import Milestone


class Standing(StrEnum):
    AHEAD = "ahead"
    REMINDED = "reminded"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A milestone's days in one protection.  Unreached, the protection ends at `lapses_at`."""

    remind_on: date
    due_on: date
    warn_on: date
    lapses_at: datetime


def schedule(milestone: Milestone, starts_at: datetime, zone: ZoneInfo) -> Schedule:
    """The protection's start day is day 0; each day counts to its end."""
    first_day = local_day(starts_at, zone)
    return Schedule(
        remind_on=add_days(first_day, milestone.remind_day),
        due_on=add_days(first_day, milestone.due_day),
        warn_on=add_days(first_day, milestone.due_day + 1),
        lapses_at=end_of_day(add_days(first_day, milestone.grace_day), zone),
    )


def standing(
    dates: Schedule, *, reached_at: datetime | None, now: datetime, zone: ZoneInfo
) -> Standing:
    """Reported within the grace time is reached; later is not."""
    today = local_day(now, zone)
    if reached_at is not None and reached_at < dates.lapses_at:
        return Standing.REACHED
    if now >= dates.lapses_at:
        return Standing.LAPSED
    if today >= dates.warn_on:
        return Standing.OVERDUE
    return Standing.REMINDED if today >= dates.remind_on else Standing.AHEAD
