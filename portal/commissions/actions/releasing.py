"""Holds that end: what was held becomes payable."""

from __future__ import annotations

import datetime as dt

from portal.commissions.actions import ledger
from portal.commissions.models import Portion
from portal.commissions.queries import ledger as queries
from portal.commissions.rules import postings
from portal.commissions.rules.postings import EntryKind, Posting
from portal.db.session import SystemSession


def release(db: SystemSession, portion: Portion, *, now: dt.datetime) -> None:
    """Once for each portion; what is gained first makes up for what the partner owes."""
    ledger.hold(db, portion.partner_id)
    balance = queries.balance(db, portion.partner_id, portion.currency)
    minor = portion.amount_minor
    moves = (
        *postings.released(minor, payable=balance.payable),
        *postings.netted(max(minor, 0), owed=balance.owed),
    )
    posting = Posting(
        key=f"release:{portion.id}",
        kind=EntryKind.RELEASE,
        partner_id=portion.partner_id,
        currency=portion.currency,
        moves=moves,
        effective_on=portion.payable_on,
        cause=f"portion:{portion.id}",
        request={"portion": portion.id, "minor": minor},
    )
    ledger.post(db, posting, now=now)
    portion.is_released = True
    db.flush()
