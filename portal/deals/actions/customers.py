"""Which end customer a claim means: found by exact keys, or made; doubts are kept for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert

from portal.db import locks
from portal.db.session import SystemSession
from portal.deals.models import Customer, CustomerKey, Deal, Likeness
from portal.deals.queries import judging as queries
from portal.deals.rules.matching import (
    EndCustomer,
    Profile,
    Verdict,
    compare,
    exact_keys,
    keys,
    likeliest,
    profile_of,
)
from portal.kernel.text import fold

CANDIDATES, SHORTLIST, LIKENESSES = 100, 12, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCustomer:
    """An end customer to put on record, with its public reference."""

    ref: str
    described: EndCustomer
    sector: str = ""
    parent_id: int | None = None
    is_named_account: bool = False


def identify(db: SystemSession, deal: Deal, *, now: dt.datetime) -> tuple[str, ...]:
    """Set the deal's customer; returns why it may be another one on record.

    The locks of the exact keys keep two claims on a new customer from making it twice.  Exact
    keys decide alone; a score never does, its findings are kept for the person who decides.
    """
    profile = profile_of(described_by(deal))
    exact = exact_keys(profile)
    for key in sorted({*exact, *keys(profile)[:1]}):
        locks.take(db, f"customer-key:{key}")
    if deal.customer_id is None:
        known = queries.customer_with(db, exact)
        if known is None:
            ref = deal.ref.replace("DR-", "CS-", 1)
            known = add(db, AddCustomer(ref=ref, described=described_by(deal)), now=now)
            _keep_likenesses(db, deal, profile, known, now)
        deal.customer_id = known.id
        db.flush()
    return queries.doubts(db, deal.id)


def described_by(deal: Deal) -> EndCustomer:
    return EndCustomer(
        name=deal.customer_name,
        country=deal.customer_country,
        city=deal.customer_city,
        domain=deal.customer_domain,
        tax_id=deal.customer_tax_id,
    )


def add(db: SystemSession, command: AddCustomer, *, now: dt.datetime) -> Customer:
    """Put a customer on record with everything it can be found by."""
    said = command.described
    profile = profile_of(said)
    customer = Customer(
        created_at=now,
        ref=command.ref,
        name=said.name,
        name_key=fold(said.name),
        domain=profile.domain,
        country=said.country,
        city=said.city,
        tax_id=said.tax_id,
        division=said.division,
        sector=command.sector,
        parent_id=command.parent_id,
        is_named_account=command.is_named_account,
        profile=profile.pack(),
    )
    db.add(customer)
    db.flush()
    found = sorted({*exact_keys(profile), *keys(profile)})
    db.execute(insert(CustomerKey), [{"k": key, "customer_id": customer.id} for key in found])
    return customer


def _keep_likenesses(
    db: SystemSession, deal: Deal, profile: Profile, own: Customer, now: dt.datetime
) -> None:
    """The customers on record most like the claim's, with the reasons, for whoever decides."""
    known = [
        (customer_id, Profile.unpack(packed))
        for customer_id, packed in queries.candidates(db, keys(profile), most=CANDIDATES)
        if customer_id != own.id
    ]
    short = likeliest(profile, [other for _, other in known], most=SHORTLIST)
    found = [(compare(profile, known[place][1]), known[place][0]) for place in short]
    alike = [each for each in found if each[0].verdict is not Verdict.DIFFERENT]
    alike.sort(key=lambda each: (-each[0].score, each[1]))
    for match, customer_id in alike[:LIKENESSES]:
        reasons = [{"code": r.code, "text": r.text, "weight": r.weight} for r in match.reasons]
        db.add(
            Likeness(
                created_at=now,
                deal_id=deal.id,
                customer_id=customer_id,
                score=match.score,
                is_exact=bool(match.exact),
                reasons={"verdict": match.verdict.value, "reasons": reasons},
            )
        )
    db.flush()
