"""The adjudicator: later than intake, in the order of the claims' places, under their locks.

It runs on a fixed tick that no partner's act moves.  Each claim is judged in a transaction of its
own: the customer is found or made under the locks of its exact keys, then the claim is judged
against everything on record under the lock of that customer.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from portal.db import events, locks
from portal.db.session import SystemSession
from portal.deals.actions import customers
from portal.deals.models import Deal, Judgement, Protection
from portal.deals.queries import judging as queries
from portal.deals.rules import deadlines, protection
from portal.deals.rules.events import (
    DealApproved,
    DealExpired,
    DealJudged,
    DealRejected,
    ProtectionEnding,
    ProtectionOverridden,
)
from portal.deals.rules.lifecycle import LIFECYCLE, DealState
from portal.deals.rules.states import ProtectionState
from portal.deals.rules.verdict import Case, Decision, Outcome, judge
from portal.kernel.clock import Period, local_day
from portal.kernel.errors import Stale
from portal.programme import queries as programme
from portal.programme.rules import documents
from portal.programme.rules.deal_rules import DealRules

BATCH = 100


def judge_claim(db: SystemSession, deal_id: int, *, now: dt.datetime) -> Outcome | None:
    """Judge one claim; None if it was decided or withdrawn meanwhile."""
    deal = queries.get_claim(db, deal_id)
    if deal.state is not DealState.SUBMITTED:
        return None
    number, rules = programme.rules_at(db, now)
    was_waiting = deal.is_waiting
    decision = look(db, deal, rules, now=now)
    deal.judged_at, deal.is_waiting = now, decision.outcome is Outcome.WAIT
    deal.finding = decision.finding or ""
    if was_waiting and decision.outcome is Outcome.WAIT:
        return Outcome.WAIT
    record_judgement(db, deal, decision, number, now=now)
    match decision.outcome:
        case Outcome.APPROVE:
            approve(db, deal, rules, user_id=None, now=now)
        case Outcome.REJECT:
            reject(db, deal, Rejection(decision.told_to_partner[0].value), now=now)
        case _:
            pass
    return decision.outcome


def look(db: SystemSession, deal: Deal, rules: DealRules, *, now: dt.datetime) -> Decision:
    """What the rules say of a claim at this moment.

    Finds or makes its customer, takes the customer's lock, and ends what has lapsed first.
    """
    doubts = customers.identify(db, deal, now=now)
    assert deal.customer_id is not None
    assert deal.line_id is not None
    locks.take(db, f"customer:{deal.customer_id}")
    for lapsed in queries.lapsed_on(db, deal.customer_id, deal.line_id, now=now):
        expire(db, lapsed, now=now)
    claim = queries.claim_facts(db, deal, doubts=doubts)
    return judge(Case(claim, rules, now, queries.on_record(db, deal, now=now)))


def record_judgement(
    db: SystemSession,
    deal: Deal,
    decision: Decision,
    number: int,
    *,
    now: dt.datetime,
) -> Judgement:
    judgement = Judgement(
        created_at=now,
        deal_id=deal.id,
        rules_number=number,
        outcome=decision.outcome,
        document=documents.write(decision),
    )
    db.add(judgement)
    db.flush()
    found = DealJudged(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        outcome=decision.outcome,
        reasons=tuple(decision.reasons),
        rules_number=number,
    )
    events.publish(db, found, now=now)
    return judgement


@dataclass(frozen=True, slots=True)
class Terms:
    """How a claim is approved: by which move, keeping others out or not, and until when.

    Without `ends_at` the programme's rules say how long.
    """

    verb: str = "approve"
    is_shared: bool = False
    ends_at: dt.datetime | None = None


BY_THE_RULES = Terms()


def approve(
    db: SystemSession,
    deal: Deal,
    rules: DealRules,
    *,
    user_id: int | None,
    now: dt.datetime,
    terms: Terms = BY_THE_RULES,
) -> Protection:
    """Protect the customer and line for this registration.

    The caller holds the customer's lock.  Raises Stale if, against all care, somebody else is
    protected: the database has the last word.
    """
    before = deal.state
    deal.state = LIFECYCLE.after(terms.verb, before, None)
    deal.last_verb, deal.state_before = terms.verb, before
    deal.decided_at, deal.decided_by_id, deal.updated_at = now, user_id, now
    deal.is_waiting = False
    granted = _protect(db, deal, rules, terms, now=now)
    approved = DealApproved(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        by_rule=user_id is None,
        starts_at=granted.starts_at,
        ends_at=granted.ends_at,
        cause=cause_of(deal),
        is_shared=granted.is_shared,
    )
    events.publish(db, approved, now=now)
    return granted


def _protect(
    db: SystemSession, deal: Deal, rules: DealRules, terms: Terms, *, now: dt.datetime
) -> Protection:
    period = _granted(deal, rules, now)
    if terms.ends_at is not None:
        period = Period(now, terms.ends_at)
    assert deal.customer_id is not None
    assert deal.line_id is not None
    granted = Protection(
        created_at=now,
        customer_id=deal.customer_id,
        line_id=deal.line_id,
        deal_id=deal.id,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        is_shared=terms.is_shared,
    )
    db.add(granted)
    try:
        db.flush()
    except IntegrityError as error:
        raise Stale("Somebody else is protected for this customer and line.") from error
    return granted


def _granted(deal: Deal, rules: DealRules, now: dt.datetime) -> Period:
    assert deal.submitted_at is not None
    moments = protection.Moments(
        registered_at=deal.created_at, submitted_at=deal.submitted_at, approved_at=now
    )
    late = dt.timedelta()
    if deal.due_at is not None and now > deal.due_at:
        late = deadlines.late_time(rules, deal.due_at, now)
    return protection.granted(rules, moments, late)


@dataclass(frozen=True, slots=True)
class Rejection:
    """`reason` is a code that may be told; `words` what the partner reads beside it.

    `user_id` is None when the rules rejected alone.
    """

    reason: str
    words: str = ""
    user_id: int | None = None


def reject(
    db: SystemSession, deal: Deal, why: Rejection, *, now: dt.datetime, verb: str = "reject"
) -> None:
    before = deal.state
    deal.state = LIFECYCLE.after(verb, before, None)
    deal.last_verb, deal.state_before = verb, before
    deal.reason, deal.reason_text = why.reason, why.words
    deal.decided_at, deal.decided_by_id, deal.updated_at = now, why.user_id, now
    deal.is_waiting = False
    db.flush()
    rejected = DealRejected(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        by_rule=why.user_id is None,
        reason=why.reason,
        text=why.words,
        cause=cause_of(deal),
    )
    events.publish(db, rejected, now=now)


def cause_of(deal: Deal) -> str:
    """What the letters of the latest decision are filed under, so that an undo finds them."""
    assert deal.decided_at is not None
    return cause_for(deal, deal.decided_at)


def cause_for(deal: Deal, decided_at: dt.datetime) -> str:
    """The same for another registration that the decision touched."""
    return f"{deal.ref}:{decided_at.isoformat()}"


def end_protection(db: SystemSession, live: Protection, *, cause: str, now: dt.datetime) -> None:
    """A protection that ends early is cut short; one that lapsed keeps its own end."""
    live.state, live.cause = ProtectionState.ENDED, cause
    live.ended_at = min(now, live.ends_at)
    db.flush()


def end_rivals(db: SystemSession, claim: Deal, *, now: dt.datetime) -> None:
    """End whatever is live on the claim's customer and line: a confirmed override's first half."""
    assert claim.customer_id is not None
    assert claim.line_id is not None
    for live in queries.live_on(db, claim.customer_id, claim.line_id):
        end_protection(db, live, cause="overridden", now=now)
        rival = queries.get_claim(db, live.deal_id)
        rival.state_before, rival.last_verb = rival.state, "overridden"
        rival.state, rival.closed_at, rival.updated_at = DealState.EXPIRED, now, now
        db.flush()
        over = ProtectionOverridden(
            subject_id=rival.id,
            partner_id=rival.partner_id,
            ref=rival.ref,
            ended_at=now,
            cause=cause_for(rival, now),
        )
        events.publish(db, over, now=now)


def expire(db: SystemSession, lapsed: Protection, *, now: dt.datetime) -> None:
    """End a protection that ran out, and its registration with it."""
    end_protection(db, lapsed, cause="expired", now=now)
    deal = queries.get_claim(db, lapsed.deal_id)
    if deal.state is not DealState.APPROVED:
        return
    before = deal.state
    deal.state = LIFECYCLE.after("expire", before, None)
    deal.last_verb, deal.state_before = "expire", before
    deal.closed_at = deal.updated_at = now
    db.flush()
    expired = DealExpired(
        subject_id=deal.id, partner_id=deal.partner_id, ref=deal.ref, ended_at=lapsed.ends_at
    )
    events.publish(db, expired, now=now)


def remind(db: SystemSession, live: Protection, rules: DealRules, *, now: dt.datetime) -> bool:
    """Tell the owner once that protection ends in 30, 14 or 3 days; returns whether it did."""
    zone = rules.calendar.tzinfo
    left = protection.countdown(live.ends_at, now, zone).days_left
    due = [days for days in protection.REMINDER_DAYS if left is not None and left <= days]
    told = {int(days) for days in live.reminded.split()}
    lasts = (local_day(live.ends_at, zone) - local_day(live.starts_at, zone)).days
    due = [days for days in due if days not in told and days < lasts]
    if not due or left is None:
        return False
    live.reminded = " ".join(map(str, sorted(told | set(due))))
    deal = queries.get_claim(db, live.deal_id)
    db.flush()
    ending = ProtectionEnding(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        days=left,
        ends_at=live.ends_at,
    )
    events.publish(db, ending, now=now)
    return True
