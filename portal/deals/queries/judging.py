"""What judgement reads: claims due, the customer behind one, and everything that stands against it.

All of it looks across companies, so every function takes a SystemSession.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import func, or_, select

from portal.catalogue.models import Line
from portal.db.session import SystemSession
from portal.deals.models import (
    Customer,
    CustomerKey,
    Deal,
    Judgement,
    Likeness,
    Opportunity,
    Protection,
)
from portal.deals.models import Purchase as PurchaseRow
from portal.deals.rules import facts
from portal.deals.rules.facts import OnRecord, OpenClaim, Subject
from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.deals.rules.states import ProtectionState
from portal.deals.rules.verdict import Outcome
from portal.kernel.clock import Period
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.partners.models import Partner
from portal.programme.models import Region, Tier

LAST_INSTANT = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def claims_due(db: SystemSession, *, limit: int) -> list[int]:
    """Ids of complete submissions that wait for their judgement, by place."""
    query = (
        select(Deal.id)
        .where(
            Deal.state == DealState.SUBMITTED,
            or_(Deal.judged_at.is_(None), Deal.is_waiting),
            Deal.received_at.is_not(None),
        )
        .order_by(Deal.received_at, Deal.id)
        .limit(limit)
    )
    return list(db.scalars(query))


def id_of(db: SystemSession, ref: str) -> int:
    """Raises NotFound."""
    deal_id = db.scalar(select(Deal.id).where(Deal.ref == ref))
    if deal_id is None:
        raise NotFound
    return deal_id


def get_claim(db: SystemSession, deal_id: int) -> Deal:
    """The deal, locked until the transaction ends.  Raises NotFound."""
    deal = db.scalar(select(Deal).where(Deal.id == deal_id).with_for_update())
    if deal is None:
        raise NotFound
    return deal


def claim_facts(db: SystemSession, deal: Deal, *, doubts: tuple[str, ...] = ()) -> facts.Claim:
    """The claim as the rules know it."""
    query = (
        select(Line.code, Region.code, Partner.kind, Tier.code)
        .select_from(Partner)
        .outerjoin(Region, Region.id == Partner.region_id)
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .outerjoin(Line, Line.id == deal.line_id)
        .where(Partner.id == deal.partner_id)
    )
    line, region, kind, tier = db.execute(query).one()
    return facts.Claim(
        ref=deal.ref,
        partner_id=deal.partner_id,
        customer_id=deal.customer_id,
        line=line or "",
        place=deal.received_at or LAST_INSTANT,
        value=Money(deal.value_minor, deal.currency),
        region=region or "",
        partner_type=kind.value,
        tier=tier or "",
        activity=deal.activity,
        is_tender=deal.is_tender,
        tender_published_on=deal.tender_published_on,
        idle_count=0,
        doubts=doubts,
    )


def on_record(db: SystemSession, deal: Deal, *, now: dt.datetime) -> OnRecord:
    """Everything about the deal's customer that its line's rules may look at."""
    if deal.customer_id is None:
        return facts.NOTHING_ON_RECORD
    return OnRecord(
        protections=tuple(_protections(db, deal, now)),
        claims=tuple(_claims(db, deal)),
        opportunities=tuple(_opportunities(db, deal.customer_id)),
        purchases=tuple(_purchases(db, deal.customer_id)),
        named_accounts=_named(db, deal.customer_id),
    )


def _protections(db: SystemSession, deal: Deal, now: dt.datetime) -> Iterable[facts.Protection]:
    query = (
        select(Deal.ref, Deal.partner_id, Line.code, Protection.starts_at, Protection.ends_at)
        .join(Deal, Deal.id == Protection.deal_id)
        .join(Line, Line.id == Protection.line_id)
        .where(
            Protection.customer_id == deal.customer_id,
            Protection.state == ProtectionState.LIVE,
            Protection.is_shared.is_(False),
            Protection.ends_at > now,
            Protection.deal_id != deal.id,
        )
    )
    for ref, partner_id, line, starts_at, ends_at in db.execute(query):
        subject = Subject(deal.customer_id or 0, line)
        yield facts.Protection(ref, partner_id, subject, Period(starts_at, ends_at))


def _claims(db: SystemSession, deal: Deal) -> Iterable[OpenClaim]:
    query = (
        select(
            Deal.ref, Deal.partner_id, Line.code, Deal.received_at, Deal.state, Deal.answer_due_at
        )
        .join(Line, Line.id == Deal.line_id)
        .where(Deal.customer_id == deal.customer_id, Deal.state.in_(UNDECIDED), Deal.id != deal.id)
    )
    for ref, partner_id, line, place, state, answer_by in db.execute(query):
        waits = state is DealState.INFORMATION_REQUESTED
        yield OpenClaim(
            ref,
            partner_id,
            Subject(deal.customer_id or 0, line),
            place or LAST_INSTANT,
            state,
            answer_by if waits else None,
        )


def _opportunities(db: SystemSession, customer_id: int) -> Iterable[facts.VendorOpportunity]:
    query = (
        select(Line.code)
        .join(Opportunity, Opportunity.line_id == Line.id)
        .where(Opportunity.customer_id == customer_id, Opportunity.closed_at.is_(None))
    )
    return (facts.VendorOpportunity(Subject(customer_id, line)) for line in db.scalars(query))


def _purchases(db: SystemSession, customer_id: int) -> Iterable[facts.Purchase]:
    query = (
        select(Line.code, PurchaseRow.bought_on, PurchaseRow.partner_id)
        .join(Line, Line.id == PurchaseRow.line_id)
        .where(PurchaseRow.customer_id == customer_id)
    )
    for line, bought_on, partner_id in db.execute(query):
        yield facts.Purchase(Subject(customer_id, line), bought_on, partner_id)


def _named(db: SystemSession, customer_id: int) -> frozenset[int]:
    query = select(Customer.id).where(Customer.id == customer_id, Customer.is_named_account)
    return frozenset(db.scalars(query))


def customer_with(db: SystemSession, exact: Iterable[int]) -> Customer | None:
    """The customer that one of these exact keys names: the first on record, if several."""
    query = (
        select(Customer)
        .join(CustomerKey, CustomerKey.customer_id == Customer.id)
        .where(CustomerKey.k.in_(sorted(exact)), Customer.merged_into_id.is_(None))
        .order_by(Customer.id)
        .limit(1)
    )
    return db.scalar(query)


def doubts(db: SystemSession, deal_id: int) -> tuple[str, ...]:
    """Names of the customers that the claim's may be, the likest first."""
    query = (
        select(Customer.name)
        .join(Likeness, Likeness.customer_id == Customer.id)
        .where(Likeness.deal_id == deal_id, Likeness.is_settled.is_(False))
        .order_by(Likeness.score.desc(), Likeness.id)
    )
    return tuple(db.scalars(query))


def candidates(db: SystemSession, keys: Iterable[int], *, most: int) -> list[tuple[int, str]]:
    """(id, packed profile) of the customers that share the most blocking keys."""
    counted = (
        select(CustomerKey.customer_id, func.count().label("shared"))
        .where(CustomerKey.k.in_(sorted(set(keys))))
        .group_by(CustomerKey.customer_id)
        .order_by(func.count().desc(), CustomerKey.customer_id)
        .limit(most)
        .subquery()
    )
    query = (
        select(Customer.id, Customer.profile)
        .join(counted, counted.c.customer_id == Customer.id)
        .where(Customer.merged_into_id.is_(None))
        .order_by(Customer.id)
    )
    return [(row.id, row.profile) for row in db.execute(query)]


def live_protection(db: SystemSession, deal_id: int) -> Protection | None:
    query = select(Protection).where(
        Protection.deal_id == deal_id, Protection.state == ProtectionState.LIVE
    )
    return db.scalar(query)


def lapsed(db: SystemSession, *, now: dt.datetime, limit: int) -> list[Protection]:
    """Live protections that are over, the longest over first."""
    query = (
        select(Protection)
        .where(Protection.state == ProtectionState.LIVE, Protection.ends_at <= now)
        .order_by(Protection.ends_at, Protection.id)
        .limit(limit)
    )
    return list(db.scalars(query))


def lapsed_on(
    db: SystemSession, customer_id: int, line_id: int, *, now: dt.datetime
) -> list[Protection]:
    """The same for one customer and line."""
    query = select(Protection).where(
        Protection.customer_id == customer_id,
        Protection.line_id == line_id,
        Protection.state == ProtectionState.LIVE,
        Protection.ends_at <= now,
    )
    return list(db.scalars(query))


def live_on(db: SystemSession, customer_id: int, line_id: int) -> list[Protection]:
    """The live protection of a customer and line that keeps others out, if there is one."""
    query = select(Protection).where(
        Protection.customer_id == customer_id,
        Protection.line_id == line_id,
        Protection.state == ProtectionState.LIVE,
        Protection.is_shared.is_(False),
    )
    return list(db.scalars(query))


def taken_for(db: SystemSession, claim: Deal) -> list[Protection]:
    """Protections that the claim's latest decision ended, before their time."""
    query = select(Protection).where(
        Protection.customer_id == claim.customer_id,
        Protection.line_id == claim.line_id,
        Protection.deal_id != claim.id,
        Protection.ended_at == claim.decided_at,
        Protection.cause.in_(["overridden", "transferred"]),
    )
    return list(db.scalars(query))


def ending(db: SystemSession, *, before: dt.datetime, limit: int) -> list[Protection]:
    """Live protections that end before an instant, the next one first."""
    query = (
        select(Protection)
        .where(Protection.state == ProtectionState.LIVE, Protection.ends_at <= before)
        .order_by(Protection.ends_at, Protection.id)
        .limit(limit)
    )
    return list(db.scalars(query))


def approvals_given(db: SystemSession, deal: Deal) -> int:
    """How many people have approved since the claim was submitted last."""
    query = select(Judgement.id).where(
        Judgement.deal_id == deal.id,
        Judgement.user_id.is_not(None),
        Judgement.outcome == Outcome.APPROVE,
        Judgement.created_at >= (deal.submitted_at or LAST_INSTANT),
        Judgement.is_override.is_(False),
        Judgement.is_choice.is_(False),
        Judgement.is_undone.is_(False),
    )
    return len(list(db.scalars(query)))


def forget_approvals(db: SystemSession, deal: Deal) -> None:
    """The approvals of a decision that was taken back no longer count."""
    for judgement in db.scalars(
        select(Judgement).where(Judgement.deal_id == deal.id, Judgement.user_id.is_not(None))
    ):
        judgement.is_undone = True


def pending_choice(db: SystemSession, deal_id: int) -> Judgement | None:
    """A customer's letter that somebody recorded and nobody has confirmed."""
    query = (
        select(Judgement)
        .where(
            Judgement.deal_id == deal_id,
            Judgement.is_choice,
            Judgement.confirmed_by_id.is_(None),
            Judgement.is_undone.is_(False),
        )
        .order_by(Judgement.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def pending_override(db: SystemSession, deal_id: int) -> Judgement | None:
    """An override that somebody asked for and nobody has confirmed."""
    query = (
        select(Judgement)
        .where(
            Judgement.deal_id == deal_id,
            Judgement.is_override,
            Judgement.confirmed_by_id.is_(None),
            Judgement.is_undone.is_(False),
        )
        .order_by(Judgement.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def is_contested(db: SystemSession, deal_id: int) -> bool:
    """Whether the latest judgement found something of another company in the way."""
    query = (
        select(Judgement.document)
        .where(Judgement.deal_id == deal_id)
        .order_by(Judgement.id.desc())
        .limit(1)
    )
    document = db.scalar(query)
    return bool(document and document["refs"])
