"""Acts that need two persons, or another person: overrides, appeals, the customer's choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.deals.rules.facts import Claim, Protection
from portal.deals.rules.ruling import ALLOWED, Ruling
from portal.deals.rules.verdict import Decision, Outcome, Reason
from portal.kernel.clock import Period

HELD = frozenset({Reason.RIVAL_PROTECTION, Reason.SECOND_REGISTRANT})
"""Findings that mean: another partner is protected for this customer and line."""


def is_override(decision: Decision, *, approves: bool) -> bool:
    """Whether a person who approves or rejects goes against the rules' own judgement.

    Approving over a rival's protection ends it, so that is one even where a person decides.
    """
    if approves:
        is_held = HELD & set(decision.reasons)
        return bool(is_held) or decision.outcome in {Outcome.REJECT, Outcome.WAIT}
    return decision.outcome is Outcome.APPROVE


def may_override(*, reason: str, asked_by: int, confirmed_by: int | None) -> Ruling:
    if not reason.strip():
        return Ruling("override_reason", "Say why the rules should not hold here.")
    return _two_persons(asked_by, confirmed_by)


def may_decide(*, decider: int, raised_by: int) -> Ruling:
    """No one decides on a matter that they raised."""
    if decider == raised_by:
        return Ruling("own_matter", "You raised this, so a colleague decides it.")
    return ALLOWED


def may_decide_appeal(*, decider: int, rejected_by: int | None) -> Ruling:
    """`rejected_by` is None when the portal rejected by rule."""
    if decider == rejected_by:
        return Ruling("own_rejection", "You rejected this, so a colleague decides the appeal.")
    return ALLOWED


@dataclass(frozen=True, slots=True)
class ChoiceLetter:
    """A customer's written choice of partner: recorded by one person, confirmed by another."""

    recorded_by: int
    confirmed_by: int | None


@dataclass(frozen=True, slots=True)
class Notice:
    partner_id: int
    code: str


@dataclass(frozen=True, slots=True)
class ChangeOfPartner:
    """`ended` is cut short at the moment of change; `begun` runs on to the same end."""

    ended: Protection
    begun: Protection
    notices: tuple[Notice, Notice]


def may_move(letter: ChoiceLetter) -> Ruling:
    return _two_persons(letter.recorded_by, letter.confirmed_by)


def customers_choice(held: Protection, chosen: Claim, *, now: datetime) -> ChangeOfPartner:
    """Protection moves to the chosen partner for the time that was left.

    Both are told; the first one only that the customer chose.
    """
    return ChangeOfPartner(
        ended=Protection(
            held.ref, held.partner_id, held.subject, Period(held.period.starts_at, now)
        ),
        begun=Protection(
            chosen.ref, chosen.partner_id, held.subject, Period(now, held.period.ends_at)
        ),
        notices=(
            Notice(held.partner_id, "customer_chose"),
            Notice(chosen.partner_id, "protection_received"),
        ),
    )


def _two_persons(first: int, second: int | None) -> Ruling:
    if second is None:
        return Ruling("second_person", "A second person has to confirm this.")
    if first == second:
        return Ruling("same_person", "You asked for this, so a colleague confirms it.")
    return ALLOWED
