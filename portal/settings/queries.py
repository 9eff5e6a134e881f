"""What a change of the programme would touch, counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.db.session import ViewerSession
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import PROTECTED, UNDECIDED
from portal.partners.models import Partner
from portal.partners.rules import PartnerState


@dataclass(frozen=True, slots=True)
class Touched:
    """How many companies play by the rules, and what they have open under them."""

    partners: int
    undecided: int
    protected: int


def count_touched(db: ViewerSession) -> Touched:
    partners = select(func.count(Partner.id)).where(Partner.state == PartnerState.ACTIVE)
    undecided = select(func.count(Deal.id)).where(Deal.state.in_(UNDECIDED))
    protected = select(func.count(Deal.id)).where(Deal.state.in_(PROTECTED))
    counts = [query.scalar_subquery() for query in (partners, undecided, protected)]
    return Touched(*db.execute(select(*counts)).one())
