"""A made-up claim, judged by rules that are being written: the same judge as for real ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from portal.deals.rules.facts import Claim
from portal.deals.rules.verdict import Case, Decision, Outcome, judge
from portal.kernel.money import parse_plain
from portal.programme.rules.deal_rules import DealRules

CUSTOMER = 1


@dataclass(frozen=True, slots=True)
class Ran:
    """A kept case run against rules."""

    name: str
    expected: str
    found: str
    path: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return self.expected == self.found


def claim_of(typed: dict[str, Any], *, now: dt.datetime) -> Claim:
    """Raises Refused for an amount that cannot be read."""
    return Claim(
        ref="trial",
        partner_id=1,
        customer_id=CUSTOMER,
        line=typed["line"],
        place=now,
        value=parse_plain(typed["value"], typed["currency"]),
        region=typed["region"],
        partner_type=typed["partner_type"],
        tier=typed["tier"],
        certificates=frozenset(typed["certificates"]),
        activity=typed["activity"],
        is_tender=typed["is_tender"],
    )


def decide(rules: DealRules, typed: dict[str, Any], *, now: dt.datetime) -> Decision:
    return judge(Case(claim_of(typed, now=now), rules, now))


def run(
    rules: DealRules, name: str, typed: dict[str, Any], expected: str, *, now: dt.datetime
) -> Ran:
    decision = decide(rules, typed, now=now)
    return Ran(name, expected, decision.outcome.value, tuple(s.words for s in decision.path))


OUTCOMES = {
    Outcome.APPROVE.value: "Approved by rule",
    Outcome.QUEUE.value: "A person decides",
    Outcome.REJECT.value: "Rejected by rule",
}
