"""What a running total earns, as a curve: straight pieces and jumps, exact.

Every rate, band, quota and growth rule is such a curve f; an event that takes the total from a to
b earns f(b) - f(a).  Totals and earnings are in minor units (or units), as fractions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from portal.commissions.rules.plan import Mode

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Segment:
    """From `lower` on: `start` at `lower` itself, then `rate` for each unit of the total.

    `plain_rate` is the rate before any boost, for the explanation.
    """

    lower: Fraction
    start: Fraction
    rate: Fraction
    plain_rate: Fraction

    def value(self, total: Fraction) -> Fraction:
        return self.start + self.rate * (total - self.lower)


@dataclass(frozen=True, slots=True)
class Walk:
    """One step of the way from one total to another: a part at a rate, or a jump at a point."""

    lower: Fraction
    upper: Fraction
    rate: Fraction
    plain_rate: Fraction
    earned: Fraction

    @property
    def is_jump(self) -> bool:
        return self.lower == self.upper


@dataclass(frozen=True, slots=True)
class Curve:
    """Segments in order, the first from 0.  Nothing sold, nothing earned: f(0) = 0."""

    segments: tuple[Segment, ...]

    def value(self, total: Fraction) -> Fraction:
        return self.segment(total).value(total) if total > 0 else ZERO

    def segment(self, total: Fraction) -> Segment:
        lowers = [segment.lower for segment in self.segments]
        return self.segments[max(0, bisect_right(lowers, total) - 1)]

    def walk(self, before: Fraction, after: Fraction) -> list[Walk]:
        """The way from `before` to `after`; what is earned on it adds up to the difference."""
        steps: list[Walk] = []
        reached = ZERO
        for i, segment in enumerate(self.segments):
            is_last = i + 1 == len(self.segments)
            upper = after if is_last else min(self.segments[i + 1].lower, after)
            crossed = before < segment.lower <= after or (segment.lower == before == 0 < after)
            if crossed and segment.start != reached:
                jump = segment.start - reached
                steps.append(Walk(segment.lower, segment.lower, ZERO, ZERO, jump))
            lower = max(segment.lower, before)
            if upper > lower:
                earned = segment.rate * (upper - lower)
                steps.append(Walk(lower, upper, segment.rate, segment.plain_rate, earned))
            if not is_last:
                reached = segment.value(self.segments[i + 1].lower)
        return steps


def proportional(rate: Fraction) -> Curve:
    return Curve((Segment(ZERO, ZERO, rate, rate),))


def banded(bands: Iterable[tuple[Fraction, Fraction, Fraction]], mode: Mode) -> Curve:
    """Bands as (lower, rate, fixed), lowest first.

    MARGINAL adds each fixed amount on reaching its band; WHOLE pays only the band reached.
    """
    segments: list[Segment] = []
    for lower, rate, fixed in bands:
        if mode is Mode.WHOLE:
            start = fixed + rate * lower
        else:
            start = fixed + (segments[-1].value(lower) if segments else ZERO)
        segments.append(Segment(lower, start, rate, rate))
    return Curve(tuple(segments))


Change = Callable[[Fraction], Fraction]


def boosted(curve: Curve, boosts: Sequence[tuple[Fraction, Change]], mode: Mode) -> Curve:
    """`curve` with each (threshold, change of rate) in force from its threshold on.

    MARGINAL changes the rate of what lies above; WHOLE, on reaching it, of everything.  Jumps of
    the curve stay as they are.
    """
    if mode is Mode.WHOLE:
        levels = [(ZERO, curve)]
        levels += [(max(ZERO, at), _changed(curve, change)) for at, change in boosts]
        return _joined(levels)
    lowers = {segment.lower for segment in curve.segments}
    lowers |= {at for at, _ in boosts if at > 0}
    segments: list[Segment] = []
    for lower in sorted(lowers):
        plain = curve.segment(lower)
        in_force = [change for at, change in boosts if at <= lower]
        rate = in_force[-1](plain.rate) if in_force else plain.rate
        start = segments[-1].value(lower) if segments else ZERO
        if plain.lower == lower:
            start += _jump(curve, plain)
        segments.append(Segment(lower, start, rate, plain.plain_rate))
    return Curve(tuple(segments))


def gated(curve: Curve, at: Fraction, *, back_pay: bool) -> Curve:
    """Nothing below `at`; from there on what is earned above it, or with `back_pay` everything."""
    if at <= 0:
        return curve
    floor = ZERO
    if not back_pay:
        below = [segment for segment in curve.segments if segment.lower < at]
        floor = below[-1].value(at)
    nothing = Segment(ZERO, ZERO, ZERO, ZERO)
    inside = curve.segment(at)
    entry = replace(inside, lower=at, start=inside.value(at) - floor)
    later = [replace(s, start=s.start - floor) for s in curve.segments if s.lower > at]
    return Curve((nothing, entry, *later))


def _changed(curve: Curve, change: Change) -> Curve:
    """`curve` with the rate of every piece changed and its jumps kept."""
    segments: list[Segment] = []
    for segment in curve.segments:
        start = segments[-1].value(segment.lower) if segments else ZERO
        start += _jump(curve, segment)
        segments.append(replace(segment, start=start, rate=change(segment.rate)))
    return Curve(tuple(segments))


def _jump(curve: Curve, segment: Segment) -> Fraction:
    position = curve.segments.index(segment)
    reached = curve.segments[position - 1].value(segment.lower) if position else ZERO
    return segment.start - reached


def _joined(levels: Sequence[tuple[Fraction, Curve]]) -> Curve:
    """The first curve up to the second's start, the second up to the third's, and so on."""
    segments: list[Segment] = []
    for i, (start, curve) in enumerate(levels):
        end = levels[i + 1][0] if i + 1 < len(levels) else None
        if end is not None and end <= start:
            continue
        entry = curve.segment(start)
        segments.append(replace(entry, lower=start, start=entry.value(start)))
        segments += [
            s for s in curve.segments if s.lower > start and (end is None or s.lower < end)
        ]
    return Curve(tuple(segments))
