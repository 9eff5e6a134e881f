"""The deal rules as a document: stored and read back, refused by path, told in words."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kernel.business import Calendar, Shift, office_hours
from portal.kernel.clock import Length, Unit
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.programme.rules import deal_rules, documents
from portal.programme.rules.deal_rules import DealRules
from portal.programme.rules.deal_words import summary

FULL = DealRules(
    calendar=Calendar(
        "Europe/Zurich",
        (*office_hours(8, 18, range(4)), Shift(4, 480, 720)),
        "CH",
        "ZH",
        frozenset({date(2026, 12, 31), date(2026, 12, 24)}),
    ),
    protection=deal_rules.ProtectionRule(
        Length(6, Unit.MONTHS), deal_rules.ProtectionStart.SUBMISSION
    ),
    decision=deal_rules.Deadline(16, deal_rules.DeadlineUnit.BUSINESS_HOURS),
    minimum_sizes=(
        deal_rules.MinimumSize(Money(600_000, "USD")),
        deal_rules.MinimumSize(Money(5_000, "JPY"), "japan"),
    ),
    eligibility=deal_rules.Eligibility(
        frozenset({"edge", "core"}),
        frozenset({"reseller"}),
        frozenset({"gold"}),
        (deal_rules.NeededCertificate("expert", "edge"), deal_rules.NeededCertificate("sales")),
    ),
    look_back=deal_rules.LookBack(Length(36, Unit.MONTHS), Length(90), any_line=True),
    tenders=deal_rules.TenderRule.SUBMITTED_BEFORE,
    on_conflict=deal_rules.OnConflict.REVIEW,
    milestones=(deal_rules.Milestone("meeting", "Customer meeting", 20, 30, 45),),
    extensions=deal_rules.ExtensionRule(2, Length(30), 14, needs_evidence=True),
    second=deal_rules.SecondRule(deal_rules.SecondGets.SHARE, Decimal("0.5")),
    discounts=deal_rules.DiscountRule(deal_rules.Combine.SUM, Decimal(40)),
    auto_approval=(deal_rules.AutoLimit(Money(5_000_000, "USD"), "gold"),),
    routes=(
        deal_rules.Route(
            (Role.CHANNEL_MANAGER, Role.ADMINISTRATOR),
            frozenset({"edge"}),
            frozenset({"dach"}),
            Money(10_000_000, "USD"),
        ),
    ),
    idle=deal_rules.IdleRule(20, 45),
    won_after_hours=72,
    activity_needed=True,
    customer_check=deal_rules.CustomerCheck.AFTER_SUBMISSION,
    tick_seconds=10,
)


@pytest.mark.parametrize("rules", [DealRules(), FULL], ids=["defaults", "everything"])
def test_rules_come_back_from_json_as_they_were(rules: DealRules) -> None:
    stored = json.dumps(rules.to_dict(), sort_keys=True)
    assert DealRules.from_dict(json.loads(stored)) == rules
    assert json.dumps(DealRules.from_dict(json.loads(stored)).to_dict(), sort_keys=True) == stored


def test_an_empty_document_is_the_defaults() -> None:
    assert DealRules.from_dict({}) == DealRules()


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"colour": "red"}, "colour", "no such setting"),
        ({"protection": {"length": {"count": "90"}}}, "protection.length.count", "whole number"),
        ({"protection": {"length": {"count": True}}}, "protection.length.count", "whole number"),
        ({"protection": {"length": {"count": 0}}}, "protection.length.count", "1 to 3650"),
        ({"protection": []}, "protection", "object"),
        ({"decision": {"count": 2, "unit": "moons"}}, "decision.unit", "Choose one of hours"),
        ({"decision": {"unit": "hours"}}, "decision.count", "missing"),
        ({"milestones": "none"}, "milestones", "list"),
        (
            {"milestones": [{"code": "m", "name": "M", "remind_day": 40, "due_day": 30,
                             "grace_day": 45}]},
            "milestones[0].remind_day", "0 to 30",
        ),
        (
            {"milestones": [{"code": "", "name": "M", "remind_day": 1, "due_day": 2,
                             "grace_day": 3}]},
            "milestones[0].code", "a code and a name",
        ),
        ({"calendar": {"zone": "Mars"}}, "calendar.zone", "not a known time zone"),
        ({"calendar": {"closed": ["31.12.2026"]}}, "calendar.closed[0]", "YYYY-MM-DD"),
        ({"calendar": {"shifts": [{"weekday": 0, "opens": 600, "closes": 500}]}},
         "calendar.shifts[0].closes", "Open before"),
        ({"second": {"gets": "share", "share": 0.5}}, "second.share", "number as text"),
        ({"second": {"gets": "share", "share": "NaN"}}, "second.share", "number as text"),
        ({"second": {"gets": "share", "share": "half"}}, "second.share", "number as text"),
        ({"second": {"gets": "share", "share": "1.5"}}, "second.share", "at most 1"),
        ({"second": {"gets": "nothing", "share": "0.5"}}, "second.share", "without one it is 0"),
        ({"routes": [{"approvers": ["auditor"]}]}, "routes[0].approvers[0]", "may not decide"),
        ({"routes": [{"approvers": []}]}, "routes[0].approvers", "at least one"),
        ({"minimum_sizes": [{"amount": {"minor": 1, "currency": "XXQ"}}]},
         "minimum_sizes[0].amount", "not a currency"),
        ({"minimum_sizes": [{"amount": {"minor": 0, "currency": "USD"}}]},
         "minimum_sizes[0].amount", "above zero"),
        ({"activity_needed": 1}, "activity_needed", "true or false"),
        ({"discounts": {"cap": "101"}}, "discounts.cap", "0 to 100"),
        ({"look_back": {"purchase": {"count": -1}}}, "look_back.purchase.count", "1 to 3650"),
        ({"idle": {"limit": 0}}, "idle.limit", "1 to"),
        ({"extensions": {"window_days": 0}}, "extensions.window_days", "1 to"),
        ({"late": {"escalate_to": "finance"}}, "late.escalate_to", "may not decide"),
        ({"tick_seconds": 0}, "tick_seconds", "1 to 300"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path(change: Any, path: str, words: str) -> None:
    with pytest.raises(documents.NotADocument) as refused:
        DealRules.from_dict(change)
    (problem,) = refused.value.problems
    assert problem.path == path
    assert words in problem.message
    assert refused.value.field == path


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(documents.NotADocument) as refused:
        DealRules.from_dict({"tick_seconds": "5", "colour": 1, "idle": {"after_days": 0}})
    assert {p.path for p in refused.value.problems} == {"tick_seconds", "colour", "idle.after_days"}
    assert "idle.after_days: Write a number from 1 to 3650." in refused.value.message


def test_what_is_no_object_is_refused_at_the_top() -> None:
    with pytest.raises(documents.NotADocument, match="document: Write an object"):
        DealRules.from_dict([1, 2])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("milestones", FULL.milestones * 2),
        ("minimum_sizes", FULL.minimum_sizes * 2),
        ("auto_approval", FULL.auto_approval * 2),
    ],
)
def test_two_rules_for_one_thing_are_refused(field: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        replace(DealRules(), **{field: value})
    assert refused.value.field == field


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(DealRules().to_dict())), JSON, max_size=3))
def test_any_document_is_read_or_refused(document: dict[str, Any]) -> None:
    try:
        rules = DealRules.from_dict(document)
    except documents.NotADocument as refused:
        assert refused.problems
    else:
        assert DealRules.from_dict(rules.to_dict()) == rules


def test_a_value_without_a_place_in_a_document_is_a_mistake_of_ours() -> None:
    @dataclass(frozen=True)
    class Odd:
        number: complex = 1j

    with pytest.raises(TypeError, match="complex"):
        documents.write(Odd())


def test_the_defaults_in_words() -> None:
    assert summary(DealRules()) == [
        "Lines: all.",
        "Partners: all types, all tiers.",
        "There is no minimum size.",
        "Tenders can be registered like any deal.",
        "The first complete submission is first; claims are judged in that order.",
        (
            "When information is requested, the place is kept if the answer comes within "
            "3 business days."
        ),
        "Whether a customer is open is not shown before the decision.",
        (
            "The vendor decides within 2 business days "
            "(Monday to Friday 09:00 to 17:00, UTC, no holidays)."
        ),
        (
            "1 business hour after the deadline the administrator is told. The open hours by which "
            "the vendor is late are added to the protection, and then the rest of that day."
        ),
        "A rejection can be appealed for 14 days; another person decides within 5 business days.",
        "A claim on a customer and line that are not open is rejected by rule.",
        "A second registrant gets nothing.",
        "Protection lasts 90 days from approval, to the end of the last day in UTC.",
        "It is extended once by 30 days, asked before it ends.",
        "Where several discounts apply, only the highest counts.",
    ]


def test_every_rule_in_words() -> None:
    assert summary(FULL) == [
        "Lines: core, edge.",
        "Partners: reseller, gold.",
        "Certificate expert is needed for line edge.",
        "Certificate sales is needed for every line.",
        "A deal is at least 6000.00 USD of own products at list price before tax.",
        "A deal in japan is at least 5000 JPY of own products at list price before tax.",
        "A customer that bought anything from another seller in the last 36 months is not new.",
        "Nor is one that the vendor met in the last 90 days.",
        "A tender counts if submitted before the day it is published.",
        "The partner says in a line what it did to earn the deal.",
        "The first complete submission is first; claims are judged in that order.",
        (
            "When information is requested, the place is kept if the answer comes within "
            "3 business days."
        ),
        "A partner with 20 registrations untouched for 45 days can't add another.",
        "Whether a customer is open is shown after submission.",
        (
            "The vendor decides within 16 business hours "
            "(Monday to Friday hours by day, Europe/Zurich, holidays of CH ZH)."
        ),
        "A clean deal under 50000.00 USD from a partner of tier gold approves itself.",
        "Deals from 100000.00 USD in edge, dach: approved by channel manager, then administrator.",
        (
            "1 business hour after the deadline the administrator is told. The open hours by which "
            "the vendor is late are added to the protection, and then the rest of that day."
        ),
        "A rejection can be appealed for 14 days; another person decides within 5 business days.",
        "A claim on a customer and line that are not open is decided by a person.",
        "A second registrant gets 50 % of the first one's discount.",
        "Protection lasts 6 months from submission, to the end of the last day in Europe/Zurich.",
        (
            "Customer meeting: by day 30, reminder on day 20; without it protection lapses at the "
            "end of day 45."
        ),
        "It is extended up to 2 times by 30 days, asked in its last 14 days with evidence.",
        "A deal can be won 72 hours after submission or later.",
        "Where several discounts apply, they add up, to at most 40 percentage points.",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"extensions": deal_rules.ExtensionRule(limit=0)}, "Protection is not extended."),
        (
            {"second": deal_rules.SecondRule(deal_rules.SecondGets.CO_SELL)},
            "A second registrant may sell along, without a discount.",
        ),
        (
            {"look_back": deal_rules.LookBack(purchase=Length(1), own_sales=True)},
            "A customer that bought the same line from anyone in the last 1 day is not new.",
        ),
        (
            {"calendar": Calendar(shifts=office_hours(9, 12, range(2)), country="FR")},
            (
                "The vendor decides within 2 business days "
                "(Monday, Tuesday 09:00 to 12:00, UTC, holidays of FR)."
            ),
        ),
        (
            {"discounts": deal_rules.DiscountRule(cap=Decimal("12.50"))},
            (
                "Where several discounts apply, only the highest counts, "
                "to at most 12.5 percentage points."
            ),
        ),
    ],
)
def test_a_rule_that_changes_changes_its_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert sentence in summary(replace(DealRules(), **changes))
