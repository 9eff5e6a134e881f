"""What somebody who leaves had open goes on with a colleague."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from portal.accounts.rules.events import PersonLeft
from portal.db import events
from portal.db.session import SystemSession
from portal.deals.models import Deal
from portal.deals.rules.events import DealHandedOver
from portal.deals.rules.lifecycle import ENDED
from portal.kernel.event import Event


def take_over(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """Wired to PersonLeft: registrations that are not over get the successor as their owner."""
    assert isinstance(happened, PersonLeft)
    if happened.successor_id is None:
        return
    is_open = Deal.state.not_in(ENDED)
    for deal in db.scalars(select(Deal).where(Deal.owner_id == happened.subject_id, is_open)):
        deal.owner_id = happened.successor_id
        handed = DealHandedOver(
            subject_id=deal.id,
            partner_id=deal.partner_id,
            ref=deal.ref,
            before=happened.subject_id,
            after=happened.successor_id,
        )
        events.publish(db, handed, now=now)
    db.flush()
