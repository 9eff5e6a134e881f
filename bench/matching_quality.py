"""How well matching tells same from different, on the labelled pairs."""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b

from bench.customer_pairs import PAIRS
from portal.deals.rules.matching import EndCustomer, Verdict, compare, profile_of

HALVES = ("tuning", "held out")


@dataclass(slots=True)
class Tally:
    """Counts of answers; `same` and `maybe` are positive."""

    right_yes: int = 0
    wrong_yes: int = 0
    wrong_no: int = 0
    right_no: int = 0
    same: int = 0
    wrong_same: int = 0

    def add(self, verdict: Verdict, *, is_same: bool) -> None:
        is_yes = verdict is not Verdict.DIFFERENT
        self.right_yes += is_yes and is_same
        self.wrong_yes += is_yes and not is_same
        self.wrong_no += not is_yes and is_same
        self.right_no += not is_yes and not is_same
        self.same += verdict is Verdict.SAME
        self.wrong_same += verdict is Verdict.SAME and not is_same

    @property
    def precision(self) -> float:
        return self.right_yes / max(1, self.right_yes + self.wrong_yes)

    @property
    def recall(self) -> float:
        return self.right_yes / max(1, self.right_yes + self.wrong_no)

    @property
    def f1(self) -> float:
        return 2 * self.precision * self.recall / max(1e-9, self.precision + self.recall)

    @property
    def same_precision(self) -> float:
        return 1 - self.wrong_same / max(1, self.same)


@dataclass(slots=True)
class Quality:
    """What `measure` found: whole halves, kinds of pairs, and the mistakes themselves."""

    halves: dict[str, Tally] = field(default_factory=lambda: {half: Tally() for half in HALVES})
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    mistakes: list[str] = field(default_factory=list)
    microseconds: float = 0.0


def half_of(name1: str, name2: str) -> str:
    """Which half a pair is in: settled by its names, so that adding pairs moves no other."""
    return HALVES[blake2b(f"{name1}|{name2}".encode()).digest()[0] % 2]


def measure() -> Quality:
    found = Quality()
    with PAIRS.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    started = time.perf_counter()
    for row in rows:
        first, second = (
            profile_of(EndCustomer(row["name" + n], row["country" + n], domain=row["domain" + n]))
            for n in ("1", "2")
        )
        match, is_same = compare(first, second), row["label"] == "same"
        for tally in (found.halves[half_of(row["name1"], row["name2"])], found.kinds[row["kind"]]):
            tally.add(match.verdict, is_same=is_same)
        if (match.verdict is Verdict.DIFFERENT) is is_same:
            pair = f"{row['name1']} | {row['name2']}"
            found.mistakes.append(f"{row['kind']}: {pair}: {match.verdict} at {match.score}")
    found.microseconds = (time.perf_counter() - started) / len(rows) * 1e6
    return found


def print_quality(*, mistakes: bool) -> None:
    found = measure()
    line = "{:<24} {:>6} {:>10.4f} {:>8.4f} {:>8.4f} {:>16.4f}"
    print(f"{'labelled pairs':<24} {'pairs':>6} {'precision':>10} {'recall':>8} {'F1':>8}", end=" ")
    print(f"{'precision same':>16}")
    for name, tally in (*sorted(found.kinds.items()), *found.halves.items()):
        pairs = tally.right_yes + tally.wrong_yes + tally.wrong_no + tally.right_no
        figures = (tally.precision, tally.recall, tally.f1, tally.same_precision)
        has_yes = tally.right_yes + tally.wrong_no
        if has_yes:
            print(line.format(name, pairs, *figures))
        else:
            print(f"{name:<24} {pairs:>6}   told apart {tally.right_no / pairs:.4f}")
    print(f"one pair, profiles and comparison: {found.microseconds:.0f} us")
    if mistakes:
        print("\n".join(found.mistakes))
