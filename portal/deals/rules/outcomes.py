"""How a registration ends well: when it may be won, and what discount goes with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from portal.deals.rules.ruling import ALLOWED, Ruling, instant_words
from portal.programme.rules.deal_rules import Combine, DealRules


def may_win(rules: DealRules, *, submitted_at: datetime, won_at: datetime) -> Ruling:
    """The least time between registration and won counts from submission, hour by hour."""
    possible_at = submitted_at + timedelta(hours=rules.won_after_hours)
    if won_at < possible_at:
        when = instant_words(possible_at, rules.calendar.tzinfo)
        return Ruling(
            "won_too_early",
            f"A deal is registered at least {rules.won_after_hours} hours before it is won. "
            f"This one can be won from {when}.",
        )
    return ALLOWED


def combined_discount(rules: DealRules, points: Iterable[Decimal]) -> Decimal:
    """Percentage points for a deal that qualifies for all of `points`."""
    qualified = list(points)
    highest = rules.discounts.combine is Combine.HIGHEST
    total = max(qualified, default=Decimal(0)) if highest else sum(qualified, Decimal(0))
    return total if rules.discounts.cap is None else min(total, rules.discounts.cap)


def second_discount(rules: DealRules, first: Decimal) -> Decimal:
    """Percentage points for the second registrant, given the first one's.  Exact."""
    return first * rules.second.share
