"""One event seen through one plan: who receives, what counts, and which totals it adds to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from portal.commissions.rules.book import Book, LimitKey, TotalKey, decimals_of, scope_of
from portal.commissions.rules.earning import Situation, minor
from portal.commissions.rules.facts import (
    Context,
    Converted,
    Event,
    Partner,
    find_figure,
    month_of,
)
from portal.commissions.rules.limits import Bound
from portal.commissions.rules.plan import (
    ANY_CURRENCY,
    Counts,
    Less,
    Limit,
    Measure,
    Over,
    Part,
    Per,
    Plan,
    Rule,
    To,
)
from portal.commissions.rules.plan_reading import split_problems
from portal.kernel.errors import Refused
from portal.kernel.money import exponent

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Setting:
    """`kind` is what happened: for a payment `paid`, while `event` is what was paid.

    `commission` is what the event's partner earned from it, for a distributor's override.
    """

    event: Event
    kind: str
    seller: Partner
    plan: Plan
    because: str
    context: Context
    book: Book
    commission: tuple[int, str] = (0, "")

    @property
    def currency(self) -> str:
        is_any = self.plan.currency == ANY_CURRENCY
        return self.event.currency if is_any else self.plan.currency

    def receiver(self, rule: Rule) -> tuple[str, str]:
        """The company, and the person in it if the rule pays a person."""
        if rule.to is To.DISTRIBUTOR:
            return self.event.distributor, ""
        return self.event.partner, self.event.person if rule.to is To.PERSON else ""

    def parties(self, rule: Rule) -> list[tuple[str, Fraction]]:
        """Who shares, with weights.  The event's own split stands above the rule's.

        Raises Refused("split") where the event's split makes no sense.
        """
        payee, _ = self.receiver(rule)
        parts = self.event.split or rule.split
        if not parts or rule.to is not To.PARTNER:
            return [(payee, Fraction(1))]
        problems = list(split_problems("split", parts))
        if problems:
            raise Refused(f"{problems[0]}.", code="split", field="split")
        found = [(self._party(part), _weight(part)) for part in parts]
        names = [name for name, _ in found]
        if len(set(names)) < len(names):
            raise Refused("A party stands twice in the split.", code="split", field="split")
        return found

    def total_keys(self, rule: Rule) -> tuple[TotalKey, TotalKey]:
        """Of the bands' (or growth's, or the deal's) total and of the quota's."""
        over, counts = Over.DEAL, Counts.MATCHING
        ranged = rule.bands or rule.growth
        if ranged is not None:
            over, counts = ranged.over, ranged.counts
        first = self._total_key(rule, over, counts)
        if rule.accelerator is None:
            return first, first
        return first, self._total_key(rule, rule.accelerator.over, rule.accelerator.counts)

    def added(self, rule: Rule, *, matches: bool) -> list[tuple[TotalKey, Fraction]]:
        """What the event adds to the rule's totals; one that counts all needs no match."""
        keys = [key for key in dict.fromkeys(self.total_keys(rule)) if key.scope]
        counting = [key for key in keys if matches or key.counts is Counts.ALL]
        if not counting:
            return []
        for key in counting:
            self._total(key, rule)
        base, _ = self.base(rule)
        return [(key, base) for key in counting]

    def base(self, rule: Rule) -> tuple[Fraction, Converted]:
        """What the event adds to what the rule counts, never below zero."""
        if rule.flat is not None and rule.flat.per is Per.DEAL:
            return self._first_of_deal(rule), Converted(Fraction(1))
        if rule.measure is Measure.UNITS:
            unit = (
                self._convert(self.event.currency) if rule.price_support else Converted(Fraction(1))
            )
            return Fraction(self.event.quantity), unit
        if rule.base is Measure.COMMISSION:
            earned, currency = self.commission
            converted = self._convert(currency or self.currency)
            return earned * converted.factor, converted
        converted = self._convert(self.event.currency)
        kept = self.event.amount - sum(left_out(rule, self.event).values())
        if rule.base is Measure.MARGIN:
            kept -= self.event.cost or 0
        return max(0, kept) * converted.factor, converted

    def situation(self, rule: Rule) -> Situation:
        """Raises Refused("no_quota"), Refused("no_base_total"), Refused("no_rate")."""
        first, quota_key = self.total_keys(rule)
        base, converted = self.base(rule)
        subscription = self.context.subscriptions.get(self.event.subscription)
        started_on = subscription.started_on if subscription else self.event.day
        return Situation(
            currency=self.currency,
            base=base,
            before=self._total(first, rule),
            attained=self._total(quota_key, rule),
            quota=self._quota(rule, quota_key),
            previous=self._previous(rule, first),
            month=month_of(self.event.day, started_on),
            months=self.event.months,
            support=self._support(rule, converted),
        )

    def bounds(self, rule: Rule) -> list[tuple[LimitKey, Bound]]:
        """The rule's floors, then its caps, as they stand."""
        payee, person = self.receiver(rule)
        named = [("floor", limit) for limit in rule.floors]
        named += [("cap", limit) for limit in rule.caps]
        return [self._bound(rule.id, f"{payee}/{person}", kind, limit) for kind, limit in named]

    def plan_bounds(self, payee: str) -> list[tuple[LimitKey, Bound]]:
        """The plan's own caps, as they stand."""
        return [self._bound("", payee, "cap", limit) for limit in self.plan.caps]

    def _party(self, part: Part) -> str:
        named = {"partner": self.event.partner, "distributor": self.event.distributor}
        party = named.get(part.to, part.to)
        if not party:
            raise Refused("The split names a distributor and the event does not.", code="split")
        return self.context.partner(party).code

    def _bound(self, rule: str, payee: str, kind: str, limit: Limit) -> tuple[LimitKey, Bound]:
        scope = scope_of(limit.per, self.event, self.plan)
        key = LimitKey(self.plan.plan, rule, payee, kind, scope)
        return key, self.book.bound(key, limit, self.plan)

    def _total_key(self, rule: Rule, over: Over, counts: Counts) -> TotalKey:
        payee, person = self.receiver(rule)
        owner = f"{payee}/{person}" if person else payee
        return TotalKey(
            self.plan.plan, rule.id, owner, scope_of(over, self.event, self.plan), counts
        )

    def _total(self, key: TotalKey, rule: Rule) -> Fraction:
        return self.book.total(key, rule, self.plan) if key.scope else ZERO

    def _first_of_deal(self, rule: Rule) -> Fraction:
        key, _ = self.total_keys(rule)
        return Fraction(0 if self._total(key, rule) > 0 else 1)

    def _convert(self, currency: str) -> Converted:
        return self.context.convert(currency, self.currency, self.event.day)

    def _quota(self, rule: Rule, key: TotalKey) -> Fraction | None:
        if rule.accelerator is None:
            return None
        quota = rule.accelerator.target
        if quota is None:
            quota = find_figure(self.context.quotas, key.payee, key.scope, rule.id)
        if not quota:
            raise Refused(
                f"{key.payee} has no quota for {key.scope}, which rule {rule.id} needs. "
                "Enter it, then take the event again.",
                code="no_quota",
            )
        return minor(quota, 0 if rule.measure is Measure.UNITS else decimals_of(self.plan))

    def _previous(self, rule: Rule, key: TotalKey) -> Fraction | None:
        if rule.growth is None:
            return None
        figure = find_figure(self.context.base_totals, key.payee, key.scope, rule.id)
        if figure is None:
            raise Refused(
                f"{key.payee} has no base total to compare {key.scope} with, which rule "
                f"{rule.id} needs. Enter it, 0 for none, then take the event again.",
                code="no_base_total",
            )
        return minor(figure, decimals_of(self.plan))

    def _support(self, rule: Rule, converted: Converted) -> Fraction | None:
        """The help for each unit in the plan's minor units, never below zero."""
        support, cost = rule.price_support, self.event.unit_cost
        if support is None or cost is None:
            return None
        decimals = decimals_of(self.plan)
        unit = minor(cost, exponent(self.event.currency)) * converted.factor
        if support.down_to is not None:
            return max(ZERO, unit - minor(support.down_to, decimals))
        if support.down_by is not None:
            return minor(support.down_by, decimals)
        return unit * Fraction(support.down_by_percent or 0) / 100


def _weight(part: Part) -> Fraction:
    return Fraction((part.parts if part.percent is None else part.percent) or 0)


def left_out(rule: Rule, event: Event) -> dict[Less, int]:
    """What the rule leaves out of the event's amount, by kind."""
    amounts = {
        Less.SERVICES: event.services,
        Less.TAXES: event.taxes,
        Less.CREDITS: event.credits,
    }
    return {less: amounts[less] for less in rule.less if amounts[less]}
