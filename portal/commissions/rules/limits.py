"""Caps and floors: what is left of them, and what they make of an amount.  Whole minor units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.commissions.rules.lines import Step, major_text, money_text


@dataclass(frozen=True, slots=True)
class Bound:
    """A cap or floor as it stands before an event.

    `paid` is what it has let through so far; `advance` what a floor paid ahead of what was earned.
    """

    kind: str
    per: str
    amount: int
    paid: int = 0
    advance: int = 0

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Bound:
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Limited:
    """What is left of an amount, the rows that say why, and each floor's new advance."""

    minor: int
    steps: tuple[Step, ...]
    advances: tuple[int, ...]


def limited(minor: int, bounds: Iterable[Bound], *, currency: str, source: str) -> Limited:
    """Floors first, then caps; each leaves only its rest.  Nothing earned stays nothing."""
    steps: list[Step] = []
    advances: list[int] = []
    earned = minor
    for bound in bounds:
        before, advance = minor, bound.advance
        if bound.kind == "cap":
            minor = min(minor, max(0, bound.amount - bound.paid))
        elif earned > 0:
            minor, advance = _raised(minor, bound)
        advances.append(advance)
        if minor != before:
            text = _text(bound, currency)
            steps.append(Step(bound.kind, text, source, major_text(minor - before, currency)))
    return Limited(minor, tuple(steps), tuple(advances))


def _raised(minor: int, floor: Bound) -> tuple[int, int]:
    """A floor pays ahead up to its amount; what is earned then makes up for it first."""
    recovered = min(minor, floor.advance)
    minor -= recovered
    ahead = max(0, floor.amount - floor.paid - minor)
    return minor + ahead, floor.advance - recovered + ahead


def _text(bound: Bound, currency: str) -> str:
    amount = money_text(bound.amount, currency)
    scope = f"the {bound.per.replace('_', ' ')}"
    if not bound.paid:
        verb = "Cap" if bound.kind == "cap" else "Floor"
        return f"{verb} of {amount} for {scope}"
    so_far = f"{money_text(bound.paid, currency)} paid before"
    if bound.kind == "cap":
        rest = money_text(max(0, bound.amount - bound.paid), currency)
        return f"Cap of {amount} for {scope}: {so_far}, {rest} left"
    return f"Floor of {amount} for {scope}: {so_far}"
