"""What the register page knows beforehand: the company's own facts, and nobody else's."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.db.session import ViewerSession
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.kernel.errors import Forbidden
from portal.partners.models import Partner, Supply
from portal.partners.rules import PartnerState, PartnerType
from portal.programme.models import Region, Tier


@dataclass(frozen=True, slots=True)
class Registrant:
    """The company that registers, as the programme's rules know it."""

    id: int
    name: str
    kind: PartnerType
    currency: str
    region: str
    tier: str


def get_registrant(db: ViewerSession) -> Registrant:
    """The viewer's own company.  Raises Forbidden for staff."""
    query = (
        select(
            Partner.id,
            Partner.name,
            Partner.kind,
            Partner.currency,
            func.coalesce(Region.code, ""),
            func.coalesce(Tier.code, ""),
        )
        .outerjoin(Region, Region.id == Partner.region_id)
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .where(Partner.id == db.viewer.partner_id)
    )
    row = db.execute(query).first()
    if row is None:
        raise Forbidden("Only partners register deals.")
    return Registrant(*row)


@dataclass(frozen=True, slots=True)
class Company:
    id: int
    ref: str
    name: str


_COMPANY = (Partner.id, Partner.ref, Partner.name)


def list_suppliers(db: ViewerSession) -> list[Company]:
    """The distributors the viewer's company buys from, by name."""
    query = (
        select(*_COMPANY)
        .join(Supply, Supply.distributor_id == Partner.id)
        .where(Supply.reseller_id == db.viewer.partner_id, Partner.state == PartnerState.ACTIVE)
        .distinct()
        .order_by(Partner.name, Partner.id)
    )
    return [Company(*row) for row in db.execute(query)]


def list_resellers(db: ViewerSession) -> list[Company]:
    """The companies that buy from the viewer's own, by name."""
    query = (
        select(*_COMPANY)
        .join(Supply, Supply.reseller_id == Partner.id)
        .where(Supply.distributor_id == db.viewer.partner_id, Partner.state == PartnerState.ACTIVE)
        .distinct()
        .order_by(Partner.name, Partner.id)
    )
    return [Company(*row) for row in db.execute(query)]


def find_last_line(db: ViewerSession) -> int | None:
    """The line this person registered last."""
    query = (
        select(Deal.line_id)
        .where(Deal.owner_id == db.viewer.user_id, Deal.line_id.is_not(None))
        .order_by(Deal.updated_at.desc(), Deal.id.desc())
        .limit(1)
    )
    return db.scalar(query)


@dataclass(frozen=True, slots=True)
class OwnCustomer:
    """A customer in the company's own words; `ref` is its open registration, if there is one."""

    name: str
    country: str
    ref: str
    submitted_at: dt.datetime | None
    is_open: bool


def find_own(db: ViewerSession, domain: str, *, but: str = "") -> OwnCustomer | None:
    """The latest registration of the viewer's company at this web domain, `but` for one."""
    query = (
        select(Deal.customer_name, Deal.customer_country, Deal.ref, Deal.submitted_at, Deal.state)
        .where(
            Deal.partner_id == db.viewer.partner_id,
            Deal.customer_domain == domain,
            Deal.customer_name != "",
            Deal.ref != but,
        )
        .order_by(Deal.updated_at.desc(), Deal.id.desc())
        .limit(1)
    )
    row = db.execute(query).first()
    if row is None:
        return None
    is_open = row.state in UNDECIDED or row.state is DealState.APPROVED
    return OwnCustomer(row.customer_name, row.customer_country, row.ref, row.submitted_at, is_open)
