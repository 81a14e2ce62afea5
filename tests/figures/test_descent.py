"""A walk of steps: its curve, and what takes them."""

from tests.figures.drawing import LOOK, assert_plotly_takes, moment
from visualizer.figures import Bars, Descent, Stepper
from visualizer.figures.bars import CHEVRON, WIDTH

CURVE = Descent(name="loss", most=6, **LOOK)
STEPPER = Stepper(name="play", title="Steps", drag="k", most=6, lit=(2,))


def test_the_curve_ends_at_the_last_step_taken_and_has_as_many_points_at_every_one():
    for taken in (1, 3, 7):
        losses = [2.0 / (i + 1) for i in range(taken)]
        figure = CURVE.drawn(moment({"loss": losses}))
        line, now = figure["data"]
        assert len(line["x"]) == len(line["y"]) == 7
        assert line["y"][:taken] == losses
        assert set(line["x"][taken - 1 :]) == {taken - 1}
        assert set(line["y"][taken - 1 :]) == {losses[-1]}
        assert (now["x"], now["y"]) == ([taken - 1], losses[-1:])
        assert_plotly_takes(figure)


def test_the_curve_says_how_it_begins_and_how_it_ends():
    assert CURVE.in_words(moment({"loss": [2.0, 1.0, 0.25]})) == (
        "2.000 at first, 0.250 after 2 steps"
    )


def test_what_takes_steps_says_how_many_are_taken_and_what_a_step_moves():
    figure = STEPPER.drawn(moment({}, k=4))
    assert figure["data"] == [{"x": [4]}]
    assert figure["stepper"] == {"field": "k", "label": "k", "most": 6, "moves": []}
    assert figure["layout"]["meta"]["alt"] == "Steps: 4 of 6"
    assert STEPPER.dragged_between(moment({}, k=4)) == (0, 6)


def test_before_its_step_of_a_lecture_it_says_so_and_takes_none():
    figure = STEPPER.drawn(moment({}, k=4, step=1))
    assert figure["data"] == []
    assert "stepper" not in figure
    assert figure["layout"]["annotations"][0]["text"] == "not run yet"
    assert STEPPER.drawn(moment({}, k=4, step=2))["stepper"]["most"] == 6


CROSSED = Bars(name="z", crossed="now", **LOOK)


def lines_of(now):
    figure = CROSSED.drawn(moment({"z": [1.0] * len(now), "now": now}))
    lines, bars = figure["data"]
    assert (lines["type"], bars["type"]) == ("scatter", "bar")
    assert_plotly_takes(figure)
    return [
        list(zip(lines["x"][i : i + 4], lines["y"][i : i + 4], strict=True))
        for i in range(0, len(lines["x"]), 4)
    ]


def test_a_line_crosses_each_bar_at_the_other_value_and_is_wider_than_the_bar():
    for place, (left, middle, right, gap) in enumerate(lines_of([0.5, -1.25])):
        value = [0.5, -1.25][place]
        assert [left[1], middle[1], right[1]] == [value] * 3
        assert middle[0] == place
        assert right[0] - left[0] > WIDTH
        assert gap == (None, None)


def test_beyond_the_axis_it_is_an_arrowhead_at_the_edge_that_points_outwards():
    above, below = lines_of([7.0, -9.0])
    edge = 2.0
    assert [y for _, y, *_ in above[:3]] == [edge - 4 * CHEVRON, edge, edge - 4 * CHEVRON]
    assert [y for _, y, *_ in below[:3]] == [-edge + 4 * CHEVRON, -edge, -edge + 4 * CHEVRON]
