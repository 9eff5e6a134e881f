"""What accounts do by themselves: forgetting what is over."""

from __future__ import annotations

import datetime as dt

from portal.accounts import actions
from portal.db import buckets, jobs
from portal.web.services import Services


def sweep(services: Services, now: dt.datetime) -> None:
    """Forget sessions, rate buckets and jobs that are over."""
    with services.system_session() as db:
        actions.sweep_sessions(db, now=now)
        buckets.sweep(db, now=now)
        jobs.sweep(db, now=now)
        db.commit()
