"""Whether a rule's steps follow each other without a gap and each pays in one way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from portal.commissions.rules.documents import Problem
from portal.commissions.rules.plan import (
    Bands,
    Growth,
    Measure,
    Mode,
    Over,
    Pay,
    PaysOn,
    PriceSupport,
    Recurring,
    Rule,
)


def steps(rule: Rule) -> Iterator[Problem]:
    """Problems of the rule's bands, growth, recurring or price_support."""
    if rule.bands is not None:
        yield from _bands(rule.bands, rule.measure)
    if rule.growth is not None:
        yield from _growth(rule.growth, rule.measure)
    if rule.recurring is not None:
        yield from _recurring(rule.recurring, rule.measure)
    if rule.price_support is not None:
        yield from _price_support(rule.price_support)


def _bands(bands: Bands, measure: Measure) -> Iterator[Problem]:
    if not bands.steps:
        yield Problem("bands.steps", "has no band")
        return
    yield from _bounds(bands)
    ends = bands.steps[-1].upper
    if ends is not None and bands.above is None:
        yield Problem("bands.above", f"nothing covers {ends} and above; say what is paid there")
    if ends is None and bands.above is not None:
        yield Problem("bands.above", "the last band has no end, so nothing lies above it")
    for i, step in enumerate(bands.steps):
        pay = Pay(step.percent, step.amount, step.per_unit)
        yield from _pay(f"bands.steps[{i}]", pay, measure)
    if bands.above is not None:
        yield from _pay("bands.above", bands.above, measure)


def _bounds(bands: Bands) -> Iterator[Problem]:
    reached = Decimal(0)
    for i, (step, (lower, upper, _)) in enumerate(zip(bands.steps, bands.ranges, strict=False)):
        at = f"bands.steps[{i}]"
        if i and step.lower is None and bands.steps[i - 1].upper is None:
            yield Problem(f"{at}.from", "is missing, and the band before names no `to`")
            return
        if lower > reached:
            hint = f"write `to: {lower}` in the band before" if i else "start at 0"
            yield Problem(f"{at}.from", f"nothing covers {reached} up to {lower}; {hint}")
        if lower < reached:
            yield Problem(f"{at}.from", f"{lower} up to {reached} is covered twice")
        if upper is not None and upper <= lower:
            yield Problem(f"{at}.to", f"{upper} is not above {lower}, where the band starts")
            return
        reached = lower if upper is None else upper


def _pay(path: str, pay: Pay, measure: Measure) -> Iterator[Problem]:
    ways = [way for way in ("percent", "amount", "per_unit") if getattr(pay, way) is not None]
    if len(ways) != 1:
        yield Problem(path, f"give one of percent, amount, per_unit; has {len(ways)}")
    elif ways[0] == "percent" and measure is Measure.UNITS:
        yield Problem(f"{path}.percent", "units have no percent; give per_unit or amount")
    elif ways[0] == "per_unit" and measure is not Measure.UNITS:
        yield Problem(f"{path}.per_unit", f"needs base: units, not {measure.value}")


def _growth(growth: Growth, measure: Measure) -> Iterator[Problem]:
    if growth.over is Over.DEAL:
        yield Problem("growth.over", "growth compares periods, not deals")
    if measure is Measure.UNITS:
        yield Problem("growth", "pays percent of money; units have no percent")
    if growth.pays_on is PaysOn.TOTAL and growth.mode is Mode.MARGINAL:
        yield Problem("growth.mode", "pays_on: total pays the whole total, so write mode: whole")
    yield from _rising("growth.steps", "from", [step.lower for step in growth.steps])


def _recurring(recurring: Recurring, measure: Measure) -> Iterator[Problem]:
    if measure is Measure.UNITS:
        yield Problem("recurring", "pays percent of money; units have no percent")
    months = [step.from_month for step in recurring.steps]
    yield from _rising("recurring.steps", "from_month", months)
    if months and months[0] != 1:
        yield Problem("recurring.steps[0].from_month", f"nothing covers month 1 up to {months[0]}")
    if recurring.term_months is not None and recurring.term_months < max([1, *months]):
        yield Problem("recurring.term_months", "ends before the last step, or before month 1")


def _price_support(support: PriceSupport) -> Iterator[Problem]:
    ways = (support.down_to, support.down_by, support.down_by_percent)
    if sum(way is not None for way in ways) != 1:
        yield Problem("price_support", "give one of down_to, down_by, down_by_percent")


def _rising(path: str, key: str, values: Sequence[Decimal | int]) -> Iterator[Problem]:
    if not values:
        yield Problem(path, "has no step")
    for i in range(1, len(values)):
        if values[i] <= values[i - 1]:
            yield Problem(f"{path}[{i}].{key}", f"{values[i]} is not above {values[i - 1]}")
