"""People's decisions on claims: approve, reject, ask, decide an appeal, and take it back.

A decision counts when it is made, under the customer's lock and against what is on record then.
Going against the rules' own judgement is an override: it needs a reason and a second person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from portal.db import events, locks, outbox
from portal.db.session import SystemSession, ViewerSession
from portal.deals.actions import judging
from portal.deals.actions.intake import ASKABLE
from portal.deals.actions.judging import Rejection, Terms
from portal.deals.models import Deal, Judgement
from portal.deals.queries import judging as queries
from portal.deals.queries import record
from portal.deals.rules import deadlines, fairness, routing
from portal.deals.rules.events import (
    ApprovalGiven,
    DecisionUndone,
    InformationRequested,
    OverrideAsked,
)
from portal.deals.rules.lifecycle import LIFECYCLE, DealState
from portal.deals.rules.states import ProtectionState
from portal.deals.rules.verdict import Decision, Outcome
from portal.kernel.errors import Forbidden, Refused, Stale
from portal.kernel.policy import Role
from portal.programme import queries as programme
from portal.programme.rules import documents
from portal.programme.rules.deal_rules import DealRules

UNDO_FOR = dt.timedelta(seconds=60)
"""Letters of a decision wait this long, so an undo within it means that nobody was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """`override_reason` says why the rules should not hold, where they would not approve."""

    version: int | None
    override_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """`reason` is one of REASONS; `text` is what the partner reads."""

    version: int | None
    reason: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """`fields` are names of intake.ASKABLE; at least a question or a field."""

    version: int | None
    fields: tuple[str, ...]
    text: str


REASONS = {
    "not_open": "Not open",
    "not_enough_information": "Not enough information",
    "outside_territory": "Outside your territory",
    "too_small": "Below the minimum size",
    "not_eligible": "Not eligible under the programme",
    "too_early": "Too early to register",
    "other": "Another reason",
}
"""What a person may reject for.  "Not open" is the one answer for every cause that is a rival's."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of an approval: done, or waiting for the next approver or a second person."""

    deal: Deal
    waits_for: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    """A claim in front of one person, with what the rules say of it now."""

    claim: Deal
    decision: Decision
    rules: DealRules
    number: int
    user_id: int
    roles: frozenset[Role]
    now: dt.datetime


def approve(db: ViewerSession, ref: str, command: Approve, *, now: dt.datetime) -> Approved:
    """Raises NotFound, Forbidden, Stale, Refused("own_matter"), Refused("override_reason")."""
    deal = to_decide(db, ref, command.version)
    verb = "grant_appeal" if deal.state is DealState.APPEALED else "approve"
    LIFECYCLE.after(verb, deal.state, db.viewer.roles)
    viewer = db.viewer
    with db.as_system("what stands against the claim") as system:
        claim = queries.get_claim(system, deal.id)
        check_person(claim, viewer.user_id)
        number, rules = programme.rules_at(system, now)
        decision = judging.look(system, claim, rules, now=now)
        look = _Look(claim, decision, rules, number, viewer.user_id, viewer.roles, now)
        waits_for = ""
        if fairness.is_override(decision, approves=True):
            waits_for = _override(system, look, command.override_reason)
        elif verb == "approve":
            waits_for = _agree(system, look)
        if not waits_for:
            claim.rules_number = number
            terms = Terms(verb)
            judging.approve(system, claim, rules, user_id=viewer.user_id, now=now, terms=terms)
    db.refresh(deal)
    return Approved(deal, waits_for)


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of several claims at once: names of customers stand for those that are left."""

    approved: tuple[str, ...]
    left: tuple[str, ...]


def approve_clear(db: ViewerSession, refs: Iterable[str], *, now: dt.datetime) -> Bulk:
    """Approve those of the claims that are clear when looked at again; leave all others.

    Raises NotFound, Forbidden.
    """
    approved, left = [], []
    for ref in dict.fromkeys(refs):
        deal = record.get_deal(db, ref)
        customer = deal.customer_name
        if _approve_clear(db, deal, now):
            approved.append(ref)
        else:
            left.append(customer)
    return Bulk(tuple(approved), tuple(left))


def _approve_clear(db: ViewerSession, deal: Deal, now: dt.datetime) -> bool:
    viewer = db.viewer
    is_own = not fairness.may_decide(
        decider=viewer.user_id, raised_by=deal.registered_by_id
    ).is_allowed
    if deal.state is not DealState.SUBMITTED or is_own:
        return False
    LIFECYCLE.after("approve", deal.state, viewer.roles)
    with db.as_system("what stands against the claim") as system:
        claim = queries.get_claim(system, deal.id)
        number, rules = programme.rules_at(system, now)
        decision = judging.look(system, claim, rules, now=now)
        look = _Look(claim, decision, rules, number, viewer.user_id, viewer.roles, now)
        is_clear = decision.finding is None and _is_last_approver(system, look)
        if is_clear:
            _agree(system, look)
            claim.rules_number = number
            judging.approve(system, claim, rules, user_id=viewer.user_id, now=now)
    db.refresh(deal)
    return is_clear


def _is_last_approver(db: SystemSession, look: _Look) -> bool:
    """Whether this person's approval is the one that completes the chain."""
    given = queries.approvals_given(db, look.claim)
    wanted = routing.next_approver(look.decision.chain, given)
    is_mine = wanted is None or bool(look.roles & {wanted, Role.ADMINISTRATOR})
    return is_mine and routing.next_approver(look.decision.chain, given + 1) is None


def to_decide(db: ViewerSession, ref: str, version: int | None) -> Deal:
    """The registration as the person saw it.  Raises NotFound, Stale."""
    deal = record.get_deal(db, ref)
    if version is not None and version != deal.version:
        raise Stale("This registration changed since you opened it. Reload to see it as it is.")
    return deal


def check_person(claim: Deal, user_id: int) -> None:
    """Raises Refused("own_matter"), Refused("own_rejection")."""
    fairness.may_decide(decider=user_id, raised_by=claim.registered_by_id).obey()
    if claim.state is DealState.APPEALED:
        fairness.may_decide_appeal(decider=user_id, rejected_by=claim.decided_by_id).obey()


def _agree(db: SystemSession, look: _Look) -> str:
    """Count one approval; returns whom it waits for next, or nothing when the chain is complete."""
    given = queries.approvals_given(db, look.claim)
    wanted = routing.next_approver(look.decision.chain, given)
    if wanted is not None and not look.roles & {wanted, Role.ADMINISTRATOR}:
        raise Forbidden(f"The next approval is by: {wanted.label}.")
    db.add(_judgement(look))
    db.flush()
    following = routing.next_approver(look.decision.chain, given + 1)
    if following is None:
        return ""
    agreed = ApprovalGiven(
        subject_id=look.claim.id,
        partner_id=look.claim.partner_id,
        ref=look.claim.ref,
        next_role=following.value,
    )
    events.publish(db, agreed, now=look.now)
    return following.label


def _override(db: SystemSession, look: _Look, reason: str) -> str:
    """Ask for an override, or confirm a colleague's; returns whom it waits for, or nothing.

    A rival's live protection is ended by a confirmed override, and its owner is told.
    """
    pending = queries.pending_override(db, look.claim.id)
    if pending is None or pending.user_id == look.user_id:
        ruling = fairness.may_override(reason=reason, asked_by=look.user_id, confirmed_by=None)
        if ruling.code == "override_reason":
            raise Refused(ruling.words, code=ruling.code, field="override_reason")
        if pending is None:
            asked = _judgement(look, is_override=True, reason=reason)
            db.add(asked)
            db.flush()
            told = OverrideAsked(
                subject_id=look.claim.id,
                partner_id=look.claim.partner_id,
                ref=look.claim.ref,
                reason=reason,
            )
            events.publish(db, told, now=look.now)
        return "a colleague, who confirms the override"
    fairness.may_override(
        reason=pending.reason_text, asked_by=pending.user_id or 0, confirmed_by=look.user_id
    ).obey()
    pending.confirmed_by_id = look.user_id
    judging.end_rivals(db, look.claim, now=look.now)
    return ""


def _judgement(look: _Look, *, is_override: bool = False, reason: str = "") -> Judgement:
    return Judgement(
        created_at=look.now,
        deal_id=look.claim.id,
        user_id=look.user_id,
        rules_number=look.number,
        outcome=Outcome.APPROVE,
        is_override=is_override,
        reason_text=reason,
        document=documents.write(look.decision),
    )


def reject(db: ViewerSession, ref: str, command: Reject, *, now: dt.datetime) -> Deal:
    """Raises NotFound, Forbidden, Stale, Refused("own_matter"), Refused("reason")."""
    deal = to_decide(db, ref, command.version)
    verb = "dismiss_appeal" if deal.state is DealState.APPEALED else "reject"
    LIFECYCLE.after(verb, deal.state, db.viewer.roles)
    if command.reason not in REASONS:
        raise Refused("Choose a reason.", code="reason", field="reason")
    if command.reason == "other" and not command.text.strip():
        raise Refused("Say what the reason is.", code="reason", field="text")
    user_id = db.viewer.user_id
    with db.as_system("decide the claim") as system:
        claim = queries.get_claim(system, deal.id)
        check_person(claim, user_id)
        why = Rejection(command.reason, command.text, user_id)
        judging.reject(system, claim, why, now=now, verb=verb)
    db.refresh(deal)
    return deal


def request_information(db: ViewerSession, ref: str, command: Ask, *, now: dt.datetime) -> Deal:
    """Ask the partner; only the listed fields open, and its place is kept for the answer limit.

    Raises NotFound, Forbidden, Stale, Refused("nothing_asked").
    """
    deal = to_decide(db, ref, command.version)
    before = deal.state
    state = LIFECYCLE.after("request_information", before, db.viewer.roles)
    unknown = [name for name in command.fields if name not in ASKABLE]
    if unknown or not (command.fields or command.text.strip()):
        raise Refused("Say what you need to know.", code="nothing_asked", field="text")
    _, rules = programme.rules_at(db, now)
    deal.state, deal.last_verb, deal.state_before = state, "request_information", before
    deal.asked_at = deal.decided_at = deal.updated_at = now
    deal.asked_fields, deal.asked_text = " ".join(command.fields), command.text
    deal.answer_due_at = deadlines.answer_due(rules, now)
    db.flush()
    asked = InformationRequested(
        subject_id=deal.id,
        partner_id=deal.partner_id,
        ref=deal.ref,
        fields=tuple(ASKABLE[name] for name in command.fields),
        text=command.text,
        answer_due_at=deal.answer_due_at,
        cause=judging.cause_of(deal),
    )
    events.publish(db, asked, now=now)
    return deal


def undo(db: ViewerSession, ref: str, *, now: dt.datetime) -> Deal:
    """Take the latest decision back while its letters have not left.

    Raises NotFound, Forbidden, Stale("wrong_state"), Stale("too_late").
    """
    deal = record.get_deal(db, ref)
    verb = deal.last_verb
    if verb not in LIFECYCLE.moves or not deal.state_before:
        raise Stale("There is nothing to undo here.", code="wrong_state")
    state = LIFECYCLE.undone(verb, DealState(deal.state_before), deal.state, db.viewer.roles)
    if deal.decided_at is None or now - deal.decided_at > UNDO_FOR:
        raise Stale("It is too late to undo this: the mail has left.", code="too_late")
    with db.as_system("take a decision back") as system:
        claim = queries.get_claim(system, deal.id)
        locks.take(system, f"customer:{claim.customer_id}")
        outbox.cancel(system, judging.cause_of(claim))
        live = queries.live_protection(system, claim.id)
        if live is not None:
            judging.end_protection(system, live, cause="undone", now=now)
        _give_back(system, claim, now=now)
        queries.forget_approvals(system, claim)
        claim.state, claim.last_verb, claim.state_before = state, "undo", ""
        claim.asked_at = claim.answer_due_at = None
        claim.reason, claim.reason_text, claim.asked_fields, claim.asked_text = "", "", "", ""
        claim.decided_by_id, claim.updated_at = None, now
        claim.decided_at = claim.appealed_at if state is DealState.APPEALED else None
        system.flush()
        undone = DecisionUndone(
            subject_id=claim.id, partner_id=claim.partner_id, ref=claim.ref, verb=verb
        )
        events.publish(system, undone, now=now)
    db.refresh(deal)
    return deal


def _give_back(db: SystemSession, claim: Deal, *, now: dt.datetime) -> None:
    """What the decision took from another partner is live again, as it was."""
    assert claim.decided_at is not None
    for taken in queries.taken_for(db, claim):
        rival = queries.get_claim(db, taken.deal_id)
        outbox.cancel(db, judging.cause_for(rival, claim.decided_at))
        taken.state, taken.cause, taken.ended_at = ProtectionState.LIVE, "", None
        before = rival.last_verb
        rival.state, rival.last_verb, rival.state_before = DealState.APPROVED, "undo", ""
        rival.closed_at, rival.updated_at = None, now
        db.flush()
        undone = DecisionUndone(
            subject_id=rival.id, partner_id=rival.partner_id, ref=rival.ref, verb=before
        )
        events.publish(db, undone, now=now)
