"""Worked cases as documents (plan, events, context, expected lines), and how they become values."""

# ruff: noqa: RUF009  `about` is dataclasses.field with a description

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated

from portal.commissions.rules.documents import Number, Problem, about
from portal.commissions.rules.facts import (
    Context,
    Event,
    Exchange,
    Figures,
    Kind,
    Partner,
    Product,
    Subscription,
)
from portal.commissions.rules.plan import Amount, Business, Level, Part
from portal.commissions.rules.plan_reading import split_problems
from portal.kernel.money import AMOUNT_LIMIT, CURRENCIES, exponent

Signed = Annotated[Decimal, Number(-(10**13), 10**13, 6)]
Rate = Annotated[Decimal, Number(0, 10**9, 12)]

_MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same event every month, as id/1, id/2 and so on."""

    months: int = about("How many times, the first on the event's own date.")


@dataclass(frozen=True, slots=True)
class EventDocument:
    """Something that happened."""

    kind: Kind = about("What happened.")
    day: date = about("The day it happened.", key="date")
    id: str = about("Left out: e1, e2, and so on by position.", default="")
    partner: str = about("Whose it is; a follow-up takes it from the event it follows.", default="")
    amount: Signed | None = about("Left out of a follow-up: all that is left.", default=None)
    currency: str = about("Left out: the context's, or else the first plan's.", default="")
    services: Amount | None = about("The part of the amount that is services.", default=None)
    taxes: Amount | None = about("The part of the amount that is taxes.", default=None)
    credits: Amount | None = about("The part of the amount that was credited.", default=None)
    cost: Amount | None = about("Cost, for a margin.", default=None)
    quantity: Level = about("Units.", default=Decimal(1))
    unit_cost: Amount | None = about("Cost of one unit, for price support.", default=None)
    product: str = about("A product's code.", default="")
    region: str = about("Region of the end customer.", default="")
    business: Business | None = about("New business, or a renewal.", default=None)
    registered: bool = about("Has an approved registration.", default=False)
    deal: str = about("Events with the same deal count as one deal.", default="")
    distributor: str = about("The distributor it went through.", default="")
    person: str = about("Who sold it.", default="")
    of: str = about("The id of the event that is paid, delivered, refunded or left.", default="")
    subscription: str = about("A subscription's reference.", default="")
    months: int = about("Months of the subscription that it covers.", default=1)
    claimed_on: date | None = about("The day it was claimed.", default=None)
    split: tuple[Part, ...] = about("Who shares; stands above the rule's split.", default=())
    reason: str = about("Why, for an adjustment.", default="")
    repeat: Repeat | None = about("Every month again.", default=None)


@dataclass(frozen=True, slots=True)
class TierDocument:
    start: date = about("First day of the tier.", key="from")
    tier: str = about("The tier.")


@dataclass(frozen=True, slots=True)
class PartnerDocument:
    type: str = about("Type of partner.", default="")
    tier: str = about("The tier, if it never changed.", default="")
    tiers: tuple[TierDocument, ...] = about("The tiers, oldest first.", default=())
    programmes: tuple[str, ...] = about("Programmes it is in.", default=())


@dataclass(frozen=True, slots=True)
class ProductDocument:
    line: str = about("Product line.", default="")
    category: str = about("Category.", default="")


@dataclass(frozen=True, slots=True)
class SubscriptionDocument:
    started_on: date = about("First day.")
    ended_on: date | None = about("The day the customer left.", default=None)


@dataclass(frozen=True, slots=True)
class FigureDocument:
    partner: str = about("The partner's code; company/person for a person's figure.")
    period: str = about("2026, 2026-H1, 2026-Q1 or 2026-01.")
    amount: Level = about("In the plan's currency, or in units.")
    rule: str = about("Left out: for every rule that has none of its own.", default="")


@dataclass(frozen=True, slots=True)
class RateDocument:
    day: date = about("The rate's day.", key="date")
    base: str = about("One of this currency …", key="from")
    quote: str = about("… is worth `rate` of this.", key="to")
    rate: Rate = about("The rate, as decimal text.")


@dataclass(frozen=True, slots=True)
class ContextDocument:
    """What is known beside the events."""

    currency: str = about("Currency of events that name none.", default="")
    partners: Mapping[str, PartnerDocument] = about("By code.", default=None)
    products: Mapping[str, ProductDocument] = about("By code.", default=None)
    categories: Mapping[str, str] = about("Each category's parent.", default=None)
    subscriptions: Mapping[str, SubscriptionDocument] = about("By reference.", default=None)
    quotas: tuple[FigureDocument, ...] = about("Quotas.", default=())
    base_totals: tuple[FigureDocument, ...] = about("What growth is compared with.", default=())
    totals: tuple[FigureDocument, ...] = about("Running totals before the first event.", default=())
    rates: tuple[RateDocument, ...] = about("Exchange rates.", default=())
    payout_dates: tuple[date, ...] = about("Days on which is paid out.", default=())


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line that must come out.  What is left out is not compared."""

    event: str = about("The event's id.")
    partner: str = about("Who earns.")
    amount: Signed = about("To the smallest unit.")
    rule: str = about("The rule's id.", default="")
    person: str = about("The person.", default="")
    currency: str = about("The currency.", default="")
    payable_on: date | None = about("The first day of its first portion.", default=None)
    because: str = about("Words that its explanation contains.", default="")


@dataclass(frozen=True, slots=True)
class ExpectedPayout:
    partner: str = about("Who is paid.")
    day: date = about("A payout date of the context.", key="date")
    paid: Amount = about("What is paid out.")
    carried: Signed | None = about("What goes to the next payout.", default=None)
    person: str = about("The person.", default="")
    currency: str = about("The currency.", default="")


@dataclass(frozen=True, slots=True)
class ExpectedRefusal:
    event: str = about("The event's id.")
    code: str = about("The refusal's code.")


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out; at least one of these."""

    lines: tuple[ExpectedLine, ...] = about("Every line that is not zero.", default=())
    totals: Mapping[str, Signed] = about("Sum of all lines by partner.", default=None)
    payouts: tuple[ExpectedPayout, ...] = about("Payouts.", default=())
    refused: tuple[ExpectedRefusal, ...] = about("Events that are refused.", default=())
    plan_refused: str = about("Words of the reason why the plan is refused.", default="")


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One worked case.  `plans` and `context` stand above the file's."""

    expect: Expected = about("What must come out.")
    events: tuple[EventDocument, ...] = about("In the order they are posted.", default=())
    name: str = about("What the case shows.", default="")
    why: str = about("The arithmetic by hand.", default="")
    plans: tuple[object, ...] = about("One plan or several.", default=())
    context: ContextDocument = about("What is known.", default=ContextDocument())


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """What a file says for all its cases."""

    title: str = about("What the file is about.", default="")
    plans: tuple[object, ...] = about("One plan or several.", default=())
    context: ContextDocument = about("What is known.", default=ContextDocument())


@dataclass(slots=True)
class Converter:
    """Documents to the engine's values; problems with their paths are collected."""

    currency: str
    path: str
    problems: list[Problem] = field(default_factory=list)

    def events(self, documents: tuple[EventDocument, ...]) -> list[Event]:
        events: list[Event] = []
        for i, document in enumerate(documents):
            event = self._event(document, f"events[{i}]", document.id or f"e{i + 1}", events)
            times = document.repeat.months if document.repeat else 0
            if document.repeat is None:
                events.append(event)
            elif not 1 <= times <= _MOST_MONTHS:
                self._problem(f"events[{i}].repeat.months", f"is from 1 to {_MOST_MONTHS}")
            else:
                events += [_later(event, n) for n in range(times)]
        return events

    def _event(self, given: EventDocument, path: str, ref: str, before: list[Event]) -> Event:
        currency = given.currency or self._currency_of(given.of, before) or self.currency
        is_follow_up = given.kind in (Kind.REFUND, Kind.CHURNED) or bool(given.of)
        if not given.partner and not is_follow_up:
            self._problem(f"{path}.partner", "is missing")
        if not 1 <= given.months <= _MOST_MONTHS:
            self._problem(f"{path}.months", f"is from 1 to {_MOST_MONTHS}")
        if (given.amount or 0) < 0 and given.kind is not Kind.ADJUSTMENT:
            self._problem(f"{path}.amount", "is below zero; enter a refund or an adjustment")
        for problem in split_problems(f"{path}.split", given.split):
            self._problem(problem.path, problem.message)
        return Event(
            id=ref,
            kind=given.kind,
            partner=given.partner or self._partner_of(given, before),
            day=given.day,
            currency=currency,
            amount=self.minor(given.amount, currency, f"{path}.amount"),
            services=self.minor(given.services, currency, f"{path}.services"),
            taxes=self.minor(given.taxes, currency, f"{path}.taxes"),
            credits=self.minor(given.credits, currency, f"{path}.credits"),
            cost=None if given.cost is None else self.minor(given.cost, currency, f"{path}.cost"),
            quantity=given.quantity,
            unit_cost=given.unit_cost,
            product=given.product,
            region=given.region,
            business=given.business,
            registered=given.registered,
            deal=given.deal,
            distributor=given.distributor,
            person=given.person,
            of=given.of,
            subscription=given.subscription,
            months=given.months,
            claimed_on=given.claimed_on,
            split=given.split,
            reason=given.reason,
        )

    def minor(self, amount: Decimal | None, currency: str, path: str) -> int:
        """Major units as minor units; a problem if the currency has not so many decimals."""
        if amount is None:
            return 0
        if currency not in CURRENCIES:
            self._problem(path, f"{currency!r} is not a currency code such as EUR")
            return 0
        scaled = amount.scaleb(exponent(currency))
        if scaled != scaled.to_integral_value():
            has = f"{exponent(currency)} decimals" if exponent(currency) else "no decimals"
            self._problem(path, f"{amount}: {currency} has {has}")
        if abs(scaled) >= AMOUNT_LIMIT:
            self._problem(path, f"{amount}: the largest amount is {AMOUNT_LIMIT - 1:,} minor units")
        return int(scaled)

    def context(self, given: ContextDocument) -> Context:
        return Context(
            partners={code: _partner(code, p) for code, p in (given.partners or {}).items()},
            products={
                code: Product(p.line, p.category) for code, p in (given.products or {}).items()
            },
            categories=given.categories or {},
            subscriptions={
                ref: Subscription(s.started_on, s.ended_on)
                for ref, s in (given.subscriptions or {}).items()
            },
            quotas=_figures(given.quotas),
            base_totals=_figures(given.base_totals),
            totals=_figures(given.totals),
            rates=tuple(Exchange(r.base, r.quote, r.day, r.rate) for r in given.rates if r.rate),
        )

    def _problem(self, path: str, message: str) -> None:
        self.problems.append(Problem(f"{self.path}{path}", message))

    def _currency_of(self, ref: str, before: list[Event]) -> str:
        return next((event.currency for event in before if ref and event.id == ref), "")

    def _partner_of(self, given: EventDocument, before: list[Event]) -> str:
        for event in before:
            if given.of == event.id or (
                given.subscription and given.subscription == event.subscription
            ):
                return event.partner
        return ""


def _figures(given: tuple[FigureDocument, ...]) -> Figures:
    return {(each.partner, each.period, each.rule): each.amount for each in given}


def _partner(code: str, given: PartnerDocument) -> Partner:
    tiers: list[tuple[date | None, str]] = [(None, given.tier)] if given.tier else []
    tiers += [(each.start, each.tier) for each in given.tiers]
    return Partner(code, given.type, tuple(tiers), frozenset(given.programmes))


def _later(event: Event, months: int) -> Event:
    """The event `months` later, on the same day or the month's last."""
    years, month = divmod(event.day.month - 1 + months, 12)
    year = event.day.year + years
    first = date(year, month + 1, 1)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last = (following - first).days
    day = date(year, month + 1, min(event.day.day, last))
    return replace(event, id=f"{event.id}/{months + 1}", day=day)
