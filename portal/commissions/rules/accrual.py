"""What one event earns in full, by every plan it concerns, before any refund or part payment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from portal.commissions.rules.book import Book, LimitKey, TotalKey
from portal.commissions.rules.earning import Situation, earned
from portal.commissions.rules.facts import Context, Event, Partner
from portal.commissions.rules.limits import Bound, Limited, limited
from portal.commissions.rules.lines import money_text
from portal.commissions.rules.matching import (
    Chosen,
    awaits,
    choose_plan,
    kind_mismatch,
    what_mismatch,
    who_mismatch,
)
from portal.commissions.rules.plan import Combine, Plan, Rule, To
from portal.commissions.rules.setting import Setting
from portal.kernel.money import round_half_up


@dataclass(slots=True)
class Award:
    """One rule's amount for one receiver, and everything that led to it."""

    rule: Rule
    setting: Setting
    situation: Situation
    exact: Fraction
    minor: int
    bounds: list[tuple[LimitKey, Bound]]
    limits: Limited
    parties: list[tuple[str, Fraction]]
    plan_bounds: list[tuple[LimitKey, Bound]] = field(default_factory=list)
    plan_limits: Limited | None = None
    beaten: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        return f"{self.setting.plan.title}, rule {self.rule.id}"


@dataclass(slots=True)
class Accrual:
    """The awards of one event, what it adds to running totals, and why rules did not match.

    `plan` is the seller's, if one applies.
    """

    plan: Plan | None
    because: str
    awards: list[Award] = field(default_factory=list)
    added: list[tuple[TotalKey, Fraction]] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Accruer:
    """Applies `plans` to events and keeps the totals in `book`."""

    plans: Sequence[Plan]
    context: Context
    book: Book

    def accrue(self, event: Event, kind: str) -> Accrual:
        """What `event` earns when `kind` happens to it.

        Nothing is remembered if it raises: Refused when a fact is missing that decides the amount.
        """
        self.context.product(event.product)
        seller = self.context.partner(event.partner)
        chosen = choose_plan(self.plans, seller, day=event.day, deal=event.deal)
        found = Accrual(chosen.plan, chosen.because)
        if chosen.plan is None:
            found.reasons.append(f"No plan applies: {chosen.because}.")
        for to in To:
            source = self._overriding(event, chosen) if to is To.DISTRIBUTOR else chosen
            if source.plan is not None and (to is not To.DISTRIBUTOR or event.distributor):
                commission = _commission(found.awards)
                setting = Setting(
                    event,
                    kind,
                    seller,
                    source.plan,
                    source.because,
                    self.context,
                    self.book,
                    commission,
                )
                self._apply(found, setting, to)
        self._remember(found)
        return found

    def _overriding(self, event: Event, sellers: Chosen) -> Chosen:
        """The distributor's own plan decides its override; without rules there, the seller's."""
        if not event.distributor:
            return sellers
        distributor: Partner = self.context.partner(event.distributor)
        own = choose_plan(self.plans, distributor, day=event.day, deal=event.deal)
        overrides = own.plan is not None and any(r.to is To.DISTRIBUTOR for r in own.plan.rules)
        return own if overrides else sellers

    def _apply(self, found: Accrual, setting: Setting, to: To) -> None:
        awards: list[Award] = []
        for rule in setting.plan.rules:
            if rule.to is not to:
                continue
            mismatch = self._mismatch(rule, setting)
            if not kind_mismatch(rule, setting.kind):
                found.added += setting.added(rule, matches=not mismatch)
            if mismatch:
                found.reasons.append(f"Rule {rule.id} {mismatch}.")
            else:
                awards.append(_award(rule, setting))
        winners = _winners(awards, setting.plan)
        for award in winners:
            _cap_by_plan(award, found.awards)
            found.awards.append(award)

    def _mismatch(self, rule: Rule, setting: Setting) -> str:
        event = setting.event
        wrong_kind = kind_mismatch(rule, setting.kind)
        if wrong_kind:
            later = awaits(rule, event)
            return f"earns when {later}" if later else wrong_kind
        return who_mismatch(rule.who, setting.seller, event.day, event.deal) or what_mismatch(
            rule, event, self.context
        )

    def _remember(self, found: Accrual) -> None:
        for total_key, base in found.added:
            self.book.add(total_key, base)
        for award in found.awards:
            for i, (key, bound) in enumerate(award.bounds):
                self.book.let_through(key, award.minor)
                if bound.kind == "floor" and key.scope:
                    self.book.advances[key] = award.limits.advances[i]
            for key, _ in award.plan_bounds:
                self.book.let_through(key, award.minor)


def _award(rule: Rule, setting: Setting) -> Award:
    situation = setting.situation(rule)
    bounds = setting.bounds(rule)
    exact = earned(rule, setting.plan, situation)
    limits = limited(
        round_half_up(exact),
        [bound for _, bound in bounds],
        currency=situation.currency,
        source=f"{setting.plan.title}, rule {rule.id}",
    )
    parties = setting.parties(rule)
    return Award(rule, setting, situation, exact, limits.minor, bounds, limits, parties)


def _cap_by_plan(award: Award, earlier: Iterable[Award]) -> None:
    """The plan's own caps see what earlier rules took from the same event."""
    payee, _ = award.setting.receiver(award.rule)
    bounds = award.setting.plan_bounds(payee)
    for i, (key, bound) in enumerate(bounds):
        taken = sum(a.minor for a in earlier if any(k == key for k, _ in a.plan_bounds))
        bounds[i] = (key, replace(bound, paid=bound.paid + taken))
    award.plan_bounds = bounds
    award.plan_limits = limited(
        award.minor,
        [bound for _, bound in bounds],
        currency=award.situation.currency,
        source=award.setting.plan.title,
    )
    award.minor = award.plan_limits.minor


def _winners(awards: list[Award], plan: Plan) -> list[Award]:
    """What the plan pays of all that matched, in the plan's order."""
    contenders = [award for award in awards if not award.rule.on_top]
    if plan.combine is Combine.SUM or len(contenders) < 2:
        return awards
    best = _best(contenders, plan.combine)
    for award in contenders:
        if award is not best:
            amount = money_text(award.minor, award.situation.currency)
            best.beaten.append(f"Rule {award.rule.id} would earn {amount}; {_WHY[plan.combine]}.")
    return [award for award in awards if award.rule.on_top or award is best]


_WHY = {
    Combine.HIGHEST: "the highest amount counts",
    Combine.FIRST: "the first rule that matches counts",
    Combine.MOST_SPECIFIC: "the most specific rule counts",
}


def _best(contenders: list[Award], combine: Combine) -> Award:
    """Of equals the one that stands first in the plan."""
    if combine is Combine.HIGHEST:
        return max(contenders, key=lambda award: award.minor)
    if combine is Combine.FIRST:
        return contenders[0]
    return max(contenders, key=lambda award: specificity(award.rule))


def specificity(rule: Rule) -> tuple[bool, ...]:
    """Whom before what: deal, partner, tier, type, programme, then product, category, line, …"""
    what = rule.what
    goods = (what.products, what.categories, what.lines, what.regions, what.business)
    return (*rule.who.specificity, *map(bool, goods), what.registered_only)


def _commission(awards: Iterable[Award]) -> tuple[int, str]:
    """What the event's partner earned, and its currency."""
    ours = [award for award in awards if award.rule.to is To.PARTNER]
    return sum(award.minor for award in ours), ours[0].situation.currency if ours else ""
