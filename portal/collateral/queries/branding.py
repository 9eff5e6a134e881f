"""Reading what a company shows of itself."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.collateral.models import PartnerBranding
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound
from portal.partners.models import Partner
from portal.programme.models import Tier

Session = ViewerSession | SystemSession


@dataclass(frozen=True, slots=True)
class Own:
    """A company's branding as plain values; logos are named, not held."""

    company: str
    contact: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    address: tuple[str, ...] = ()
    level: str = ""
    colour: str = "#1b1f24"
    logo_key: str = ""
    logo_dark_key: str = ""


def find(db: Session, partner_id: int) -> PartnerBranding | None:
    return db.scalar(select(PartnerBranding).where(PartnerBranding.partner_id == partner_id))


def company_name(db: Session, partner_id: int) -> str:
    """Raises NotFound."""
    name = db.scalar(select(Partner.name).where(Partner.id == partner_id))
    if name is None:
        raise NotFound
    return name


def own(db: Session, partner_id: int) -> Own:
    """What is known; the company's name and level come from its record.  Raises NotFound."""
    query = (
        select(Partner.name, Tier.name)
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .where(Partner.id == partner_id)
    )
    known = db.execute(query).first()
    if known is None:
        raise NotFound
    level = f"{known[1]} Partner" if known[1] else ""
    row = find(db, partner_id)
    if row is None:
        return Own(company=known[0], level=level)
    return Own(
        company=row.company,
        contact=row.contact,
        email=row.email,
        phone=row.phone,
        website=row.website,
        address=tuple(row.address.split("\n")) if row.address else (),
        level=level,
        colour=row.colour,
        logo_key=row.logo_key,
        logo_dark_key=row.logo_dark_key,
    )
