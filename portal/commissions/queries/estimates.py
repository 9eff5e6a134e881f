"""What something would earn: the plan that applies, examples of it, and an estimate of a sale."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.commissions.queries import knowing
from portal.commissions.queries.knowing import Known
from portal.commissions.rules import tallies
from portal.commissions.rules.book import Book
from portal.commissions.rules.engine import Engine
from portal.commissions.rules.example import example
from portal.commissions.rules.facts import Event, Kind
from portal.commissions.rules.matching import Chosen, choose_plan
from portal.commissions.rules.plan import Plan
from portal.db.session import SystemSession
from portal.kernel.errors import Refused
from portal.kernel.money import Money

EXAMPLE_MINOR = 10_000_00


@dataclass(frozen=True, slots=True)
class Worked:
    """A rule with what a sale made for it earns."""

    title: str
    amount_minor: int
    currency: str
    explanation: Mapping[str, Any]


def plan_for(known: Known, partner_id: int, day: dt.date) -> Chosen:
    """The plan of a company on a day, and why it and not another."""
    code = next(code for code, each in known.companies.items() if each == partner_id)
    try:
        return choose_plan(known.plans.values(), known.context.partner(code), day=day, deal="")
    except Refused as refused:
        return Chosen(None, refused.message)


def worked_examples(plan: Plan, day: dt.date) -> list[Worked]:
    """One for each rule, by the engine that pays."""
    found = []
    for rule in plan.rules:
        outcome = example(plan, rule, amount=EXAMPLE_MINOR, day=day)
        for line in outcome.lines:
            if line.rule == rule.id and line.amount.minor:
                found.append(
                    Worked(
                        rule.title,
                        line.amount.minor,
                        line.amount.currency,
                        line.explanation.to_data(),
                    )
                )
                break
    return found


def estimate(
    db: SystemSession, *, partner_id: int, line: str, value: Money, day: dt.date
) -> Money | None:
    """What a registered deal of this line and value would earn its partner if it were won on `day`.

    Nothing is posted.  None if no plan applies or a fact is missing.
    """
    known = knowing.known_for(db, [partner_id], day)
    code = next(iter(known.companies))
    event = Event(
        id="estimate",
        kind=Kind.WON,
        partner=code,
        day=day,
        currency=value.currency,
        amount=value.minor,
        product=line,
        registered=True,
        deal="estimate",
    )
    book = Book(known.context)
    scopes = tallies.scopes_of(event, known.plans.values())
    stored = knowing.tallies_of(db, [partner_id], scopes)
    tallies.fill(book, knowing.values_of(stored).items())
    try:
        lines = Engine(list(known.plans.values()), known.context, book).take(event)
    except Refused:
        return None
    own = [each.amount for each in lines if each.partner == code]
    total = sum(amount.minor for amount in own)
    return Money(total, own[0].currency) if total > 0 else None
