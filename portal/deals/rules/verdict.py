"""The judgement of a claim: every rule in order, each with its step in words, and the outcome.

All rules are applied even after one failed, so the path shows the whole picture; the gravest
finding decides: reject, then wait, then queue, then approve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from portal.deals.rules import conflicts, routing
from portal.deals.rules.deadlines import decision_due
from portal.deals.rules.facts import NOTHING_ON_RECORD, Claim, OnRecord
from portal.deals.rules.ruling import day_words
from portal.kernel.clock import local_day
from portal.kernel.policy import Role
from portal.programme.rules.deal_rules import (
    ANY,
    DealRules,
    OnConflict,
    SecondGets,
    TenderRule,
    WhenLate,
)


class Outcome(StrEnum):
    """Listed by gravity, the mildest first."""

    APPROVE = "approve"
    QUEUE = "queue"
    WAIT = "wait"
    REJECT = "reject"


class Reason(StrEnum):
    """Why a step did not pass.  NOT_OPEN stands for all of POOLED towards a partner."""

    CUSTOMER_MISSING = "customer_missing"
    ACTIVITY_MISSING = "activity_missing"
    LINE_NOT_ELIGIBLE = "line_not_eligible"
    TYPE_NOT_ELIGIBLE = "type_not_eligible"
    TIER_NOT_ELIGIBLE = "tier_not_eligible"
    CERTIFICATE_MISSING = "certificate_missing"
    TENDER = "tender"
    BELOW_MINIMUM = "below_minimum"
    SIZE_NOT_COMPARABLE = "size_not_comparable"
    TOO_MANY_IDLE = "too_many_idle"
    OWN_PROTECTION = "own_protection"
    OWN_CLAIM = "own_claim"
    RIVAL_PROTECTION = "rival_protection"
    SECOND_REGISTRANT = "second_registrant"
    OLDER_CLAIM = "older_claim"
    VENDOR_OPPORTUNITY = "vendor_opportunity"
    NAMED_ACCOUNT = "named_account"
    RECENT_PURCHASE = "recent_purchase"
    VENDOR_CONTACT = "vendor_contact"
    POSSIBLE_MATCH = "possible_match"
    NEEDS_APPROVAL = "needs_approval"

    NOT_OPEN = "not_open"


POOLED = frozenset(
    {
        Reason.RIVAL_PROTECTION,
        Reason.SECOND_REGISTRANT,
        Reason.OLDER_CLAIM,
        Reason.VENDOR_OPPORTUNITY,
        Reason.NAMED_ACCOUNT,
        Reason.RECENT_PURCHASE,
        Reason.VENDOR_CONTACT,
        Reason.POSSIBLE_MATCH,
    }
)


@dataclass(frozen=True, slots=True)
class Case:
    """One claim, judged at `now` by `rules` against what is on record."""

    claim: Claim
    rules: DealRules
    now: datetime
    on_record: OnRecord = NOTHING_ON_RECORD


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied; `reason` is None where the claim passed."""

    words: str
    outcome: Outcome = Outcome.APPROVE
    reason: Reason | None = None
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`chain` are the approvers in order; `refs` the registrations that stand against the claim."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    path: tuple[Step, ...]
    chain: tuple[Role, ...]
    refs: tuple[str, ...]

    @property
    def finding(self) -> Reason | None:
        """The gravest reason for a person to look, or None for a claim that is clear."""
        found = [s for s in self.path if s.reason and s.reason is not Reason.NEEDS_APPROVAL]
        gravest = max(found, key=lambda step: list(Outcome).index(step.outcome), default=None)
        return None if gravest is None else gravest.reason

    @property
    def about_record(self) -> tuple[Step, ...]:
        """The steps that compare the claim with what else is on record."""
        return self.path[len(CLAIM_CHECKS) : len(CHECKS)]

    @property
    def about_claim(self) -> tuple[Step, ...]:
        """The steps that look at the claim alone."""
        return self.path[: len(CLAIM_CHECKS)]

    @property
    def told_to_partner(self) -> tuple[Reason, ...]:
        """What the partner hears of a rejection by rule; nothing while the matter is open.

        Reasons in the claim's own facts go first.  Only without any is it "not open", the same for
        every cause, so that a claim which can't succeed does not probe for rivals.
        """
        if self.outcome is not Outcome.REJECT:
            return ()
        rejecting = [step.reason for step in self.path if step.outcome is Outcome.REJECT]
        own = tuple(reason for reason in rejecting if reason and reason not in POOLED)
        return own or (Reason.NOT_OPEN,)


def judge(case: Case) -> Decision:
    """Assumes that lapsed protections were ended first, and that the customer's lock is held."""
    findings = [check(case) for check in CHECKS]
    is_clean = all(step.reason is None for step in findings)
    path = (*findings, _approval(case, is_clean=is_clean))
    outcome = max((step.outcome for step in path), key=list(Outcome).index)
    return Decision(
        outcome=outcome,
        reasons=tuple(step.reason for step in path if step.reason),
        path=path,
        chain=routing.chain(case.rules, case.claim),
        refs=tuple(dict.fromkeys(ref for step in path for ref in step.refs)),
    )


def missing(claim: Claim, rules: DealRules) -> tuple[Reason, ...]:
    """What keeps a draft from being complete; until then it holds no place."""
    case = Case(claim, rules, claim.place)
    return tuple(step.reason for step in (_customer(case), _activity(case)) if step.reason)


def _customer(case: Case) -> Step:
    if case.claim.subject is None:
        return Step("No end customer is named.", Outcome.REJECT, Reason.CUSTOMER_MISSING)
    return Step("The end customer is named.")


def _activity(case: Case) -> Step:
    if case.rules.activity_needed and not case.claim.activity.strip():
        words = "The programme asks what was done to earn the deal; nothing is said."
        return Step(words, Outcome.REJECT, Reason.ACTIVITY_MISSING)
    return Step("What was done to earn the deal is said, or not asked for.")


def _line(case: Case) -> Step:
    return _among("Line", case.claim.line, case.rules.eligibility.lines, Reason.LINE_NOT_ELIGIBLE)


def _partner_type(case: Case) -> Step:
    allowed = case.rules.eligibility.partner_types
    return _among("Partner type", case.claim.partner_type, allowed, Reason.TYPE_NOT_ELIGIBLE)


def _tier(case: Case) -> Step:
    allowed = case.rules.eligibility.tiers
    return _among("Tier", case.claim.tier, allowed, Reason.TIER_NOT_ELIGIBLE)


def _certificates(case: Case) -> Step:
    lacking = sorted(
        needed.certificate
        for needed in case.rules.eligibility.certificates
        if needed.line in {case.claim.line, ANY}
        and needed.certificate not in case.claim.certificates
    )
    if lacking:
        words = f"Certificates needed for this line are missing: {', '.join(lacking)}."
        return Step(words, Outcome.REJECT, Reason.CERTIFICATE_MISSING)
    return Step("The partner holds every certificate the line needs.")


def _tender(case: Case) -> Step:
    claim, rule, zone = case.claim, case.rules.tenders, case.rules.calendar.tzinfo
    if not claim.is_tender or rule is TenderRule.ELIGIBLE:
        return Step("No tender, or tenders are open to registration.")
    if rule is TenderRule.INELIGIBLE:
        words = "The programme takes no registrations for tenders."
        return Step(words, Outcome.REJECT, Reason.TENDER)
    is_submitted = rule is TenderRule.SUBMITTED_BEFORE
    day = local_day(claim.place if is_submitted else case.now, zone)
    act = "submitted" if is_submitted else "approved"
    published = claim.tender_published_on
    if published and day >= published:
        words = f"The tender came out on {day_words(published)}; it had to be {act} before."
        return Step(words, Outcome.REJECT, Reason.TENDER)
    return Step(f"A tender, {act} before it was published.")


def _size(case: Case) -> Step:
    size = routing.minimum_size(case.rules, case.claim)
    if size is None and routing.has_minimum(case.rules, case.claim):
        words = f"No minimum is set in {case.claim.value.currency}, so a person compares the size."
        return Step(words, Outcome.QUEUE, Reason.SIZE_NOT_COMPARABLE)
    value = routing.comparable(case.claim, size.amount.currency) if size else None
    if size is None or value is None:
        return Step("No minimum size is set.")
    if value < size.amount:
        words = f"{value} of own products is below the minimum of {size.amount}."
        return Step(words, Outcome.REJECT, Reason.BELOW_MINIMUM)
    return Step(f"{value} of own products reaches the minimum of {size.amount}.")


def _idle(case: Case) -> Step:
    limit, count = case.rules.idle.limit, case.claim.idle_count
    if limit is not None and count >= limit:
        words = f"{count} registrations lie idle; the programme allows another below {limit}."
        return Step(words, Outcome.REJECT, Reason.TOO_MANY_IDLE)
    return Step(f"{count} other registrations lie idle, which is no obstacle.")


def _own(case: Case) -> Step:
    held = conflicts.own_protections(case.claim, case.on_record, case.now)
    if held:
        words = "The partner's own protection is live."
        return Step(words, Outcome.REJECT, Reason.OWN_PROTECTION, held)
    older = conflicts.own_older_claims(case.claim, case.on_record, case.now)
    if older:
        words = "The partner has an older claim of its own that is undecided."
        return Step(words, Outcome.REJECT, Reason.OWN_CLAIM, older)
    return Step("The partner has no other claim on this customer and line.")


def _protection(case: Case) -> Step:
    held = conflicts.rival_protections(case.claim, case.on_record, case.now)
    if not held:
        return Step("No other partner is protected for this customer and line.")
    if case.rules.second.gets is not SecondGets.NOTHING:
        words = "Another partner is protected; a person decides on the second registrant's part."
        return Step(words, Outcome.QUEUE, Reason.SECOND_REGISTRANT, held)
    words = "Another partner is protected for this customer and line."
    return Step(words, _conflict(case), Reason.RIVAL_PROTECTION, held)


def _older_claim(case: Case) -> Step:
    older = conflicts.rival_older_claims(case.claim, case.on_record, case.now)
    if older:
        words = "An older claim of another partner is decided first."
        return Step(words, Outcome.WAIT, Reason.OLDER_CLAIM, older)
    return Step("No older claim is undecided.")


def _vendor_opportunity(case: Case) -> Step:
    if conflicts.has_vendor_opportunity(case.claim, case.on_record):
        words = "The vendor works on this customer and line itself."
        return Step(words, _conflict(case), Reason.VENDOR_OPPORTUNITY)
    if case.claim.customer_id in case.on_record.named_accounts:
        words = "The customer is a named account of the vendor."
        return Step(words, _conflict(case), Reason.NAMED_ACCOUNT)
    return Step("The vendor does not work on this customer and line itself.")


def _purchase(case: Case) -> Step:
    bought = conflicts.last_purchase(case.claim, case.rules, case.on_record)
    if bought:
        look_back = case.rules.look_back.purchase
        words = f"Last purchase on {day_words(bought.bought_on)}: not new within {look_back}."
        return Step(words, _conflict(case), Reason.RECENT_PURCHASE)
    return Step("No purchase counts within the look-back.")


def _contact(case: Case) -> Step:
    contact = conflicts.last_contact(case.claim, case.rules, case.on_record)
    if contact:
        look_back = case.rules.look_back.vendor_contact
        words = f"The vendor met the customer on {day_words(contact.met_on)}, within {look_back}."
        return Step(words, _conflict(case), Reason.VENDOR_CONTACT)
    return Step("No contact by the vendor counts within the look-back.")


def _match(case: Case) -> Step:
    if case.claim.doubts:
        words = f"The customer may be another one on record: {', '.join(case.claim.doubts)}."
        return Step(words, Outcome.QUEUE, Reason.POSSIBLE_MATCH)
    return Step("The customer is told apart from every other one on record.")


CLAIM_CHECKS: tuple[Callable[[Case], Step], ...] = (
    _customer,
    _activity,
    _line,
    _partner_type,
    _tier,
    _certificates,
    _tender,
    _size,
    _idle,
)

CHECKS: tuple[Callable[[Case], Step], ...] = (
    *CLAIM_CHECKS,
    _own,
    _protection,
    _older_claim,
    _vendor_opportunity,
    _purchase,
    _contact,
    _match,
)


def _approval(case: Case, *, is_clean: bool) -> Step:
    """Whether the portal approves alone.  Only a clean claim can be approved without a person."""
    claim, rules = case.claim, case.rules
    limit = routing.auto_limit(rules, claim)
    if is_clean and limit and routing.is_under_auto_limit(rules, claim):
        return Step(f"Clean and under {limit.below}: approved by rule.")
    is_late = case.now >= decision_due(rules, claim.place)
    if is_clean and is_late and rules.late.consequence is WhenLate.APPROVE_CLEAN:
        return Step("Clean, and the vendor's deadline has passed: approved by rule.")
    approvers = ", then ".join(role.label for role in routing.chain(rules, claim))
    return Step(f"Approval by: {approvers}.", Outcome.QUEUE, Reason.NEEDS_APPROVAL)


def _conflict(case: Case) -> Outcome:
    return Outcome.REJECT if case.rules.on_conflict is OnConflict.REJECT else Outcome.QUEUE


def _among(what: str, code: str, allowed: frozenset[str], reason: Reason) -> Step:
    if allowed and code not in allowed:
        words = f"{what} {code or 'unknown'} is not among {', '.join(sorted(allowed))}."
        return Step(words, Outcome.REJECT, reason)
    return Step(f"{what} is eligible.")
