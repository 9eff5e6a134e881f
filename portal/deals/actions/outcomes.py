"""After approval: activity, updates, more time, and how it ends - won, lost, or given back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.db import events, locks
from portal.db.session import SystemSession, ViewerSession
from portal.deals.actions import judging
from portal.deals.models import Deal, Message, Protection
from portal.deals.queries import judging as queries
from portal.deals.queries import record
from portal.deals.rules import outcomes, protection
from portal.deals.rules.events import (
    ActivityNoted,
    DealLost,
    DealReleased,
    DealUpdated,
    DealWon,
    MessageWritten,
    ProtectionExtended,
    StaffNoteWritten,
)
from portal.deals.rules.lifecycle import LIFECYCLE, PROTECTED
from portal.deals.rules.states import Visibility
from portal.deals.rules.words import LOST_REASONS
from portal.kernel.errors import Forbidden, Refused, Stale
from portal.kernel.money import Money
from portal.kernel.policy import May
from portal.programme import queries as programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Win:
    order_number: str
    value: Money
    won_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """New stage, value and close date of a protected deal."""

    version: int | None
    stage: str
    value: Money
    closes_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend:
    reason: str
    has_evidence: bool = False


def win(db: ViewerSession, ref: str, command: Win, *, now: dt.datetime) -> Deal:
    """Raises NotFound, Forbidden, Stale, Refused("won_too_early") with when it is possible."""
    deal = record.get_deal(db, ref)
    before = deal.state
    state = LIFECYCLE.after("win", before, db.viewer.roles)
    _, rules = programme.rules_at(db, now)
    assert deal.submitted_at is not None
    outcomes.may_win(rules, submitted_at=deal.submitted_at, won_at=now).obey()
    if command.won_on > now.astimezone(rules.calendar.tzinfo).date():
        raise Refused("Choose today or an earlier day.", code="future", field="won_on")
    deal.state, deal.last_verb, deal.state_before = state, "win", before
    deal.order_number, deal.won_on = command.order_number, command.won_on
    deal.won_minor, deal.currency = command.value.minor, command.value.currency
    deal.closed_at = deal.updated_at = deal.active_at = now
    db.flush()
    _end(db, deal, cause="won", now=now)
    won = DealWon(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        order_number=command.order_number,
        amount_minor=command.value.minor,
        currency=command.value.currency,
        won_on=command.won_on,
    )
    events.publish(db, won, now=now)
    return deal


def lose(db: ViewerSession, ref: str, reason: str, *, now: dt.datetime) -> Deal:
    """Frees the customer at once.  Raises NotFound, Forbidden, Stale, Refused("reason")."""
    if reason not in LOST_REASONS:
        raise Refused("Choose why it was lost.", code="reason", field="reason")
    deal = _leave(db, ref, "lose", now, lost_reason=reason)
    lost = DealLost(subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, reason=reason)
    events.publish(db, lost, now=now)
    return deal


def release(db: ViewerSession, ref: str, *, now: dt.datetime) -> Deal:
    """Give the protection back.  Raises NotFound, Forbidden, Stale."""
    deal = _leave(db, ref, "release", now)
    released = DealReleased(subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref)
    events.publish(db, released, now=now)
    return deal


def _leave(
    db: ViewerSession, ref: str, verb: str, now: dt.datetime, *, lost_reason: str = ""
) -> Deal:
    deal = record.get_deal(db, ref)
    before = deal.state
    deal.state = LIFECYCLE.after(verb, before, db.viewer.roles)
    deal.last_verb, deal.state_before, deal.lost_reason = verb, before, lost_reason
    deal.closed_at = deal.updated_at = now
    db.flush()
    _end(db, deal, cause=verb, now=now)
    return deal


def _end(db: ViewerSession, deal: Deal, *, cause: str, now: dt.datetime) -> None:
    with db.as_system("end the registration's protection") as system:
        live = queries.live_protection(system, deal.id)
        if live is not None:
            judging.end_protection(system, live, cause=cause, now=now)


def extend(db: ViewerSession, ref: str, command: Extend, *, now: dt.datetime) -> Protection:
    """One more extension by the programme's rules, added to the old end.

    Raises NotFound, Forbidden, Stale, Refused saying which condition is not met.
    """
    deal = record.get_deal(db, ref)
    if not db.viewer.may(May.DEALS_REGISTER) and not db.viewer.may(May.DEALS_DECIDE):
        raise Forbidden("Your role may not extend protection. Ask a colleague whose role may.")
    if deal.state not in PROTECTED:
        raise Stale("Only a protected registration can be extended.", code="wrong_state")
    with db.as_system("extend the registration's protection") as system:
        locks.take(system, f"customer:{deal.customer_id}")
        live = queries.live_protection(system, deal.id)
        if live is None:
            raise Stale("Protection ended meanwhile. Register the deal again.")
        ends_at = _extended(system, live, command, now)
    told = ProtectionExtended(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        ends_at=ends_at,
        reason=command.reason,
    )
    events.publish(db, told, now=now)
    return live


def _extended(
    db: SystemSession, live: Protection, command: Extend, now: dt.datetime
) -> dt.datetime:
    _, rules = programme.rules_at(db, now)
    asked = protection.ExtensionRequest(
        ends_at=live.ends_at,
        asked_at=now,
        taken=live.extensions,
        reason=command.reason,
        has_evidence=command.has_evidence,
    )
    protection.may_extend(rules, asked).obey()
    live.ends_at = protection.extended(rules, live.ends_at)
    live.extensions += 1
    live.reminded = ""
    db.flush()
    return live.ends_at


def update(db: ViewerSession, ref: str, command: Update, *, now: dt.datetime) -> Deal:
    """Raises NotFound, Forbidden, Stale, Refused("closes_on")."""
    deal = _own_protected(db, ref)
    if command.version is not None and command.version != deal.version:
        raise Stale("This deal changed since you opened it. Reload to see it as it is.")
    given = {
        "stage": command.stage,
        "value_minor": command.value.minor,
        "currency": command.value.currency,
        "closes_on": command.closes_on,
    }
    changed = tuple(name for name, value in given.items() if getattr(deal, name) != value)
    for name in changed:
        setattr(deal, name, given[name])
    deal.updated_at = deal.active_at = now
    db.flush()
    if changed:
        told = DealUpdated(
            subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, changed=changed
        )
        events.publish(db, told, now=now)
    return deal


def note_activity(db: ViewerSession, ref: str, text: str, *, now: dt.datetime) -> Deal:
    """What was done on a deal, which shows that it lives.  Raises NotFound, Stale, Refused."""
    deal = _own_protected(db, ref)
    if not text.strip():
        raise Refused("Say what you did.", code="empty", field="text")
    deal.active_at = deal.updated_at = now
    db.flush()
    noted = ActivityNoted(subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, text=text)
    events.publish(db, noted, now=now)
    return deal


def _own_protected(db: ViewerSession, ref: str) -> Deal:
    deal = record.get_deal(db, ref)
    if not db.viewer.may(May.DEALS_REGISTER):
        raise Forbidden("Only the partner's people change this.")
    if deal.state not in PROTECTED:
        raise Stale("Only a protected deal can be changed.", code="wrong_state")
    return deal


def write_message(
    db: ViewerSession, ref: str, body: str, visibility: Visibility, *, now: dt.datetime
) -> Message:
    """A comment for both sides, or for staff.  Raises NotFound, Forbidden, Refused("empty")."""
    deal = record.get_deal(db, ref)
    if not body.strip():
        raise Refused("Write something first.", code="empty", field="body")
    if visibility is Visibility.STAFF and not db.viewer.is_vendor:
        raise Forbidden("Only the vendor's staff write notes for staff.")
    message = Message(
        created_at=now,
        deal_id=deal.id,
        user_id=db.viewer.user_id,
        visibility=visibility,
        body=body,
    )
    db.add(message)
    db.flush()
    kind = MessageWritten if visibility is Visibility.BOTH else StaffNoteWritten
    written = kind(
        subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, message_id=message.id
    )
    events.publish(db, written, now=now)
    return message
