"""What first come, first served would have done on a vendor's own past.

Every opportunity with an engage date is judged as a registration by the same `judge` as a live
one.  The history knows days, not hours: a registration stands at the start of its day, and what it
protects is [engage date, the earlier of N days later and the close date), so that ends come before
starts on one day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.deals.rules.facts import Claim, OnRecord, Protection
from portal.deals.rules.verdict import Case, Reason, judge
from portal.kernel.clock import Length, Period, start_of_day
from portal.kernel.money import Money
from portal.programme.rules.deal_rules import DealRules, ProtectionRule, ProtectionStart

_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A row of the past; empty text is "not recorded"."""

    id: str
    partner: str
    line: str
    account: str = ""
    region: str = ""
    engaged_on: date | None = None
    closed_on: date | None = None


class Replayed(StrEnum):
    GRANTED = "granted"
    CONFLICT = "conflict"
    OWN = "own"
    NO_CUSTOMER = "no_customer"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Judged:
    """`against` is the opportunity whose protection stood in the way, "" if none."""

    opportunity: Opportunity
    outcome: Replayed
    against: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """Counts of outcomes in total and by line, region and partner, each with every outcome."""

    total: Mapping[Replayed, int]
    by_line: Mapping[str, Mapping[Replayed, int]]
    by_region: Mapping[str, Mapping[Replayed, int]]
    by_partner: Mapping[str, Mapping[Replayed, int]]


def replay(opportunities: Iterable[Opportunity], length: Length) -> Iterator[Judged]:
    """Drafts first, then the rest in the order of (engage date, id)."""
    listed = list(opportunities)
    yield from (Judged(row, Replayed.DRAFT) for row in listed if row.engaged_on is None)
    dated = [(row.engaged_on, row.id, row) for row in listed if row.engaged_on]
    history = _History(length)
    for engaged_on, _, row in sorted(dated, key=lambda each: each[:2]):
        yield history.judge(row, engaged_on)


def counted(judged: Iterable[Judged]) -> Replay:
    results = list(judged)
    return Replay(
        total=_outcomes(result.outcome for result in results),
        by_line=_by(results, [result.opportunity.line for result in results]),
        by_region=_by(results, [result.opportunity.region for result in results]),
        by_partner=_by(results, [result.opportunity.partner for result in results]),
    )


class _History:
    """The protections granted so far, by customer and line, and numbers for names."""

    def __init__(self, length: Length) -> None:
        self.rules = DealRules(protection=ProtectionRule(length, ProtectionStart.REGISTRATION))
        self.numbers: dict[str, int] = {}
        self.live: dict[tuple[str, str], tuple[Protection, ...]] = {}

    def judge(self, row: Opportunity, engaged_on: date) -> Judged:
        now = start_of_day(engaged_on, _ZONE)
        key = (row.account, row.line)
        live = tuple(p for p in self.live.get(key, ()) if now < p.period.ends_at)
        claim = self._claim(row, now)
        decision = judge(Case(claim, self.rules, now, OnRecord(protections=live)))
        outcome = _outcome(decision.reasons)
        if outcome is Replayed.GRANTED and claim.subject:
            period = self._protected(row, engaged_on, now)
            live = (*live, Protection(row.id, claim.partner_id, claim.subject, period))
        self.live[key] = live
        return Judged(row, outcome, next(iter(decision.refs), ""))

    def _claim(self, row: Opportunity, now: datetime) -> Claim:
        return Claim(
            ref=row.id,
            partner_id=self._number(row.partner),
            customer_id=self._number(row.account) if row.account else None,
            line=row.line,
            place=now,
            value=Money(0, "USD"),
        )

    def _protected(self, row: Opportunity, engaged_on: date, now: datetime) -> Period:
        ends_on = self.rules.protection.length.after(engaged_on)
        if row.closed_on:
            ends_on = min(ends_on, row.closed_on)
        return Period(now, start_of_day(ends_on, _ZONE))

    def _number(self, name: str) -> int:
        return self.numbers.setdefault(name, len(self.numbers) + 1)


def _outcome(reasons: tuple[Reason, ...]) -> Replayed:
    """What keeps a registration from being granted, whoever would have approved it."""
    if Reason.CUSTOMER_MISSING in reasons:
        return Replayed.NO_CUSTOMER
    if Reason.OWN_PROTECTION in reasons:
        return Replayed.OWN
    if Reason.RIVAL_PROTECTION in reasons:
        return Replayed.CONFLICT
    return Replayed.GRANTED


def _outcomes(outcomes: Iterable[Replayed]) -> dict[Replayed, int]:
    found = Counter(outcomes)
    return {outcome: found[outcome] for outcome in Replayed}


def _by(results: list[Judged], names: list[str]) -> dict[str, dict[Replayed, int]]:
    grouped: dict[str, list[Replayed]] = {}
    for name, result in zip(names, results, strict=True):
        grouped.setdefault(name, []).append(result.outcome)
    return {name: _outcomes(outcomes) for name, outcomes in sorted(grouped.items())}
