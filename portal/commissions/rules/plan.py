"""The plan as a document: what a vendor promises, as frozen values.  Amounts are in major units.

`plan_reading` turns documents into plans and refuses those that do not make sense.
"""

# ruff: noqa: RUF009  `about` is dataclasses.field with a description

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from portal.commissions.rules.documents import Number, about

Percent = Annotated[Decimal, Number(0, 1000, 6, percent_sign=True)]
Share100 = Annotated[Decimal, Number(0, 100, 6, percent_sign=True)]
Amount = Annotated[Decimal, Number(0, 10**13, 6)]
Factor = Annotated[Decimal, Number(0, 100, 6)]
Level = Annotated[Decimal, Number(0, 10**13, 6)]

ANY_CURRENCY = "any"


class Trigger(StrEnum):
    """The kinds of event that can earn."""

    WON = "won"
    INVOICED = "invoiced"
    PAID = "paid"
    DELIVERED = "delivered"
    SELL_THROUGH = "sell_through"


class Business(StrEnum):
    NET_NEW = "net_new"
    RENEWAL = "renewal"


class To(StrEnum):
    """Who receives what a rule earns, as named on the event."""

    PARTNER = "partner"
    PERSON = "person"
    DISTRIBUTOR = "distributor"


class Measure(StrEnum):
    """What a rule counts.  COMMISSION is what the event's partner earned from it."""

    REVENUE = "revenue"
    MARGIN = "margin"
    UNITS = "units"
    COMMISSION = "commission"


class Less(StrEnum):
    SERVICES = "services"
    TAXES = "taxes"
    CREDITS = "credits"


class Over(StrEnum):
    """What a running total runs over."""

    DEAL = "deal"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Per(StrEnum):
    DEAL = "deal"
    UNIT = "unit"


class Mode(StrEnum):
    """MARGINAL pays each part at its own rate; WHOLE pays everything at the rate reached."""

    MARGINAL = "marginal"
    WHOLE = "whole"


class Counts(StrEnum):
    """MATCHING: only what the rule itself pays on.  ALL: everything of the rule's kinds."""

    MATCHING = "matching"
    ALL = "all"


class PaysOn(StrEnum):
    GROWTH = "growth"
    TOTAL = "total"


class Combine(StrEnum):
    """What several matching rules do."""

    HIGHEST = "highest"
    SUM = "sum"
    FIRST = "first"
    MOST_SPECIFIC = "most_specific"


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `from` up to, not including, `to`."""

    start: date | None = about("First day.", key="from", default=None)
    end: date | None = about("The day after the last.", key="to", default=None)

    def contains(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom it is for.  Every list that is given must match; an empty one matches everyone."""

    deals: tuple[str, ...] = about("References of single deals.", default=())
    partners: tuple[str, ...] = about("Codes of partners.", default=())
    tiers: tuple[str, ...] = about("Tiers on the day of the event.", default=())
    types: tuple[str, ...] = about("Types of partner.", default=())
    programmes: tuple[str, ...] = about("Programmes the partner is in.", default=())

    @property
    def specificity(self) -> tuple[bool, ...]:
        """Deal before partner before tier before type before programme; greater is more."""
        lists = (self.deals, self.partners, self.tiers, self.types, self.programmes)
        return tuple(map(bool, lists))


@dataclass(frozen=True, slots=True)
class What:
    """What it is for.  Every field that is given must match."""

    lines: tuple[str, ...] = about("Product lines.", default=())
    products: tuple[str, ...] = about("Codes of products.", default=())
    categories: tuple[str, ...] = about("Categories with all below them.", default=())
    regions: tuple[str, ...] = about("Regions of the end customer.", default=())
    business: Business | None = about("Only new business, or only renewals.", default=None)
    registered_only: bool = about("Only deals with an approved registration.", default=False)


@dataclass(frozen=True, slots=True)
class Flat:
    """A fixed amount."""

    amount: Amount = about("In the plan's currency.")
    per: Per = about("Once a deal, or for each unit.", default=Per.DEAL)


@dataclass(frozen=True, slots=True)
class Pay:
    """What a band pays: exactly one of the three."""

    percent: Percent | None = about("Percent of what falls into the band.", default=None)
    amount: Amount | None = about("A fixed amount on reaching the band.", default=None)
    per_unit: Amount | None = about("For each unit; needs base: units.", default=None)


@dataclass(frozen=True, slots=True)
class Band:
    """From `from`, inclusive, up to `to`, exclusive.  Either may be left out between neighbours."""

    lower: Level | None = about("Where the band starts, inclusive.", key="from", default=None)
    upper: Level | None = about("Where the band ends, exclusive.", key="to", default=None)
    percent: Percent | None = about("Percent of what falls into the band.", default=None)
    amount: Amount | None = about("A fixed amount on reaching the band.", default=None)
    per_unit: Amount | None = about("For each unit; needs base: units.", default=None)


@dataclass(frozen=True, slots=True)
class Bands:
    """Rates by size: of the deal, or of the running total of a period."""

    over: Over = about("What the bands measure: the deal, or a period's running total.")
    steps: tuple[Band, ...] = about("The bands, lowest first, without a gap.")
    mode: Mode = about(
        "Each part at its own rate, or all at the one reached.", default=Mode.MARGINAL
    )
    above: Pay | None = about("What is paid above a last band that ends.", default=None)
    counts: Counts = about("What the running total counts.", default=Counts.MATCHING)

    @property
    def ranges(self) -> tuple[tuple[Decimal, Decimal | None, Pay], ...]:
        """Each band's bounds, taken from its neighbours where it names none, and what it pays."""
        found: list[tuple[Decimal, Decimal | None, Pay]] = []
        for i, step in enumerate(self.steps):
            following = self.steps[i + 1].lower if i + 1 < len(self.steps) else None
            before = found[-1][1] if found else None
            lower = before or Decimal(0) if step.lower is None else step.lower
            upper = following if step.upper is None else step.upper
            found.append((lower, upper, Pay(step.percent, step.amount, step.per_unit)))
        if self.above is not None and found and found[-1][1] is not None:
            found.append((found[-1][1], None, self.above))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Boost:
    """From `at` percent of the quota on: exactly one of the four ways to change the rate."""

    at: Percent = about("Attainment of the quota in percent, inclusive.")
    percent: Percent | None = about("The rate becomes this.", default=None)
    add: Percent | None = about("Percentage points added to the rate.", default=None)
    times: Factor | None = about("The rate is multiplied by this.", default=None)
    per_unit: Amount | None = about("The amount for each unit becomes this.", default=None)


@dataclass(frozen=True, slots=True)
class Gate:
    """Nothing is earned below this attainment."""

    at: Percent = about("Attainment of the quota in percent, inclusive.")
    back_pay: bool = about("On reaching it, also pay what came before.", default=False)


@dataclass(frozen=True, slots=True)
class Accelerator:
    """Higher rates by attainment of a quota.  The quota is `target`, or the partner's own."""

    over: Over = about("The quota's period.")
    target: Level | None = about("One quota for everyone, in the rule's measure.", default=None)
    steps: tuple[Boost, ...] = about("Boosts, lowest first.", default=())
    gate: Gate | None = about("The attainment below which nothing is earned.", default=None)
    mode: Mode = about("On the part above, or on the whole period.", default=Mode.MARGINAL)
    counts: Counts = about("What counts towards the quota.", default=Counts.MATCHING)

    @property
    def looks_back(self) -> bool:
        """Reaching a step changes what was earned on what came before it."""
        return self.mode is Mode.WHOLE or (self.gate is not None and self.gate.back_pay)


@dataclass(frozen=True, slots=True)
class GrowthStep:
    """From this growth over the base period on."""

    lower: Percent = about("Growth in percent, inclusive.", key="from")
    percent: Percent = about("Percent of the growth, or of the total.")


@dataclass(frozen=True, slots=True)
class Growth:
    """Pays on growth over the partner's base period, which the context names."""

    over: Over = about("The period that is compared.")
    steps: tuple[GrowthStep, ...] = about("Rates by growth, lowest first.")
    pays_on: PaysOn = about("On the growth, or on the period's total.", default=PaysOn.GROWTH)
    mode: Mode = about(
        "Each part at its own rate, or all at the one reached.", default=Mode.MARGINAL
    )
    counts: Counts = about("What the period's total counts.", default=Counts.MATCHING)


@dataclass(frozen=True, slots=True)
class RecurringStep:
    """From this month of the subscription on."""

    from_month: int = about("Month of the subscription; the first is 1.")
    percent: Percent = about("Percent of the month's base.")


@dataclass(frozen=True, slots=True)
class Recurring:
    """Percent by the month of the subscription."""

    steps: tuple[RecurringStep, ...] = about("Rates by month, the first from month 1.")
    term_months: int | None = about("Months that earn; left out: for life.", default=None)
    stop_on_churn: bool = about("Nothing from the day the subscription ended.", default=True)


@dataclass(frozen=True, slots=True)
class PriceSupport:
    """Ship and debit: makes up for a lower price than `unit_cost`, by the unit.  One of three."""

    down_to: Amount | None = about("The unit's cost after support.", default=None)
    down_by: Amount | None = about("Support for each unit.", default=None)
    down_by_percent: Share100 | None = about("Percent of the unit's cost.", default=None)


@dataclass(frozen=True, slots=True)
class Limit:
    """A cap or a floor."""

    amount: Amount = about("In the plan's currency.")
    per: Over = about(
        "For the deal, or for the period, where only the rest is left.", default=Over.DEAL
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One party of a split: percent or parts, the same for all parties."""

    to: str = about("A partner's code; or partner, distributor, for those named on the event.")
    percent: Share100 | None = about("Percent; all of them make 100.", default=None)
    parts: Level | None = about("Parts, in proportion.", default=None)


@dataclass(frozen=True, slots=True)
class Holdback:
    """Part of what is earned stays back longer."""

    percent: Share100 = about("Percent that is held back.")
    days: int = about("Days from the event until it is payable.")


@dataclass(frozen=True, slots=True)
class Clawback:
    """If the customer leaves within these days of the event."""

    within_days: int = about("Days from the event, the last one included.")
    percent: Share100 = about("Percent of what was earned that is taken back.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to earn: exactly one of flat, percent, bands, growth, recurring, price_support."""

    id: str = about("Short and unique in the plan; stays the same from version to version.")
    earned_on: tuple[Trigger, ...] = about("The kinds of event that earn.")
    name: str = about("For people.", default="")
    to: To = about("Who receives it.", default=To.PARTNER)
    who: Who = about("Whom the rule is for.", default=Who())
    what: What = about("What the rule is for.", default=What())
    valid: Span = about("Dates of the event, within the plan's own.", default=Span())
    base: Measure = about("What is counted.", default=Measure.REVENUE)
    less: tuple[Less, ...] = about("What the base leaves out.", default=())
    flat: Flat | None = about("A fixed amount.", default=None)
    percent: Percent | None = about("Percent of the base.", default=None)
    bands: Bands | None = about("Rates by size.", default=None)
    growth: Growth | None = about("Rates by growth.", default=None)
    recurring: Recurring | None = about("Rates by month of a subscription.", default=None)
    price_support: PriceSupport | None = about("Ship and debit.", default=None)
    accelerator: Accelerator | None = about("Higher rates by quota attainment.", default=None)
    claim_days: int | None = about("Days from the event within which it is claimed.", default=None)
    floors: tuple[Limit, ...] = about("The least that is earned.", default=())
    caps: tuple[Limit, ...] = about("The most that is earned.", default=())
    split: tuple[Part, ...] = about("Who shares, in the order printed.", default=())
    holdback: Holdback | None = about("What stays back longer.", default=None)
    clawback: tuple[Clawback, ...] = about(
        "What is taken back on churn, shortest first.", default=()
    )
    on_top: bool = about("Paid beside whatever the other rules pay.", default=False)

    @property
    def title(self) -> str:
        return self.name or self.id

    @property
    def measure(self) -> Measure:
        """What amounts per unit and prices count is units, whatever the base says."""
        by_unit = self.price_support or (self.flat and self.flat.per is Per.UNIT)
        return Measure.UNITS if by_unit else self.base


@dataclass(frozen=True, slots=True)
class Plan:
    """A version of a plan.  Nothing in it changes once anything was earned under it."""

    plan: str = about("The plan's code, the same in all its versions.")
    version: int = about("Counts up from 1.")
    currency: str = about("Currency of every amount; `any` for a plan of percentages only.")
    rules: tuple[Rule, ...] = about("In the order that decides ties.")
    name: str = about("For people.", default="")
    valid: Span = about("Dates of the events it applies to.", default=Span())
    applies_to: Who = about("Whom it is for; the most specific plan wins.", default=Who())
    combine: Combine = about("What several matching rules do.", default=Combine.HIGHEST)
    year_starts_in: int = about("Month in which the year and quarter 1 start.", default=1)
    hold_days: int = about("Days from the event until it is payable.", default=0)
    minimum_payout: Amount = about("Less than this waits for the next payout.", default=Decimal(0))
    caps: tuple[Limit, ...] = about("The most that all rules together earn.", default=())

    @property
    def title(self) -> str:
        return f"{self.name or self.plan} v{self.version}"

    def rule(self, rule_id: str) -> Rule:
        return next(rule for rule in self.rules if rule.id == rule_id)
