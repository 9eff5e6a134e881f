"""Registrations of the past: shared by the table of registrations and the CRM export."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from portal.db.session import SystemSession
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.past import NOT_RECORDED, Asserted, Ending, Past, past
from portal.deals.rules.states import ProtectionState
from portal.importers.shelves import DEALS, LIVE, PROTECTIONS
from portal.imports.actions import Ledger, Planned, Slot
from portal.imports.rules import Outcome
from portal.kernel.money import Money
from portal.programme import queries as programme
from portal.programme.rules.deal_rules import DealRules

EXPIRED = "Still open there, but the protection would be over by today: expired"
HELD = "Still open there, but another registration holds the customer and line: expired"
NO_CUSTOMER = "Without a customer: kept as a draft that says so"
NO_DAY = "Not begun yet: kept as a draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One registration as a file tells it, with the rows it names."""

    key: str
    said: Asserted
    partner: Slot
    owner: Slot
    line: Slot
    customer: Slot | None
    value: Money
    won: Money | None = None
    closes_on: dt.date | None = None
    more: dict[str, Any]


def rules_now(db: SystemSession, now: dt.datetime) -> DealRules:
    """What protections are reckoned by: the rules in force today."""
    return programme.rules_at(db, now)[1]


def plan(ledger: Ledger, told: Told) -> Planned:
    """Put the registration and its protection.  Raises Refused("asserted_dates")."""
    known = ledger.find(DEALS, told.key)
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, told.key, remark="The same number stands further up.")
    rules: DealRules = ledger.facts
    found = past(rules, told.said, is_held=_is_held(ledger, told, known), now=ledger.setting.now)
    deal, outcome = ledger.put(DEALS, (told.key,), **_values(ledger, told, found))
    remark = _remark(found)
    if remark:
        ledger.remark(remark)
    if found.held is not None and told.customer is not None:
        outcome = _hold(ledger, told, deal, found, outcome)
    customer = told.customer.label if told.customer else "No customer"
    return Planned(outcome, f"{customer}, {told.line.label}", ledger.differences(deal), remark)


def _is_held(ledger: Ledger, told: Told, known: Slot | None) -> bool:
    if told.customer is None:
        return False
    live = ledger.find(LIVE, told.customer, told.line)
    return live is not None and live.values["deal_id"] != (known.token if known else None)


def _values(ledger: Ledger, told: Told, found: Past) -> dict[str, Any]:
    """Columns of the registration.  Its last asserted moment is when it was last touched."""
    customer = told.customer.values if told.customer else {}
    is_won = found.state is DealState.WON
    return {
        "updated_at": found.closed_at or found.registered_at or ledger.setting.now,
        "partner_id": told.partner,
        "owner_id": told.owner,
        "registered_by_id": told.owner,
        "line_id": told.line,
        "customer_id": told.customer if found.state is not DealState.DRAFT else None,
        "customer_name": customer.get("name", ""),
        "customer_key": told.customer.key[0] if told.customer else "",
        "customer_domain": customer.get("domain") or "",
        "customer_country": customer.get("country") or "",
        "customer_city": customer.get("city") or "",
        "value_minor": told.value.minor,
        "currency": told.value.currency,
        "closes_on": told.closes_on,
        "state": found.state,
        "reason": found.reason,
        "submitted_at": found.registered_at,
        "decided_at": found.registered_at,
        "active_at": found.registered_at,
        "closed_at": found.closed_at,
        "won_on": told.said.closed_on if is_won else None,
        "won_minor": told.won.minor if is_won and told.won else None,
        "lost_reason": NOT_RECORDED if found.state is DealState.LOST else "",
        "is_history": True,
        **told.more,
    }


def _hold(ledger: Ledger, told: Told, deal: Slot, found: Past, outcome: Outcome) -> Outcome:
    held = found.held
    assert held is not None
    _, protected = ledger.put(
        PROTECTIONS,
        (deal,),
        customer_id=told.customer,
        line_id=told.line,
        starts_at=held.starts_at,
        ends_at=held.ends_at,
        state=held.state,
        ended_at=held.ended_at,
        cause=held.cause,
    )
    if held.state is ProtectionState.LIVE:
        ledger.put(LIVE, (told.customer, told.line), deal_id=deal)
    is_only_protection = outcome is Outcome.UNCHANGED and protected is not Outcome.UNCHANGED
    return Outcome.CHANGED if is_only_protection else outcome


def _remark(found: Past) -> str:
    if found.state is DealState.DRAFT:
        return NO_CUSTOMER if found.reason else NO_DAY
    if found.state is DealState.EXPIRED and found.held is not None:
        return HELD if found.held.cause == Ending.HELD_BY_ANOTHER else EXPIRED
    return ""
