"""A rule's curve in whole numbers over one denominator, for runs over many lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, inf, lcm

from portal.commissions.rules.curves import Curve


@dataclass(frozen=True, slots=True)
class WholeCurve:
    """`value(total)` is the curve's value times `denominator`, exactly.

    A total from `safe_from[i]` up to, not including, `safe_to[i]` lies in segment i for certain; on
    the way through it an event earns its base times `rates[i]`.
    """

    safe_from: tuple[int, ...]
    safe_to: tuple[float, ...]
    lowers: tuple[Fraction, ...]
    starts: tuple[int, ...]
    rates: tuple[int, ...]
    denominator: int

    def value(self, total: int | Fraction) -> int | Fraction:
        if total <= 0:
            return 0
        i = self.segment(total)
        return self.starts[i] + self.rates[i] * total

    def segment(self, total: int | Fraction) -> int:
        return max(0, bisect_right(self.lowers, total) - 1)


def whole(curve: Curve) -> WholeCurve:
    """`starts` are moved to a total of zero, so that a value needs one product and one sum."""
    starts = [s.start - s.rate * s.lower for s in curve.segments]
    rates = [s.rate for s in curve.segments]
    denominator = lcm(*(f.denominator for f in (*starts, *rates)))
    lowers = tuple(s.lower for s in curve.segments)
    first = 1 if starts[0] else 0
    return WholeCurve(
        safe_from=(first, *(ceil(lower) for lower in lowers[1:])),
        safe_to=(*(floor(lower) for lower in lowers[1:]), inf),
        lowers=lowers,
        starts=tuple(int(start * denominator) for start in starts),
        rates=tuple(int(rate * denominator) for rate in rates),
        denominator=denominator,
    )


def shares(minor: int, weights: Sequence[int], total: int) -> list[int]:
    """`money.split` for whole weights whose sum is known."""
    size = abs(minor)
    parts = [size * weight // total for weight in weights]
    left = size - sum(parts)
    if left:
        order = sorted(range(len(parts)), key=lambda i: (-(size * weights[i] % total), i))
        for i in order[:left]:
            parts[i] += 1
    return [-part for part in parts] if minor < 0 else parts
