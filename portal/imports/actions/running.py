"""Planning every row of an import, and writing chunk by chunk what was planned."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from portal.db.session import SystemSession
from portal.imports import queries
from portal.imports.actions.importer import Importer
from portal.imports.actions.ledger import Ledger, Setting
from portal.imports.models import Batch
from portal.imports.rules import Choices, Finding, Outcome, Problem, Record, Suggestion
from portal.imports.rules import records as read_records
from portal.imports.rules.amounts import Notation
from portal.imports.rules.days import DayOrder
from portal.imports.rules.records import suggestions
from portal.kernel.errors import Refused, Stale
from portal.kernel.event import Event

CHUNK = 500
CLASH = "Somebody else changed the same thing meanwhile. Import this row again."

Tell = Callable[[int], None]
Settle = Callable[[int, list[Event]], None]


@dataclass(slots=True)
class Checked:
    """Every row's finding, in the order of planning, and what is worth telling of the whole."""

    findings: list[Finding] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)


def check(
    db: SystemSession, importer: Importer, records: list[Record], setting: Setting, tell: Tell
) -> Checked:
    """Plan every row and write nothing; `tell` hears how many are planned."""
    ledger = _ledger(db, importer, setting)
    checked = Checked()
    for place, record in enumerate(records, 1):
        checked.findings.append(plan(ledger, importer, record))
        if place % CHUNK == 0:
            ledger.forget()
            tell(place)
    checked.remarks = dict(ledger.remarks)
    return checked


def _ledger(db: SystemSession, importer: Importer, setting: Setting) -> Ledger:
    return Ledger(db, importer.shelves, setting, importer.facts(db, setting.now))


def plan(ledger: Ledger, importer: Importer, record: Record) -> Finding:
    if record.problems:
        return _error(record, record.problems)
    try:
        with ledger.line(record.sheet, record.number):
            planned = importer.plan(ledger, record)
    except Refused as refused:
        sheet = importer.sheet(record.sheet)
        column = sheet.column(refused.field).label if refused.field else ""
        return _error(record, (Problem(column, refused.message),))
    return Finding(
        record.sheet,
        record.number,
        planned.outcome,
        planned.label,
        planned.remark,
        planned.differences,
    )


def _error(record: Record, problems: tuple[Problem, ...]) -> Finding:
    return Finding(record.sheet, record.number, Outcome.ERROR, problems=problems)


@dataclass(frozen=True, slots=True)
class Run:
    """One writing of an import.  The first `settled` rows were written before a restart."""

    batch_id: int
    importer: Importer
    setting: Setting
    settled: int = 0


def write(db: SystemSession, run: Run, records: list[Record], settle: Settle) -> Checked:
    """Plan and write; after each chunk `settle` is told how far it is and what happened.

    A chunk stands or falls as one; one that falls, because somebody wrote the same thing
    meanwhile, is written again row by row, and only the rows that clash stay out.
    """
    ledger = _ledger(db, run.importer, run.setting)
    checked = Checked()
    for start, chunk in _chunks(records):
        try:
            with db.begin_nested():
                found = [plan(ledger, run.importer, record) for record in chunk]
                happened = ledger.write(db, run.batch_id)
        except (IntegrityError, Stale):
            ledger, found, happened = _one_by_one(db, run, chunk)
        if start >= run.settled:
            checked.findings += found
        settle(start + len(chunk), happened)
    checked.remarks = dict(ledger.remarks)
    return checked


def _one_by_one(
    db: SystemSession, run: Run, chunk: list[Record]
) -> tuple[Ledger, list[Finding], list[Event]]:
    ledger = _ledger(db, run.importer, run.setting)
    found: list[Finding] = []
    happened: list[Event] = []
    for record in chunk:
        try:
            with db.begin_nested():
                finding = plan(ledger, run.importer, record)
                happened += ledger.write(db, run.batch_id)
        except (IntegrityError, Stale):
            ledger = _ledger(db, run.importer, run.setting)
            finding = _error(record, (Problem("", CLASH),))
        found.append(finding)
    return ledger, found, happened


def _chunks(records: list[Record]) -> Iterator[tuple[int, list[Record]]]:
    for start in range(0, len(records), CHUNK):
        yield start, records[start : start + CHUNK]


def gather(db: SystemSession, importer: Importer, batch: Batch) -> list[Record]:
    """Every row of every file that is used, sheet by sheet in the importer's order."""
    files = {file.sheet: file for file in queries.list_files(db, batch.id) if file.sheet}
    choices = choices_of(batch)
    found: list[Record] = []
    for sheet in importer.sheets:
        if sheet.key in files:
            file = files[sheet.key]
            table = queries.table_of(db, file.id)
            rows = list(read_records(sheet, table, file.mapping, choices))
            found += importer.arrange(sheet.key, rows)
    return found


def suggest(db: SystemSession, importer: Importer, batch: Batch) -> list[Suggestion]:
    """Values that look misspelt, in all files."""
    found: list[Suggestion] = []
    for file in queries.list_files(db, batch.id):
        if file.sheet:
            table = queries.table_of(db, file.id)
            found += suggestions(importer.sheet(file.sheet), table, file.mapping)
    return found


def choices_of(batch: Batch) -> Choices:
    said = batch.choices
    return Choices(
        currency=said.get("currency", "EUR"),
        day_order=DayOrder(said["day_order"]) if said.get("day_order") else None,
        notation=Notation(said["notation"]) if said.get("notation") else None,
        corrections=said.get("corrections", {}),
    )
