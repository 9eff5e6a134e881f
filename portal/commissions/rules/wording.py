"""A plan in plain words, for the screen beside its document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from portal.commissions.rules.lines import decimal_text, money_text
from portal.commissions.rules.plan import (
    ANY_CURRENCY,
    Accelerator,
    Bands,
    Boost,
    Combine,
    Counts,
    Growth,
    Limit,
    Measure,
    Mode,
    Over,
    Pay,
    PaysOn,
    Per,
    Plan,
    PriceSupport,
    Recurring,
    Rule,
    Span,
    To,
    What,
    Who,
)
from portal.kernel.money import exponent

_WHEN = {
    "won": "a deal is won",
    "invoiced": "an invoice is written",
    "paid": "the customer pays",
    "delivered": "goods are delivered",
    "sell_through": "a distributor reports a sale",
}
_SEVERAL = {
    Combine.HIGHEST: "If several rules match, the highest amount counts.",
    Combine.SUM: "If several rules match, all of them pay.",
    Combine.FIRST: "If several rules match, the first one counts.",
    Combine.MOST_SPECIFIC: "If several rules match, the most specific one counts.",
}
_HOW = {
    Mode.MARGINAL: "each part at its own rate",
    Mode.WHOLE: "all at the rate reached",
}
_OVER = {
    Over.DEAL: "the deal",
    Over.MONTH: "the month",
    Over.QUARTER: "the quarter",
    Over.HALF_YEAR: "the half-year",
    Over.YEAR: "the year",
}


def describe(plan: Plan) -> list[str]:
    """One sentence for each thing the plan says, its rules in order."""
    currency = "the currency of each sale" if plan.currency == ANY_CURRENCY else plan.currency
    found = [
        f"{plan.title} pays in {currency}{_span(plan.valid)}.",
        f"It is for {_who(plan.applies_to)}.",
    ]
    for rule in plan.rules:
        found += _Words(plan, rule).sentences()
    if len(plan.rules) > 1:
        found.append(_SEVERAL[plan.combine])
    words = _Words(plan, plan.rules[0])
    found += [f"All rules together pay at most {words.limit(cap)}." for cap in plan.caps]
    if plan.hold_days:
        found.append(f"What is earned is payable {plan.hold_days} days later.")
    if plan.minimum_payout:
        least = words.money(plan.minimum_payout)
        found.append(f"Less than {least} waits for the next payout.")
    return found


class _Words:
    """One rule's sentences."""

    def __init__(self, plan: Plan, rule: Rule) -> None:
        self._plan, self._rule = plan, rule

    def sentences(self) -> Iterator[str]:
        rule = self._rule
        when = _or(_WHEN[trigger.value] for trigger in rule.earned_on)
        on_top = ", beside whatever other rules pay" if rule.on_top else ""
        yield f"{rule.title}: when {when}, {self._to()} earns {self._earns()}{on_top}."
        conditions = [*_what(rule.what), *([f"for {_who(rule.who)}"] if rule.who != Who() else [])]
        if rule.valid != Span():
            conditions.append(f"for events{_span(rule.valid)}")
        if rule.claim_days is not None:
            conditions.append(f"if claimed within {rule.claim_days} days")
        if conditions:
            yield f"{rule.title} is paid only {', '.join(conditions)}."
        if rule.accelerator is not None:
            yield from self._accelerator(rule.accelerator)
        yield from self._bounds()

    def money(self, amount: Decimal) -> str:
        """In the plan's currency; a rate for each unit may have more decimals than that."""
        currency = self._plan.currency
        return money_text(Fraction(amount.scaleb(exponent(currency))), currency)

    def limit(self, limit: Limit) -> str:
        return f"{self.money(limit.amount)} for {_OVER[limit.per]}"

    def _to(self) -> str:
        names = {To.PARTNER: "the partner", To.PERSON: "the person who sold"}
        return names.get(self._rule.to, "the distributor")

    def _earns(self) -> str:
        rule = self._rule
        if rule.percent is not None:
            return f"{_percent(rule.percent)} of {self._base()}"
        if rule.flat is not None:
            each = "for each unit" if rule.flat.per is Per.UNIT else "once a deal"
            return f"{self.money(rule.flat.amount)} {each}"
        if rule.bands is not None:
            return self._bands(rule.bands)
        if rule.growth is not None:
            return self._growth(rule.growth)
        if rule.recurring is not None:
            return self._recurring(rule.recurring)
        return self._support(rule.price_support or PriceSupport())

    def _base(self) -> str:
        rule = self._rule
        names = {
            Measure.REVENUE: "the revenue",
            Measure.MARGIN: "the margin",
            Measure.UNITS: "the units",
            Measure.COMMISSION: "the partner's commission",
        }
        less = [part.value for part in rule.less]
        return names[rule.base] + (f" less {', '.join(less)}" if less else "")

    def _bands(self, bands: Bands) -> str:
        parts = []
        for lower, upper, pay in bands.ranges:
            if upper is None:
                parts.append(f"{self._pay(pay)} from {self._size(lower)} on")
            else:
                parts.append(f"{self._pay(pay)} from {self._size(lower)} to {self._size(upper)}")
        counted = self._base() if bands.over is Over.DEAL else f"{self._base()} so far"
        scope = f"{counted} in {_OVER[bands.over]}{_counting(bands.counts)}"
        return f"by {scope}: {'; '.join(parts)}; {_HOW[bands.mode]}"

    def _pay(self, pay: Pay) -> str:
        if pay.percent is not None:
            return _percent(pay.percent)
        if pay.amount is not None:
            return self.money(pay.amount)
        return f"{self.money(pay.per_unit or Decimal(0))} a unit"

    def _size(self, size: Decimal) -> str:
        units = self._rule.measure is Measure.UNITS
        return f"{decimal_text(Fraction(size), 0)} units" if units else self.money(size)

    def _growth(self, growth: Growth) -> str:
        on = "the growth" if growth.pays_on is PaysOn.GROWTH else "the whole total"
        parts = [
            f"{_percent(step.percent)} from {_percent(step.lower)} growth on"
            for step in growth.steps
        ]
        over = f"{_OVER[growth.over]}{_counting(growth.counts)}"
        how = _HOW[growth.mode]
        return f"by growth of {self._base()} in {over}, on {on}: {'; '.join(parts)}; {how}"

    def _recurring(self, recurring: Recurring) -> str:
        parts = [
            f"{_percent(step.percent)} from month {step.from_month}" for step in recurring.steps
        ]
        term = recurring.term_months
        ends = f", for {term} months" if term is not None else ", for life"
        churn = ", until the customer leaves" if recurring.stop_on_churn else ""
        return f"{', '.join(parts)} of {self._base()}{ends}{churn}"

    def _support(self, support: PriceSupport) -> str:
        if support.down_to is not None:
            return f"what each unit cost above {self.money(support.down_to)}"
        if support.down_by is not None:
            return f"{self.money(support.down_by)} for each unit"
        return f"{_percent(support.down_by_percent or Decimal(0))} of what each unit cost"

    def _accelerator(self, accelerator: Accelerator) -> Iterator[str]:
        target = accelerator.target
        quota = "the partner's quota" if target is None else f"a quota of {self._size(target)}"
        scope = f"{quota} for {_OVER[accelerator.over]}{_counting(accelerator.counts)}"
        reach = "for what lies above" if accelerator.mode is Mode.MARGINAL else "for all of it"
        for step in accelerator.steps:
            yield f"From {_percent(step.at)} of {scope} on, {self._boost(step)}, {reach}."
        if accelerator.gate is not None:
            back = "; then what came before is paid too" if accelerator.gate.back_pay else ""
            yield f"Below {_percent(accelerator.gate.at)} of {scope} nothing is earned{back}."

    def _boost(self, step: Boost) -> str:
        if step.percent is not None:
            return f"the rate is {_percent(step.percent)}"
        if step.add is not None:
            return f"the rate is {decimal_text(Fraction(step.add), 0)} points higher"
        if step.times is not None:
            return f"the rate is multiplied by {step.times:f}"
        return f"a unit earns {self.money(step.per_unit or Decimal(0))}"

    def _bounds(self) -> Iterator[str]:
        rule = self._rule
        for floor in rule.floors:
            yield f"{rule.title} pays at least {self.limit(floor)}."
        for cap in rule.caps:
            yield f"{rule.title} pays at most {self.limit(cap)}."
        if rule.split:
            shares = [
                f"{_percent(part.percent)} to {part.to}"
                if part.percent is not None
                else f"{(part.parts or Decimal(0)):f} parts to {part.to}"
                for part in rule.split
            ]
            yield f"{rule.title} is shared: {', '.join(shares)}."
        if rule.holdback is not None:
            held = _percent(rule.holdback.percent)
            yield f"{held} of it is held back for {rule.holdback.days} days."
        for step in rule.clawback:
            taken = _percent(step.percent)
            yield f"If the customer leaves within {step.within_days} days, {taken} is taken back."


def _what(what: What) -> Iterator[str]:
    for name, values in (
        ("product", what.products),
        ("line", what.lines),
        ("category", what.categories),
        ("region", what.regions),
    ):
        if values:
            yield f"for {name} {_or(values)}"
    if what.business is not None:
        yield f"for {'new' if what.business.value == 'net_new' else 'renewal'} business"
    if what.registered_only:
        yield "for registered deals"


def _who(who: Who) -> str:
    parts = [
        f"{name} {_or(values)}"
        for name, values in (
            ("deal", who.deals),
            ("partner", who.partners),
            ("tier", who.tiers),
            ("type", who.types),
            ("programme", who.programmes),
        )
        if values
    ]
    return ", ".join(parts) or "everyone"


def _span(span: Span) -> str:
    start = f" from {span.start}" if span.start is not None else ""
    end = f" to {span.end - timedelta(days=1)}" if span.end is not None else ""
    return start + end


def _counting(counts: Counts) -> str:
    return ", counting all sales" if counts is Counts.ALL else ""


def _percent(percent: Decimal) -> str:
    return f"{decimal_text(Fraction(percent), 0)} %"


def _or(names: Iterable[str]) -> str:
    return " or ".join(names)
