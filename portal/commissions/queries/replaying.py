"""Every stored line recomputed from its own snapshot and the plan version it names."""

from __future__ import annotations

from sqlalchemy import select

from portal.commissions.models import CommissionLine
from portal.commissions.queries import knowing
from portal.commissions.rules.replay import replay
from portal.db.session import SystemSession


def replay_all(db: SystemSession) -> tuple[int, list[tuple[str, int, int]]]:
    """How many lines were recomputed, and those that differ: reference, stored, recomputed."""
    plans = knowing.list_plans(db)
    query = select(
        CommissionLine.ref,
        CommissionLine.amount_minor,
        CommissionLine.plan_version_id,
        CommissionLine.rule,
        CommissionLine.snapshot,
    ).order_by(CommissionLine.id)
    checked, differing = 0, []
    for row in db.execute(query.execution_options(yield_per=500)):
        plan = plans[row.plan_version_id] if row.plan_version_id else None
        amount = replay(row.snapshot, plan, row.rule)
        checked += 1
        if amount != row.amount_minor:
            differing.append((row.ref, row.amount_minor, amount))
    return checked, differing
