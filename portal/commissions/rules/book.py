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
class Cell:
    """A running total that compiled plans hold on to, and its curve's segment when last read."""

    total: int | Fraction
    segment: int = 0


@dataclass(slots=True)
class Book:
    """Starts from the context's opening totals."""

    context: Context
    totals: dict[TotalKey, Cell] = field(default_factory=dict)
    paid: dict[LimitKey, int] = field(default_factory=dict)
    advances: dict[LimitKey, int] = field(default_factory=dict)

    def cell(self, key: TotalKey, rule: Rule, plan: Plan) -> Cell:
        """The total itself, to be added to."""
        if key not in self.totals:
            opening = find_figure(self.context.totals, key.payee, key.scope, key.rule)
            scale = 0 if rule.measure is Measure.UNITS else decimals_of(plan)
            start = Fraction(0) if opening is None else minor(opening, scale)
            self.totals[key] = Cell(_whole_if_it_is(start))
        return self.totals[key]

    def total(self, key: TotalKey, rule: Rule, plan: Plan) -> Fraction:
        return Fraction(self.cell(key, rule, plan).total)

    def add(self, key: TotalKey, base: Fraction) -> None:
        """Assumes that `total` was asked first, so that the opening total is in."""
        cell = self.totals[key]
        cell.total = _whole_if_it_is(cell.total + base)

    def let_through(self, key: LimitKey, minor_units: int) -> None:
        """A deal of a single event leaves nothing behind."""
        if key.scope:
            self.paid[key] = self.paid.get(key, 0) + minor_units

    def bound(self, key: LimitKey, limit: Limit, plan: Plan) -> Bound:
        amount = int(minor(limit.amount, decimals_of(plan)))
        paid, advance = self.paid.get(key, 0), self.advances.get(key, 0)
        return Bound(key.kind, limit.per.value, amount, paid, advance)


def _whole_if_it_is(value: Fraction | int) -> int | Fraction:
    """Whole totals stay integers, which compiled plans add up much faster."""
    return value.numerator if value.denominator == 1 else value


def decimals_of(plan: Plan) -> int:
    return 0 if plan.currency == ANY_CURRENCY else exponent(plan.currency)


def scope_of(over: Over, event: Event, plan: Plan) -> str:
    """What a total runs over: the period's name, or the deal; empty for a deal of one event."""
    if over is Over.DEAL:
        return f"deal {event.deal}" if event.deal else ""
    return period_of(event.day, over, plan.year_starts_in)
