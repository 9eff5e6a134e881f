"""What one rule earns from one event: the exact amount before rounding, and how it came about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from portal.commissions.rules import curves
from portal.commissions.rules.curves import ZERO, Curve, Walk
from portal.commissions.rules.lines import Step, decimal_text, major_text, money_text, percent_text
from portal.commissions.rules.plan import (
    ANY_CURRENCY,
    Accelerator,
    Bands,
    Boost,
    Growth,
    Measure,
    Mode,
    PaysOn,
    Per,
    Plan,
    Recurring,
    Rule,
)
from portal.kernel.money import exponent


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything beside the plan that decides what a rule earns, in `currency`'s minor units.

    `base` is what the event adds, `before` the total of the bands' scope, `attained` that of the
    quota's period, `previous` the base period of growth, `support` the help for each unit.
    """

    currency: str
    base: Fraction
    before: Fraction = ZERO
    attained: Fraction = ZERO
    quota: Fraction | None = None
    previous: Fraction | None = None
    month: int = 1
    months: int = 1
    support: Fraction | None = None

    def to_data(self) -> dict[str, Any]:
        """Plain data; fractions as text."""
        return {
            "currency": self.currency,
            "base": str(self.base),
            "before": str(self.before),
            "attained": str(self.attained),
            "quota": None if self.quota is None else str(self.quota),
            "previous": None if self.previous is None else str(self.previous),
            "month": self.month,
            "months": self.months,
            "support": None if self.support is None else str(self.support),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Situation:
        return cls(
            currency=data["currency"],
            base=Fraction(data["base"]),
            before=Fraction(data["before"]),
            attained=Fraction(data["attained"]),
            quota=_maybe(data["quota"]),
            previous=_maybe(data["previous"]),
            month=data["month"],
            months=data["months"],
            support=_maybe(data["support"]),
        )


def _maybe(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def earned(rule: Rule, plan: Plan, situation: Situation) -> Fraction:
    """Exact, in minor units; rounding comes later, once."""
    curve, before = curve_for(rule, plan, situation)
    return curve.value(before + situation.base) - curve.value(before)


def steps_of(rule: Rule, plan: Plan, situation: Situation) -> tuple[Step, ...]:
    """The rows that lead from the base to what is earned; their amounts add up to it."""
    curve, before = curve_for(rule, plan, situation)
    wording = _Wording(rule, plan, situation)
    parts = curve.walk(before, before + situation.base)
    rows = [
        wording.jump(part.lower, part.earned)
        if part.is_jump
        else wording.part(part.lower, part.upper, part.plain_rate)
        for part in _merged(parts)
    ]
    boosts = [
        wording.boost(part.upper - part.lower, part.rate, part.plain_rate)
        for part in parts
        if part.rate != part.plain_rate
    ]
    return (*rows, *boosts)


def _merged(parts: list[Walk]) -> list[Walk]:
    """Neighbouring parts with the same plain rate as one."""
    merged: list[Walk] = []
    for part in parts:
        last = merged[-1] if merged else None
        if last and not last.is_jump and not part.is_jump and last.plain_rate == part.plain_rate:
            merged[-1] = replace(last, upper=part.upper, earned=last.earned + part.earned)
        else:
            merged.append(part)
    return merged


def next_step(rule: Rule, plan: Plan, situation: Situation) -> str:
    """Where a better rate starts and how far away that is, or nothing."""
    curve, before = curve_for(rule, plan, situation)
    after = before + situation.base
    here = curve.segment(after)
    for segment in curve.segments:
        if segment.lower > after and (segment.rate > here.rate or segment.start > here.start):
            wording = _Wording(rule, plan, situation)
            what = wording.rate(segment.rate) if segment.rate > here.rate else "more"
            away = wording.size(segment.lower - after)
            return f"{what} starts at {wording.size(segment.lower)}: {away} to go"
    return ""


def curve_for(rule: Rule, plan: Plan, situation: Situation) -> tuple[Curve, Fraction]:
    """The rule's curve, and the total on its axis before the event."""
    decimals = 0 if plan.currency == ANY_CURRENCY else exponent(plan.currency)
    if rule.accelerator is None:
        curve = _plain(rule, decimals, situation)
        return curve, situation.before if rule.bands or rule.growth else ZERO
    shares_axis = rule.bands is None or (rule.bands.over, rule.bands.counts) == (
        rule.accelerator.over,
        rule.accelerator.counts,
    )
    before = situation.attained if shares_axis else situation.before
    offset = before - situation.attained
    plain = _plain(rule, decimals, situation)
    return _accelerated(plain, rule.accelerator, decimals, situation.quota or ZERO, offset), before


def _plain(rule: Rule, decimals: int, situation: Situation) -> Curve:
    if rule.percent is not None:
        return curves.proportional(Fraction(rule.percent) / 100)
    if rule.bands is not None:
        return _banded(rule.bands, rule.measure, decimals)
    if rule.flat is not None:
        return curves.proportional(minor(rule.flat.amount, decimals))
    if rule.growth is not None:
        return grown(rule.growth, situation.previous or ZERO)
    if rule.recurring is not None:
        return curves.proportional(
            recurring_rate(rule.recurring, situation.month, situation.months)
        )
    return curves.proportional(situation.support or ZERO)


def minor(amount: Decimal, decimals: int) -> Fraction:
    """Major units as exact minor units."""
    return Fraction(amount.scaleb(decimals))


@lru_cache(maxsize=256)
def _banded(bands: Bands, measure: Measure, decimals: int) -> Curve:
    by_money = 0 if measure is Measure.UNITS else decimals
    return curves.banded(
        [
            (
                minor(lower, by_money),
                Fraction(pay.percent or 0) / 100 + minor(pay.per_unit or Decimal(0), decimals),
                minor(pay.amount or Decimal(0), decimals),
            )
            for lower, _, pay in bands.ranges
        ],
        bands.mode,
    )


def _accelerated(
    curve: Curve, accelerator: Accelerator, decimals: int, quota: Fraction, offset: Fraction
) -> Curve:
    boosts = [
        (quota * Fraction(step.at) / 100 + offset, _change(step, decimals))
        for step in accelerator.steps
    ]
    curve = curves.boosted(curve, boosts, accelerator.mode) if boosts else curve
    gate = accelerator.gate
    if gate is None:
        return curve
    return curves.gated(curve, quota * Fraction(gate.at) / 100 + offset, back_pay=gate.back_pay)


def _change(step: Boost, decimals: int) -> curves.Change:
    if step.add is not None:
        more = Fraction(step.add) / 100
        return lambda rate: rate + more
    if step.times is not None:
        factor = Fraction(step.times)
        return lambda rate: rate * factor
    fixed = Fraction(step.percent or 0) / 100 + minor(step.per_unit or Decimal(0), decimals)
    return lambda _rate: fixed


def grown(growth: Growth, previous: Fraction) -> Curve:
    """Without a base period there is no growth, and nothing is earned."""
    if previous <= 0:
        return curves.proportional(ZERO)
    bands = [(ZERO, ZERO, ZERO)]
    for step in growth.steps:
        lower = previous * (1 + Fraction(step.lower) / 100)
        rate = Fraction(step.percent) / 100
        whole_growth = growth.pays_on is PaysOn.GROWTH and growth.mode is Mode.WHOLE
        bands.append((lower, rate, -rate * previous if whole_growth else ZERO))
    return curves.banded(bands, growth.mode)


def recurring_rate(recurring: Recurring, month: int, months: int) -> Fraction:
    """The mean rate of the months that one event covers; months after the term count as zero."""
    term = recurring.term_months
    rates = [
        Fraction(next(s.percent for s in reversed(recurring.steps) if s.from_month <= each)) / 100
        for each in range(month, month + months)
        if term is None or each <= term
    ]
    return sum(rates, ZERO) / months


@dataclass(frozen=True, slots=True)
class _Wording:
    """How a rule's rates and sizes read."""

    rule: Rule
    plan: Plan
    situation: Situation

    def part(self, lower: Fraction, upper: Fraction, rate: Fraction) -> Step:
        if self.rule.flat is not None and self.rule.flat.per is Per.DEAL:
            return Step("rate", f"{self.rate(rate)} a deal", self._source, self._amount(rate))
        text = f"{self.rate(rate) if rate else 'Nothing'} on {self.size(upper - lower)}"
        if self.rule.bands is not None or self.rule.growth is not None:
            text += f", from {self.size(lower)} to {self.size(upper)}"
        if self.rule.recurring is not None:
            text += f", month {self.situation.month}"
        kind = "band" if self.rule.bands is not None else "rate"
        return Step(kind, text, self._source, self._amount(rate * (upper - lower)))

    def boost(self, size: Fraction, rate: Fraction, plain_rate: Fraction) -> Step:
        change = rate - plain_rate
        sign = "+" if change > 0 else "−"
        text = f"Accelerator {sign}{self.rate(abs(change))} on {self.size(size)}"
        quota = self.situation.quota or ZERO
        text = f"{text}; quota {self.size(quota)}"
        return Step("accelerator", text, self._source, self._amount(change * size))

    def jump(self, at: Fraction, earned_there: Fraction) -> Step:
        text = f"On reaching {self.size(at)}" if at > 0 else "Fixed amount"
        return Step("reached", text, self._source, self._amount(earned_there))

    def rate(self, rate: Fraction) -> str:
        if self.rule.flat is not None and self.rule.flat.per is Per.DEAL:
            return money_text(rate, self.situation.currency)
        if self.rule.measure is Measure.UNITS:
            return f"{money_text(rate, self.situation.currency)} a unit"
        return percent_text(rate)

    def size(self, size: Fraction) -> str:
        if self.rule.flat is not None and self.rule.flat.per is Per.DEAL:
            return f"{decimal_text(size, 0)} deal"
        if self.rule.measure is Measure.UNITS:
            return f"{decimal_text(size, 0)} units"
        return money_text(size, self.situation.currency)

    @property
    def _source(self) -> str:
        return f"{self.plan.title}, rule {self.rule.id}"

    def _amount(self, value: Fraction) -> str:
        return major_text(value, self.situation.currency)
