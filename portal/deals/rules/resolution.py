"""How a conflict may be resolved: which outcomes are open, what they entail, what is suggested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.programme.rules.deal_rules import Deadline, DealRules, SecondGets


class Resolution(StrEnum):
    ASK = "ask"
    REPLACE = "replace"
    KEEP = "keep"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands against a claim: an undecided older one, or a protection.

    `is_stale`: its partner noted nothing for long.  `was_asked`: it was asked for an update.
    """

    ref: str
    partner: str
    is_protected: bool
    is_stale: bool
    was_asked: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One outcome.  `button` is what the button that applies it says."""

    code: Resolution
    label: str
    button: str
    text: str
    is_suggested: bool = False


def options(rules: DealRules, conflict: Conflict) -> tuple[Option, ...]:
    """The outcomes that are open, in the order of the number keys."""
    found = [_replace(conflict), _keep(conflict)]
    if conflict.is_protected and not conflict.was_asked:
        found.insert(0, _ask(rules, conflict))
    if conflict.is_protected and rules.second.gets is not SecondGets.NOTHING:
        found.append(_both(rules))
    chosen = suggested(rules, conflict)
    return tuple(
        Option(o.code, o.label, o.button, o.text, is_suggested=o.code is chosen) for o in found
    )


def suggested(rules: DealRules, conflict: Conflict) -> Resolution | None:
    """None while an older claim is undecided: that one is decided first."""
    if not conflict.is_protected:
        return None
    if conflict.is_stale:
        return Resolution.REPLACE if conflict.was_asked else Resolution.ASK
    is_second_welcome = rules.second.gets is not SecondGets.NOTHING
    return Resolution.BOTH if is_second_welcome else Resolution.KEEP


def rule_words(rules: DealRules, conflict: Conflict) -> str:
    """The rule that the suggestion stands on."""
    match suggested(rules, conflict):
        case Resolution.ASK:
            return "Nothing was noted on the protected deal for 30 days."
        case Resolution.REPLACE:
            return "Nothing was noted for 30 days, and the partner was asked."
        case Resolution.BOTH:
            return "The programme lets a second registrant sell along."
        case Resolution.KEEP:
            return "The first complete submission is first."
        case _:
            return f"{conflict.ref} came first and is decided first."


def _ask(rules: DealRules, conflict: Conflict) -> Option:
    return Option(
        Resolution.ASK,
        f"Ask {conflict.partner} for an update",
        "Ask for an update",
        f"Pauses the clock for {_length(rules.answer_limit)}; nothing is said of this one",
    )


def _replace(conflict: Conflict) -> Option:
    if conflict.is_protected:
        return Option(
            Resolution.REPLACE,
            f"Approve this, end {conflict.ref}",
            f"Approve, end {conflict.ref}",
            "Needs a reason and a colleague; the other partner is told",
        )
    return Option(
        Resolution.REPLACE,
        f"Approve this before {conflict.ref}",
        f"Approve before {conflict.ref}",
        "Against the order of places: needs a reason and a colleague",
    )


def _keep(conflict: Conflict) -> Option:
    return Option(
        Resolution.KEEP,
        f"Keep {conflict.ref}, reject this",
        f"Keep {conflict.ref}, reject this",
        "The partner reads that the customer is not open; the other one is never named",
    )


def _both(rules: DealRules) -> Option:
    gets = "sells along without a discount"
    if rules.second.gets is SecondGets.SHARE:
        gets = f"gets {(rules.second.share * 100).normalize():f} % of the first one’s discount"
    return Option(
        Resolution.BOTH,
        "Approve both, no exclusivity",
        "Approve both",
        f"This one {gets}, and keeps nobody out",
    )


def _length(deadline: Deadline) -> str:
    unit = deadline.unit.value.replace("_", " ")
    return f"{deadline.count} {unit.removesuffix('s') if deadline.count == 1 else unit}"
