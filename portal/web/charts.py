"""The geometry of charts that the server draws; components/charts.html only prints it.

Figures come in as plain numbers with the words that stand for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 480
_ROW = 44
_BAR = 10
_LEFT, _TOP, _BOTTOM = 56, 10, 24
_PLOT_HEIGHT = 200
_LABEL_ROOM = 92
_LABEL_GAP = 17


@dataclass(frozen=True, slots=True)
class Point:
    """One figure: its label, its size, and the size in words. A goal draws a mark on its bar."""

    label: str
    value: float
    text: str
    goal: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value_text: str
    tone: str
    text_y: float
    y: float
    width: float
    goal_x: float | None = None
    step_text: str = ""
    step_y: float = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, also those of a funnel."""

    id: str
    title: str
    width: int
    height: float
    bar_height: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Mark:
    text: str
    x: float


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a stacked column; series counts from 1."""

    series: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    series: int
    label: str
    points: str
    end_x: float
    end_y: float
    label_y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Stacked columns or lines over the same axes; the other of the two is empty."""

    id: str
    title: str
    width: int
    height: int
    left: float
    right: float
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    parts: tuple[Part, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Sparkline:
    title: str
    points: str
    end_x: float
    end_y: float


def bars(chart_id: str, title: str, points: Sequence[Point], *, own_scales: bool = False) -> Bars:
    """One bar a row, as wide as its share of the largest value or goal: of all rows, or its own."""
    reach = [max(point.value, point.goal or 0) for point in points]
    common = max(reach, default=0) or 1
    tops = [(own or 1) if own_scales else common for own in reach]
    drawn = tuple(
        Bar(
            label=point.label,
            value_text=point.text,
            tone=point.tone,
            text_y=row * _ROW + 13,
            y=row * _ROW + 21,
            width=_round(WIDTH * max(point.value, 0) / top),
            goal_x=None if point.goal is None else _round(WIDTH * point.goal / top),
        )
        for row, (point, top) in enumerate(zip(points, tops, strict=True))
    )
    return Bars(chart_id, title, WIDTH, max(len(points), 1) * _ROW, _BAR, drawn)


def funnel(
    chart_id: str, title: str, points: Sequence[Point], *, steps: Sequence[str] = ()
) -> Bars:
    """Bars in the order of a process; steps[n] are the words between bar n and the next."""
    row_height = _ROW + 20
    top = max((point.value for point in points), default=0) or 1
    drawn = tuple(
        Bar(
            label=point.label,
            value_text=point.text,
            tone=point.tone,
            text_y=row * row_height + 13,
            y=row * row_height + 21,
            width=_round(WIDTH * point.value / top),
            step_text=steps[row] if row < len(steps) else "",
            step_y=row * row_height + 48,
        )
        for row, point in enumerate(points)
    )
    return Bars(chart_id, title, WIDTH, max(len(points), 1) * row_height - 20, _BAR, drawn)


def columns(
    chart_id: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[Sequence[float]],
    *,
    tick_texts: dict[float, str] | None = None,
) -> Plot:
    """Stacked columns: series[s][n] stands on the series before it in column n."""
    sums = [sum(values) for values in zip(*series, strict=True)]
    top, ticks = _scale(max(sums, default=0), tick_texts)
    right = WIDTH
    slot = (right - _LEFT) / max(len(labels), 1)
    width = min(40.0, slot * 0.62)
    parts: list[Part] = []
    for column in range(len(labels)):
        x, base = _LEFT + slot * (column + 0.5) - width / 2, 0.0
        for number, values in enumerate(series, start=1):
            base += values[column]
            height = values[column] / top * _PLOT_HEIGHT
            if height > 0:
                y = _y(base, top)
                parts.append(Part(number, _round(x), y, _round(width), _round(height)))
    marks = tuple(
        Mark(label, _round(_LEFT + slot * (column + 0.5))) for column, label in enumerate(labels)
    )
    height = _TOP + _PLOT_HEIGHT + _BOTTOM
    return Plot(chart_id, title, WIDTH, height, _LEFT, right, ticks, marks, parts=tuple(parts))


def lines(
    chart_id: str,
    title: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float]]],
    *,
    tick_texts: dict[float, str] | None = None,
) -> Plot:
    """At most three lines, each named at its end."""
    top, ticks = _scale(
        max((value for _, values in series for value in values), default=0), tick_texts
    )
    right = WIDTH - _LABEL_ROOM
    step = (right - _LEFT) / max(len(labels) - 1, 1)
    ends = _apart([_y(values[-1], top) for _, values in series])
    drawn = tuple(
        Line(
            series=number,
            label=name,
            points=" ".join(
                f"{_round(_LEFT + step * at)},{_y(value, top)}" for at, value in enumerate(values)
            ),
            end_x=_round(_LEFT + step * (len(values) - 1)),
            end_y=_y(values[-1], top),
            label_y=_round(ends[number - 1] + 4),
        )
        for number, (name, values) in enumerate(series, start=1)
    )
    every = math.ceil(len(labels) / 6) if labels else 1
    marks = tuple(
        Mark(label, _round(_LEFT + step * at)) for at, label in enumerate(labels) if at % every == 0
    )
    height = _TOP + _PLOT_HEIGHT + _BOTTOM
    return Plot(chart_id, title, WIDTH, height, _LEFT, right, ticks, marks, lines=drawn)


def sparkline(title: str, values: Sequence[float]) -> Sparkline:
    """At least two values; drawn on 72 by 22."""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 66 / (len(values) - 1)
    dots = [
        (_round(3 + step * at), _round(19 - 16 * (value - low) / span))
        for at, value in enumerate(values)
    ]
    points = " ".join(f"{x},{y}" for x, y in dots)
    return Sparkline(title, points, dots[-1][0], dots[-1][1])


def _scale(highest: float, tick_texts: dict[float, str] | None) -> tuple[float, tuple[Tick, ...]]:
    """Given ticks are used as they are; otherwise four even ones up to a round number."""
    texts = tick_texts or {value: f"{value:,.0f}" for value in _even_ticks(highest)}
    top = max(*texts, highest) or 1
    return top, tuple(Tick(text, _y(value, top)) for value, text in sorted(texts.items()))


def _even_ticks(highest: float) -> list[float]:
    if highest <= 0:
        return [0.0, 1.0]
    rough = highest / 4
    size: float = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough)
    return [step * number for number in range(math.ceil(highest / step) + 1)]


def _y(value: float, top: float) -> float:
    return _round(_TOP + _PLOT_HEIGHT * (1 - value / top))


def _apart(ends: list[float]) -> list[float]:
    """Labels at the ends of lines, moved down until none covers another."""
    placed = list(ends)
    lowest = -math.inf
    for at in sorted(range(len(ends)), key=ends.__getitem__):
        placed[at] = lowest = max(ends[at], lowest + _LABEL_GAP)
    return placed


def _round(value: float) -> float:
    return round(value, 1)
