"""One registration: the row to act on, and what its page shows."""

from __future__ import annotations

from sqlalchemy import select

from portal.db.session import ViewerSession
from portal.deals.models import Deal
from portal.kernel.errors import NotFound


def get_deal(db: ViewerSession, ref: str) -> Deal:
    """Raises NotFound, also for a deal outside the viewer's scope, and for others' drafts."""
    deal = db.scalar(select(Deal).where(Deal.ref == ref))
    if deal is None or _is_others_draft(db, deal):
        raise NotFound
    return deal


def _is_others_draft(db: ViewerSession, deal: Deal) -> bool:
    return deal.submitted_at is None and db.viewer.is_vendor and not deal.is_history
