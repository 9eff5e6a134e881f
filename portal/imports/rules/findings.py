"""What an import would do, or did, with each row; small enough to keep for every row."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a row out: the column by its label ("" for the row as a whole) and why."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a file.  `number` is its line as spreadsheets count, the header being 1."""

    sheet: str
    number: int
    outcome: Outcome
    label: str = ""
    remark: str = ""
    differences: tuple[Difference, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that looks misspelt.

    It is kept as given unless a person takes the proposal; `is_taken` ones are read as proposed,
    such as countries, which have to be known.
    """

    sheet: str
    column: str
    given: str
    proposed: str
    count: int
    is_taken: bool = False

    @property
    def code(self) -> str:
        return f"{self.sheet}/{self.column}/{self.given}"


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """How many rows have each outcome; every outcome is there."""
    counted = dict.fromkeys((str(outcome.value) for outcome in Outcome), 0)
    for finding in findings:
        counted[finding.outcome.value] += 1
    return counted


def pack(findings: Iterable[Finding]) -> bytes:
    """All findings in few bytes; `unpack_findings` reads them."""
    plain = [
        [
            finding.sheet,
            finding.number,
            finding.outcome.value,
            finding.label,
            finding.remark,
            [[d.field, d.before, d.after] for d in finding.differences],
            [[p.column, p.message] for p in finding.problems],
        ]
        for finding in findings
    ]
    return zlib.compress(json.dumps(plain, ensure_ascii=False).encode(), 6)


def unpack_findings(packed: bytes | None) -> list[Finding]:
    if not packed:
        return []
    return [
        Finding(
            sheet,
            number,
            Outcome(outcome),
            label,
            remark,
            tuple(Difference(*each) for each in differences),
            tuple(Problem(*each) for each in problems),
        )
        for sheet, number, outcome, label, remark, differences, problems in json.loads(
            zlib.decompress(packed)
        )
    ]
