"""Charts: what is drawn is in proportion, inside its frame, and readable."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.web import charts
from portal.web.charts import Point

AMOUNTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=12)


@given(AMOUNTS)
def test_bars_are_in_proportion_and_inside_the_frame(values):
    drawn = charts.bars("c", "t", [Point("x", value, "x") for value in values])
    assert all(0 <= bar.width <= charts.WIDTH for bar in drawn.bars)
    longest = max(values)
    for bar, value in zip(drawn.bars, values, strict=True):
        assert longest == 0 or abs(bar.width - charts.WIDTH * value / longest) < 0.1


def test_a_goal_is_marked_on_the_scale_of_its_bar():
    drawn = charts.bars("c", "t", [Point("Revenue", 250, "250", goal=500)], own_scales=True)
    assert drawn.bars[0].width == charts.WIDTH / 2
    assert drawn.bars[0].goal_x == charts.WIDTH


@given(AMOUNTS)
def test_stacked_parts_stand_on_each_other(values):
    drawn = charts.columns("c", "t", [str(n) for n in range(len(values))], [values, values])
    for lower in drawn.parts:
        for upper in drawn.parts:
            if (lower.series, upper.series) == (1, 2) and lower.x == upper.x:
                assert abs(upper.y + upper.height - lower.y) < 0.3


@given(st.lists(AMOUNTS.filter(lambda values: len(values) > 1), min_size=1, max_size=3))
def test_names_at_the_ends_of_lines_do_not_cover_each_other(series):
    drawn = charts.lines("c", "t", ["a", "b"], [("n", values[:2]) for values in series])
    places = sorted(line.label_y for line in drawn.lines)
    assert all(after - before >= 16.8 for before, after in pairwise(places))


def test_ticks_are_round_and_reach_the_highest_value():
    drawn = charts.columns("c", "t", ["a"], [[318]])
    assert [tick.text for tick in drawn.ticks] == ["0", "100", "200", "300", "400"]


def test_nothing_to_draw_is_drawn_as_nothing():
    assert charts.bars("c", "t", []).bars == ()
    assert charts.columns("c", "t", [], []).parts == ()
    assert charts.lines("c", "t", [], []).lines == ()


def test_a_funnel_tells_the_step_between_its_bars():
    drawn = charts.funnel("c", "t", [Point("A", 4, "4"), Point("B", 2, "2")], steps=["half"])
    assert [bar.step_text for bar in drawn.bars] == ["half", ""]


def test_a_sparkline_ends_at_its_last_value():
    drawn = charts.sparkline("t", [1, 2, 3])
    assert (drawn.end_x, drawn.end_y) == (69, 3)


@given(AMOUNTS.filter(lambda values: len(values) > 1))
def test_a_sparkline_stays_in_its_frame(values):
    for dot in charts.sparkline("t", values).points.split():
        x, y = map(float, dot.split(","))
        assert 0 <= x <= 72
        assert 0 <= y <= 22
