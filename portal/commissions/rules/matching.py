"""Which plan applies to a partner, and why a rule does or does not match an event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.commissions.rules.facts import Context, Event, Kind, Partner, month_of
from portal.commissions.rules.plan import Measure, Plan, Rule, Trigger, What, Who
from portal.kernel.errors import Refused

_LEVELS = ("deal", "partner", "tier", "type", "programme")
CASH = frozenset({Trigger.PAID, Trigger.DELIVERED})
"""Kinds that can follow up on another event and then pay it out in proportion."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan that applies, if any, and in words why it and not another."""

    plan: Plan | None
    because: str


def who_mismatch(who: Who, partner: Partner, day: date, deal: str) -> str:
    """Why `partner` is not meant, or nothing if it is."""
    tier = partner.tier_on(day)
    if who.deals and deal not in who.deals:
        return f"is for {_or(who.deals)} only"
    if who.partners and partner.code not in who.partners:
        return f"is for {_or(who.partners)}, not {partner.code}"
    if who.tiers and tier not in who.tiers:
        return f"is for tier {_or(who.tiers)}; on {day} the tier is {tier or 'none'}"
    if who.types and partner.type not in who.types:
        return f"is for partners of type {_or(who.types)}, not {partner.type or 'without a type'}"
    if who.programmes and not partner.programmes & set(who.programmes):
        return f"is for programme {_or(who.programmes)}"
    return ""


def choose_plan(plans: Iterable[Plan], partner: Partner, *, day: date, deal: str) -> Chosen:
    """The most specific plan in force on `day`; of one plan's versions the highest.

    Raises Refused("ambiguous_plan") if two different plans are equally specific.
    """
    latest: dict[str, Plan] = {}
    against: list[str] = []
    for plan in plans:
        if not plan.valid.contains(day):
            against.append(f"{plan.title} is not in force on {day}")
        elif plan.plan not in latest or plan.version > latest[plan.plan].version:
            latest[plan.plan] = plan
    fitting: list[Plan] = []
    for plan in latest.values():
        mismatch = who_mismatch(plan.applies_to, partner, day, deal)
        if mismatch:
            against.append(f"{plan.title} {mismatch}")
        else:
            fitting.append(plan)
    if not fitting:
        return Chosen(None, "; ".join(against) or "there is no plan")
    fitting.sort(key=lambda plan: plan.applies_to.specificity, reverse=True)
    best, *others = fitting
    if others and others[0].applies_to.specificity == best.applies_to.specificity:
        raise Refused(
            f"{best.title} and {others[0].title} apply equally to {partner.code} on {day}. "
            "Say in one of them more exactly whom it is for.",
            code="ambiguous_plan",
        )
    return Chosen(best, _because(best, others))


def _because(best: Plan, others: Sequence[Plan]) -> str:
    level = _level(best.applies_to)
    if not others:
        return f"the only plan that applies; it is for {level}"
    beaten = ", ".join(f"{plan.title} (for {_level(plan.applies_to)})" for plan in others)
    return f"it is for {level}, which is more specific than {beaten}"


def _level(who: Who) -> str:
    named = [level for level, given in zip(_LEVELS, who.specificity, strict=True) if given]
    return f"this {' and '.join(named)}" if named else "everyone"


def kind_mismatch(rule: Rule, kind: str) -> str:
    if kind in rule.earned_on:
        return ""
    return f"earns when {_or([trigger.value for trigger in rule.earned_on])}, not when {kind}"


def what_mismatch(rule: Rule, event: Event, context: Context) -> str:
    """Why the event's goods, dates or circumstances are not what the rule pays for."""
    checks = (goods_mismatch, _terms_mismatch, _missing)
    return next((found for check in checks if (found := check(rule, event, context))), "")


def goods_mismatch(rule: Rule, event: Event, context: Context) -> str:
    """Why the product or region is not what the rule pays for."""
    what: What = rule.what
    product = context.product(event.product)
    categories = context.categories_of(product)
    if what.products and event.product not in what.products:
        return f"is for product {_or(what.products)}, not {event.product or 'without one'}"
    if what.lines and product.line not in what.lines:
        return f"is for line {_or(what.lines)}, not {product.line or 'without one'}"
    if what.categories and not set(categories) & set(what.categories):
        return f"is for category {_or(what.categories)}, not {_or(categories) or 'without one'}"
    if what.regions and event.region not in what.regions:
        return f"is for region {_or(what.regions)}, not {event.region or 'without one'}"
    return ""


def _terms_mismatch(rule: Rule, event: Event, context: Context) -> str:
    what: What = rule.what
    if what.business is not None and event.business != what.business:
        actual = "the event does not say" if event.business is None else f"not {event.business}"
        return f"is for {what.business} business; {actual}"
    if what.registered_only and not event.registered:
        return "is for registered deals; this one is not"
    if not rule.valid.contains(event.day):
        return f"is not in force on {event.day}"
    if rule.claim_days is not None:
        return _claim_mismatch(rule.claim_days, event)
    return ""


def _claim_mismatch(claim_days: int, event: Event) -> str:
    last = event.day + timedelta(days=claim_days)
    if event.claimed_on is None:
        return f"is paid when claimed, by {last}; it is not claimed yet"
    if event.claimed_on > last:
        late = (event.claimed_on - event.day).days
        return f"was claimed on day {late}, {event.claimed_on}; the last day was {last}"
    return ""


def _missing(rule: Rule, event: Event, context: Context) -> str:
    if rule.base is Measure.MARGIN and rule.flat is None and event.cost is None:
        return "pays on margin, and the event names no cost"
    if rule.price_support is not None and event.unit_cost is None:
        return "pays on the unit's cost, and the event names no unit_cost"
    if rule.to == "person" and not event.person:
        return "is paid to a person, and the event names none"
    if rule.recurring is not None:
        return _term_mismatch(rule, event, context)
    return ""


def _term_mismatch(rule: Rule, event: Event, context: Context) -> str:
    recurring = rule.recurring
    subscription = context.subscriptions.get(event.subscription)
    if recurring is None or subscription is None:
        return "pays by month of a subscription, and the event names none that is known"
    month = month_of(event.day, subscription.started_on)
    if month < 1:
        return f"starts with the subscription on {subscription.started_on}"
    ended_on = subscription.ended_on
    if recurring.stop_on_churn and ended_on is not None and event.day >= ended_on:
        return f"stops when the customer leaves; this one left on {ended_on}"
    if recurring.term_months is not None and month > recurring.term_months:
        return f"pays for {recurring.term_months} months; this is month {month}"
    return ""


def awaits(rule: Rule, event: Event) -> str:
    """What an event that could be paid or delivered later is still waiting for."""
    later = [trigger.value for trigger in rule.earned_on if trigger in CASH]
    return _or(later) if later and event.kind in (Kind.WON, Kind.INVOICED) else ""


def _or(names: Iterable[str]) -> str:
    return " or ".join(names)
