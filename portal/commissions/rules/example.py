"""A worked example of each rule of a plan, by the real engine, for the screen beside the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from portal.commissions.rules.engine import Outcome, run
from portal.commissions.rules.facts import (
    Context,
    Event,
    Kind,
    Partner,
    Product,
    Subscription,
    period_of,
)
from portal.commissions.rules.plan import ANY_CURRENCY, Over, Plan, Rule, Who
from portal.kernel.money import exponent


def example(plan: Plan, rule: Rule, *, amount: int, day: date) -> Outcome:
    """What a sale of `amount` minor units, made to match `rule`, earns under the plan.

    `day` is moved into the time the plan and the rule are in force.
    """
    inside = _inside(rule, _inside(plan, day))
    event = _event(plan, rule, amount, inside)
    return run([plan], [event], _context(plan, rule, event))


def _event(plan: Plan, rule: Rule, amount: int, day: date) -> Event:
    what = rule.what
    return Event(
        id="example",
        kind=Kind(rule.earned_on[0].value),
        partner=_first(rule.who.partners) or _first(plan.applies_to.partners) or "example",
        day=day,
        currency="EUR" if plan.currency == ANY_CURRENCY else plan.currency,
        amount=amount,
        cost=amount // 2,
        unit_cost=Decimal(100),
        product=_first(what.products) or "product",
        region=_first(what.regions),
        business=what.business,
        registered=True,
        deal=_first(rule.who.deals) or _first(plan.applies_to.deals) or "deal",
        distributor="distributor",
        person="person",
        subscription="subscription",
        claimed_on=day,
    )


def _context(plan: Plan, rule: Rule, event: Event) -> Context:
    """Facts under which the event is the rule's: the sale meets every quota and doubles a total."""
    seller = _partner(rule.who, _partner(plan.applies_to, Partner(event.partner)))
    partners = {event.partner: seller} | {
        part.to: Partner(part.to)
        for part in rule.split
        if part.to not in ("partner", "distributor")
    }
    product = Product(_first(rule.what.lines), _first(rule.what.categories))
    periods = [period_of(event.day, over, plan.year_starts_in) for over in Over if over != "deal"]
    sale = Decimal(max(event.amount, 1)).scaleb(-exponent(event.currency))
    figures = {
        (payee, period, ""): sale
        for payee in (event.partner, f"{event.partner}/{event.person}", event.distributor)
        for period in periods
    }
    return Context(
        partners={**partners, event.distributor: Partner(event.distributor)},
        products={event.product: product},
        subscriptions={event.subscription: Subscription(event.day)},
        quotas=figures,
        base_totals=dict.fromkeys(figures, sale / 2),
    )


def _partner(who: Who, partner: Partner) -> Partner:
    return replace(
        partner,
        type=_first(who.types) or partner.type,
        tiers=((None, _first(who.tiers)),) if who.tiers else partner.tiers,
        programmes=partner.programmes | set(who.programmes),
    )


def _inside(dated: Plan | Rule, day: date) -> date:
    span = dated.valid
    if span.start is not None and day < span.start:
        return span.start
    return span.end - timedelta(days=1) if span.end is not None and day >= span.end else day


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""
