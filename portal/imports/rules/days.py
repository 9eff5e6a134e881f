"""Calendar days as people write them, read with the order that the whole column shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from portal.kernel.errors import Refused

EARLIEST, LATEST = 1990, 2100

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_NUMBERS = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")
_WORDS = re.compile(r"([0-9]{1,2})\.?[- ]([A-Za-z]{3,9})\.?,?[- ]([0-9]{4})")
_MONTH_WORD_FIRST = re.compile(r"([A-Za-z]{3,9})\.? ([0-9]{1,2}),? ([0-9]{4})")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?Z?$")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DayOrder(StrEnum):
    """Which number of 03-04-2017 is the day.  Year-first and named months need no telling."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@lru_cache(maxsize=65_536)
def read_day(text: str, order: DayOrder) -> dt.date:
    """Raises Refused("day_format")."""
    bare = _MIDNIGHT.sub("", text.strip())
    try:
        day = _day(bare, order)
    except ValueError as error:
        raise Refused(f"{text!r} is not in the calendar.", code="day_format") from error
    if day is None or not EARLIEST <= day.year <= LATEST:
        raise Refused(
            f"{text!r} is not a day. Write it like 2026-11-30, with a year from {EARLIEST} to "
            f"{LATEST}.",
            code="day_format",
        )
    return day


def _day(text: str, order: DayOrder) -> dt.date | None:
    if found := _ISO.fullmatch(text):
        return dt.date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if order is DayOrder.DAY_FIRST else (second, first)
        return dt.date(int(found[3]), month, day)
    if found := _WORDS.fullmatch(text):
        return _named(found[1], found[2], found[3])
    if found := _MONTH_WORD_FIRST.fullmatch(text):
        return _named(found[2], found[1], found[3])
    return None


def _named(day: str, month: str, year: str) -> dt.date | None:
    word = month[:3].lower()
    return dt.date(int(year), _MONTHS.index(word) + 1, int(day)) if word in _MONTHS else None


def readable_share(texts: Iterable[str], order: DayOrder) -> float:
    """The part of the values, empty ones aside, that are days in this order; 0 without any."""
    seen = [text for text in texts if text.strip()]
    return sum(_is_day(text, order) for text in seen) / len(seen) if seen else 0.0


def order_of(texts: Iterable[str]) -> DayOrder | None:
    """The order that reads more of the column; None when both read it alike but differently.

    A column in which the order makes no difference is DAY_FIRST.
    """
    seen = {text for text in texts if text.strip()}
    shares = {order: readable_share(seen, order) for order in DayOrder}
    if shares[DayOrder.DAY_FIRST] != shares[DayOrder.MONTH_FIRST]:
        return max(shares, key=lambda order: shares[order])
    return None if any(_is_ambiguous(text) for text in seen) else DayOrder.DAY_FIRST


def _is_day(text: str, order: DayOrder) -> bool:
    try:
        read_day(text, order)
    except Refused:
        return False
    return True


def _is_ambiguous(text: str) -> bool:
    if not all(_is_day(text, order) for order in DayOrder):
        return False
    return read_day(text, DayOrder.DAY_FIRST) != read_day(text, DayOrder.MONTH_FIRST)
