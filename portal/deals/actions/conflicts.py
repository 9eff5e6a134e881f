"""What a person can do about a conflict besides approving or rejecting one side.

Ask the partner that is protected whether its deal lives; approve a second registrant beside it;
move the protection to the partner that the customer chose.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.db import events, locks
from portal.db.session import SystemSession, ViewerSession
from portal.deals.actions import decisions, judging
from portal.deals.actions.decisions import Approved
from portal.deals.actions.judging import Terms
from portal.deals.models import Deal, Judgement, Message, Protection
from portal.deals.queries import judging as queries
from portal.deals.rules import deadlines, facts, fairness
from portal.deals.rules.events import (
    ChoiceRecorded,
    DealTransferred,
    DecisionPostponed,
    MessageWritten,
)
from portal.deals.rules.facts import Subject
from portal.deals.rules.fairness import ChoiceLetter
from portal.deals.rules.lifecycle import LIFECYCLE
from portal.deals.rules.states import Visibility
from portal.deals.rules.verdict import Outcome
from portal.kernel.clock import Period
from portal.kernel.errors import Refused
from portal.programme import queries as programme
from portal.programme.rules import documents
from portal.programme.rules.deal_rules import SecondGets

HOW_DOES_IT_STAND = (
    "How does this deal stand? Note what was done last and what comes next, so that its "
    "protection can be kept."
)
"""What the protected partner reads: nothing in it says that somebody else registered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHolder:
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveSecond:
    version: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersChoice:
    """`text` says what the customer's letter is and where it is kept."""

    version: int | None
    text: str


def ask_holder(db: ViewerSession, ref: str, command: AskHolder, *, now: dt.datetime) -> Deal:
    """Ask the protected partner for an update; the claim's clock stands still meanwhile.

    Raises NotFound, Forbidden, Stale, Refused("nobody_protected"), Refused("asked_before").
    """
    deal = decisions.to_decide(db, ref, command.version)
    LIFECYCLE.after("approve", deal.state, db.viewer.roles)
    with db.as_system("ask who is protected") as system:
        claim = queries.get_claim(system, deal.id)
        decisions.check_person(claim, db.viewer.user_id)
        holder = queries.get_claim(system, _held(system, claim).deal_id)
        if claim.holder_asked_at is not None:
            raise Refused("The other partner was asked already.", code="asked_before")
        _write_to(system, holder, db.viewer.user_id, now)
        _postpone(system, claim, now)
    db.refresh(deal)
    return deal


def _held(db: SystemSession, claim: Deal) -> Protection:
    """The live protection that stands against the claim, under the customer's lock."""
    assert claim.line_id is not None
    locks.take(db, f"customer:{claim.customer_id}")
    found = queries.live_on(db, claim.customer_id, claim.line_id) if claim.customer_id else []
    if not found:
        raise Refused(
            "Nobody is protected for this customer any more. Decide the registration now.",
            code="nobody_protected",
        )
    return found[0]


def _write_to(db: SystemSession, holder: Deal, user_id: int, now: dt.datetime) -> None:
    message = Message(
        created_at=now,
        deal_id=holder.id,
        user_id=user_id,
        visibility=Visibility.BOTH,
        body=HOW_DOES_IT_STAND,
    )
    db.add(message)
    db.flush()
    written = MessageWritten(
        subject_id=holder.id,
        partner_id=holder.partner_id,
        ref=holder.ref,
        message_id=message.id,
    )
    events.publish(db, written, now=now)


def _postpone(db: SystemSession, claim: Deal, now: dt.datetime) -> None:
    """The deadline moves by the time in which the other partner may answer."""
    _, rules = programme.rules_at(db, now)
    assert claim.due_at is not None
    pause = Period(now, deadlines.answer_due(rules, now))
    claim.due_at = deadlines.moved_by(rules, max(claim.due_at, now), pause)
    claim.holder_asked_at = claim.updated_at = now
    db.flush()
    postponed = DecisionPostponed(
        subject_id=claim.id, partner_id=claim.partner_id, ref=claim.ref, due_at=claim.due_at
    )
    events.publish(db, postponed, now=now)


def approve_second(
    db: ViewerSession, ref: str, command: ApproveSecond, *, now: dt.datetime
) -> Approved:
    """Approve beside the protected partner: this registration keeps nobody out.

    Raises NotFound, Forbidden, Stale, Refused("nobody_protected"), Refused("second_not_allowed").
    """
    deal = decisions.to_decide(db, ref, command.version)
    LIFECYCLE.after("approve", deal.state, db.viewer.roles)
    user_id = db.viewer.user_id
    with db.as_system("approve beside who is protected") as system:
        claim = queries.get_claim(system, deal.id)
        decisions.check_person(claim, user_id)
        number, rules = programme.rules_at(system, now)
        if rules.second.gets is SecondGets.NOTHING:
            raise Refused(
                "The programme gives a second registrant nothing. Choose another outcome.",
                code="second_not_allowed",
            )
        _held(system, claim)
        claim.rules_number = number
        terms = Terms(is_shared=True)
        judging.approve(system, claim, rules, user_id=user_id, now=now, terms=terms)
    db.refresh(deal)
    return Approved(deal)


def follow_customer(
    db: ViewerSession, ref: str, command: CustomersChoice, *, now: dt.datetime
) -> Approved:
    """Record that the customer chose this partner, or confirm a colleague's record of it.

    Confirmed, the protection moves here for the time that was left; both partners are told.
    Raises NotFound, Forbidden, Stale, Refused("nobody_protected"), Refused("letter").
    """
    deal = decisions.to_decide(db, ref, command.version)
    LIFECYCLE.after("approve", deal.state, db.viewer.roles)
    user_id = db.viewer.user_id
    with db.as_system("follow the customer's choice") as system:
        claim = queries.get_claim(system, deal.id)
        decisions.check_person(claim, user_id)
        held = _held(system, claim)
        recorded = queries.pending_choice(system, claim.id)
        if recorded is None:
            _record_letter(system, claim, command.text, user_id, now)
        else:
            letter = ChoiceLetter(recorded.user_id or 0, user_id)
            fairness.may_move(letter).obey()
            recorded.confirmed_by_id = user_id
            _move(system, held, claim, user_id, now)
    db.refresh(deal)
    return Approved(deal, "" if recorded else "a colleague, who confirms the customer's letter")


def _record_letter(
    db: SystemSession, claim: Deal, words: str, user_id: int, now: dt.datetime
) -> None:
    if not words.strip():
        raise Refused(
            "Say what the customer wrote and where the letter is kept.", code="letter", field="why"
        )
    number, rules = programme.rules_at(db, now)
    decision = judging.look(db, claim, rules, now=now)
    db.add(
        Judgement(
            created_at=now,
            deal_id=claim.id,
            user_id=user_id,
            rules_number=number,
            outcome=Outcome.APPROVE,
            is_choice=True,
            reason_text=words,
            document=documents.write(decision),
        )
    )
    db.flush()
    recorded = ChoiceRecorded(
        subject_id=claim.id, partner_id=claim.partner_id, ref=claim.ref, text=words
    )
    events.publish(db, recorded, now=now)


def _move(db: SystemSession, held: Protection, claim: Deal, user_id: int, now: dt.datetime) -> None:
    """End the one protection and begin the other, for the time that was left."""
    number, rules = programme.rules_at(db, now)
    chosen = queries.claim_facts(db, claim)
    holder = queries.get_claim(db, held.deal_id)
    subject = Subject(held.customer_id, chosen.line)
    before = facts.Protection(
        holder.ref, holder.partner_id, subject, Period(held.starts_at, held.ends_at)
    )
    change = fairness.customers_choice(before, chosen, now=now)
    judging.end_protection(db, held, cause="transferred", now=now)
    came_from = holder.state
    holder.state = LIFECYCLE.after("transfer", came_from, None)
    holder.last_verb, holder.state_before = "transfer", came_from
    holder.closed_at = holder.updated_at = now
    db.flush()
    moved = DealTransferred(
        subject_id=holder.id,
        partner_id=holder.partner_id,
        ref=holder.ref,
        ended_at=now,
        cause=judging.cause_for(holder, now),
    )
    events.publish(db, moved, now=now)
    claim.rules_number = number
    terms = Terms(ends_at=change.begun.period.ends_at)
    judging.approve(db, claim, rules, user_id=user_id, now=now, terms=terms)
