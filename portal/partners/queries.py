"""Every read of partner companies.  The session's type says whose eyes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound
from portal.partners.models import Partner, Supply
from portal.partners.rules import PartnerState, PartnerType


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What other features need of a company to decide something."""

    id: int
    ref: str
    name: str
    kind: PartnerType
    state: PartnerState
    country: str
    currency: str
    region_id: int | None
    tier_id: int | None


_FACTS = (
    Partner.id,
    Partner.ref,
    Partner.name,
    Partner.kind,
    Partner.state,
    Partner.country,
    Partner.currency,
    Partner.region_id,
    Partner.tier_id,
)


def get_facts(db: ViewerSession | SystemSession, partner_id: int) -> PartnerFacts:
    """Raises NotFound."""
    row = db.execute(select(*_FACTS).where(Partner.id == partner_id)).first()
    if row is None:
        raise NotFound
    return PartnerFacts(*row)


def list_facts(db: ViewerSession | SystemSession) -> list[PartnerFacts]:
    """Every company the session sees, by name."""
    query = select(*_FACTS).order_by(Partner.name_key, Partner.id)
    return [PartnerFacts(*row) for row in db.execute(query)]


def get_by_ref(db: ViewerSession | SystemSession, ref: str) -> Partner:
    """Raises NotFound, also for a company the viewer does not know."""
    partner = db.scalar(select(Partner).where(Partner.ref == ref))
    if partner is None:
        raise NotFound
    return partner


def resellers_of(db: SystemSession, distributor_id: int) -> frozenset[int]:
    """Companies that buy at least one line from this distributor."""
    query = select(Supply.reseller_id).where(Supply.distributor_id == distributor_id)
    return frozenset(db.scalars(query))


def distributors_of(db: SystemSession, reseller_id: int) -> frozenset[int]:
    query = select(Supply.distributor_id).where(Supply.reseller_id == reseller_id)
    return frozenset(db.scalars(query))


def suppliers_of(db: SystemSession, reseller_id: int, line_id: int) -> list[tuple[int, str]]:
    """(id, name) of the distributors from whom this company buys this line, by name."""
    query = (
        select(Partner.id, Partner.name)
        .join(Supply, Supply.distributor_id == Partner.id)
        .where(
            Supply.reseller_id == reseller_id,
            (Supply.line_id == line_id) | Supply.line_id.is_(None),
            Partner.state == PartnerState.ACTIVE,
        )
        .distinct()
        .order_by(Partner.name, Partner.id)
    )
    return [(row.id, row.name) for row in db.execute(query)]


def get_partner(db: ViewerSession | SystemSession, partner_id: int) -> Partner:
    """Raises NotFound."""
    partner = db.get(Partner, partner_id)
    if partner is None:
        raise NotFound
    return partner
