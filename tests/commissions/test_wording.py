"""A plan in plain words beside a worked example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest

from portal.commissions.rules.documents import Unreadable, from_yaml
from portal.commissions.rules.example import example
from portal.commissions.rules.plan import Plan
from portal.commissions.rules.plan_reading import plan_from
from portal.commissions.rules.wording import describe

FOLDER = Path(__file__).parents[1] / "cases" / "commissions"

RICH = """
plan: reseller
version: 3
name: Reseller plan
currency: EUR
valid: {from: 2026-01-01, to: 2027-01-01}
applies_to: {types: reseller, tiers: [gold, platinum]}
combine: sum
hold_days: 30
minimum_payout: 50
caps: {amount: 100000, per: year}
rules:
  - id: base
    name: Base commission
    earned_on: paid
    base: revenue
    less: [services, taxes]
    bands: {over: quarter, counts: all, steps: [{to: 10000, percent: 5}, {percent: 12.5}]}
    accelerator: {over: year, steps: {at: 100, add: 2}, gate: {at: 50}}
    caps: {amount: 5000}
    split: [{to: partner, percent: 90}, {to: distributor, percent: 10}]
    holdback: {percent: 10, days: 90}
    clawback: {within_days: 90, percent: 100}
  - id: spiff
    name: March bonus
    to: person
    earned_on: won
    what: {products: fw-1, registered_only: true}
    valid: {from: 2026-03-01, to: 2026-04-01}
    flat: {amount: 75, per: unit}
    claim_days: 60
  - id: override
    to: distributor
    earned_on: paid
    base: commission
    percent: 10
"""


def plans() -> Iterator[Plan]:
    """Every plan of the worked cases that is meant to be accepted."""
    for file in sorted(FOLDER.glob("*.yaml")):
        document = from_yaml(file.read_text("utf-8"))
        assert isinstance(document, Mapping)
        for holder in (document, *document["cases"]):
            given = holder.get("plans", holder.get("plan", []))
            for data in given if isinstance(given, list) else [given]:
                try:
                    yield plan_from(data)
                except Unreadable:
                    assert holder["expect"]["plan_refused"]


PLANS = list(plans())


def test_a_plan_says_in_words_all_that_its_document_says():
    assert describe(plan_from(from_yaml(RICH))) == [
        "Reseller plan v3 pays in EUR from 2026-01-01 to 2026-12-31.",
        "It is for tier gold or platinum, type reseller.",
        (
            "Base commission: when the customer pays, the partner earns by the revenue less "
            "services, taxes so far in the quarter, counting all sales: 5 % from 0.00 EUR to "
            "10,000.00 EUR; 12.5 % from 10,000.00 EUR on; each part at its own rate."
        ),
        (
            "From 100 % of the partner's quota for the year on, the rate is 2 points higher, for "
            "what lies above."
        ),
        "Below 50 % of the partner's quota for the year nothing is earned.",
        "Base commission pays at most 5,000.00 EUR for the deal.",
        "Base commission is shared: 90 % to partner, 10 % to distributor.",
        "10 % of it is held back for 90 days.",
        "If the customer leaves within 90 days, 100 % is taken back.",
        "March bonus: when a deal is won, the person who sold earns 75.00 EUR for each unit.",
        (
            "March bonus is paid only for product fw-1, for registered deals, for events from "
            "2026-03-01 to 2026-03-31, if claimed within 60 days."
        ),
        "override: when the customer pays, the distributor earns 10 % of the partner's commission.",
        "If several rules match, all of them pay.",
        "All rules together pay at most 100,000.00 EUR for the year.",
        "What is earned is payable 30 days later.",
        "Less than 50.00 EUR waits for the next payout.",
    ]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title)
def test_every_plan_can_be_described(plan):
    words = " ".join(describe(plan))
    assert all(rule.title in words for rule in plan.rules)
    assert "None" not in words


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.title)
def test_every_rule_has_an_example_that_it_pays_on(plan):
    for rule in plan.rules:
        outcome = example(plan, rule, amount=10_000_000, day=date(2026, 3, 10))
        assert outcome.refusals == ()
        texts = " ".join(line.explanation.all_text() for line in outcome.lines)
        assert rule.id in {line.rule for line in outcome.lines} or f"Rule {rule.id} would" in texts


def test_an_example_follows_the_plan_into_its_time():
    plan = plan_from(from_yaml(RICH))
    (line,) = example(plan, plan.rule("spiff"), amount=100, day=date(2020, 1, 1)).lines
    assert line.amount.minor == 7500
    assert line.person == "person"
