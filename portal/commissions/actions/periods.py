"""Closing a month: after it, nothing is posted into it, and nothing in it changes."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import select

from portal.commissions.models import Period
from portal.commissions.queries import ledger as queries
from portal.commissions.rules.events import PeriodClosed
from portal.db import events, locks
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Forbidden, NotFound, Refused
from portal.kernel.policy import May


def close(db: ViewerSession, starts_on: dt.date, *, now: dt.datetime) -> Period:
    """Raises NotFound, Forbidden, Refused("not_over"), Refused("earlier_open")."""
    if not db.viewer.may(May.FINANCE_RUN):
        raise Forbidden("Your role may not close a month. Ask a colleague in finance.")
    if starts_on >= now.date().replace(day=1):
        raise Refused(
            "This month is not over yet. Close it from the first of the next.", code="not_over"
        )
    user_id = db.viewer.user_id
    with db.as_system("close a month") as system:
        locks.take(system, "ledger periods")
        earlier = [
            period
            for period in queries.list_periods(system)
            if period.starts_on < starts_on and period.closed_at is None
        ]
        if earlier:
            first = min(period.starts_on for period in earlier)
            raise Refused(f"Close {first:%B %Y} first.", code="earlier_open")
        _close(system, starts_on, user_id=user_id, now=now)
    return queries.get_period(db, starts_on)


def _close(db: SystemSession, starts_on: dt.date, *, user_id: int, now: dt.datetime) -> None:
    query = select(Period).where(Period.starts_on == starts_on).with_for_update()
    period = db.scalar(query.execution_options(populate_existing=True))
    if period is None:
        raise NotFound
    if period.closed_at is not None:
        return
    entries, digest = proof(db, period.id)
    period.entries, period.digest = entries, digest
    period.closed_at, period.closed_by_id = now, user_id
    db.flush()
    closed = PeriodClosed(
        subject_id=period.id,
        partner_id=None,
        starts_on=starts_on,
        entries=entries,
        digest=digest,
    )
    events.publish(db, closed, now=now)


def proof(db: SystemSession, period_id: int) -> tuple[int, str]:
    """How many transfers a period has, and the SHA-256 over all of them."""
    digest, count = hashlib.sha256(), 0
    for row in queries.entries_in(db, period_id):
        digest.update(repr(row).encode())
        count += 1
    return count, digest.hexdigest()
