"""A file's rows as records: cells under their columns' keys, cleaned and read as their kinds.

A row that cannot be read carries its problems, column by column, and is never half a record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process, utils

from portal.imports.rules.amounts import Notation, notation_of, read_amount
from portal.imports.rules.columns import Column, Kind, Sheet
from portal.imports.rules.countries import country_code, near_country
from portal.imports.rules.days import DayOrder, order_of, read_day
from portal.imports.rules.findings import Problem, Suggestion
from portal.imports.rules.reading import Row, Table
from portal.kernel.errors import Refused
from portal.kernel.money import Money, exponent
from portal.kernel.text import clean, fold

LONGEST_CELL = 10_000
NEAR = 85
"""From this likeness on (0 to 100) a usual value is proposed for an unusual one."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said about a file where it can be read two ways, and corrections taken.

    `corrections` maps `Suggestion.code` to the value to use.
    """

    currency: str = "EUR"
    day_order: DayOrder | None = None
    notation: Notation | None = None
    corrections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """`values` by column key: text, a date, Money or a code; what is empty is absent."""

    sheet: str
    number: int
    values: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()

    def text(self, key: str) -> str:
        found: str = self.values.get(key, "")
        return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """One column of one file, with what is needed to read its cells."""

    sheet: str
    column: Column
    place: int
    order: DayOrder
    notation: Notation
    corrections: Mapping[str, str]


def open_questions(
    sheet: Sheet, table: Table, mapping: Mapping[str, int], currency: str
) -> dict[str, str]:
    """What only a person can say: "day_order" and "notation", each with the column that asks."""
    asked: dict[str, str] = {}
    for column in sheet.columns:
        if column.key not in mapping:
            continue
        values = table.values(mapping[column.key])
        if column.kind is Kind.DAY and order_of(values) is None:
            asked.setdefault("day_order", column.label)
        if column.kind is Kind.AMOUNT and notation_of(values, currency) is None:
            asked.setdefault("notation", column.label)
    return asked


def records(
    sheet: Sheet, table: Table, mapping: Mapping[str, int], choices: Choices
) -> Iterator[Record]:
    """Every row in the file's order."""
    readers = [
        _reader(sheet, column, table, mapping[column.key], choices)
        for column in sheet.columns
        if column.key in mapping
    ]
    for row in table.rows:
        yield _record(sheet, table, readers, row, choices.currency)


def _reader(sheet: Sheet, column: Column, table: Table, place: int, choices: Choices) -> _Reader:
    order, notation = None, None
    if column.kind is Kind.DAY:
        order = order_of(table.values(place))
    if column.kind is Kind.AMOUNT:
        notation = notation_of(table.values(place), choices.currency)
    return _Reader(
        sheet=sheet.key,
        column=column,
        place=place,
        order=order or choices.day_order or DayOrder.DAY_FIRST,
        notation=notation or choices.notation or Notation.POINT,
        corrections=choices.corrections,
    )


def _record(sheet: Sheet, table: Table, readers: list[_Reader], row: Row, currency: str) -> Record:
    extra = [cell for cell in row.cells[len(table.header) :] if cell.strip()]
    if extra:
        why = f"The row has {len(row.cells)} cells; the header has {len(table.header)}."
        return Record(sheet.key, row.number, {}, (Problem("", f"{why} Look for a separator."),))
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for reader in sorted(readers, key=lambda each: each.column.kind is not Kind.CURRENCY):
        cell = row.cells[reader.place] if len(row.cells) > reader.place else ""
        try:
            value = _value(reader, cell, values.get("currency", currency))
        except Refused as refused:
            problems.append(Problem(reader.column.label, refused.message))
            continue
        if value is not None:
            values[reader.column.key] = value
    found = {problem.column for problem in problems}
    problems += [
        Problem(column.label, "This is empty and is needed.")
        for column in sheet.columns
        if column.is_required and column.key not in values and column.label not in found
    ]
    return Record(sheet.key, row.number, values, tuple(problems))


def _value(reader: _Reader, cell: str, currency: str) -> Any:
    """None for an empty cell.  Raises Refused."""
    if len(cell) > LONGEST_CELL:
        raise Refused(f"This has {len(cell):,} characters; {LONGEST_CELL:,} are read.")
    column, text = reader.column, clean(cell)
    if not text:
        return None
    match column.kind:
        case Kind.DAY:
            value: Any = read_day(text, reader.order)
        case Kind.AMOUNT:
            value = _not_negative(read_amount(text, currency, reader.notation))
        case Kind.COUNTRY:
            value = country_code(text)
        case Kind.CURRENCY:
            exponent(text.upper())
            value = text.upper()
        case Kind.CHOICE:
            value = _choice(column, text)
        case _:
            value = _text(reader, text)
    return value


def _not_negative(money: Money) -> Money:
    if money.minor < 0:
        raise Refused("The amount is below zero. Write it without a minus sign.")
    return money


def _choice(column: Column, text: str) -> str:
    said = fold(text)
    for code, words in (column.choices or {}).items():
        if said == fold(code) or said in words:
            return code
    known = ", ".join(code.replace("_", " ") for code in column.choices or {})
    raise Refused(f"{text!r} is not known here. Write one of: {known}.")


def _text(reader: _Reader, text: str) -> str:
    column = reader.column
    if column.vocabulary:
        text = reader.corrections.get(f"{reader.sheet}/{column.key}/{text}", text)
    if len(text) > column.most:
        raise Refused(f"Use at most {column.most} characters; this has {len(text):,}.")
    return text


def suggestions(sheet: Sheet, table: Table, mapping: Mapping[str, int]) -> list[Suggestion]:
    """Values near a usual one, most frequent first."""
    found: list[Suggestion] = []
    for column in sheet.columns:
        is_country = column.kind is Kind.COUNTRY
        if column.key not in mapping or not (column.vocabulary or is_country):
            continue
        given = Counter(" ".join(cell.split()) for cell in table.values(mapping[column.key]))
        for text, count in given.most_common():
            proposed = near_country(text) if is_country else _usual(column, text)
            if proposed:
                made = Suggestion(sheet.key, column.key, text, proposed, count, is_country)
                found.append(made)
    return found


def _usual(column: Column, text: str) -> str | None:
    if not text or fold(text) in {fold(usual) for usual in column.vocabulary}:
        return None
    near = process.extractOne(
        text, column.vocabulary, scorer=fuzz.ratio, processor=utils.default_process
    )
    return near[0] if near and near[1] >= NEAR else None
