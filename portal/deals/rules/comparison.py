"""Two claims on what may be one account, side by side, under the three questions a person asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from portal.deals.rules.ruling import day_words
from portal.kernel.clock import local_day
from portal.kernel.money import Money
from portal.kernel.text import fold

ALIKE_FROM = 80
"""Names at least this alike, of 100, are pointed out."""

STALE_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """A claim, or what else stands against one: the vendor's own opportunity, a purchase.

    What a side does not have is empty, and is shown as nothing.
    """

    name: str
    note: str
    ref: str = ""
    customer: str = ""
    domain: str = ""
    place: str = ""
    contact: str = ""
    line: str = ""
    value: Money | None = None
    closes_on: date | None = None
    since: datetime | None = None
    active_at: datetime | None = None
    activity: str = ""
    is_protected: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A word in a badge beside a value."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Row:
    """`alike` says how near the sides are; `marks` hold one or none for each side."""

    label: str
    values: tuple[str, ...]
    alike: str = ""
    marks: tuple[Mark | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reader writes money, and when and where the comparison is made."""

    money: Callable[[Money], str]
    now: datetime
    zone: ZoneInfo


def compared(sides: Sequence[Side], reading: Reading) -> tuple[Group, ...]:
    """The first side is the claim; rows that no side fills are left out."""
    groups = (
        Group("Same account?", _account(sides)),
        Group("Same deal?", _deal(sides, reading)),
        Group("Who has the better claim?", _claim(sides, reading)),
    )
    kept = (Group(g.title, tuple(r for r in g.rows if any(r.values))) for g in groups)
    return tuple(group for group in kept if group.rows)


def _account(sides: Sequence[Side]) -> tuple[Row, ...]:
    return (
        Row("Company", _each(sides, "customer"), alike_names(_each(sides, "customer"))),
        Row("Website", _each(sides, "domain"), _identical(_each(sides, "domain"))),
        Row("Place", _each(sides, "place"), _identical(_each(sides, "place"))),
        Row("Contact", _each(sides, "contact")),
    )


def _deal(sides: Sequence[Side], reading: Reading) -> tuple[Row, ...]:
    values = tuple(reading.money(side.value) if side.value else "" for side in sides)
    closes = tuple(day_words(side.closes_on) if side.closes_on else "" for side in sides)
    return (
        Row("Product", _each(sides, "line"), _identical(_each(sides, "line"))),
        Row("Value", values),
        Row("Expected close", closes),
    )


def _claim(sides: Sequence[Side], reading: Reading) -> tuple[Row, ...]:
    since = tuple(_day(side.since, reading) for side in sides)
    known = [side.since for side in sides if side.since]
    first = min(known, default=None)
    firsts = tuple(Mark("First", "ok") if s.since and s.since == first else None for s in sides)
    return (
        Row("Submitted", since, marks=firsts),
        Row("What was done", _each(sides, "activity")),
        Row(
            "Last activity",
            tuple(_day(side.active_at, reading) for side in sides),
            marks=tuple(_liveliness(side, reading.now) for side in sides),
        ),
    )


def _liveliness(side: Side, now: datetime) -> Mark | None:
    if side.active_at is None:
        return None
    return Mark("Stale", "warn") if is_stale(side, now) else Mark("Active", "ok")


def is_stale(side: Side, now: datetime) -> bool:
    """Nothing was noted on it for thirty days."""
    return side.active_at is not None and now - side.active_at > STALE_AFTER


def alike_names(names: Sequence[str]) -> str:
    """How alike two names are, if they are: "identical", "93 % alike"."""
    if len(names) < 2 or not all(names):
        return ""
    first, *others = (fold(name) for name in names)
    if all(other == first for other in others):
        return "identical"
    score = min(round(fuzz.token_sort_ratio(first, other)) for other in others)
    return f"{score} % alike" if score >= ALIKE_FROM else ""


def _identical(values: Sequence[str]) -> str:
    is_same = len(values) > 1 and values[0] and len(set(values)) == 1
    return "identical" if is_same else ""


def _each(sides: Sequence[Side], name: str) -> tuple[str, ...]:
    return tuple(getattr(side, name) for side in sides)


def _day(instant: datetime | None, reading: Reading) -> str:
    return "" if instant is None else day_words(local_day(instant, reading.zone))
