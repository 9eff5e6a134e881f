"""Blind intake: what a partner sends about its own registration.

Nothing here reads another company's row, waits on one, or answers differently because of one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.db import events
from portal.db.session import ViewerSession
from portal.deals.actions import drafts
from portal.deals.models import Deal
from portal.deals.queries import record
from portal.deals.rules import deadlines
from portal.deals.rules.events import (
    DealAppealed,
    DealSubmitted,
    DealWithdrawn,
    InformationAnswered,
)
from portal.deals.rules.lifecycle import LIFECYCLE, UNDECIDED, DealState
from portal.kernel import text
from portal.kernel.clock import Period
from portal.kernel.errors import Refused, Stale
from portal.programme import queries as programme
from portal.programme.rules.deal_rules import DealRules

LONGEST_WAIT = dt.timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a partner answers: a text, and new values of the fields that were asked for."""

    text: str
    values: dict[str, Any]


def submit(db: ViewerSession, ref: str, *, version: int | None, now: dt.datetime) -> Deal:
    """Send a complete draft.  Its place is the instant at which this commits.

    Raises NotFound, Stale, Refused("incomplete") or Refused("own_duplicate") with the field.
    """
    deal = record.get_deal(db, ref)
    if version is not None and version != deal.version:
        raise Stale("This draft was changed in another window. Reload to see it.")
    state = LIFECYCLE.after("submit", deal.state, db.viewer.roles)
    number, rules = programme.rules_at(db, now)
    check_complete(deal, rules, now)
    drafts.check_supplier(db, deal)
    _check_own_duplicate(db, deal)
    deal.state, deal.last_verb, deal.state_before = state, "submit", DealState.DRAFT
    deal.submitted_at = deal.updated_at = now
    deal.due_at = deadlines.decision_due(rules, now)
    deal.rules_number = number
    db.flush()
    _publish_submitted(db, deal, now)
    return deal


def _publish_submitted(db: ViewerSession, deal: Deal, now: dt.datetime) -> None:
    assert deal.due_at is not None
    sent = DealSubmitted(
        subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, due_at=deal.due_at
    )
    events.publish(db, sent, now=now, stamp=(deal, "received_at"))


def check_complete(deal: Deal, rules: DealRules, now: dt.datetime) -> None:
    """Raises Refused("incomplete") naming the first field that is missing or cannot be."""
    today = now.astimezone(rules.calendar.tzinfo).date()
    needed: list[tuple[bool, str, str]] = [
        (bool(deal.customer_name), "customer_name", "Enter the customer's name."),
        (
            bool(deal.customer_domain or deal.customer_country),
            "customer_country",
            "Choose the customer's country, or give its website.",
        ),
        (deal.line_id is not None, "line", "Choose a product."),
        (deal.value_minor > 0, "value", "Enter the value you expect."),
        (deal.closes_on is not None, "closes_on", "Say when you expect to close."),
        (
            bool(deal.activity) or not rules.activity_needed,
            "activity",
            "Say in a line what you did to earn this deal.",
        ),
    ]
    for is_there, field, message in needed:
        if not is_there:
            raise Refused(message, code="incomplete", field=field)
    assert deal.closes_on is not None
    if not today <= deal.closes_on <= today + LONGEST_WAIT:
        raise Refused(
            "Choose a close date between today and three years from now.",
            code="incomplete",
            field="closes_on",
        )


def _check_own_duplicate(db: ViewerSession, deal: Deal) -> None:
    """The company's own open or protected registration of the same customer and line."""
    same_name = (Deal.customer_key == deal.customer_key) & (
        Deal.customer_country == deal.customer_country
    )
    same = same_name
    if deal.customer_domain:
        same |= Deal.customer_domain == deal.customer_domain
    query = select(Deal.ref).where(
        Deal.partner_id == deal.partner_id,
        Deal.line_id == deal.line_id,
        Deal.state.in_([*UNDECIDED, DealState.APPROVED]),
        Deal.id != deal.id,
        same,
    )
    with db.as_system("the company's own registrations") as system:
        found = system.scalar(query.limit(1))
    if found is not None:
        raise Refused(
            f"Your company registered this as {found}. Open that one instead.",
            code="own_duplicate",
            field="customer_name",
        )


ASKABLE = {
    "customer_name": "Customer name",
    "customer_country": "Country",
    "customer_domain": "Website",
    "customer_city": "City",
    "customer_tax_id": "Tax number",
    "contact_name": "Contact",
    "contact_email": "Contact's e-mail",
    "value": "Value",
    "closes_on": "Expected close",
    "activity": "What you did to earn it",
    "tender_published_on": "Tender published on",
    "note": "Note",
}


def answer(db: ViewerSession, ref: str, command: Answer, *, now: dt.datetime) -> Deal:
    """Answer a request for information; only the fields asked for may change.

    In time the claim keeps its place, later it takes a new one.  Raises NotFound, Stale,
    Refused("not_asked").
    """
    deal = record.get_deal(db, ref)
    state = LIFECYCLE.after("answer", deal.state, db.viewer.roles)
    asked = set(deal.asked_fields.split())
    _, rules = programme.rules_at(db, now)
    for name, value in command.values.items():
        if name not in asked:
            raise Refused(f"{ASKABLE[name]} was not asked for.", code="not_asked", field=name)
        _set(deal, name, value)
    check_complete(deal, rules, now)
    assert deal.answer_due_at is not None
    assert deal.asked_at is not None
    keeps = now <= deal.answer_due_at
    if deal.due_at is not None and now > deal.asked_at:
        deal.due_at = deadlines.moved_by(rules, deal.due_at, Period(deal.asked_at, now))
    deal.state, deal.last_verb, deal.state_before = state, "answer", deal.state
    deal.asked_at = deal.answer_due_at = None
    deal.judged_at, deal.is_waiting, deal.updated_at = None, False, now
    db.flush()
    told = InformationAnswered(
        subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, keeps_place=keeps
    )
    events.publish(db, told, now=now, stamp=None if keeps else (deal, "received_at"))
    return deal


def _set(deal: Deal, name: str, value: Any) -> None:
    if name == "value":
        deal.value_minor, deal.currency = value.minor, value.currency
        return
    setattr(deal, name, value)
    if name == "customer_name":
        deal.customer_key = text.fold(value)
        deal.customer_id = None
    if name in {"customer_domain", "customer_country", "customer_tax_id"}:
        deal.customer_id = None


def withdraw(db: ViewerSession, ref: str, *, now: dt.datetime) -> Deal:
    """Raises NotFound, Stale."""
    deal = record.get_deal(db, ref)
    before = deal.state
    deal.state = LIFECYCLE.after("withdraw", before, db.viewer.roles)
    deal.last_verb, deal.state_before, deal.updated_at = "withdraw", before, now
    deal.asked_at = deal.answer_due_at = None
    deal.closed_at = now
    db.flush()
    gone = DealWithdrawn(subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref)
    events.publish(db, gone, now=now)
    return deal


def appeal(db: ViewerSession, ref: str, why: str, *, now: dt.datetime) -> Deal:
    """Ask another person to look again.  Raises NotFound, Stale, Refused saying why not."""
    deal = record.get_deal(db, ref)
    state = LIFECYCLE.after("appeal", deal.state, db.viewer.roles)
    _, rules = programme.rules_at(db, now)
    assert deal.decided_at is not None
    deadlines.may_appeal(
        rules,
        rejected_at=deal.decided_at,
        was_appealed=deal.appealed_at is not None,
        now=now,
    ).obey()
    if not why.strip():
        raise Refused("Say why this should be looked at again.", code="appeal_empty", field="text")
    deal.state, deal.last_verb, deal.state_before = state, "appeal", DealState.REJECTED
    deal.appealed_at, deal.appeal_text, deal.updated_at = now, why, now
    deal.due_at = deadlines.appeal_due(rules, now)
    db.flush()
    told = DealAppealed(
        subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, due_at=deal.due_at
    )
    events.publish(db, told, now=now)
    return deal
