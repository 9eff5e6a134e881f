"""Whether a registration number is good: the one thing the public may learn."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import and_, bindparam, or_, select

from portal.db.session import Prepared, SystemSession
from portal.deals.models import Deal, Protection
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel import refs
from portal.kernel.errors import Refused

NO_NUMBER = "DR-"
"""Stands for whatever is no number at all, so that the same statement runs for it."""

_GOOD = Prepared(
    select(Deal.id)
    .outerjoin(
        Protection,
        and_(Protection.deal_id == Deal.id, Protection.state == ProtectionState.LIVE),
    )
    .where(
        Deal.ref == bindparam("number"),
        Deal.line_id == bindparam("line"),
        or_(
            and_(Deal.state == DealState.APPROVED, Protection.ends_at > bindparam("now")),
            Deal.state == DealState.WON,
        ),
    )
)


def is_valid(db: SystemSession, *, number: str, line_id: int, now: dt.datetime) -> bool:
    """True for a protected or won registration of this line; every other case is alike."""
    try:
        ref = refs.parse(number, "DR")
    except Refused:
        ref = NO_NUMBER
    return bool(db.rows(_GOOD, number=ref, line=line_id, now=now))
