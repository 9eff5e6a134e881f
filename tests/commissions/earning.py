"""A programme that pays, and won deals, for tests: everything through the real actions."""

from __future__ import annotations

from portal.commissions.actions import plans
from portal.commissions.actions.plans import Publish
from portal.deals.actions import decisions, outcomes
from portal.deals.actions.decisions import Approve
from portal.deals.actions.outcomes import Win
from portal.kernel.money import Money
from tests.deals.registering import draft, register

PLAN = """
plan: programme
version: 1
name: Programme plan
currency: EUR
hold_days: 30
minimum_payout: 100
rules:
  - {id: gold, name: Gold rate, earned_on: won, who: {tiers: gold}, percent: 12}
  - {id: silver, name: Silver rate, earned_on: won, who: {tiers: silver}, percent: 10}
  - {id: override, name: Override, earned_on: won, to: distributor, base: commission, percent: 10}
"""


def publish(services, cast, text=PLAN, *, now=None):
    """As finance."""
    with services.viewer_session(cast.fritz.viewer, writes=True) as db:
        row = plans.publish(db, Publish(text=text), now=now or services.clock())
        db.commit()
        return row


def win(services, cast, runner, clock, **changes):
    """A registration of Anna's that is approved and won some weeks later; returns its reference."""
    value = changes.pop("won_for", Money(10_000_00, "EUR"))
    seller = changes.pop("seller", cast.anna)
    ref = register(services, seller, draft(cast, **changes))
    runner.run_due()
    manager = changes.pop("manager", cast.mara)
    with services.viewer_session(manager.viewer, writes=True) as db:
        decisions.approve(db, ref, Approve(version=None), now=clock())
        db.commit()
    clock.pass_(days=20)
    with services.viewer_session(seller.viewer, writes=True) as db:
        command = Win(order_number="PO-1", value=value, won_on=clock().date())
        outcomes.win(db, ref, command, now=clock())
        db.commit()
    return ref
