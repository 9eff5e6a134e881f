"""Judgement: each rule by itself, what outranks what, and what the partner is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.deals.rules.customer_check import CheckAnswer, answer
from portal.deals.rules.facts import Claim, Purchase, Subject, VendorContact, VendorOpportunity
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.verdict import CHECKS, Outcome, Reason, missing
from portal.kernel.clock import Length
from portal.kernel.money import Money
from portal.programme.rules.deal_rules import (
    AutoLimit,
    CustomerCheck,
    Eligibility,
    IdleRule,
    LateRule,
    LookBack,
    MinimumSize,
    NeededCertificate,
    OnConflict,
    SecondGets,
    SecondRule,
    WhenLate,
)
from tests.deals.values import (
    ALDER,
    BIRCH,
    CEDAR,
    CORE,
    CUSTOMER,
    EDGE,
    RULES,
    a_claim,
    at,
    decide,
    open_claim,
    protected,
    usd,
)

GENEROUS = replace(RULES, auto_approval=(AutoLimit(usd(50_000)),))
HELD_BY_ALDER = protected(ALDER, "2026-05-01", "2026-08-01")


def test_a_clean_claim_waits_for_a_person_unless_a_limit_lets_it_through() -> None:
    assert decide(a_claim()).outcome is Outcome.QUEUE
    decision = decide(a_claim(), GENEROUS)
    assert (decision.outcome, decision.reasons) == (Outcome.APPROVE, ())


def test_the_path_has_a_sentence_for_every_rule_whatever_the_outcome() -> None:
    for claim in (a_claim(), a_claim(customer_id=None), a_claim(doubts=("x",))):
        path = decide(claim, GENEROUS).path
        assert len(path) == len(CHECKS) + 1
        assert all(step.words.endswith(".") for step in path)
        assert all((step.reason is None) == (step.outcome is Outcome.APPROVE) for step in path)


@pytest.mark.parametrize(
    ("claim", "eligibility", "reason"),
    [
        (a_claim(), Eligibility(lines=frozenset({EDGE})), Reason.LINE_NOT_ELIGIBLE),
        (
            a_claim(partner_type="agent"),
            Eligibility(partner_types=frozenset({"reseller"})),
            Reason.TYPE_NOT_ELIGIBLE,
        ),
        (a_claim(tier="silver"), Eligibility(tiers=frozenset({"gold"})), Reason.TIER_NOT_ELIGIBLE),
        (
            a_claim(certificates=frozenset({"sales"})),
            Eligibility(certificates=(NeededCertificate("expert", CORE),)),
            Reason.CERTIFICATE_MISSING,
        ),
        (
            a_claim(),
            Eligibility(certificates=(NeededCertificate("expert"),)),
            Reason.CERTIFICATE_MISSING,
        ),
    ],
)
def test_who_is_not_eligible_is_rejected_and_told_why(
    claim: Claim, eligibility: Eligibility, reason: Reason
) -> None:
    decision = decide(claim, replace(GENEROUS, eligibility=eligibility))
    assert decision.outcome is Outcome.REJECT
    assert decision.told_to_partner[0] is reason


def test_a_certificate_for_another_line_is_not_asked() -> None:
    eligibility = Eligibility(certificates=(NeededCertificate("expert", EDGE),))
    assert decide(a_claim(), replace(GENEROUS, eligibility=eligibility)).outcome is Outcome.APPROVE


@pytest.mark.parametrize(
    ("value", "reporting", "region", "reason"),
    [
        (usd(6_000), None, "", None),
        (usd("5999.99"), None, "", Reason.BELOW_MINIMUM),
        (usd(9_000), None, "dach", Reason.BELOW_MINIMUM),
        (Money(500_000, "CHF"), None, "dach", Reason.BELOW_MINIMUM),
        (Money(900_000, "CHF"), None, "dach", None),
        (Money(900_000, "EUR"), usd(9_900), "", None),
        (Money(500_000, "EUR"), usd(5_500), "", Reason.BELOW_MINIMUM),
        (Money(900_000, "EUR"), None, "", Reason.SIZE_NOT_COMPARABLE),
    ],
)
def test_the_minimum_is_that_of_the_region_in_the_deals_currency(
    value: Money, reporting: Money | None, region: str, reason: Reason | None
) -> None:
    sizes = (
        MinimumSize(usd(6_000)),
        MinimumSize(usd(10_000), "dach"),
        MinimumSize(Money(800_000, "CHF"), "dach"),
    )
    claim = a_claim(value=value, reporting_value=reporting, region=region)
    decision = decide(claim, replace(GENEROUS, minimum_sizes=sizes))
    sizes_reasons = {Reason.BELOW_MINIMUM, Reason.SIZE_NOT_COMPARABLE}
    assert (set(decision.reasons) & sizes_reasons or {None}) == {reason}


def test_a_partner_is_not_its_own_rival() -> None:
    own = protected(CEDAR, "2026-05-01", "2026-08-01")
    decision = decide(a_claim(), protections=(own,))
    assert decision.told_to_partner[0] is Reason.OWN_PROTECTION
    assert Reason.RIVAL_PROTECTION not in decision.reasons
    waiting = decide(a_claim(), claims=(open_claim(CEDAR, "2026-05-30T10:00"),))
    assert (waiting.outcome, waiting.told_to_partner[0]) == (Outcome.REJECT, Reason.OWN_CLAIM)


def test_a_protection_that_has_ended_stands_against_nobody() -> None:
    ended = protected(ALDER, "2026-03-01", "2026-06-01T10:00")
    assert decide(a_claim(), GENEROUS, protections=(ended,)).outcome is Outcome.APPROVE
    ends_next = protected(ALDER, "2026-03-01", "2026-06-01T10:01")
    assert decide(a_claim(), GENEROUS, protections=(ends_next,)).outcome is Outcome.REJECT


def test_a_younger_claim_waits_for_the_older_one() -> None:
    older = open_claim(ALDER, "2026-06-01T09:59")
    decision = decide(a_claim(), GENEROUS, claims=(older,))
    assert (decision.outcome, decision.refs) == (Outcome.WAIT, (older.ref,))
    younger = open_claim(ALDER, "2026-06-01T10:01")
    assert decide(a_claim(), GENEROUS, claims=(younger,)).outcome is Outcome.APPROVE


def test_an_older_claim_that_let_its_answer_limit_pass_is_not_waited_for() -> None:
    asked = open_claim(
        ALDER,
        "2026-05-20T10:00",
        state=DealState.INFORMATION_REQUESTED,
        answer_by=at("2026-06-01T12:00"),
    )
    in_time, too_late = at("2026-06-01T12:00"), at("2026-06-01T12:01")
    assert decide(a_claim(), GENEROUS, now=in_time, claims=(asked,)).outcome is Outcome.WAIT
    assert decide(a_claim(), GENEROUS, now=too_late, claims=(asked,)).outcome is Outcome.APPROVE


def test_a_decided_claim_is_not_waited_for() -> None:
    decided = open_claim(ALDER, "2026-05-20T10:00", state=DealState.REJECTED)
    assert decide(a_claim(), GENEROUS, claims=(decided,)).outcome is Outcome.APPROVE


@pytest.mark.parametrize(
    ("on_record", "reason"),
    [
        ({"protections": (HELD_BY_ALDER,)}, Reason.RIVAL_PROTECTION),
        (
            {"opportunities": (VendorOpportunity(Subject(CUSTOMER, CORE)),)},
            Reason.VENDOR_OPPORTUNITY,
        ),
        ({"named_accounts": frozenset({CUSTOMER})}, Reason.NAMED_ACCOUNT),
        (
            {"purchases": (Purchase(Subject(CUSTOMER, CORE), date(2026, 1, 5)),)},
            Reason.RECENT_PURCHASE,
        ),
        ({"contacts": (VendorContact(CUSTOMER, date(2026, 5, 5)),)}, Reason.VENDOR_CONTACT),
    ],
)
def test_every_cause_of_not_open_is_told_alike(
    on_record: dict[str, object], reason: Reason
) -> None:
    look_back = LookBack(purchase=Length(365), vendor_contact=Length(90))
    rules = replace(GENEROUS, look_back=look_back)
    decision = decide(a_claim(), rules, **on_record)
    assert decision.outcome is Outcome.REJECT
    assert reason in decision.reasons
    assert decision.told_to_partner == (Reason.NOT_OPEN,)
    reviewed = decide(a_claim(), replace(rules, on_conflict=OnConflict.REVIEW), **on_record)
    assert reviewed.outcome is Outcome.QUEUE


def test_a_claim_that_cannot_succeed_does_not_probe_for_rivals() -> None:
    rules = replace(GENEROUS, minimum_sizes=(MinimumSize(usd(20_000)),))
    alone = decide(a_claim(), rules)
    with_a_rival = decide(a_claim(), rules, protections=(HELD_BY_ALDER,))
    assert with_a_rival.told_to_partner == alone.told_to_partner == (Reason.BELOW_MINIMUM,)


def test_nothing_is_told_of_a_rival_while_a_claim_waits() -> None:
    waiting = decide(a_claim(), GENEROUS, claims=(open_claim(ALDER, "2026-05-30T10:00"),))
    assert (waiting.outcome, waiting.told_to_partner) == (Outcome.WAIT, ())


def test_look_backs_can_count_every_line_and_the_partners_own_sales() -> None:
    narrow = replace(GENEROUS, look_back=LookBack(purchase=Length(365)))
    wide = replace(
        GENEROUS, look_back=LookBack(purchase=Length(365), any_line=True, own_sales=True)
    )
    other_line = Purchase(Subject(CUSTOMER, EDGE), date(2026, 5, 1))
    own_sale = Purchase(Subject(CUSTOMER, CORE), date(2026, 5, 1), CEDAR)
    for purchase in (other_line, own_sale):
        assert decide(a_claim(), narrow, purchases=(purchase,)).outcome is Outcome.APPROVE
        assert decide(a_claim(), wide, purchases=(purchase,)).outcome is Outcome.REJECT


def test_a_doubt_goes_to_a_person_and_never_rejects() -> None:
    decision = decide(a_claim(doubts=("nearly the same name",)), GENEROUS)
    assert (decision.outcome, decision.told_to_partner) == (Outcome.QUEUE, ())


def test_a_second_registrant_goes_to_a_person() -> None:
    for second in (SecondRule(SecondGets.CO_SELL), SecondRule(SecondGets.SHARE, Decimal("0.3"))):
        rules = replace(GENEROUS, second=second)
        decision = decide(a_claim(), rules, protections=(HELD_BY_ALDER,))
        assert (decision.outcome, decision.refs) == (Outcome.QUEUE, (HELD_BY_ALDER.ref,))


def test_idle_registrations_are_capped() -> None:
    rules = replace(GENEROUS, idle=IdleRule(limit=5))
    assert decide(a_claim(idle_count=4), rules).outcome is Outcome.APPROVE
    capped = decide(a_claim(idle_count=5), rules)
    assert (capped.outcome, capped.reasons[0]) == (Outcome.REJECT, Reason.TOO_MANY_IDLE)


def test_a_draft_is_complete_with_a_customer_and_the_line_the_programme_asks_for() -> None:
    asking = replace(RULES, activity_needed=True)
    assert missing(a_claim(), RULES) == ()
    assert missing(a_claim(customer_id=None, activity=" "), asking) == (
        Reason.CUSTOMER_MISSING,
        Reason.ACTIVITY_MISSING,
    )
    assert missing(a_claim(activity="Two workshops"), asking) == ()


def test_after_the_deadline_a_clean_claim_approves_itself_if_the_programme_says_so() -> None:
    rules = replace(RULES, late=LateRule(WhenLate.APPROVE_CLEAN))
    due_at = at("2026-06-03T10:00")
    assert decide(a_claim(), rules, now=due_at - timedelta(seconds=1)).outcome is Outcome.QUEUE
    assert decide(a_claim(), rules, now=due_at).outcome is Outcome.APPROVE
    assert decide(a_claim(doubts=("x",)), rules, now=due_at).outcome is Outcome.QUEUE
    assert decide(a_claim(), RULES, now=due_at).outcome is Outcome.QUEUE


@pytest.mark.parametrize(
    ("setting", "is_submitted", "free", "held"),
    [
        (CustomerCheck.OFF, True, "after_registering", "after_registering"),
        (CustomerCheck.AFTER_SUBMISSION, False, "after_registering", "after_registering"),
        (CustomerCheck.AFTER_SUBMISSION, True, "open", "look_first"),
        (CustomerCheck.INSTANT, False, "open", "look_first"),
    ],
)
def test_the_customer_check_has_one_answer_for_every_no(
    setting: CustomerCheck, *, is_submitted: bool, free: str, held: str
) -> None:
    clean = decide(a_claim())
    taken = decide(a_claim(), protections=(HELD_BY_ALDER,))
    waiting = decide(a_claim(), claims=(open_claim(BIRCH, "2026-05-01"),))
    unsure = decide(a_claim(doubts=("x",)))
    own = decide(a_claim(), protections=(protected(CEDAR, "2026-05-01", "2026-08-01"),))
    assert answer(setting, clean, is_submitted=is_submitted).value == free
    for closed in (taken, waiting, unsure):
        assert answer(setting, closed, is_submitted=is_submitted).value == held
    assert answer(setting, own, is_submitted=is_submitted) is CheckAnswer.OWN


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(0, 3), st.integers(1, 90)), min_size=1, max_size=12
    )
)
def test_whatever_is_claimed_one_partner_at_most_is_protected(
    claims: list[tuple[int, int, int]],
) -> None:
    """Claims of four partners, `days` apart, approved whenever the judgement lets them through."""
    granted, now = [], at("2026-01-01T09:00")
    for partner_id, days, length in claims:
        now += timedelta(days=days, microseconds=1)
        claim = a_claim(partner_id=partner_id, place=now)
        if decide(claim, GENEROUS, protections=tuple(granted)).outcome is Outcome.APPROVE:
            held = protected(partner_id, "2026-01-01", "2026-01-01")
            period = replace(held.period, starts_at=now, ends_at=now + timedelta(days=length))
            granted.append(replace(held, period=period))
    assert granted
    for place, one in enumerate(granted):
        assert not any(one.period.overlaps(other.period) for other in granted[place + 1 :])


@settings(max_examples=100, deadline=None)
@given(st.permutations(range(5)), st.lists(st.integers(0, 4), min_size=30, max_size=30))
def test_the_oldest_claim_wins_in_whatever_order_they_are_judged(
    places: list[int], attempts: list[int]
) -> None:
    """Five partners claim one customer; each is judged when chance picks it, then all in turn."""
    now = at("2026-06-02T10:00")
    claims = [
        a_claim(ref=f"DR-{p}", partner_id=p, place=at("2026-06-01T10:00") + timedelta(hours=place))
        for p, place in enumerate(places)
    ]
    undecided = set(range(5))
    granted: list[int] = []
    for pick in [*attempts, *range(5), *sorted(range(5), key=lambda p: places[p])]:
        rivals = tuple(
            replace(open_claim(p, "2026-06-01"), place=claims[p].place) for p in undecided - {pick}
        )
        held = tuple(protected(p, "2026-06-01", "2026-09-01") for p in granted)
        decision = decide(claims[pick], GENEROUS, now=now, claims=rivals, protections=held)
        if pick in undecided and decision.outcome is not Outcome.WAIT:
            undecided.remove(pick)
            if decision.outcome is Outcome.APPROVE:
                granted.append(pick)
    assert not undecided
    assert granted == [places.index(0)]
