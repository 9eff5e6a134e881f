"""Who has to act next, and by when: decisions, answers, appeals, places in the queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.ruling import ALLOWED, Ruling, day_words
from portal.kernel.business import add_business_hours, business_hours_between
from portal.kernel.clock import Period, end_of_day, local_day
from portal.programme.rules.deal_rules import DeadlineUnit, DealRules


def decision_due(
    rules: DealRules, submitted_at: datetime, pauses: Iterable[Period] = ()
) -> datetime:
    """When the vendor must have decided.

    While information is requested the vendor's clock stands still: each pause moves the deadline
    by its open time, or by its whole length if the deadline counts hours by the clock.
    """
    due_at = rules.decision.after(submitted_at, rules.calendar)
    for pause in pauses:
        due_at = moved_by(rules, due_at, pause)
    return due_at


def moved_by(rules: DealRules, due_at: datetime, pause: Period) -> datetime:
    """The deadline after the vendor's clock stood still for `pause`."""
    if rules.decision.unit is DeadlineUnit.HOURS:
        return due_at + (pause.ends_at - pause.starts_at)
    open_time = business_hours_between(rules.calendar, pause.starts_at, pause.ends_at)
    return add_business_hours(rules.calendar, due_at, open_time)


def late_time(rules: DealRules, due_at: datetime, decided_at: datetime) -> timedelta:
    """The vendor's lateness in open hours of its own calendar."""
    return business_hours_between(rules.calendar, due_at, decided_at)


def escalates_at(rules: DealRules, due_at: datetime) -> datetime:
    return rules.late.escalate_after.after(due_at, rules.calendar)


def answer_due(rules: DealRules, asked_at: datetime) -> datetime:
    """Until then an answer keeps the claim's place."""
    return rules.answer_limit.after(asked_at, rules.calendar)


def place_after_answer(place: datetime, *, answered_at: datetime, answer_by: datetime) -> datetime:
    """The claim's place once its owner has answered: kept in time, otherwise that of the answer."""
    return place if answered_at <= answer_by else answered_at


def appeal_ends_at(rules: DealRules, rejected_at: datetime) -> datetime:
    """The end of the last local day on which the rejection can be appealed."""
    zone = rules.calendar.tzinfo
    return end_of_day(rules.appeals.within.after(local_day(rejected_at, zone)), zone)


def appeal_due(rules: DealRules, appealed_at: datetime) -> datetime:
    return rules.appeals.decided_in.after(appealed_at, rules.calendar)


def may_appeal(
    rules: DealRules, *, rejected_at: datetime, was_appealed: bool, now: datetime
) -> Ruling:
    """One appeal, within its time."""
    if was_appealed:
        return Ruling("appealed_before", "This was appealed and decided. Register a new deal.")
    ends_at = appeal_ends_at(rules, rejected_at)
    if now >= ends_at:
        last_day = day_words(local_day(ends_at - timedelta(seconds=1), rules.calendar.tzinfo))
        return Ruling(
            "appeal_too_late",
            f"An appeal was possible until the end of {last_day}. Register a new deal.",
        )
    return ALLOWED


class Side(StrEnum):
    VENDOR = "vendor"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Due:
    """The dates on a registration's clock; those that do not apply are None."""

    decide_by: datetime | None = None
    answer_by: datetime | None = None
    appeal_by: datetime | None = None
    appeal_decided_by: datetime | None = None
    protected_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who acts next, what they do, by when.  Both sides are shown the same one."""

    side: Side
    act: str
    by: datetime | None


def turn(state: DealState, due: Due) -> Turn | None:
    """None when nothing is left to do."""
    turns = {
        DealState.DRAFT: Turn(Side.PARTNER, "submit", None),
        DealState.SUBMITTED: Turn(Side.VENDOR, "decide", due.decide_by),
        DealState.INFORMATION_REQUESTED: Turn(Side.PARTNER, "answer", due.answer_by),
        DealState.REJECTED: Turn(Side.PARTNER, "appeal", due.appeal_by),
        DealState.APPEALED: Turn(Side.VENDOR, "decide_appeal", due.appeal_decided_by),
        DealState.APPROVED: Turn(Side.PARTNER, "close", due.protected_until),
    }
    return turns.get(state)
