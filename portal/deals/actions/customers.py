"""Which end customer a claim means: found by exact keys, or made; doubts are kept for a person."""

from __future__ import annotations

import datetime as dt

from portal.db import locks
from portal.db.session import SystemSession
from portal.deals.models import Customer, Deal
from portal.deals.queries import judging as queries
from portal.kernel import refs

_MIXER = 0x9E3779B97F4A7C15


def identify(db: SystemSession, deal: Deal, *, now: dt.datetime) -> tuple[str, ...]:
    """Set the deal's customer; returns why it may be another one on record.

    The locks of the exact keys keep two claims on a new customer from making it twice.
    """
    for key in _lock_keys(deal):
        locks.take(db, key)
    if deal.customer_id is None:
        found = queries.customers_with(db, deal)
        customer = found[0] if found else _make(db, deal, now)
        deal.customer_id = customer.id
        db.flush()
    return ()


def _lock_keys(deal: Deal) -> list[str]:
    """In one order for everybody, so that no two claims wait on each other."""
    keys = [f"customer-name:{deal.customer_key}"]
    if deal.customer_domain:
        keys.append(f"customer-domain:{deal.customer_domain}")
    if deal.customer_tax_id:
        keys.append(f"customer-tax:{deal.customer_tax_id}")
    return sorted(keys)


def _make(db: SystemSession, deal: Deal, now: dt.datetime) -> Customer:
    customer = Customer(
        created_at=now,
        ref=refs.make("CS", deal.id * _MIXER & (2**64 - 1)),
        name=deal.customer_name,
        name_key=deal.customer_key,
        domain=deal.customer_domain,
        country=deal.customer_country,
        city=deal.customer_city,
        tax_id=deal.customer_tax_id,
    )
    db.add(customer)
    db.flush()
    return customer
