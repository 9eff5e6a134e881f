"""A second, naive way to compute commissions: from the document, in fractions, without curves.

Knows one rule with percent, bands, an accelerator, a gate, a cap and a split; enough to disagree.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any


def half_up(value: Fraction) -> int:
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def quarter(day: str) -> int:
    return (int(day[5:7]) - 1) // 3


class Oracle:
    """Totals by partner and quarter; amounts in cents."""

    def __init__(self, plan: dict[str, Any]) -> None:
        (self.rule,) = plan["rules"]
        self.totals: dict[tuple[str, int], Fraction] = {}
        self.paid: dict[tuple[str, int], int] = {}

    def earn(self, partner: str, day: str, cents: int) -> list[int]:
        key = (partner, quarter(day))
        before = self.totals.get(key, Fraction(0))
        after = before + cents
        self.totals[key] = after
        amount = half_up(self._exact(before, after))
        for cap in self.rule.get("caps", []):
            most = int(Fraction(cap["amount"]) * 100)
            left = most - (self.paid.get(key, 0) if cap["per"] == "quarter" else 0)
            amount = min(amount, max(0, left))
        self.paid[key] = self.paid.get(key, 0) + amount
        return self._parts(amount)

    def _exact(self, before: Fraction, after: Fraction) -> Fraction:
        """Piece by piece between all bounds, each at the rate where it begins."""
        bands = self.rule.get("bands")
        if bands and bands["mode"] == "whole":
            if bands["over"] == "deal":
                return self._whole(after - before)
            return self._whole(after) - self._whole(before)
        shift = before if bands and bands["over"] == "deal" else Fraction(0)
        points = {before, after}
        points |= {lower + shift for lower, _ in self._bands()}
        points |= {at for at, _ in self._boosts()} | {self._gate()}
        within = sorted(point for point in points if before <= point <= after)
        earned = Fraction(0)
        for low, high in pairwise(within):
            if low >= self._gate():
                earned += (high - low) * self._rate(low, shift)
        return earned

    def _whole(self, total: Fraction) -> Fraction:
        reached = [rate for lower, rate in self._bands() if lower <= total]
        return total * reached[-1]

    def _rate(self, total: Fraction, shift: Fraction) -> Fraction:
        rate = [rate for lower, rate in self._bands() if lower + shift <= total][-1]
        reached = [change for at, change in self._boosts() if at <= total]
        return reached[-1](rate) if reached else rate

    def _bands(self):
        bands = self.rule.get("bands")
        if bands is None:
            return [(Fraction(0), Fraction(self.rule["percent"]) / 100)]
        found = []
        lower = Fraction(0)
        for step in bands["steps"]:
            found.append((lower * 100, Fraction(step["percent"]) / 100))
            lower = Fraction(step.get("to", "0"))
        return found

    def _quota(self) -> Fraction:
        return Fraction(self.rule["accelerator"]["target"]) * 100

    def _boosts(self):
        for step in self.rule.get("accelerator", {}).get("steps", []):
            at = self._quota() * Fraction(step["at"]) / 100
            if "add" in step:
                yield at, lambda rate, more=step["add"]: rate + Fraction(more) / 100
            else:
                yield at, lambda rate, factor=step["times"]: rate * Fraction(factor)

    def _gate(self) -> Fraction:
        gate = self.rule.get("accelerator", {}).get("gate")
        return self._quota() * Fraction(gate["at"]) / 100 if gate else Fraction(0)

    def _parts(self, amount: int) -> list[int]:
        """Hands out the whole cents, then the rest one by one to the largest loss so far."""
        if amount < 0:
            return [-part for part in self._parts(-amount)]
        weights = [Fraction(part["parts"]) for part in self.rule.get("split", [])] or [Fraction(1)]
        wanted = [amount * weight / sum(weights) for weight in weights]
        given = [int(part) for part in wanted]
        while sum(given) < amount:
            losses = [want - gave for want, gave in zip(wanted, given, strict=True)]
            given[losses.index(max(losses))] += 1
        return given
