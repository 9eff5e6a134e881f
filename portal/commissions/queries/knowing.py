"""What the engine is told: plans, partners, products, quotas, rates, and totals so far."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from sqlalchemy import bindparam, select

from portal.catalogue.models import Line
from portal.commissions.models import (
    CommissionEvent,
    CommissionLine,
    ExchangeRate,
    PlanVersion,
    Portion,
    Quota,
    Tally,
)
from portal.commissions.rules.facts import (
    RATE_DAYS,
    Context,
    Exchange,
    Partner,
    Product,
)
from portal.commissions.rules.plan import Plan
from portal.commissions.rules.plan_reading import plan_from
from portal.commissions.rules.tallies import Key
from portal.db.session import Prepared, SystemSession
from portal.deals.models import Deal
from portal.partners.models import Partner as Company
from portal.programme.models import Tier


@dataclass(frozen=True, slots=True)
class Known:
    """Plans with the row of each version, and the companies by code."""

    plans: dict[int, Plan]
    companies: dict[str, int]
    context: Context

    def version_of(self, plan: str, version: int) -> int | None:
        found = [
            row for row, each in self.plans.items() if (each.plan, each.version) == (plan, version)
        ]
        return found[0] if found else None


_VERSIONS = Prepared(
    select(PlanVersion.id, PlanVersion.document).order_by(PlanVersion.plan, PlanVersion.version)
)


def list_plans(db: SystemSession) -> dict[int, Plan]:
    """Every version of every plan by its row, oldest first within a plan."""
    return {row.id: read_plan(json.dumps(row.document)) for row in db.rows(_VERSIONS)}


@lru_cache(maxsize=512)
def read_plan(document: str) -> Plan:
    return plan_from(json.loads(document))


_COMPANIES = Prepared(
    select(Company.id, Company.ref, Company.kind, Tier.code)
    .outerjoin(Tier, Tier.id == Company.tier_id)
    .where(Company.id.in_(bindparam("ids", expanding=True)))
)
_LINES = Prepared(select(Line.code, Line.family))
_RATES = Prepared(
    select(ExchangeRate.base, ExchangeRate.quote, ExchangeRate.day, ExchangeRate.rate)
    .where(ExchangeRate.day > bindparam("after"), ExchangeRate.day <= bindparam("day"))
    .order_by(ExchangeRate.day, ExchangeRate.id)
)
_QUOTAS = Prepared(
    select(Company.ref, Quota.period, Quota.rule, Quota.amount)
    .join(Company, Company.id == Quota.partner_id)
    .where(Quota.partner_id.in_(bindparam("ids", expanding=True)))
)


def known_for(db: SystemSession, partner_ids: Iterable[int], day: dt.date) -> Known:
    """Everything that decides what an event on `day` earns these companies, totals aside."""
    ids = sorted(partner_ids)
    rows = db.rows(_COMPANIES, ids=ids)
    partners = {
        row.ref: Partner(row.ref, row.kind.value, ((None, row.code),) if row.code else ())
        for row in rows
    }
    after = day - dt.timedelta(days=RATE_DAYS + 1)
    context = Context(
        partners=partners,
        products={row.code: Product(row.code, row.family) for row in db.rows(_LINES)},
        quotas={
            (row.ref, row.period, row.rule): Decimal(row.amount)
            for row in db.rows(_QUOTAS, ids=ids)
        },
        rates=tuple(
            Exchange(row.base, row.quote, row.day, Decimal(row.rate))
            for row in db.rows(_RATES, after=after, day=day)
        ),
    )
    return Known(list_plans(db), {row.ref: row.id for row in rows}, context)


_TALLIES = Prepared(
    select(Tally).where(
        Tally.partner_id.in_(bindparam("ids", expanding=True)),
        Tally.scope.in_(bindparam("scopes", expanding=True)),
    )
)


def tallies_of(
    db: SystemSession, partner_ids: Iterable[int], scopes: Iterable[str]
) -> dict[Key, Tally]:
    """The stored running totals of these companies in these periods and deals."""
    rows = db.rows(_TALLIES, ids=sorted(partner_ids), scopes=sorted(scopes))
    return {Key(t.kind, t.plan, t.rule, t.payee, t.scope, t.counts): t for (t,) in rows}


def values_of(tallies: dict[Key, Tally]) -> dict[Key, Fraction]:
    return {key: Fraction(tally.value) for key, tally in tallies.items()}


@dataclass(frozen=True, slots=True)
class Sale:
    """A won deal as the engine needs it."""

    deal_id: int
    ref: str
    partner_id: int
    partner: str
    distributor_id: int | None
    distributor: str
    line: str
    country: str
    is_history: bool


def find_sale(db: SystemSession, deal_id: int) -> Sale | None:
    """None for a registration without a line."""
    query = (
        select(
            Deal.id,
            Deal.ref,
            Deal.partner_id,
            Company.ref.label("partner"),
            Deal.distributor_id,
            Line.code,
            Deal.customer_country,
            Deal.is_history,
        )
        .join(Company, Company.id == Deal.partner_id)
        .join(Line, Line.id == Deal.line_id)
        .where(Deal.id == deal_id)
    )
    row = db.execute(query).first()
    if row is None:
        return None
    distributor = (
        db.scalar(select(Company.ref).where(Company.id == row.distributor_id))
        if row.distributor_id
        else ""
    )
    return Sale(
        row.id,
        row.ref,
        row.partner_id,
        row.partner,
        row.distributor_id,
        distributor or "",
        row.code,
        row.customer_country,
        row.is_history,
    )


def find_event(db: SystemSession, key: str) -> CommissionEvent | None:
    return db.scalar(select(CommissionEvent).where(CommissionEvent.key == key))


def events_of_deal(db: SystemSession, deal_id: int) -> list[CommissionEvent]:
    """Oldest first."""
    query = select(CommissionEvent).where(CommissionEvent.deal_id == deal_id)
    return list(db.scalars(query.order_by(CommissionEvent.id)))


def lines_of(db: SystemSession, event_id: int) -> list[CommissionLine]:
    query = select(CommissionLine).where(CommissionLine.event_id == event_id)
    return list(db.scalars(query.order_by(CommissionLine.seq)))


def portions_of(db: SystemSession, line_id: int) -> list[Portion]:
    query = select(Portion).where(Portion.line_id == line_id).order_by(Portion.id)
    return list(db.scalars(query))


def portions_due(db: SystemSession, day: dt.date, *, limit: int) -> list[Portion]:
    """Portions whose hold is over, what is gained before what is taken back."""
    query = (
        select(Portion)
        .where(
            Portion.is_released.is_(False),
            Portion.is_cancelled.is_(False),
            Portion.payable_on <= day,
        )
        .order_by(Portion.payable_on, Portion.partner_id, Portion.amount_minor.desc(), Portion.id)
        .limit(limit)
    )
    return list(db.scalars(query))


def list_waiting(db: SystemSession, *, limit: int) -> list[CommissionEvent]:
    """Events that lack a fact, oldest first."""
    query = select(CommissionEvent).where(CommissionEvent.state == "waiting")
    return list(db.scalars(query.order_by(CommissionEvent.id).limit(limit)))
