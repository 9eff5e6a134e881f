"""Tables of pairs: read from CSV text, and compared row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from portal.deals.rules.matching.profile import EndCustomer, profile_of
from portal.deals.rules.matching.score import Match, compare
from portal.kernel.errors import Refused

COLUMNS = ("name1", "name2")
OPTIONAL = ("country", "city", "domain", "tax_id", "parent", "division")

Row = dict[str, str]


def read_pairs(text: str) -> list[Row]:
    """The rows of a CSV table with a heading; "," ";" and tabs part cells, and a mark of byte order
    is passed over.  Cells a row lacks are "".

    Raises Refused("columns_missing") naming them, Refused("cells_spare") naming the line, and
    Refused("not_csv") for what is no table.
    """
    lines = text.removeprefix("\ufeff")
    heading = lines.lstrip("\r\n").split("\n", 1)[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    names: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = _heading(cells)
            elif len(cells) > len(names):
                raise Refused(
                    f"Line {reader.line_num} has {len(cells)} cells, but the heading names "
                    f"{len(names)} columns. Put cells with a “{separator}” in quotation marks.",
                    code="cells_spare",
                )
            else:
                padded = [*cells, *[""] * (len(names) - len(cells))]
                rows.append(dict(zip(names, padded, strict=True)))
    except csv.Error as error:
        raise Refused(
            f"The file is not a CSV table: line {reader.line_num}, {error}.", code="not_csv"
        ) from error
    if not names:
        raise _missing(COLUMNS)
    return rows


def _heading(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if missing := [column for column in COLUMNS if column not in names]:
        raise _missing(missing)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Refused(
            f"The heading names {', '.join(twice)} more than once. Name each column once.",
            code="columns_twice",
        )
    return names


def _missing(columns: Iterable[str]) -> Refused:
    return Refused(
        f"The file lacks the columns: {', '.join(columns)}. Name them in its first line.",
        code="columns_missing",
    )


def match_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Each row with `score`, `verdict` and `reasons` added."""
    for row in rows:
        match = compare(*(profile_of(_customer(row, side)) for side in ("1", "2")))
        yield row | {
            "score": str(match.score),
            "verdict": match.verdict.value,
            "reasons": said(match),
        }


def _customer(row: Row, side: str) -> EndCustomer:
    facts = {fact: row.get(f"{fact}{side}", "") for fact in OPTIONAL}
    return EndCustomer(row[f"name{side}"], **facts)


def said(match: Match) -> str:
    """The reasons as one line, each with its points: "In common: “acme” (+100); …"."""
    return "; ".join(f"{reason.text} ({reason.weight:+d})" for reason in match.reasons)
