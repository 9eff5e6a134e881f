"""Deal rules as sentences that a partner and a vendor read alike."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from portal.kernel.business import DAY_NAMES, Calendar
from portal.programme.rules.deal_rules import (
    ANY,
    AutoLimit,
    Combine,
    CustomerCheck,
    Deadline,
    DealRules,
    MinimumSize,
    OnConflict,
    ProtectionStart,
    Route,
    SecondGets,
    TenderRule,
    WhenLate,
)

_STARTS = {
    ProtectionStart.REGISTRATION: "the day the registration is first saved",
    ProtectionStart.SUBMISSION: "submission",
    ProtectionStart.APPROVAL: "approval",
    ProtectionStart.ACCEPTANCE: "the partner's acceptance",
    ProtectionStart.ASSIGNMENT: "assignment by the vendor",
}
_TENDERS = {
    TenderRule.ELIGIBLE: "Tenders can be registered like any deal.",
    TenderRule.INELIGIBLE: "Tenders can't be registered.",
    TenderRule.SUBMITTED_BEFORE: "A tender counts if submitted before the day it is published.",
    TenderRule.APPROVED_BEFORE: "A tender counts if approved before the day it is published.",
}
_CHECKS = {
    CustomerCheck.OFF: "Whether a customer is open is not shown before the decision.",
    CustomerCheck.AFTER_SUBMISSION: "Whether a customer is open is shown after submission.",
    CustomerCheck.INSTANT: "Whether a customer is open is shown while registering.",
}
_LATE = {
    WhenLate.NOTHING: "A late decision has no other consequence.",
    WhenLate.ADD_LATE_TIME: "The open hours by which the vendor is late are added to the "
    "protection, and then the rest of that day.",
    WhenLate.APPROVE_CLEAN: "After the deadline a clean registration approves itself.",
}


def summary(rules: DealRules) -> list[str]:
    """One sentence or two for each rule, in the order of a registration's life."""
    return [
        *_eligibility(rules),
        *_sizes(rules.minimum_sizes),
        *_look_back(rules),
        _TENDERS[rules.tenders],
        *_intake(rules),
        _CHECKS[rules.customer_check],
        *_decision(rules),
        *_conflict(rules),
        *_protection(rules),
        *_discounts(rules),
    ]


def _eligibility(rules: DealRules) -> Iterable[str]:
    eligible = rules.eligibility
    yield f"Lines: {_listed(eligible.lines, 'all')}."
    yield (
        f"Partners: {_listed(eligible.partner_types, 'all types')}, "
        f"{_listed(eligible.tiers, 'all tiers')}."
    )
    for needed in eligible.certificates:
        where = "every line" if needed.line == ANY else f"line {needed.line}"
        yield f"Certificate {needed.certificate} is needed for {where}."


def _sizes(sizes: tuple[MinimumSize, ...]) -> Iterable[str]:
    if not sizes:
        yield "There is no minimum size."
    for size in sizes:
        where = "" if size.region == ANY else f" in {size.region}"
        yield f"A deal{where} is at least {size.amount} of own products at list price before tax."


def _look_back(rules: DealRules) -> Iterable[str]:
    look_back = rules.look_back
    if look_back.purchase:
        what = "anything" if look_back.any_line else "the same line"
        whose = "from anyone" if look_back.own_sales else "from another seller"
        yield f"A customer that bought {what} {whose} in the last {look_back.purchase} is not new."
    if look_back.vendor_contact:
        yield f"Nor is one that the vendor met in the last {look_back.vendor_contact}."


def _intake(rules: DealRules) -> Iterable[str]:
    if rules.activity_needed:
        yield "The partner says in a line what it did to earn the deal."
    yield "The first complete submission is first; claims are judged in that order."
    yield (
        "When information is requested, the place is kept if the answer comes within "
        f"{_deadline(rules.answer_limit)}."
    )
    if rules.idle.limit is not None:
        yield (
            f"A partner with {rules.idle.limit} registrations untouched for "
            f"{rules.idle.after_days} days can't add another."
        )


def _decision(rules: DealRules) -> Iterable[str]:
    yield f"The vendor decides within {_deadline(rules.decision)} ({_hours(rules.calendar)})."
    yield from (_auto(limit) for limit in rules.auto_approval)
    yield from (_route(route) for route in rules.routes)
    yield (
        f"{_deadline(rules.late.escalate_after).capitalize()} after the deadline the "
        f"{rules.late.escalate_to.label.lower()} is told. {_LATE[rules.late.consequence]}"
    )
    yield (
        f"A rejection can be appealed for {rules.appeals.within}; another person decides within "
        f"{_deadline(rules.appeals.decided_in)}."
    )


def _conflict(rules: DealRules) -> Iterable[str]:
    if rules.on_conflict is OnConflict.REJECT:
        yield "A claim on a customer and line that are not open is rejected by rule."
    else:
        yield "A claim on a customer and line that are not open is decided by a person."
    yield {
        SecondGets.NOTHING: "A second registrant gets nothing.",
        SecondGets.CO_SELL: "A second registrant may sell along, without a discount.",
        SecondGets.SHARE: f"A second registrant gets {_percent(rules.second.share)} of the "
        "first one's discount.",
    }[rules.second.gets]


def _protection(rules: DealRules) -> Iterable[str]:
    yield (
        f"Protection lasts {rules.protection.length} from "
        f"{_STARTS[rules.protection.starts_with]}, to the end of the last day in "
        f"{rules.calendar.zone}."
    )
    for milestone in rules.milestones:
        yield (
            f"{milestone.name}: by day {milestone.due_day}, reminder on day "
            f"{milestone.remind_day}; without it protection lapses at the end of day "
            f"{milestone.grace_day}."
        )
    yield from _extensions(rules)
    if rules.won_after_hours:
        yield f"A deal can be won {rules.won_after_hours} hours after submission or later."


def _extensions(rules: DealRules) -> Iterable[str]:
    rule = rules.extensions
    if not rule.limit:
        yield "Protection is not extended."
        return
    times = "once" if rule.limit == 1 else f"up to {rule.limit} times"
    window = f" in its last {rule.window_days} days" if rule.window_days else " before it ends"
    evidence = " with evidence" if rule.needs_evidence else ""
    yield f"It is extended {times} by {rule.length}, asked{window}{evidence}."


def _discounts(rules: DealRules) -> Iterable[str]:
    highest = rules.discounts.combine is Combine.HIGHEST
    how = "only the highest counts" if highest else "they add up"
    cap = rules.discounts.cap
    limit = "" if cap is None else f", to at most {cap.normalize():f} percentage points"
    yield f"Where several discounts apply, {how}{limit}."


def _auto(limit: AutoLimit) -> str:
    whose = "of any tier" if limit.tier == ANY else f"of tier {limit.tier}"
    return f"A clean deal under {limit.below} from a partner {whose} approves itself."


def _route(route: Route) -> str:
    chain = ", then ".join(role.label.lower() for role in route.approvers)
    size = "" if route.from_amount is None else f" from {route.from_amount}"
    return (
        f"Deals{size} in {_listed(route.lines, 'any line')}, "
        f"{_listed(route.regions, 'any region')}: approved by {chain}."
    )


def _deadline(deadline: Deadline) -> str:
    words = deadline.unit.value.replace("_", " ")
    return f"{deadline.count} {words.removesuffix('s') if deadline.count == 1 else words}"


def _hours(calendar: Calendar) -> str:
    days = [name for place, name in enumerate(DAY_NAMES) if _shifts(calendar, place)]
    patterns = {_shifts(calendar, place) for place in range(7)} - {()}
    hours = "hours by day" if len(patterns) > 1 else _times(next(iter(patterns)))
    place = f"{calendar.country} {calendar.subdivision}".strip()
    holidays = f"holidays of {place}" if place else "no holidays"
    return f"{_span(days)} {hours}, {calendar.zone}, {holidays}"


def _shifts(calendar: Calendar, weekday: int) -> tuple[tuple[int, int], ...]:
    return tuple(sorted((s.opens, s.closes) for s in calendar.shifts if s.weekday == weekday))


def _times(shifts: tuple[tuple[int, int], ...]) -> str:
    return " and ".join(f"{_time(opens)} to {_time(closes)}" for opens, closes in shifts)


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _span(days: list[str]) -> str:
    places = [DAY_NAMES.index(day) for day in days]
    is_run = len(days) > 2 and places[-1] - places[0] == len(days) - 1
    return f"{days[0]} to {days[-1]}" if is_run else ", ".join(days)


def _listed(codes: frozenset[str], everything: str) -> str:
    return ", ".join(sorted(codes)) or everything


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f} %"
