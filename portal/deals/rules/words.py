"""Registrations in words: one label for each state, reason and turn, the same wherever it is read.

Nothing here depends on a rival: a partner reads the same words whatever stands against its claim.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from portal.deals.rules import protection
from portal.deals.rules.deadlines import Side
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.past import NOT_RECORDED

SOON_DAYS = 14
"""Protection that ends within so many days is marked."""


@dataclass(frozen=True, slots=True)
class Badge:
    text: str
    tone: str
    icon: str = ""


STATES: Mapping[DealState, Badge] = {
    DealState.DRAFT: Badge("Draft", "plain"),
    DealState.SUBMITTED: Badge("Sent", "info", "send"),
    DealState.INFORMATION_REQUESTED: Badge("Waiting for partner", "info", "message"),
    DealState.APPROVED: Badge("Approved", "quiet", "check"),
    DealState.REJECTED: Badge("Rejected", "bad", "ban"),
    DealState.APPEALED: Badge("Appealed", "info", "scale"),
    DealState.WITHDRAWN: Badge("Withdrawn", "quiet"),
    DealState.WON: Badge("Won", "quiet", "trophy"),
    DealState.LOST: Badge("Lost", "quiet"),
    DealState.EXPIRED: Badge("Expired", "quiet"),
    DealState.RELEASED: Badge("Released", "quiet"),
    DealState.TRANSFERRED: Badge("Transferred", "quiet"),
}

REASONS: Mapping[str, str] = {
    "not_open": "This line is not open for this customer.",
    "not_enough_information": "There was not enough information to decide.",
    "outside_territory": "The customer is outside your territory.",
    "too_small": "The deal is below the programme's minimum size.",
    "below_minimum": "The deal is below the programme's minimum size.",
    "not_eligible": "The deal is not eligible under the programme.",
    "line_not_eligible": "This line cannot be registered in the programme.",
    "type_not_eligible": "Partners of your type cannot register in the programme.",
    "tier_not_eligible": "Partners of your tier cannot register in the programme.",
    "certificate_missing": "A certificate that this line needs is missing.",
    "activity_missing": "What you did to earn the deal is not said.",
    "customer_missing": "The end customer is not named.",
    "tender": "The programme's rule for tenders does not allow it.",
    "too_many_idle": "Your company has too many registrations that lie idle.",
    "own_protection": "Your company is protected for this customer and line already.",
    "own_claim": "Your company has registered this customer and line already.",
    "too_early": "It is too early to register this deal.",
    "other": "The vendor gave a reason of its own.",
}
"""Why a registration was rejected, as its owner reads it."""

LOST_REASONS: Mapping[str, str] = {
    "price": "Price",
    "competitor": "A competitor's product",
    "no_budget": "No budget",
    "no_decision": "No decision",
    "need_gone": "The need is gone",
    "other": "Another reason",
}

LOST_BECAUSE: Mapping[str, str] = {**LOST_REASONS, NOT_RECORDED: "Not recorded"}
"""Why a deal was lost, those that were imported included."""

TURNS: Mapping[tuple[Side, str], str] = {
    (Side.PARTNER, "submit"): "The partner sends it",
    (Side.VENDOR, "decide"): "The vendor decides",
    (Side.PARTNER, "answer"): "The partner answers",
    (Side.PARTNER, "appeal"): "The partner may appeal",
    (Side.VENDOR, "decide_appeal"): "The vendor decides the appeal",
    (Side.PARTNER, "close"): "The partner closes the deal",
}
"""Whose turn it is and what for; both sides read the same words."""


@dataclass(frozen=True, slots=True)
class Shield:
    """A protection as lists and records show it; `tone` is live, soon or over."""

    tone: str
    text: str
    until: dt.date


def shield(ends_at: dt.datetime, now: dt.datetime, zone: ZoneInfo) -> Shield:
    """How long a live protection lasts: the last day counts in full and is 0 days away."""
    left = protection.countdown(ends_at, now, zone)
    if left.days_left is None:
        return Shield("over", "Protection ended", left.last_day)
    tone = "soon" if left.days_left < SOON_DAYS else "live"
    days = {0: "last day", 1: "1 day left"}.get(left.days_left, f"{left.days_left} days left")
    return Shield(tone, days, left.last_day)


_HAPPENED: Mapping[str, str] = {
    "deal.submitted": "registered the deal",
    "deal.approval_given": "agreed; the next approver is asked",
    "deal.answered": "answered",
    "deal.withdrawn": "withdrew the registration",
    "deal.appealed": "appealed",
    "deal.undone": "took the last decision back",
    "deal.override_asked": "asked a colleague to confirm a decision against the rules",
    "deal.extended": "extended the protection",
    "deal.released": "released the protection",
    "deal.updated": "changed the deal",
    "deal.won": "marked the deal as won",
    "deal.lost": "marked the deal as lost",
    "deal.activity": "noted what was done",
    "deal.message": "wrote a message",
    "deal.staff_note": "wrote a note for the vendor's staff",
    "deal.imported": "Imported with the dates it had elsewhere",
    "deal.judged": "The rules were applied",
    "deal.expired": "Protection ended by itself",
    "deal.overridden": "The vendor ended the protection",
    "deal.transferred": "The customer chose another partner",
    "deal.choice_recorded": "recorded the customer's letter; a colleague confirms it",
    "deal.postponed": "The vendor needs longer to decide",
    "deal.protection_ending": "A reminder was sent: the protection ends soon",
}

_BY_RULE: Mapping[str, str] = {
    "deal.approved": "Approved by the programme's rules",
    "deal.rejected": "Rejected by the programme's rules",
}

_BY_A_PERSON: Mapping[str, str] = {
    "deal.approved": "approved the registration",
    "deal.rejected": "rejected the registration",
    "deal.information_requested": "asked for information",
}

TURNING_POINTS = frozenset(
    {"deal.submitted", "deal.approved", "deal.rejected", "deal.won", "deal.lost", "deal.expired"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """One entry of a timeline: the sentence goes on after the actor's name, if there is one."""

    text: str
    detail: str = ""
    message: str = ""


def happened(kind: str, facts: Mapping[str, Any]) -> Said:
    """An event of the log as its sentence."""
    if kind in _BY_A_PERSON:
        table = _BY_RULE if facts.get("by_rule") else _BY_A_PERSON
        detail = REASONS.get(facts.get("reason", ""), "") if kind == "deal.rejected" else ""
        if kind == "deal.information_requested":
            detail = ", ".join(facts["fields"])
        return Said(table[kind], detail, facts.get("text", ""))
    detail = ""
    if kind == "deal.lost":
        detail = LOST_BECAUSE.get(facts["reason"], facts["reason"])
    elif kind == "deal.won":
        detail = f"Order {facts['order_number']}" if facts["order_number"] else ""
    elif kind == "deal.judged":
        detail = f"Outcome: {facts['outcome']}"
    elif kind == "deal.answered":
        detail = "" if facts["keeps_place"] else "After its limit, so it took a new place."
    elif kind in {"deal.extended", "deal.override_asked"}:
        detail = facts["reason"]
    return Said(_HAPPENED.get(kind, kind), detail, facts.get("text", ""))


STAGES: Mapping[str, str] = {
    "": "Not said",
    "qualified": "Qualified",
    "proposal": "Proposal",
    "negotiation": "Negotiation",
    "verbal": "Agreed by word",
}
"""How far a protected deal is, as its partner says."""
