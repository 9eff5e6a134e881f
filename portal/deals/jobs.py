"""What registrations do by themselves: claims are judged, protections end, owners are reminded."""

from __future__ import annotations

import datetime as dt
import logging

from portal.deals.actions import judging
from portal.deals.queries import judging as queries
from portal.kernel.errors import PortalError
from portal.programme import queries as programme
from portal.web.services import Services

log = logging.getLogger("portal.deals")

BATCH = 200
FURTHEST = dt.timedelta(days=31)


def judge_due(services: Services, now: dt.datetime) -> None:
    """Judge every claim that waits, by place, each in a transaction of its own."""
    with services.system_session(writes=False) as db:
        due = queries.claims_due(db, limit=BATCH)
    for deal_id in due:
        with services.system_session() as db:
            try:
                judging.judge_claim(db, deal_id, now=now)
            except PortalError as error:  # it stays due, and the next tick tries again
                log.warning("claim not judged id=%s code=%s", deal_id, error.code)
                continue
            db.commit()


def expire_due(services: Services, now: dt.datetime) -> None:
    """End what has lapsed, in small transactions."""
    while True:
        with services.system_session() as db:
            lapsed = queries.lapsed(db, now=now, limit=BATCH)
            for protection in lapsed:
                judging.expire(db, protection, now=now)
            db.commit()
        if len(lapsed) < BATCH:
            return


def remind_due(services: Services, now: dt.datetime) -> None:
    """Tell owners that protection ends in 30, 14 or 3 days."""
    with services.system_session() as db:
        _, rules = programme.rules_at(db, now)
        for protection in queries.ending(db, before=now + FURTHEST, limit=5_000):
            judging.remind(db, protection, rules, now=now)
        db.commit()
