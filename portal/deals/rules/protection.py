"""How long a protection lasts: start, end, extensions, the vendor's late time, the countdown.

The start day is day 0 and the last day is protected to its end, in the programme's time zone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.deals.rules.facts import Protection, Subject
from portal.deals.rules.ruling import ALLOWED, Ruling, day_words
from portal.kernel.business import add_business_hours
from portal.kernel.clock import TICK, Period, add_days, end_of_day, local_day
from portal.programme.rules.deal_rules import DealRules, ProtectionStart, WhenLate

REMINDER_DAYS = (30, 14, 3)
"""Days before the last one on which the owner is reminded."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What protection can start with.  `registered_at` is when the draft was first saved."""

    registered_at: datetime
    submitted_at: datetime
    approved_at: datetime
    accepted_at: datetime | None = None
    assigned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRequest:
    """`taken` counts extensions granted before."""

    ends_at: datetime
    asked_at: datetime
    taken: int = 0
    is_pending: bool = False
    reason: str = ""
    has_evidence: bool = False


@dataclass(frozen=True, slots=True)
class Countdown:
    """`days_left` is 0 on the last day, and None once protection has ended."""

    days_left: int | None
    last_day: date


def starts_at(rules: DealRules, moments: Moments) -> datetime:
    """The moment the programme counts from, or the approval until that moment has come."""
    chosen = {
        ProtectionStart.REGISTRATION: moments.registered_at,
        ProtectionStart.SUBMISSION: moments.submitted_at,
        ProtectionStart.APPROVAL: moments.approved_at,
        ProtectionStart.ACCEPTANCE: moments.accepted_at,
        ProtectionStart.ASSIGNMENT: moments.assigned_at,
    }
    return chosen[rules.protection.starts_with] or moments.approved_at


def granted(rules: DealRules, moments: Moments, late: timedelta = timedelta()) -> Period:
    """The protection of an approved registration; `late` is the vendor's lateness in open hours."""
    start = starts_at(rules, moments)
    zone = rules.calendar.tzinfo
    end = end_of_day(rules.protection.length.after(local_day(start, zone)), zone)
    if rules.late.consequence is WhenLate.ADD_LATE_TIME:
        end = with_late_time(rules, end, late)
    return Period(start, end)


def with_late_time(rules: DealRules, ends_at: datetime, late: timedelta) -> datetime:
    """`late` open hours after the old end, and on to the end of that day."""
    if late <= timedelta():
        return ends_at
    zone = rules.calendar.tzinfo
    return end_of_day(_last_day(add_business_hours(rules.calendar, ends_at, late), zone), zone)


def extended(rules: DealRules, ends_at: datetime) -> datetime:
    """The end after one more extension, which is added to the old end whenever it was asked."""
    zone = rules.calendar.tzinfo
    return end_of_day(rules.extensions.length.after(_last_day(ends_at, zone)), zone)


def may_extend(rules: DealRules, request: ExtensionRequest) -> Ruling:
    """The first of the programme's conditions that the request does not meet, or ALLOWED."""
    rule, zone = rules.extensions, rules.calendar.tzinfo
    last_day = _last_day(request.ends_at, zone)
    opens_on = add_days(last_day, -rule.window_days) if rule.window_days else None
    given = {0: "no extension", 1: "1 extension"}.get(rule.limit, f"{rule.limit} extensions")
    ended = f"Protection ended on {day_words(last_day)}. Register the deal again."
    used = (
        f"The programme gives {given}, and {request.taken} was used. "
        f"Protection stays until {day_words(last_day)}."
    )
    if request.asked_at >= request.ends_at:
        return Ruling("protection_ended", ended)
    if request.taken >= rule.limit:
        return Ruling("extension_used", used)
    if request.is_pending:
        return Ruling("extension_pending", "An extension is being decided. Wait for the answer.")
    if opens_on and local_day(request.asked_at, zone) < opens_on:
        return Ruling("extension_early", f"Ask from {day_words(opens_on)} on.")
    return _what_an_extension_needs(rules, request)


def _what_an_extension_needs(rules: DealRules, request: ExtensionRequest) -> Ruling:
    if not request.reason.strip():
        return Ruling("extension_reason", "Say in a line why the deal needs more time.")
    if rules.extensions.needs_evidence and not request.has_evidence:
        return Ruling("extension_evidence", "Attach evidence, such as the customer's e-mail.")
    return ALLOWED


def holders(protections: Iterable[Protection], subject: Subject, at: datetime) -> list[Protection]:
    """Protections of `subject` that are live at `at`, first one first."""
    live = [p for p in protections if p.subject == subject and at in p.period]
    return sorted(live, key=lambda p: (p.period.starts_at, p.ref))


def countdown(ends_at: datetime, now: datetime, zone: ZoneInfo) -> Countdown:
    last_day = _last_day(ends_at, zone)
    days_left = None if now >= ends_at else (last_day - local_day(now, zone)).days
    return Countdown(days_left, last_day)


def reminder_days(period: Period, zone: ZoneInfo) -> list[date]:
    """The days on which to remind; those before the protection's second day are left out."""
    last_day = _last_day(period.ends_at, zone)
    days = [add_days(last_day, -before) for before in REMINDER_DAYS]
    return [day for day in days if day > local_day(period.starts_at, zone)]


def _last_day(ends_at: datetime, zone: ZoneInfo) -> date:
    return local_day(ends_at - TICK, zone)
