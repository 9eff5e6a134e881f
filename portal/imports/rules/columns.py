"""What a table may hold: sheets and their columns, and which of a file's columns is which.

A column is proposed by its name, then by its values.  What a person chose for a header once is
remembered by the header's fingerprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from portal.imports.rules.days import DayOrder, readable_share
from portal.imports.rules.reading import Table
from portal.kernel.text import fold

NEARLY = 88
"""From this likeness on (0 to 100) a header is taken for a column's name."""

SAMPLE = 200


class Kind(StrEnum):
    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"
    EMAIL = "email"
    COUNTRY = "country"
    CURRENCY = "currency"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing a row can say.

    `choices` are the codes of a CHOICE, each with the folded words that mean it.  `vocabulary` are
    the usual values of a text: others are kept, and the nearest usual one is proposed.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] | None = None
    vocabulary: tuple[str, ...] = ()
    hint: str = ""
    most: int = 200

    @property
    def names(self) -> frozenset[str]:
        return frozenset(fold(name) for name in (self.key, self.label, *self.synonyms))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of table that an importer takes."""

    key: str
    label: str
    columns: tuple[Column, ...]
    is_required: bool = True

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


def fingerprint(header: Sequence[str]) -> str:
    """The same for headers that differ only in case, accents and punctuation."""
    return hashlib.sha256("\n".join(fold(name) for name in header).encode()).hexdigest()


def propose(sheet: Sheet, table: Table) -> dict[str, int]:
    """Column keys and the places in the header that most likely hold them; each place once."""
    found: dict[str, int] = {}
    free = dict(enumerate(table.header))
    for column in sheet.columns:
        _take(found, free, column, _same_name(column, free))
    for column in sheet.columns:
        if column.key not in found:
            _take(found, free, column, _like_name(column, free))
    for column in sheet.columns:
        if column.key not in found and column.is_required:
            _take(found, free, column, _by_values(column, free, table))
    return found


def likeness(sheet: Sheet, table: Table) -> float:
    """How much of `sheet` the table's header names, 0 to 1; 0 if a required column is not there."""
    places = dict(enumerate(table.header))
    named = [column for column in sheet.columns if _same_name(column, places) is not None]
    if any(column.is_required and column not in named for column in sheet.columns):
        return 0.0
    return len(named) / len(sheet.columns)


def _take(found: dict[str, int], free: dict[int, str], column: Column, place: int | None) -> None:
    if place is not None:
        found[column.key] = place
        del free[place]


def _same_name(column: Column, free: Mapping[int, str]) -> int | None:
    return next((place for place, name in free.items() if fold(name) in column.names), None)


def _like_name(column: Column, free: Mapping[int, str]) -> int | None:
    scored = [
        (max(fuzz.token_sort_ratio(fold(name), known) for known in column.names), -place)
        for place, name in free.items()
    ]
    best, place = max(scored, default=(0, 0))
    return -place if best >= NEARLY else None


def _by_values(column: Column, free: Mapping[int, str], table: Table) -> int | None:
    """The one column whose values could only be this kind."""
    suitable = [place for place in free if _holds(column.kind, table.sample(place, SAMPLE))]
    return suitable[0] if len(suitable) == 1 else None


def _holds(kind: Kind, values: list[str]) -> bool:
    if not values:
        return False
    if kind is Kind.EMAIL:
        return all("@" in value for value in values)
    if kind is Kind.DAY:
        return max(readable_share(values, order) for order in DayOrder) == 1
    return False
