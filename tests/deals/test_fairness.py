"""Four eyes: overrides, appeals, own matters, and milestones reported in time."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from portal.deals.rules import milestones
from portal.deals.rules.fairness import (
    is_override,
    may_decide,
    may_decide_appeal,
    may_override,
)
from portal.deals.rules.milestones import Standing
from portal.deals.rules.outcomes import combined_discount
from portal.kernel.errors import Refused
from portal.programme.rules.deal_rules import AutoLimit, Combine, DiscountRule, Milestone
from tests.deals.values import ALDER, RULES, a_claim, at, decide, open_claim, protected, usd


def test_approving_what_the_rules_reject_or_let_wait_is_an_override() -> None:
    taken = decide(a_claim(), protections=(protected(ALDER, "2026-05-01", "2026-08-01"),))
    waiting = decide(a_claim(), claims=(open_claim(ALDER, "2026-05-01"),))
    queued = decide(a_claim())
    clean = decide(a_claim(), replace(RULES, auto_approval=(AutoLimit(usd(50_000)),)))
    assert [is_override(d, approves=True) for d in (taken, waiting, queued, clean)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert [is_override(d, approves=False) for d in (taken, waiting, queued, clean)] == [
        False, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reason", "confirmed_by", "code"),
    [
        ("The customer asked for it", 8, ""),
        ("  ", 8, "override_reason"),
        ("The customer asked for it", None, "second_person"),
        ("The customer asked for it", 7, "same_person"),
    ],
)
def test_an_override_needs_a_reason_and_a_second_person(
    reason: str, confirmed_by: int | None, code: str
) -> None:
    assert may_override(reason=reason, asked_by=7, confirmed_by=confirmed_by).code == code


def test_nobody_decides_on_their_own_matter_or_their_own_rejection() -> None:
    assert may_decide(decider=7, raised_by=7).code == "own_matter"
    assert may_decide(decider=7, raised_by=8).is_allowed
    assert may_decide_appeal(decider=7, rejected_by=7).code == "own_rejection"
    assert may_decide_appeal(decider=7, rejected_by=None).is_allowed


def test_a_ruling_is_obeyed_by_raising_its_own_words() -> None:
    may_decide(decider=7, raised_by=8).obey()
    with pytest.raises(Refused, match="a colleague decides it") as refused:
        may_decide(decider=7, raised_by=7).obey()
    assert refused.value.code == "own_matter"


def test_a_milestone_reported_in_the_grace_time_is_reached_and_later_is_not() -> None:
    meeting = Milestone("meeting", "Customer meeting", remind_day=20, due_day=30, grace_day=45)
    zone = RULES.calendar.tzinfo
    dates = milestones.schedule(meeting, at("2026-06-01T15:00"), zone)
    now = at("2026-08-01")
    in_time, too_late = at("2026-07-16T23:59"), at("2026-07-17T00:00")
    assert milestones.standing(dates, reached_at=in_time, now=now, zone=zone) is Standing.REACHED
    assert milestones.standing(dates, reached_at=too_late, now=now, zone=zone) is Standing.LAPSED


def test_discounts_add_up_to_a_cap_where_the_programme_says_so() -> None:
    points = [Decimal(25), Decimal("15.5")]
    add_up = replace(RULES, discounts=DiscountRule(Combine.SUM))
    assert combined_discount(add_up, points) == Decimal("40.5")
    capped = replace(RULES, discounts=DiscountRule(Combine.SUM, cap=Decimal(30)))
    assert combined_discount(capped, points) == 30
    assert combined_discount(RULES, []) == 0
