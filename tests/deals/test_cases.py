"""The worked registration cases, R1 to R18, each exactly as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.deals.rules import deadlines, milestones
from portal.deals.rules.conflicts import in_order
from portal.deals.rules.facts import Item, Purchase, Subject, own_value
from portal.deals.rules.fairness import ChoiceLetter, Notice, customers_choice, may_move
from portal.deals.rules.milestones import Standing
from portal.deals.rules.outcomes import combined_discount, may_win, second_discount
from portal.deals.rules.protection import ExtensionRequest, Moments, extended, granted, may_extend
from portal.deals.rules.verdict import Outcome, Reason
from portal.kernel.clock import Length, Unit
from portal.programme.rules.deal_rules import (
    AutoLimit,
    Deadline,
    DeadlineUnit,
    ExtensionRule,
    LookBack,
    Milestone,
    MinimumSize,
    ProtectionRule,
    ProtectionStart,
    SecondGets,
    SecondRule,
    TenderRule,
)
from tests.deals.values import (
    ALDER,
    BIRCH,
    CEDAR,
    CORE,
    CUSTOMER,
    DIVISION,
    EDGE,
    RULES,
    a_claim,
    at,
    decide,
    open_claim,
    protected,
    usd,
)


def moments(submitted: str, approved: str) -> Moments:
    return Moments(at(submitted), at(submitted), at(approved))


def test_r1_ninety_days_from_approval() -> None:
    period = granted(RULES, moments("2026-11-28T09:00", "2026-11-30T10:00"))
    assert period.ends_at == at("2027-03-01")
    assert at("2027-02-28T23:59") in period
    assert at("2027-03-01T00:00") not in period


def test_r2_six_months_from_submission_end_with_the_shorter_month() -> None:
    rule = ProtectionRule(Length(6, Unit.MONTHS), ProtectionStart.SUBMISSION)
    rules = replace(RULES, protection=rule)
    period = granted(rules, moments("2026-08-31T12:00", "2026-09-15T12:00"))
    assert (period.starts_at, period.ends_at) == (at("2026-08-31T12:00"), at("2027-03-01"))


@pytest.mark.parametrize(
    "deadline", [Deadline(2), Deadline(16, DeadlineUnit.BUSINESS_HOURS)], ids=str
)
def test_r3_two_business_days_over_christmas(deadline: Deadline) -> None:
    rules = replace(RULES, decision=deadline)
    assert deadlines.decision_due(rules, at("2026-12-24T15:00")) == at("2026-12-29T15:00")


def test_r4_another_line_of_the_same_customer_is_no_conflict() -> None:
    held = protected(ALDER, "2026-05-01", "2026-08-01")
    assert Reason.RIVAL_PROTECTION in decide(a_claim(), protections=(held,)).reasons
    other_line = decide(a_claim(line=EDGE), protections=(held,))
    assert (other_line.outcome, other_line.reasons) == (Outcome.QUEUE, (Reason.NEEDS_APPROVAL,))


def test_r5_a_division_is_a_customer_of_its_own() -> None:
    held = protected(ALDER, "2026-05-01", "2026-08-01")
    division = decide(a_claim(customer_id=DIVISION), protections=(held,))
    assert division.reasons == (Reason.NEEDS_APPROVAL,)


@pytest.mark.parametrize(
    ("bought_on", "is_new"),
    [(date(2023, 7, 1), False), (date(2023, 6, 2), False), (date(2023, 6, 1), True)],
)
def test_r6_a_customer_is_new_three_years_after_its_last_purchase(
    bought_on: date, *, is_new: bool
) -> None:
    rules = replace(RULES, look_back=LookBack(purchase=Length(36, Unit.MONTHS)))
    purchase = Purchase(Subject(CUSTOMER, CORE), bought_on)
    decision = decide(a_claim(), rules, purchases=(purchase,))
    assert (Reason.RECENT_PURCHASE not in decision.reasons) == is_new


@pytest.mark.parametrize(
    ("rule", "is_eligible"),
    [
        (TenderRule.SUBMITTED_BEFORE, True),
        (TenderRule.APPROVED_BEFORE, False),
        (TenderRule.INELIGIBLE, False),
        (TenderRule.ELIGIBLE, True),
    ],
)
def test_r7_a_tender_submitted_the_day_before_it_came_out_and_judged_the_day_after(
    rule: TenderRule, *, is_eligible: bool
) -> None:
    claim = a_claim(is_tender=True, tender_published_on=date(2026, 6, 2))
    decision = decide(claim, replace(RULES, tenders=rule), now=at("2026-06-03T10:00"))
    assert (Reason.TENDER not in decision.reasons) == is_eligible


def test_r8_a_milestone_reminds_warns_and_lapses() -> None:
    meeting = Milestone("meeting", "Customer meeting", remind_day=20, due_day=30, grace_day=45)
    zone = RULES.calendar.tzinfo
    dates = milestones.schedule(meeting, at("2026-06-01T15:00"), zone)
    expected = {
        "2026-06-20T23:59": Standing.AHEAD,
        "2026-06-21T00:00": Standing.REMINDED,
        "2026-07-01T23:59": Standing.REMINDED,
        "2026-07-02T00:00": Standing.OVERDUE,
        "2026-07-16T23:59": Standing.OVERDUE,
        "2026-07-17T00:00": Standing.LAPSED,
    }
    found = {
        when: milestones.standing(dates, reached_at=None, now=at(when), zone=zone)
        for when in expected
    }
    assert found == expected
    assert (dates.due_on, dates.warn_on) == (date(2026, 7, 1), date(2026, 7, 2))


def test_r9_the_first_complete_submission_is_first() -> None:
    a_completed = open_claim(ALDER, "2026-06-01T10:00")
    b_completed = open_claim(BIRCH, "2026-06-01T09:30")
    assert [c.partner_id for c in in_order([a_completed, b_completed])] == [BIRCH, ALDER]
    claim_of_a = a_claim(partner_id=ALDER, place=a_completed.place)
    assert decide(claim_of_a, claims=(b_completed,)).outcome is Outcome.WAIT


@pytest.mark.parametrize(
    ("answered", "first"), [("2026-06-02T11:00", ALDER), ("2026-06-04T11:01", BIRCH)]
)
def test_r10_an_answer_in_time_keeps_the_place(answered: str, first: int) -> None:
    limit = deadlines.answer_due(RULES, at("2026-06-01T11:00"))
    assert limit == at("2026-06-04T11:00")
    place = deadlines.place_after_answer(
        at("2026-06-01T09:00"), answered_at=at(answered), answer_by=limit
    )
    claims = [
        replace(open_claim(ALDER, "2026-06-01T09:00"), place=place),
        open_claim(BIRCH, "2026-06-01T09:30"),
    ]
    assert in_order(claims)[0].partner_id == first


def test_r11_one_extension_asked_before_expiry() -> None:
    rules = replace(RULES, extensions=ExtensionRule(limit=1, length=Length(30)))
    ends_at = at("2026-09-01")
    asked = ExtensionRequest(ends_at, at("2026-08-31T23:00"), reason="The board meets in September")
    assert may_extend(rules, asked).is_allowed
    later_end = extended(rules, ends_at)
    assert later_end == at("2026-10-01")
    second = may_extend(
        rules, replace(asked, ends_at=later_end, asked_at=at("2026-09-20T10:00"), taken=1)
    )
    assert second.code == "extension_used"
    assert second.words == (
        "The programme gives 1 extension, and 1 was used. Protection stays until 30 Sep 2026."
    )
    too_late = may_extend(rules, replace(asked, asked_at=ends_at))
    assert too_late.code == "protection_ended"


def test_r12_the_vendors_twenty_late_hours_are_added() -> None:
    due_at = deadlines.decision_due(RULES, at("2026-11-25T10:00"))
    assert due_at == at("2026-11-27T10:00")
    decided_at = at("2026-12-01T14:00")
    late = deadlines.late_time(RULES, due_at, decided_at)
    assert late == timedelta(hours=20)
    when = Moments(at("2026-11-25T10:00"), at("2026-11-25T10:00"), decided_at)
    in_time = granted(RULES, when)
    assert in_time.ends_at == at("2027-03-02")
    # twenty open hours on: Tuesday 8, Wednesday 8, Thursday 4, and that Thursday to its end
    assert granted(RULES, when, late).ends_at == at("2027-03-05")


@pytest.mark.parametrize(
    ("won", "is_allowed"), [("2026-06-04T09:59", False), ("2026-06-04T10:00", True)]
)
def test_r13_seventy_two_hours_between_registration_and_won(won: str, *, is_allowed: bool) -> None:
    rules = replace(RULES, won_after_hours=72)
    ruling = may_win(rules, submitted_at=at("2026-06-01T10:00"), won_at=at(won))
    assert ruling.is_allowed == is_allowed
    if not is_allowed:
        assert "can be won from 4 Jun 2026, 10:00" in ruling.words


def test_r14_a_second_registrant_gets_half_the_discount() -> None:
    rules = replace(RULES, second=SecondRule(SecondGets.SHARE, Decimal("0.5")))
    assert second_discount(rules, Decimal(12)) == 6
    held = protected(ALDER, "2026-05-01", "2026-08-01")
    decision = decide(a_claim(), rules, protections=(held,))
    assert (decision.outcome, decision.reasons[0]) == (Outcome.QUEUE, Reason.SECOND_REGISTRANT)


def test_r15_only_the_highest_discount_counts() -> None:
    assert combined_discount(RULES, [Decimal(25), Decimal(15)]) == 25


def test_r16_only_own_products_count_towards_the_minimum() -> None:
    rules = replace(RULES, minimum_sizes=(MinimumSize(usd(6_000)),))
    items = [Item(usd(5_900)), Item(usd(800), is_own_product=False)]
    decision = decide(a_claim(value=own_value(items, "USD")), rules)
    assert (decision.outcome, decision.reasons[0]) == (Outcome.REJECT, Reason.BELOW_MINIMUM)
    enough = own_value([*items, Item(usd(100))], "USD")
    assert decide(a_claim(value=enough), rules).outcome is Outcome.QUEUE


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"value": usd("49999.99")}, Outcome.APPROVE),
        ({"value": usd(50_000)}, Outcome.QUEUE),
        ({"value": usd(10_000), "doubts": ("the name is nearly the same",)}, Outcome.QUEUE),
        ({"value": usd(10_000), "tier": "silver"}, Outcome.QUEUE),
    ],
    ids=["49,999.99", "50,000.00", "fuzzy match", "another tier"],
)
def test_r17_a_small_clean_deal_of_the_top_tier_approves_itself(
    facts: dict[str, object], outcome: Outcome
) -> None:
    rules = replace(RULES, auto_approval=(AutoLimit(usd(50_000), tier="gold"),))
    assert decide(a_claim(**{"tier": "gold", **facts}), rules).outcome is outcome


def test_r18_the_customers_choice_moves_the_protection() -> None:
    assert may_move(ChoiceLetter(recorded_by=7, confirmed_by=8)).is_allowed
    assert may_move(ChoiceLetter(recorded_by=7, confirmed_by=7)).code == "same_person"
    assert may_move(ChoiceLetter(recorded_by=7, confirmed_by=None)).code == "second_person"

    held = protected(ALDER, "2026-05-01", "2026-08-01")
    now = at("2026-06-10T12:00")
    change = customers_choice(held, a_claim(partner_id=CEDAR), now=now)
    assert (change.ended.partner_id, change.ended.period.ends_at) == (ALDER, now)
    assert (change.begun.partner_id, change.begun.period.starts_at) == (CEDAR, now)
    assert change.begun.period.ends_at == held.period.ends_at
    assert not change.ended.period.overlaps(change.begun.period)
    assert change.notices == (
        Notice(ALDER, "customer_chose"),
        Notice(CEDAR, "protection_received"),
    )
