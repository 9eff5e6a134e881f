"""Rows of a CRM export as opportunities: `sales_pipeline.csv` and `sales_teams.csv`, already split.

Reading the files is the caller's; what each column means is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from portal.deals.rules.replay import Opportunity
from portal.kernel.errors import Refused

Row = Mapping[str, str]

PIPELINE_COLUMNS = (
    "opportunity_id",
    "sales_agent",
    "product",
    "account",
    "engage_date",
    "close_date",
)
TEAM_COLUMNS = ("sales_agent", "regional_office")


def opportunities(pipeline: Iterable[Row], teams: Iterable[Row]) -> Iterator[Opportunity]:
    """Each sales agent is a partner company, each product a line, each office a region.

    Raises Refused("column_missing"), Refused("not_a_date").
    """
    regions: dict[str, str] = {}
    for row in teams:
        _check_columns(row, TEAM_COLUMNS, "sales_teams.csv")
        regions[row["sales_agent"].strip()] = row["regional_office"].strip()
    for row in pipeline:
        _check_columns(row, PIPELINE_COLUMNS, "sales_pipeline.csv")
        partner = row["sales_agent"].strip()
        yield Opportunity(
            id=row["opportunity_id"].strip(),
            partner=partner,
            line=row["product"].strip(),
            account=row["account"].strip(),
            region=regions.get(partner, ""),
            engaged_on=_day(row, "engage_date"),
            closed_on=_day(row, "close_date"),
        )


def _check_columns(row: Row, columns: tuple[str, ...], file: str) -> None:
    missing = [column for column in columns if row.get(column) is None]
    if missing:
        message = f"{file} has a row without {', '.join(missing)}. Export it with these columns."
        raise Refused(message, code="column_missing")


def _day(row: Row, column: str) -> date | None:
    """Day first, as 20-10-2016, or year first, as 2016-10-20."""
    text = row[column].strip()
    if not text:
        return None
    parts = text.split("-")
    if len(parts[0]) == 2:
        parts.reverse()
    try:
        return date.fromisoformat("-".join(parts))
    except ValueError as error:
        message = f"{column} of {row['opportunity_id']} is {text!r}. Write it as 31-12-2026."
        raise Refused(message, code="not_a_date") from error
