"""What the story pays: its plan, exchange rates, and two years of commissions that won deals earn.

Letters are left out of the story, commissions are not.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from portal.commissions.actions import deals as commission_deals
from portal.commissions.actions import plans, releasing
from portal.commissions.models import ExchangeRate
from portal.commissions.queries import knowing
from portal.commissions.rules.documents import from_yaml
from portal.commissions.rules.plan_reading import plan_from
from portal.db.events import Wiring
from portal.db.session import SystemSession
from portal.deals.rules.events import DealWon, DecisionUndone
from portal.demo.world import World
from portal.web.services import Services

WIRING: Wiring = {
    DealWon: (commission_deals.won,),
    DecisionUndone: (commission_deals.undone,),
}

PLAN = """
plan: programme
version: 1
name: Programme plan
currency: EUR
hold_days: 30
minimum_payout: 100
combine: most_specific
rules:
  - id: gold
    name: Gold rate
    earned_on: won
    who: {tiers: gold}
    what: {registered_only: true}
    percent: 12
    accelerator:
      over: quarter
      target: 250000
      steps: [{at: 100, add: 2}]
  - id: silver
    name: Silver rate
    earned_on: won
    who: {tiers: silver}
    what: {registered_only: true}
    percent: 10
    accelerator:
      over: quarter
      target: 150000
      steps: [{at: 100, add: 1}]
  - id: registered
    name: Registered rate
    earned_on: won
    who: {tiers: registered}
    what: {registered_only: true}
    percent: 8
  - id: override
    name: Distributor override
    earned_on: won
    to: distributor
    base: commission
    percent: 10
"""

MANY = 100_000

RATES = {"CHF": "0.9420", "GBP": "0.8560", "SEK": "11.3400", "NOK": "11.6200", "DKK": "7.4600"}
"""About what 1 EUR was worth; each week moves a little."""


def found(db: SystemSession, world: World, *, since: dt.datetime, until: dt.datetime) -> None:
    """The plan and a rate for every week, before the first registration."""
    plans.record(db, plan_from(from_yaml(PLAN)), note="As it opened", user_id=None, now=since)
    day = since.date() - dt.timedelta(days=7)
    week = 0
    while day <= until.date():
        for place, (currency, rate) in enumerate(RATES.items()):
            swing = Decimal((week * 37 + place * 11) % 41 - 20) / 2_000
            db.add(
                ExchangeRate(
                    created_at=since,
                    base="EUR",
                    quote=currency,
                    day=day,
                    rate=str((Decimal(rate) * (1 + swing)).quantize(Decimal("0.0001"))),
                    source="Made for the story",
                )
            )
        day += dt.timedelta(days=7)
        week += 1
    db.flush()


def tell(services: Services, *, now: dt.datetime) -> None:
    """Holds that are over by today end."""
    with services.system_session() as db:
        for portion in knowing.portions_due(db, now.date(), limit=MANY):
            releasing.release(db, portion, now=now)
        db.commit()
