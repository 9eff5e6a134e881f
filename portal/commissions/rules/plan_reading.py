"""Documents to plans, refusing what does not make sense, with the path of each problem."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from portal.commissions.rules import bands_check
from portal.commissions.rules.documents import Problem, Unreadable, read, write
from portal.commissions.rules.plan import (
    ANY_CURRENCY,
    Accelerator,
    Bands,
    Limit,
    Measure,
    Mode,
    Over,
    Part,
    Per,
    Plan,
    Rule,
    Span,
    To,
)
from portal.kernel.money import CURRENCIES, exponent

_LONGEST_DAYS = 3660
FORMS = ("flat", "percent", "bands", "growth", "recurring", "price_support")


def plan_from(data: object, path: str = "") -> Plan:
    """The plan in a document as `from_yaml` or `from_json` gives it.

    Raises Unreadable with every problem: first those of shape, and if there are none, of sense.
    """
    plan = read(Plan, data, path)
    problems = [
        Problem(f"{path}.{problem.path}" if path else problem.path, problem.message)
        for problem in check(plan)
    ]
    if problems:
        raise Unreadable(problems)
    return plan


def plan_to_data(plan: Plan) -> object:
    """The document that `plan_from` reads back as the same plan."""
    return write(plan)


def check(plan: Plan) -> Iterator[Problem]:
    """Everything in a well-formed plan that cannot be meant."""
    if plan.version < 1:
        yield Problem("version", "counts up from 1")
    if not 1 <= plan.year_starts_in <= 12:
        yield Problem("year_starts_in", "is a month from 1 to 12")
    yield from _days("hold_days", plan.hold_days)
    yield from _span("valid", plan.valid)
    if not plan.rules:
        yield Problem("rules", "has no rule")
    for i, rule in enumerate(plan.rules):
        at = f"rules[{i}]"
        if rule.id in [earlier.id for earlier in plan.rules[:i]]:
            yield Problem(f"{at}.id", f"{rule.id!r} is the id of an earlier rule")
        for problem in _rule(rule, plan):
            yield Problem(f"{at}.{problem.path}", problem.message)
    yield from _limits("caps", plan.caps)
    yield from _currency(plan)


def _rule(rule: Rule, plan: Plan) -> Iterator[Problem]:
    given = [form for form in FORMS if getattr(rule, form) is not None]
    if len(given) != 1:
        has = " and ".join(given) or "none"
        yield Problem(
            given[-1] if given else "percent", f"give one of {', '.join(FORMS)}; has {has}"
        )
        return
    if not rule.earned_on:
        yield Problem("earned_on", "names no kind of event")
    yield from _span("valid", rule.valid)
    if rule.percent is not None and rule.base is Measure.UNITS:
        yield Problem("percent", "units have no percent; give flat with per: unit")
    if rule.base is Measure.COMMISSION and rule.to is not To.DISTRIBUTOR:
        yield Problem("base", "commission is a base for rules with to: distributor only")
    if rule.less and rule.measure in (Measure.UNITS, Measure.COMMISSION):
        yield Problem("less", f"{rule.measure.value} has nothing to leave out")
    if rule.accelerator is not None:
        yield from _accelerator(rule, rule.accelerator)
    yield from bands_check.steps(rule)
    yield from _limits("floors", rule.floors)
    yield from _limits("caps", rule.caps)
    for floor in rule.floors:
        for cap in rule.caps:
            if cap.per is floor.per and cap.amount < floor.amount:
                yield Problem("floors", f"{floor.amount} is more than the cap of {cap.amount}")
    yield from split_problems("split", rule.split)
    yield from _waits(rule, plan)


def _waits(rule: Rule, plan: Plan) -> Iterator[Problem]:
    if rule.claim_days is not None:
        yield from _days("claim_days", rule.claim_days)
    if rule.holdback is not None:
        yield from _days("holdback.days", rule.holdback.days)
        if rule.holdback.days < plan.hold_days:
            yield Problem(
                "holdback.days", f"is shorter than the plan's hold of {plan.hold_days} days"
            )
    for i, step in enumerate(rule.clawback):
        yield from _days(f"clawback[{i}].within_days", step.within_days)
        if i and step.within_days <= rule.clawback[i - 1].within_days:
            yield Problem(f"clawback[{i}].within_days", "is not longer than the one before")


def _accelerator(rule: Rule, accelerator: Accelerator) -> Iterator[Problem]:
    if accelerator.over is Over.DEAL:
        yield Problem("accelerator.over", "a quota runs over a period, not a deal")
    by_unit = rule.flat is not None and rule.flat.per is Per.UNIT
    if not (rule.percent is not None or rule.bands is not None or by_unit):
        yield Problem("accelerator", "goes with percent, bands, or flat with per: unit")
    if not accelerator.steps and accelerator.gate is None:
        yield Problem("accelerator", "has neither steps nor a gate")
    if accelerator.target == 0:
        yield Problem("accelerator.target", "a quota is more than 0")
    if rule.bands is not None:
        yield from _accelerated_bands(rule.bands, accelerator)
    for i, boost in enumerate(accelerator.steps):
        at = f"accelerator.steps[{i}]"
        ways = [w for w in ("percent", "add", "times", "per_unit") if getattr(boost, w) is not None]
        if len(ways) != 1:
            yield Problem(at, "give one of percent, add, times, per_unit")
        elif (ways[0] == "per_unit") != (rule.measure is Measure.UNITS) and ways[0] != "times":
            yield Problem(f"{at}.{ways[0]}", f"does not fit a rule that counts {rule.measure}")
        if i and boost.at <= accelerator.steps[i - 1].at:
            yield Problem(f"{at}.at", "is not higher than the one before")


def _accelerated_bands(bands: Bands, accelerator: Accelerator) -> Iterator[Problem]:
    if bands.mode is Mode.WHOLE:
        yield Problem("accelerator", "goes with marginal bands, not with whole ones")
    elif accelerator.looks_back and (bands.over, bands.counts) != (
        accelerator.over,
        accelerator.counts,
    ):
        why = "looks back over its period, so the bands must run over and count the same"
        yield Problem("accelerator", why)


def split_problems(path: str, parts: tuple[Part, ...]) -> Iterator[Problem]:
    """What is wrong with a split, in a plan or on an event."""
    names = [part.to for part in parts]
    for i, part in enumerate(parts):
        if (part.percent is None) == (part.parts is None):
            yield Problem(f"{path}[{i}]", "give percent or parts")
            return
        if part.to in names[:i]:
            yield Problem(f"{path}[{i}].to", f"{part.to!r} stands twice")
    percents = [part.percent for part in parts if part.percent is not None]
    shares = [part.parts for part in parts if part.parts is not None]
    if percents and shares:
        yield Problem(path, "is in percent or in parts, not both")
    elif percents and sum(percents) != 100:
        yield Problem(path, f"adds up to {sum(percents)} %, not 100 %")
    elif shares and sum(shares) == 0:
        yield Problem(path, "has no part above 0")


def _limits(path: str, limits: tuple[Limit, ...]) -> Iterator[Problem]:
    for i, limit in enumerate(limits):
        if limit.per in [earlier.per for earlier in limits[:i]]:
            yield Problem(f"{path}[{i}].per", f"there are two for the {limit.per.value}")


def _span(path: str, span: Span) -> Iterator[Problem]:
    if span.start is not None and span.end is not None and span.end <= span.start:
        yield Problem(f"{path}.to", f"{span.end} is not after {span.start}")


def _days(path: str, days: int) -> Iterator[Problem]:
    if not 0 <= days <= _LONGEST_DAYS:
        yield Problem(path, f"is from 0 to {_LONGEST_DAYS}")


def _currency(plan: Plan) -> Iterator[Problem]:
    """Every amount has at most the currency's decimals; rates for each unit may have more."""
    amounts = list(_amounts(plan))
    if plan.currency == ANY_CURRENCY:
        for path, _ in amounts or _totals(plan):
            yield Problem(path, "a plan in any currency has percentages only, and only by deal")
        return
    if plan.currency not in CURRENCIES:
        yield Problem("currency", f"{plan.currency!r} is not a currency code such as EUR")
        return
    decimals = exponent(plan.currency)
    for path, amount in amounts:
        written = -int(amount.as_tuple().exponent)
        if written > decimals:
            has = f"{decimals} decimals" if decimals else "no decimals"
            yield Problem(path, f"{amount}: {plan.currency} has {has}")


def _amounts(plan: Plan) -> Iterator[tuple[str, Decimal]]:
    if plan.minimum_payout:
        yield "minimum_payout", plan.minimum_payout
    for i, cap in enumerate(plan.caps):
        yield f"caps[{i}].amount", cap.amount
    for i, rule in enumerate(plan.rules):
        at = f"rules[{i}]"
        if rule.flat is not None and rule.flat.per is Per.DEAL:
            yield f"{at}.flat.amount", rule.flat.amount
        for name, limits in (("caps", rule.caps), ("floors", rule.floors)):
            for j, limit in enumerate(limits):
                yield f"{at}.{name}[{j}].amount", limit.amount
        if rule.bands is not None:
            for j, step in enumerate(rule.bands.steps):
                if step.amount is not None:
                    yield f"{at}.bands.steps[{j}].amount", step.amount


def _totals(plan: Plan) -> Iterator[tuple[str, Decimal]]:
    """Whatever compares money with money, or money by the unit, and so needs one currency."""
    for i, rule in enumerate(plan.rules):
        for name in ("bands", "growth", "accelerator", "price_support", "flat"):
            if getattr(rule, name) is not None:
                yield f"rules[{i}].{name}", Decimal(0)
