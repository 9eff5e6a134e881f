"""Very many registrations, written straight into the tables: what lists are measured on.

Alder has a tenth of them, Cedar four hundred, and the rest are spread over companies that nobody
signs in for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy import insert

from portal.accounts import actions as accounts
from portal.db import schema
from portal.db.engine import Engines
from portal.db.session import SystemSession
from portal.deals.models import Customer, Deal, Protection
from portal.deals.rules.lifecycle import DealState
from portal.kernel import refs
from portal.web.sessions import hashed
from tests import people
from tests.people import Cast

BATCH = 5_000
FEW = 400
TOKEN = "bench-{}-" + "x" * 40
_STATES = (DealState.APPROVED, DealState.SUBMITTED, DealState.WON, DealState.LOST)


def fill(engines: Engines, *, deals: int, now: dt.datetime) -> Cast:
    """The cast, `deals` registrations, and sessions for Alma of Alder and Carla of Cedar."""
    cast = people.assemble(engines.write)
    with SystemSession(engines.write) as db:
        connection = db.connection()
        for start in range(1, deals + 1, BATCH):
            numbers = range(start, min(start + BATCH, deals + 1))
            connection.execute(insert(Customer), [_customer(n, now) for n in numbers])
            connection.execute(insert(Deal), [_deal(cast, n, now) for n in numbers])
            connection.execute(insert(Protection), list(_protections(cast, numbers, now)))
        for name in ("alma", "carla"):
            accounts.open_session(db, _session(cast, name, now), now=now)
        db.commit()
    schema.analyze(engines.write)
    return cast


def _customer(number: int, now: dt.datetime) -> dict[str, Any]:
    return {
        "id": number,
        "created_at": now,
        "version": 1,
        "ref": refs.make("CS", number),
        "name": f"Customer {number}",
        "name_key": f"customer {number}",
        "domain": f"c{number}.example",
    }


def _owner(number: int) -> tuple[str, str]:
    if number <= FEW:
        return "cedar", "carla"
    return ("alder", "alma") if number % 10 == 0 else ("birch", "bea")


def _deal(cast: Cast, number: int, now: dt.datetime) -> dict[str, Any]:
    company, person = _owner(number)
    state = _STATES[number // 10 % len(_STATES)]
    at = now - dt.timedelta(minutes=number)
    user_id = cast.people[person].user_id
    return {
        "id": number,
        "created_at": at,
        "updated_at": at,
        "version": 1,
        "ref": refs.make("DR", number * 7_919),
        "partner_id": cast.partners[company],
        "owner_id": user_id,
        "registered_by_id": user_id,
        "line_id": cast.lines["observe"],
        "customer_name": f"Customer {number}",
        "customer_key": f"customer {number}",
        "customer_domain": f"c{number}.example",
        "customer_country": "CH",
        "customer_id": number,
        "value_minor": number * 100,
        "currency": "EUR",
        "closes_on": now.date(),
        "state": state,
        "submitted_at": at,
        "received_at": at,
        "judged_at": at,
        "due_at": at + dt.timedelta(days=2),
        "decided_at": None if state is DealState.SUBMITTED else at,
        "won_on": at.date() if state is DealState.WON else None,
        "lost_reason": "price" if state is DealState.LOST else "",
    }


def _protections(cast: Cast, numbers: range, now: dt.datetime) -> Iterator[dict[str, Any]]:
    for number in numbers:
        if _STATES[number // 10 % len(_STATES)] is DealState.APPROVED:
            yield {
                "created_at": now,
                "version": 1,
                "customer_id": number,
                "line_id": cast.lines["observe"],
                "deal_id": number,
                "starts_at": now,
                "ends_at": now + dt.timedelta(days=1 + number % 120),
            }


def _session(cast: Cast, name: str, now: dt.datetime) -> accounts.OpenSession:
    user_id = cast.people[name].user_id
    return accounts.OpenSession(
        token_hash=hashed(TOKEN.format(name)),
        data={"_user_id": str(user_id), "_fresh": True},
        user_id=user_id,
        address="127.0.0.1",
        agent="bench",
        fresh_at=now,
    )
