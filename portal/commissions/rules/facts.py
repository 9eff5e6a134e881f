"""What the engine is told: events, and what is known about partners, products, quotas and rates.

Money is in whole minor units of the event's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.commissions.rules.plan import Business, Over, Part
from portal.kernel.errors import Refused
from portal.kernel.money import exponent

RATE_DAYS = 7
"""A rate holds for this many days after its own, for weekends and holidays; then it is missing."""


class Kind(StrEnum):
    """What happened.  The first five can earn; the others follow up on an earlier event."""

    WON = "won"
    INVOICED = "invoiced"
    PAID = "paid"
    DELIVERED = "delivered"
    SELL_THROUGH = "sell_through"
    REFUND = "refund"
    CHURNED = "churned"
    ADJUSTMENT = "adjustment"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, once.  `id` is its idempotency key."""

    id: str
    kind: Kind
    partner: str
    day: date
    currency: str
    amount: int = 0
    services: int = 0
    taxes: int = 0
    credits: int = 0
    cost: int | None = None
    quantity: Decimal = Decimal(1)
    unit_cost: Decimal | None = None
    product: str = ""
    region: str = ""
    business: Business | None = None
    registered: bool = False
    deal: str = ""
    distributor: str = ""
    person: str = ""
    of: str = ""
    subscription: str = ""
    months: int = 1
    claimed_on: date | None = None
    split: tuple[Part, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """`tiers` are (first day, tier), oldest first; the first day of the first may be None."""

    code: str
    type: str = ""
    tiers: tuple[tuple[date | None, str], ...] = ()
    programmes: frozenset[str] = frozenset()

    def tier_on(self, day: date) -> str:
        held = [tier for since, tier in self.tiers if since is None or since <= day]
        return held[-1] if held else ""


@dataclass(frozen=True, slots=True)
class Product:
    line: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    started_on: date
    ended_on: date | None = None


Figures = Mapping[tuple[str, str, str], Decimal]
"""Quotas, base periods or opening totals by (partner, period, rule), in major units or in units.

An empty rule is a figure that any rule may use.
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """On `day`, 1 `base` = `rate` `quote`, as central banks write it."""

    base: str
    quote: str
    day: date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Converted:
    """`factor` turns minor units into minor units; `text` says from which rate and day."""

    factor: Fraction
    text: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the events.  Without `partners` (or `products`) any code is known."""

    partners: Mapping[str, Partner] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)
    subscriptions: Mapping[str, Subscription] = field(default_factory=dict)
    quotas: Figures = field(default_factory=dict)
    base_totals: Figures = field(default_factory=dict)
    totals: Figures = field(default_factory=dict)
    rates: tuple[Exchange, ...] = ()

    def partner(self, code: str) -> Partner:
        """Raises Refused("unknown_partner")."""
        if code in self.partners:
            return self.partners[code]
        if self.partners:
            raise Refused(f"No partner has the code {code!r}.", code="unknown_partner")
        return Partner(code)

    def product(self, code: str) -> Product:
        """Raises Refused("unknown_product")."""
        if code in self.products or not code:
            return self.products.get(code, Product())
        if self.products:
            raise Refused(f"No product has the code {code!r}.", code="unknown_product")
        return Product()

    def categories_of(self, product: Product) -> list[str]:
        """The product's category and all above it, nearest first."""
        found: list[str] = []
        category = product.category
        while category and category not in found:
            found.append(category)
            category = self.categories.get(category, "")
        return found

    def convert(self, source: str, target: str, day: date) -> Converted:
        """From `source` to `target` at the rate of `day`.  Raises Refused("no_rate")."""
        if source == target:
            return Converted(Fraction(1))
        oldest = day - timedelta(days=RATE_DAYS)
        usable = [
            rate
            for rate in self.rates
            if {rate.base, rate.quote} == {source, target} and oldest <= rate.day <= day
        ]
        if not usable:
            raise Refused(
                f"There is no exchange rate from {source} to {target} for {day} or the "
                f"{RATE_DAYS} days before. Enter it, then take the event again.",
                code="no_rate",
            )
        latest = max(usable, key=lambda rate: (rate.day, rate.base == source))
        rate = Fraction(latest.rate)
        factor = rate if latest.base == source else 1 / rate
        scale = Fraction(10) ** (exponent(target) - exponent(source))
        text = f"1 {latest.base} = {latest.rate:f} {latest.quote} on {latest.day}"
        return Converted(factor * scale, text)


def find_figure(figures: Figures, partner: str, period: str, rule: str) -> Decimal | None:
    """The figure for this very rule, or else the one for any rule."""
    return figures.get((partner, period, rule), figures.get((partner, period, "")))


def period_of(day: date, over: Over, year_starts_in: int) -> str:
    """2026, 2026-H1, 2026-Q1 or 2026-01.  A year is named after the one it starts in."""
    if over is Over.MONTH:
        return f"{day.year}-{day.month:02}"
    year = day.year if day.month >= year_starts_in else day.year - 1
    months = (day.month - year_starts_in) % 12
    if over is Over.QUARTER:
        return f"{year}-Q{months // 3 + 1}"
    return f"{year}-H{months // 6 + 1}" if over is Over.HALF_YEAR else f"{year}"


def month_of(day: date, started_on: date) -> int:
    """Which month of a subscription `day` lies in; the first is 1, before it 0 or less.

    Months start on the day of the month the subscription did, or on the last where it is shorter.
    """
    months = (day.year - started_on.year) * 12 + day.month - started_on.month
    next_day = day + timedelta(days=1)
    is_last_of_month = next_day.day == 1
    reached = day.day >= started_on.day or is_last_of_month
    return months + 1 if reached else months
