"""One claim as the vendor's staff decide it: its facts, what was found, and what stands against it.

All of it is for staff.  What is another company's is read past the viewer's scope, for the stated
reason that somebody has to compare the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import aliased

from portal.accounts.models import User
from portal.catalogue.models import Line
from portal.db import events
from portal.db.events import Told
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.deals.models import (
    Customer,
    Deal,
    Judgement,
    Likeness,
    Message,
    Opportunity,
    Protection,
    Purchase,
    Sighting,
)
from portal.deals.queries import record
from portal.deals.rules.comparison import Side
from portal.deals.rules.states import ProtectionState, Visibility
from portal.deals.rules.verdict import Decision, Outcome, Reason
from portal.kernel.clock import TICK
from portal.kernel.money import Money
from portal.partners.models import Partner
from portal.programme.models import Region, Tier
from portal.programme.rules import documents


@dataclass(frozen=True, slots=True)
class Pending:
    """An override or a customer's letter that waits for a second person."""

    user_id: int
    name: str
    reason: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Likely:
    """Another end customer on record that this one may be, with the matcher's reasons."""

    name: str
    detail: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """A registration that stands against the claim."""

    ref: str
    partner: str
    side: Side
    is_protected: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A message to the partner, or a note that only staff read."""

    at: dt.datetime
    name: str
    is_for_staff: bool
    body: str


@dataclass(frozen=True, slots=True)
class Case:
    """`decision` is None until the claim was judged.  `given` are the names of who approved."""

    deal: Deal
    partner: str
    partner_note: str
    region: str
    line: str
    owner: str
    distributor: str
    side: Side
    decision: Decision | None
    judged_at: dt.datetime | None
    rivals: tuple[Rival, ...]
    others: tuple[Side, ...]
    likely: tuple[Likely, ...]
    given: tuple[str, ...]
    override: Pending | None
    choice: Pending | None
    told: tuple[Told, ...]
    written: tuple[Written, ...]
    names: dict[int, str]


class _Claimed(NamedTuple):
    """A registration with the names around it."""

    deal: Deal
    partner: str
    tier: str | None
    kind: str
    region: str | None
    line: str | None
    owner: str
    distributor: str | None
    protected_until: dt.datetime | None


_Distributor = aliased(Partner)
_CLAIMED = (
    select(
        Deal,
        Partner.name,
        Tier.name,
        Partner.kind,
        Region.name,
        Line.name,
        User.name,
        _Distributor.name,
        Protection.ends_at,
    )
    .join(Partner, Partner.id == Deal.partner_id)
    .join(User, User.id == Deal.owner_id)
    .outerjoin(Tier, Tier.id == Partner.tier_id)
    .outerjoin(Region, Region.id == Partner.region_id)
    .outerjoin(Line, Line.id == Deal.line_id)
    .outerjoin(_Distributor, _Distributor.id == Deal.distributor_id)
    .outerjoin(
        Protection,
        and_(Protection.deal_id == Deal.id, Protection.state == ProtectionState.LIVE),
    )
)
_BY_REFS = Prepared(_CLAIMED.where(Deal.ref.in_(bindparam("refs", expanding=True))))


def get_case(db: ViewerSession, ref: str, *, now: dt.datetime) -> Case:
    """Raises NotFound, also for a registration outside the viewer's scope."""
    deal = record.get_deal(db, ref)
    told = tuple(events.timeline(db, "deal", deal))
    with db.as_system("what stands against the claim") as system:
        judgements = _judgements(system, deal.id)
        latest = next((j for j in reversed(judgements) if j.document), None)
        decision = documents.read(Decision, latest.document) if latest else None
        against = [] if decision is None else [r for r in decision.refs if r != deal.ref]
        claimed = {row.deal.ref: row for row in _claimed(system, [deal.ref, *against])}
        messages = _messages(system, deal.id)
        acted = {t.actor_id for t in told} | {j.user_id for j in judgements}
        names = _names(system, acted | {deal.decided_by_id} | {m.user_id for m in messages})
        mine = claimed[deal.ref]
        reasons = frozenset(decision.reasons) if decision else frozenset()
        return Case(
            deal=deal,
            partner=mine.partner,
            partner_note=_note(mine, "this registration"),
            region=mine.region or "",
            line=mine.line or "",
            owner=mine.owner,
            distributor=mine.distributor or "",
            side=_side(mine, _note(mine, "this registration")),
            decision=decision,
            judged_at=latest.created_at if latest else None,
            rivals=tuple(_rival(claimed[r], now) for r in against if r in claimed),
            others=tuple(_others(system, deal, reasons)),
            likely=tuple(_likely(system, deal.id)),
            given=tuple(names.get(u, "Somebody") for u in _approvers(judgements, deal)),
            override=_pending([j for j in judgements if j.is_override], names),
            choice=_pending([j for j in judgements if j.is_choice], names),
            told=told,
            written=tuple(
                Written(
                    m.created_at,
                    names.get(m.user_id, ""),
                    m.visibility is Visibility.STAFF,
                    m.body,
                )
                for m in messages
            ),
            names=names,
        )


def _claimed(db: SystemSession, refs: list[str]) -> list[_Claimed]:
    return [_Claimed(*row) for row in db.rows(_BY_REFS, refs=refs)]


def _judgements(db: SystemSession, deal_id: int) -> list[Judgement]:
    query = select(Judgement).where(Judgement.deal_id == deal_id).order_by(Judgement.id)
    return list(db.scalars(query))


def _approvers(judgements: Iterable[Judgement], deal: Deal) -> list[int]:
    """Who approved since the claim was submitted last, in order; overrides are another matter."""
    return [
        j.user_id
        for j in judgements
        if j.user_id is not None
        and j.outcome is Outcome.APPROVE
        and deal.submitted_at is not None
        and j.created_at >= deal.submitted_at
        and not (j.is_override or j.is_choice or j.is_undone)
    ]


def _pending(judgements: list[Judgement], names: dict[int, str]) -> Pending | None:
    waiting = [j for j in judgements if j.confirmed_by_id is None and not j.is_undone]
    if not waiting:
        return None
    asked = waiting[-1]
    user_id = asked.user_id or 0
    name = names.get(user_id, "Somebody")
    return Pending(user_id, name, asked.reason_text, asked.created_at)


def _note(claimed: _Claimed, what: str) -> str:
    return " · ".join(part for part in (claimed.tier, what) if part)


def _side(claimed: _Claimed, note: str) -> Side:
    deal = claimed.deal
    place = ", ".join(part for part in (deal.customer_city, deal.customer_country) if part)
    return Side(
        name=claimed.partner,
        note=note,
        ref=deal.ref,
        customer=deal.customer_name,
        domain=deal.customer_domain,
        place=place,
        contact=deal.contact_name or deal.contact_email,
        line=claimed.line or "",
        value=Money(deal.value_minor, deal.currency),
        closes_on=deal.closes_on,
        since=deal.received_at or deal.submitted_at,
        active_at=deal.active_at or deal.submitted_at,
        activity=deal.activity,
        is_protected=claimed.protected_until is not None,
    )


def _rival(claimed: _Claimed, now: dt.datetime) -> Rival:
    until = claimed.protected_until
    if until is not None and until > now:
        return Rival(
            claimed.deal.ref,
            claimed.partner,
            _side(claimed, _note(claimed, f"protected to {(until - TICK):%-d %b %Y}")),
            is_protected=True,
        )
    state = claimed.deal.state.value.replace("_", " ")
    return Rival(
        claimed.deal.ref, claimed.partner, _side(claimed, _note(claimed, state)), is_protected=False
    )


def _others(db: SystemSession, deal: Deal, reasons: frozenset[Reason]) -> Iterable[Side]:
    """What stands against the claim and is no registration."""
    if Reason.VENDOR_OPPORTUNITY in reasons:
        yield from _own_opportunities(db, deal)
    if Reason.RECENT_PURCHASE in reasons:
        yield from _purchases(db, deal)
    if Reason.NAMED_ACCOUNT in reasons:
        customer = db.get(Customer, deal.customer_id)
        if customer is not None:
            yield _of_customer(customer, "Named account", "The vendor's own", "", None)


def _own_opportunities(db: SystemSession, deal: Deal) -> Iterable[Side]:
    query = (
        select(Customer, User.name, Line.name, Opportunity.created_at)
        .join(Opportunity, Opportunity.customer_id == Customer.id)
        .join(User, User.id == Opportunity.user_id)
        .join(Line, Line.id == Opportunity.line_id)
        .where(
            Customer.id == deal.customer_id,
            Opportunity.line_id == deal.line_id,
            Opportunity.closed_at.is_(None),
        )
        .order_by(Opportunity.id)
        .limit(1)
    )
    for customer, name, line, since in db.execute(query):
        yield _of_customer(customer, "Own opportunity", name, line, since)


def _purchases(db: SystemSession, deal: Deal) -> Iterable[Side]:
    query = (
        select(Customer, Partner.name, Line.name, Purchase.bought_on)
        .join(Purchase, Purchase.customer_id == Customer.id)
        .join(Line, Line.id == Purchase.line_id)
        .outerjoin(Partner, Partner.id == Purchase.partner_id)
        .where(Customer.id == deal.customer_id)
        .order_by(Purchase.bought_on.desc(), Purchase.id.desc())
        .limit(1)
    )
    for customer, partner, line, bought_on in db.execute(query):
        bought_at = dt.datetime.combine(bought_on, dt.time(12), dt.UTC)
        seller = f"from {partner}" if partner else "from the vendor"
        yield _of_customer(customer, "Last purchase", seller, line, bought_at)


def _of_customer(
    customer: Customer, name: str, note: str, line: str, since: dt.datetime | None
) -> Side:
    place = ", ".join(part for part in (customer.city, customer.country) if part)
    return Side(
        name=name,
        note=note,
        customer=customer.name,
        domain=customer.domain,
        place=place,
        line=line,
        since=since,
    )


def _likely(db: SystemSession, deal_id: int) -> Iterable[Likely]:
    query = (
        select(Customer.name, Customer.domain, Customer.country, Likeness.score, Likeness.reasons)
        .join(Likeness, Likeness.customer_id == Customer.id)
        .where(Likeness.deal_id == deal_id)
        .order_by(Likeness.score.desc(), Customer.id)
        .limit(5)
    )
    for name, domain, country, score, reasons in db.execute(query):
        detail = " · ".join(part for part in (domain, country) if part)
        words = tuple(str(reason["text"]) for reason in reasons.get("reasons", ()))
        yield Likely(name, detail, score, words)


def _messages(db: SystemSession, deal_id: int) -> list[Message]:
    query = select(Message).where(Message.deal_id == deal_id).order_by(Message.id)
    return list(db.scalars(query))


def _names(db: SystemSession, user_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {user_id for user_id in user_ids if user_id is not None}
    query = select(User.id, User.name).where(User.id.in_(wanted))
    return {row.id: row.name for row in db.execute(query)}


def note_sighting(db: SystemSession, ref: str, user_id: int, *, now: dt.datetime) -> None:
    """Somebody of the vendor looked; again within the same hour is the same look."""
    deal_id = db.scalar(select(Deal.id).where(Deal.ref == ref))
    if deal_id is None:
        return
    recent = select(Sighting.id).where(
        Sighting.deal_id == deal_id,
        Sighting.user_id == user_id,
        Sighting.seen_at > now - dt.timedelta(hours=1),
    )
    if db.scalar(recent.limit(1)) is None:
        db.add(Sighting(seen_at=now, deal_id=deal_id, user_id=user_id))
