"""What an import is made of, as values: columns, tables, cells, records, findings."""

from portal.imports.rules.columns import Column, Kind, Sheet
from portal.imports.rules.findings import (
    Difference,
    Finding,
    Outcome,
    Problem,
    Suggestion,
)
from portal.imports.rules.reading import Row, Table, read, unpack
from portal.imports.rules.records import Choices, Record, records
from portal.imports.rules.states import BatchState, Mode, Verb

__all__ = [
    "BatchState",
    "Choices",
    "Column",
    "Difference",
    "Finding",
    "Kind",
    "Mode",
    "Outcome",
    "Problem",
    "Record",
    "Row",
    "Sheet",
    "Suggestion",
    "Table",
    "Verb",
    "read",
    "records",
    "unpack",
]
