"""What commissions do by themselves: holds end."""

from __future__ import annotations

import datetime as dt

from portal.commissions.actions import releasing
from portal.commissions.queries import knowing
from portal.web.services import Services

BATCH = 200


def release_due(services: Services, now: dt.datetime) -> None:
    """Make payable what was held long enough, in small transactions."""
    while True:
        with services.system_session() as db:
            due = knowing.portions_due(db, now.date(), limit=BATCH)
            for portion in due:
                releasing.release(db, portion, now=now)
            db.commit()
        if len(due) < BATCH:
            return
