"""A measured figure beside its goal, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

REPORT = Path(__file__).parent.parent / "var" / "bench.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """`goal` is a least value, or a most one if `is_most`; None where there is nothing to reach."""

    part: str
    label: str
    measured: float
    goal: float | None = None
    is_most: bool = False
    unit: str = "x"
    note: str = ""

    @property
    def is_met(self) -> bool:
        if self.goal is None:
            return True
        return self.measured <= self.goal if self.is_most else self.measured >= self.goal

    def line(self) -> str:
        goal = ""
        if self.goal is not None:
            goal = f"goal {'at most' if self.is_most else 'at least'} {self.goal:g}"
        mark = "" if self.goal is None else "ok" if self.is_met else "MISSED"
        return (
            f"{self.label:<58} {self.measured:>10.3f} {self.unit:<4} {goal:<20} {mark} {self.note}"
        )


def keep(figures: Iterable[Figure]) -> None:
    """Write them beside those of the parts that did not run this time."""
    figures = list(figures)
    parts = {figure.part for figure in figures}
    known = json.loads(REPORT.read_text()) if REPORT.exists() else []
    rows = [row for row in known if row["part"] not in parts]
    rows += [asdict(figure) | {"is_met": figure.is_met} for figure in figures]
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(rows, indent=1) + "\n")
