"""Deadlines in three zones, pauses, appeals, and whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.deals.rules.deadlines import (
    Due,
    Side,
    appeal_due,
    appeal_ends_at,
    decision_due,
    escalates_at,
    late_time,
    may_appeal,
    turn,
)
from portal.deals.rules.lifecycle import ENDED, DealState
from portal.kernel.business import Calendar
from portal.kernel.clock import Period
from portal.programme.rules.deal_rules import Deadline, DeadlineUnit
from tests.deals.values import RULES, at


@pytest.mark.parametrize(
    ("calendar", "submitted", "due"),
    [
        (Calendar("Europe/Zurich", country="CH", subdivision="ZH"),
         "2026-04-02T16:00", "2026-04-08T16:00"),  # Good Friday and Easter Monday
        (Calendar("America/New_York", country="US", subdivision="NY"),
         "2026-11-25T16:00", "2026-11-30T16:00"),  # Thanksgiving
        (Calendar("Asia/Tokyo", country="JP"),
         "2026-05-01T16:00", "2026-05-08T16:00"),  # Golden Week
    ],
    ids=["Zurich", "New York", "Tokyo"],
)  # fmt: skip
def test_two_business_days_follow_the_programmes_own_calendar(
    calendar: Calendar, submitted: str, due: str
) -> None:
    rules = replace(RULES, calendar=calendar)
    assert decision_due(rules, at(submitted, calendar.zone)) == at(due, calendar.zone)


def test_hours_by_the_clock_run_through_the_weekend() -> None:
    rules = replace(RULES, decision=Deadline(48, DeadlineUnit.HOURS))
    assert decision_due(rules, at("2026-03-28T12:00")) == at("2026-03-30T13:00")


def test_the_vendors_clock_stands_still_while_the_partner_answers() -> None:
    asked, answered = at("2026-06-02T15:00"), at("2026-06-04T11:00")
    pause = Period(asked, answered)
    assert decision_due(RULES, at("2026-06-01T10:00")) == at("2026-06-03T10:00")
    assert decision_due(RULES, at("2026-06-01T10:00"), [pause]) == at("2026-06-04T14:00")
    by_the_clock = replace(RULES, decision=Deadline(48, DeadlineUnit.HOURS))
    due_at = decision_due(by_the_clock, at("2026-06-01T10:00"), [pause])
    assert due_at == at("2026-06-03T10:00") + (answered - asked)


def test_lateness_is_counted_in_open_hours() -> None:
    due_at = at("2026-06-05T16:00")
    assert late_time(RULES, due_at, at("2026-06-05T15:00")) == timedelta()
    assert late_time(RULES, due_at, at("2026-06-07T12:00")) == timedelta(hours=1)
    assert late_time(RULES, due_at, at("2026-06-08T10:00")) == timedelta(hours=2)
    assert escalates_at(RULES, due_at) == at("2026-06-05T17:00")


def test_an_appeal_has_its_own_time_on_both_sides() -> None:
    rejected_at = at("2026-06-01T10:00")
    assert appeal_ends_at(RULES, rejected_at) == at("2026-06-16")
    assert appeal_due(RULES, at("2026-06-12T10:00")) == at("2026-06-19T10:00")
    in_time = may_appeal(
        RULES, rejected_at=rejected_at, was_appealed=False, now=at("2026-06-15T23:59")
    )
    assert in_time.is_allowed
    too_late = may_appeal(RULES, rejected_at=rejected_at, was_appealed=False, now=at("2026-06-16"))
    assert too_late.code == "appeal_too_late"
    assert "15 Jun 2026" in too_late.words
    again = may_appeal(RULES, rejected_at=rejected_at, was_appealed=True, now=rejected_at)
    assert again.code == "appealed_before"


def test_every_state_that_is_not_over_is_somebodys_turn() -> None:
    due = Due(decide_by=at("2026-06-03"), protected_until=at("2026-09-01"))
    for state in DealState:
        assert (turn(state, due) is None) == (state in ENDED)
    submitted = turn(DealState.SUBMITTED, due)
    assert submitted is not None
    assert (submitted.side, submitted.by) == (Side.VENDOR, due.decide_by)
    approved = turn(DealState.APPROVED, due)
    assert approved is not None
    assert (approved.side, approved.by) == (Side.PARTNER, due.protected_until)
