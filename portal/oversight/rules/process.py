"""How registrations run from being sent to their end: stages, times, comparisons, sentences.

A registration counts in the period in which it was sent, whatever became of it later.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.kernel.clock import add_days, add_months

MANY = 5
"""Fewer ended registrations than this name no bottleneck."""

AFTER_APPROVAL = frozenset(
    {DealState.LOST, DealState.EXPIRED, DealState.RELEASED, DealState.TRANSFERRED}
)
BEFORE_APPROVAL = frozenset({DealState.REJECTED, DealState.WITHDRAWN})
WAS_APPROVED = AFTER_APPROVAL | {DealState.APPROVED, DealState.WON}


class Stage(StrEnum):
    REGISTERED = "registered"
    WAITING = "waiting"
    DECIDED = "decided"
    APPROVED = "approved"
    PROTECTED = "protected"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


STATES_OF: Mapping[Stage, frozenset[DealState]] = {
    Stage.REGISTERED: frozenset(DealState) - {DealState.DRAFT},
    Stage.WAITING: UNDECIDED,
    Stage.DECIDED: WAS_APPROVED | {DealState.REJECTED},
    Stage.APPROVED: WAS_APPROVED,
    Stage.PROTECTED: frozenset({DealState.APPROVED}),
    Stage.WON: frozenset({DealState.WON}),
    Stage.LOST: frozenset({DealState.LOST}),
    Stage.EXPIRED: frozenset({DealState.EXPIRED}),
    Stage.REJECTED: frozenset({DealState.REJECTED}),
    Stage.WITHDRAWN: frozenset({DealState.WITHDRAWN}),
    Stage.GIVEN_UP: frozenset({DealState.RELEASED, DealState.TRANSFERRED}),
}
"""Which registrations a figure counts, by where they stand now."""

STAGE_LABELS: Mapping[Stage, str] = {
    Stage.REGISTERED: "Registered",
    Stage.WAITING: "Waiting for a decision",
    Stage.DECIDED: "Decided",
    Stage.APPROVED: "Approved",
    Stage.PROTECTED: "Still protected",
    Stage.WON: "Won",
    Stage.LOST: "Lost",
    Stage.EXPIRED: "Expired",
    Stage.REJECTED: "Rejected",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.GIVEN_UP: "Released or transferred",
}


class Choice(StrEnum):
    """Periods that a report offers; QUARTER is the first one shown."""

    QUARTER = "quarter"
    LAST_QUARTER = "last-quarter"
    YEAR = "year"
    DAYS = "days"


CHOICE_LABELS: Mapping[Choice, str] = {
    Choice.QUARTER: "This quarter",
    Choice.LAST_QUARTER: "Last quarter",
    Choice.YEAR: "Last 12 months",
    Choice.DAYS: "From–to",
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `starts_on` up to, but without, `ends_on`."""

    starts_on: dt.date
    ends_on: dt.date


def span_of(choice: Choice, today: dt.date, days: Span | None = None) -> Span:
    """The days that a choice means today.  DAYS needs `days`."""
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    match choice:
        case Choice.QUARTER:
            return Span(quarter, add_months(quarter, 3))
        case Choice.LAST_QUARTER:
            return Span(add_months(quarter, -3), quarter)
        case Choice.YEAR:
            tomorrow = add_days(today, 1)
            return Span(add_months(tomorrow, -12), tomorrow)
        case Choice.DAYS:
            assert days is not None
            return days


def span_before(choice: Choice, span: Span) -> Span:
    """The period that a figure is compared with: as long, and just before."""
    months = {Choice.QUARTER: 3, Choice.LAST_QUARTER: 3, Choice.YEAR: 12}.get(choice)
    if months:
        return Span(add_months(span.starts_on, -months), span.starts_on)
    length = (span.ends_on - span.starts_on).days
    return Span(add_days(span.starts_on, -length), span.starts_on)


@dataclass(frozen=True, slots=True)
class Case:
    """One registration as the process sees it.  `group` is the key of what it is broken down by."""

    group: str
    state: DealState
    submitted_at: dt.datetime
    decided_at: dt.datetime | None
    closed_at: dt.datetime | None
    reason: str
    lost_reason: str


@dataclass(frozen=True, slots=True)
class Times:
    """Half took no longer than `median`, nine in ten no longer than `most`."""

    count: int
    median: dt.timedelta | None
    most: dt.timedelta | None


def times(lengths: Iterable[dt.timedelta]) -> Times:
    """Of nearest rank, so that each figure is one that occurred."""
    ordered = sorted(lengths)
    return Times(len(ordered), percentile(ordered, 50), percentile(ordered, 90))


def percentile(ordered: Sequence[dt.timedelta], percent: int) -> dt.timedelta | None:
    if not ordered:
        return None
    return ordered[-(-percent * len(ordered) // 100) - 1]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a set of registrations, and how long it took."""

    states: Mapping[DealState, int]
    to_decision: Times
    to_end: Times
    reasons: Mapping[str, int]
    lost_reasons: Mapping[str, int]

    def count(self, stage: Stage) -> int:
        return sum(self.states.get(state, 0) for state in STATES_OF[stage])

    def share(self, stage: Stage, of: Stage) -> float | None:
        whole = self.count(of)
        return self.count(stage) / whole if whole else None


def summarise(cases: Sequence[Case]) -> Summary:
    decided = STATES_OF[Stage.DECIDED]
    ended = AFTER_APPROVAL | {DealState.WON}
    return Summary(
        states=Counter(case.state for case in cases),
        to_decision=times(
            case.decided_at - case.submitted_at
            for case in cases
            if case.decided_at and case.state in decided
        ),
        to_end=times(
            case.closed_at - case.decided_at
            for case in cases
            if case.closed_at and case.decided_at and case.state in ended
        ),
        reasons=Counter(case.reason for case in cases if case.state is DealState.REJECTED),
        lost_reasons=Counter(case.lost_reason for case in cases if case.state is DealState.LOST),
    )


def by_group(cases: Sequence[Case]) -> list[tuple[str, Summary]]:
    """Every group with its own figures, the largest first; together they are the whole."""
    groups: dict[str, list[Case]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    return [(group, summarise(found)) for group, found in ordered]


def length_words(length: dt.timedelta | None) -> str:
    if length is None:
        return "none yet"
    hours = length.total_seconds() / 3600
    if hours < 1:
        return _counted(round(hours * 60), "minute")
    if hours < 48:
        return _counted(round(hours, 1), "hour")
    return _counted(round(hours / 24, 1), "day")


def _counted(number: float, name: str) -> str:
    return f"{number:g} {name}{'' if number == 1 else 's'}"


def percent_words(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f} %"


def against(count: int, before: int) -> str:
    """A figure beside that of the period before, in words."""
    if not before:
        return "none before" if count else "none before either"
    if count == before:
        return f"as many as before, {before:,}"
    word = "more" if count > before else "fewer"
    return f"{abs(count - before):,} {word} than the {before:,} before"


def bottleneck(summary: Summary) -> str:
    """Where most registrations fall out, in one sentence."""
    early = sum(summary.states.get(state, 0) for state in BEFORE_APPROVAL)
    late = sum(summary.states.get(state, 0) for state in AFTER_APPROVAL)
    if early + late < MANY:
        return "Too few registrations have ended without a sale to name a bottleneck."
    if early >= late:
        whole, place, states = summary.count(Stage.REGISTERED), "before approval", BEFORE_APPROVAL
    else:
        whole, place, states = summary.count(Stage.APPROVED), "after approval", AFTER_APPROVAL
    worst = max(sorted(states), key=lambda state: summary.states.get(state, 0))
    return (
        f"Most fall out {place}: {max(early, late):,} of {whole:,}, "
        f"{summary.states.get(worst, 0):,} of them {worst.value}."
    )
