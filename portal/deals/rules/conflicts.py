"""What on record stands against a claim: the same customer and line at an overlapping time.

A partner is not its own rival; its own rows are found separately.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from portal.deals.rules.facts import (
    Claim,
    OnRecord,
    OpenClaim,
    Protection,
    Purchase,
    VendorContact,
)
from portal.deals.rules.protection import holders
from portal.kernel.clock import Length, local_day
from portal.programme.rules.deal_rules import DealRules


def own_protections(claim: Claim, on_record: OnRecord, now: datetime) -> tuple[str, ...]:
    return tuple(p.ref for p in _held(claim, on_record, now) if p.partner_id == claim.partner_id)


def rival_protections(claim: Claim, on_record: OnRecord, now: datetime) -> tuple[str, ...]:
    return tuple(p.ref for p in _held(claim, on_record, now) if p.partner_id != claim.partner_id)


def own_older_claims(claim: Claim, on_record: OnRecord, now: datetime) -> tuple[str, ...]:
    return tuple(c.ref for c in _older(claim, on_record, now) if c.partner_id == claim.partner_id)


def rival_older_claims(claim: Claim, on_record: OnRecord, now: datetime) -> tuple[str, ...]:
    """Claims to decide first, oldest first; none that let their answer limit pass."""
    return tuple(c.ref for c in _older(claim, on_record, now) if c.partner_id != claim.partner_id)


def in_order(claims: Iterable[OpenClaim]) -> list[OpenClaim]:
    """The order in which claims are judged: by place."""
    return sorted(claims, key=lambda claim: (claim.place, claim.ref))


def has_vendor_opportunity(claim: Claim, on_record: OnRecord) -> bool:
    return any(opportunity.subject == claim.subject for opportunity in on_record.opportunities)


def last_purchase(claim: Claim, rules: DealRules, on_record: OnRecord) -> Purchase | None:
    """The latest purchase that keeps the customer from being new on the day of submission."""
    counted = [
        purchase
        for purchase in on_record.purchases
        if purchase.subject.customer_id == claim.customer_id
        and (rules.look_back.any_line or purchase.subject.line == claim.line)
        and (rules.look_back.own_sales or purchase.partner_id != claim.partner_id)
        and _is_within(rules.look_back.purchase, purchase.bought_on, claim, rules)
    ]
    return max(counted, key=lambda purchase: purchase.bought_on, default=None)


def last_contact(claim: Claim, rules: DealRules, on_record: OnRecord) -> VendorContact | None:
    counted = [
        contact
        for contact in on_record.contacts
        if contact.customer_id == claim.customer_id
        and _is_within(rules.look_back.vendor_contact, contact.met_on, claim, rules)
    ]
    return max(counted, key=lambda contact: contact.met_on, default=None)


def _held(claim: Claim, on_record: OnRecord, now: datetime) -> list[Protection]:
    if claim.subject is None:
        return []
    return holders(on_record.protections, claim.subject, now)


def _older(claim: Claim, on_record: OnRecord, now: datetime) -> list[OpenClaim]:
    return [
        other
        for other in in_order(on_record.claims)
        if other.subject == claim.subject
        and other.place < claim.place
        and other.holds_its_place(now)
    ]


def _is_within(look_back: Length | None, day: date, claim: Claim, rules: DealRules) -> bool:
    """Whether `look_back` from `day` is not over yet when the claim is submitted."""
    submitted_on = local_day(claim.place, rules.calendar.tzinfo)
    return look_back is not None and submitted_on < look_back.after(day)
