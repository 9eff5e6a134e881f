"""Chains of approvers, and limits in the deal's own currency or the reporting one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.deals.rules.facts import Claim
from portal.deals.rules.routing import (
    chain,
    is_under_auto_limit,
    next_approver,
    reopens_review,
)
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.programme.rules.deal_rules import AutoLimit, Route
from tests.deals.values import CORE, EDGE, RULES, a_claim, usd

MANAGER, ADMINISTRATOR = Role.CHANNEL_MANAGER, Role.ADMINISTRATOR
ROUTED = replace(
    RULES,
    routes=(
        Route((MANAGER, ADMINISTRATOR), from_amount=usd(100_000)),
        Route((ADMINISTRATOR,), lines=frozenset({EDGE}), regions=frozenset({"dach"})),
    ),
    auto_approval=(
        AutoLimit(usd(20_000)),
        AutoLimit(usd(50_000), "gold"),
        AutoLimit(Money(4_000_000, "CHF"), "gold"),
    ),
)


@pytest.mark.parametrize(
    ("claim", "approvers"),
    [
        (a_claim(), (MANAGER,)),
        (a_claim(value=usd(100_000)), (MANAGER, ADMINISTRATOR)),
        (a_claim(value=usd("99999.99")), (MANAGER,)),
        (a_claim(line=EDGE, region="dach"), (ADMINISTRATOR,)),
        (a_claim(line=EDGE, region="nordics"), (MANAGER,)),
        (a_claim(line=CORE, region="dach"), (MANAGER,)),
        (a_claim(value=Money(1, "EUR"), reporting_value=usd(1)), (MANAGER,)),
        (a_claim(value=Money(1, "EUR")), (MANAGER, ADMINISTRATOR)),
    ],
)
def test_the_first_route_that_matches_names_the_approvers(
    claim: Claim, approvers: tuple[Role, ...]
) -> None:
    assert chain(ROUTED, claim) == approvers


def test_approvers_come_one_after_the_other() -> None:
    approvers = (MANAGER, ADMINISTRATOR)
    assert [next_approver(approvers, given) for given in range(3)] == [MANAGER, ADMINISTRATOR, None]


@pytest.mark.parametrize(
    ("claim", "is_under"),
    [
        (a_claim(value=usd("19999.99")), True),
        (a_claim(value=usd(20_000)), False),
        (a_claim(value=usd(20_000), tier="gold"), True),
        (a_claim(value=Money(3_999_999, "CHF"), tier="gold", reporting_value=usd(60_000)), True),
        (a_claim(value=Money(3_000_000, "CHF"), reporting_value=usd(30_000)), False),
        (a_claim(value=Money(1, "EUR")), False),
    ],
)
def test_the_limit_of_the_tier_in_the_deals_own_currency_goes_first(
    claim: Claim, *, is_under: bool
) -> None:
    assert is_under_auto_limit(ROUTED, claim) == is_under


@pytest.mark.parametrize(
    ("before", "after", "reopens"),
    [
        (10_000, 19_000, False),
        (10_000, 20_000, True),
        (30_000, 90_000, False),
        (30_000, 100_000, True),
        (200_000, 30_000, False),
        (100_000, 900_000, False),
    ],
)
def test_a_rise_over_a_limit_reopens_the_review(before: int, after: int, *, reopens: bool) -> None:
    claims = [a_claim(value=usd(value)) for value in (before, after)]
    assert reopens_review(ROUTED, *claims) == reopens
