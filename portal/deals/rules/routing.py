"""Who approves a registration: amounts against limits, and the chain of approvers.

The chain depends on the claim alone, so it can be shown before the claim is submitted.
"""

from __future__ import annotations

from portal.deals.rules.facts import Claim
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.programme.rules.deal_rules import ANY, AutoLimit, DealRules, MinimumSize, Route

DEFAULT_CHAIN = (Role.CHANNEL_MANAGER,)


def comparable(claim: Claim, currency: str) -> Money | None:
    """The claim's value in `currency`, if it is known in that currency."""
    known = (claim.value, claim.reporting_value)
    return next((value for value in known if value and value.currency == currency), None)


def chain(rules: DealRules, claim: Claim) -> tuple[Role, ...]:
    """The approvers in order, by the first route that matches."""
    matching = (route.approvers for route in rules.routes if _matches(route, claim))
    return next(matching, DEFAULT_CHAIN)


def next_approver(approvers: tuple[Role, ...], given: int) -> Role | None:
    """Who is next after `given` approvals; None when the chain is complete."""
    return approvers[given] if given < len(approvers) else None


def minimum_size(rules: DealRules, claim: Claim) -> MinimumSize | None:
    """The minimum for the claim's region, or for any; in its own currency before the reporting one.

    None if the programme sets none for the region, or none in a currency the value is known in.
    """
    return next(iter(_comparable_minimums(rules, claim)), None)


def has_minimum(rules: DealRules, claim: Claim) -> bool:
    """Whether some minimum is set for the claim's region, in whatever currency."""
    return any(size.region in {claim.region, ANY} for size in rules.minimum_sizes)


def auto_limit(rules: DealRules, claim: Claim) -> AutoLimit | None:
    """The limit for the partner's tier, or for any, in a currency the value is known in."""
    limits = [
        limit
        for limit in rules.auto_approval
        if limit.tier in {claim.tier, ANY} and comparable(claim, limit.below.currency)
    ]
    own_currency = claim.value.currency
    limits.sort(key=lambda limit: (limit.tier == ANY, limit.below.currency != own_currency))
    return next(iter(limits), None)


def is_under_auto_limit(rules: DealRules, claim: Claim) -> bool:
    limit = auto_limit(rules, claim)
    value = comparable(claim, limit.below.currency) if limit else None
    return limit is not None and value is not None and value < limit.below


def reopens_review(rules: DealRules, before: Claim, after: Claim) -> bool:
    """Whether a value raised after approval needs a decision again; protection stays meanwhile.

    It does when the value crosses a limit: the portal may no longer approve it alone, or someone
    is asked who was not asked before.
    """
    if is_under_auto_limit(rules, before) and not is_under_auto_limit(rules, after):
        return True
    return not set(chain(rules, after)) <= set(chain(rules, before))


def _matches(route: Route, claim: Claim) -> bool:
    """A value that is not known in the route's currency counts as reaching its amount."""
    if route.lines and claim.line not in route.lines:
        return False
    if route.regions and claim.region not in route.regions:
        return False
    if route.from_amount is None:
        return True
    value = comparable(claim, route.from_amount.currency)
    return value is None or route.from_amount <= value


def _comparable_minimums(rules: DealRules, claim: Claim) -> list[MinimumSize]:
    sizes = [
        size
        for size in rules.minimum_sizes
        if size.region in {claim.region, ANY} and comparable(claim, size.amount.currency)
    ]
    own_currency = claim.value.currency
    return sorted(
        sizes, key=lambda size: (size.region == ANY, size.amount.currency != own_currency)
    )
