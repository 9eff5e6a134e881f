"""Recomputes a line from what was stored with it; must come to the same minor unit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from portal.commissions.rules.earning import Situation, earned
from portal.commissions.rules.limits import Bound, limited
from portal.commissions.rules.plan import Plan
from portal.kernel.money import round_half_up, split


def replay(snapshot: Mapping[str, Any], plan: Plan | None, rule_id: str) -> int:
    """The line's amount in minor units.  `plan` is the version the line names, if it names one."""
    kind = snapshot["kind"]
    if kind == "accrual" and plan is not None:
        return _accrued(snapshot, plan, rule_id)
    if kind == "share":
        full = replay(snapshot["full"], plan, rule_id)
        return round_half_up(full * Fraction(snapshot["share"])) - int(snapshot["posted"])
    return int(snapshot["amount"]) if kind == "adjustment" else 0


def _accrued(snapshot: Mapping[str, Any], plan: Plan, rule_id: str) -> int:
    situation = Situation.from_data(snapshot["situation"])
    amount = round_half_up(earned(plan.rule(rule_id), plan, situation))
    for name in ("rule_bounds", "plan_bounds"):
        bounds = [Bound.from_data(data) for data in snapshot[name]]
        amount = limited(amount, bounds, currency=situation.currency, source="").minor
    weights = [Fraction(weight) for weight in snapshot["weights"]]
    return split(amount, weights)[int(snapshot["index"])]
