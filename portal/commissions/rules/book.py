"""What a run remembers from event to event: running totals and what caps and floors let through."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from portal.commissions.rules.earning import minor
from portal.commissions.rules.facts import Context, Event, find_figure, period_of
from portal.commissions.rules.limits import Bound
from portal.commissions.rules.plan import ANY_CURRENCY, Counts, Limit, Measure, Over, Plan, Rule
from portal.kernel.money import exponent


class TotalKey(NamedTuple):
    """Whose total, by which rule, over what.  Versions of a plan share their totals."""

    plan: str
    rule: str
    payee: str
    scope: str
    counts: Counts


class LimitKey(NamedTuple):
    """`rule` is empty for the plan's own caps."""

    plan: str
    rule: str
    payee: str
    kind: str
    scope: str


@dataclass(slots=True)
class Book:
    """Starts from the context's opening totals."""

    context: Context
    totals: dict[TotalKey, Fraction] = field(default_factory=dict)
    paid: dict[LimitKey, int] = field(default_factory=dict)
    advances: dict[LimitKey, int] = field(default_factory=dict)

    def total(self, key: TotalKey, rule: Rule, plan: Plan) -> Fraction:
        if key not in self.totals:
            opening = find_figure(self.context.totals, key.payee, key.scope, key.rule)
            scale = 0 if rule.measure is Measure.UNITS else decimals_of(plan)
            self.totals[key] = Fraction(0) if opening is None else minor(opening, scale)
        return self.totals[key]

    def add(self, key: TotalKey, base: Fraction) -> None:
        """Assumes that `total` was asked first, so that the opening total is in."""
        self.totals[key] += base

    def let_through(self, key: LimitKey, minor_units: int) -> None:
        """A deal of a single event leaves nothing behind."""
        if key.scope:
            self.paid[key] = self.paid.get(key, 0) + minor_units

    def bound(self, key: LimitKey, limit: Limit, plan: Plan) -> Bound:
        amount = int(minor(limit.amount, decimals_of(plan)))
        paid, advance = self.paid.get(key, 0), self.advances.get(key, 0)
        return Bound(key.kind, limit.per.value, amount, paid, advance)


def decimals_of(plan: Plan) -> int:
    return 0 if plan.currency == ANY_CURRENCY else exponent(plan.currency)


def scope_of(over: Over, event: Event, plan: Plan) -> str:
    """What a total runs over: the period's name, or the deal; empty for a deal of one event."""
    if over is Over.DEAL:
        return f"deal {event.deal}" if event.deal else ""
    return period_of(event.day, over, plan.year_starts_in)
