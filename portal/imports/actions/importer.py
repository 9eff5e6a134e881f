"""What the portal needs to know to import one kind of thing; declared once, at the top."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.db.session import SystemSession
from portal.imports.actions.ledger import Ledger
from portal.imports.actions.shelf import Shelf
from portal.imports.rules import Difference, Outcome, Record, Sheet

Plan = Callable[[Ledger, Record], "Planned"]
Facts = Callable[[SystemSession, dt.datetime], Any]
Arrange = Callable[[str, list[Record]], list[Record]]


@dataclass(frozen=True, slots=True)
class Planned:
    """What one record would do to the row it is about."""

    outcome: Outcome
    label: str
    differences: tuple[Difference, ...] = ()
    remark: str = ""


def as_given(sheet: str, records: list[Record]) -> list[Record]:
    return records


def nothing(db: SystemSession, now: dt.datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Importer:
    """`sheets` are planned in their order; `shelves` are written in theirs, parents first.

    `plan` puts rows into the ledger and raises Refused with `field` naming the column.  `arrange`
    orders a sheet's records where one may refer to a later one.  `facts` reads what else planning
    needs.  `source` names whose keys the records carry.
    """

    name: str
    label: str
    hint: str
    sheets: tuple[Sheet, ...]
    shelves: tuple[Shelf, ...]
    plan: Plan
    arrange: Arrange = as_given
    facts: Facts = nothing
    source: str = ""
    currency: str = "EUR"

    def sheet(self, key: str) -> Sheet:
        return next(sheet for sheet in self.sheets if sheet.key == key)
