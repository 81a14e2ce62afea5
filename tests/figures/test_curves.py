"""Curves: what they draw are the numbers that they were given."""

import numpy as np
import pytest

from tests.figures.drawing import LOOK, assert_plotly_takes, moment
from visualizer.figures import ErrorCurve, PointsOnCurve, SlopeCurve
from visualizer.figures.curves import grid
from visualizer.figures.layout import BLANK

X, Y, SLOPES = (0.5, -1.0), (0.6, 0.2), (0.24, 0.16)


def curve(slopes="slopes", j=0, step=0):
    """Points on tanh, of numbers that lie beside it: the points are drawn where they are said."""
    figure = PointsOnCurve(
        name="y",
        function=np.tanh,
        slopes=slopes,
        tangent_color="#111111",
        tangents_from=3,
        **LOOK,
    )
    return figure.drawn(moment({"x": X, "y": Y, "slopes": SLOPES}, j=j, step=step))


def slope(points=X, slopes=SLOPES, end=10.0, j=0):
    figure = SlopeCurve(name="slopes", function=np.tanh, highest=0.25, saturated=4.585, **LOOK)
    return figure.drawn(moment({"x": points, "slopes": slopes}, j=j, end=end))


def error(errors=(1e-8, 1e-4), now=1e-6):
    look = LOOK | {"steps": (1e-4, 1e-2), "at": "eps", "error": "now", "note": "note"}
    figure = ErrorCurve(name="errors", **look)
    return figure.drawn(moment({"errors": errors, "now": now, "note": "a note"}, eps=1e-3))


@pytest.mark.parametrize(
    "figure", [curve(), curve(j=1), curve(slopes=""), curve(step=1), slope(), error()]
)
def test_plotly_takes_every_curve(figure):
    assert_plotly_takes(figure)


def test_the_first_trace_is_the_curve_which_handles_follow():
    for figure, end in ((curve(), 2.0), (slope(), 10.0)):
        line = figure["data"][0]
        assert line["x"] == grid(end).tolist()
        assert line["y"] == np.tanh(grid(end)).tolist()
        assert (line["x"][0], line["x"][-1], line["mode"]) == (-end, end, "lines")


def test_a_tangent_is_a_piece_of_line_through_its_point():
    tangents = curve()["data"][1]
    (x0, x1, gap), (y0, y1, _) = tangents["x"][3:], tangents["y"][3:]
    assert gap is None
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((-1.0, 0.2))
    assert (y1 - y0) / (x1 - x0) == pytest.approx(0.16)


def test_before_the_slopes_are_known_there_are_no_tangents_and_none_on_hover():
    _, tangents, points = curve(step=2)["data"]
    assert tangents["x"] == tangents["y"] == points["customdata"] == []
    assert "slope" not in points["hovertemplate"]
    assert points["y"] == [0.6, 0.2]


def test_a_curve_without_slopes_has_no_tangents_and_names_its_points():
    _, points = curve(slopes="")["data"]
    assert points["text"] == ["x₀", "x₁"]
    assert (points["x"], points["y"]) == (list(X), list(Y))
    assert points["textposition"] == ["bottom right", "top left"]
    assert "customdata" not in points


def test_the_selected_point_stands_out():
    for figure in (curve(j=1), slope(j=1)):
        opacity = figure["data"][-1]["marker"]["opacity"]
        assert opacity[1] == 1.0 > opacity[0]


def test_each_slope_has_its_number():
    assert slope()["data"][1]["text"] == ["0.240", "0.160"]


def test_of_slopes_side_by_side_the_selected_one_has_its_number():
    near = {"points": (0.0, 0.5, 9.0), "slopes": (0.25, 0.235, 0.0001)}
    assert slope(**near)["data"][1]["text"] == ["0.250", BLANK, "0.0001"]
    assert slope(**near, j=1)["data"][1]["text"] == [BLANK, "0.235", "0.0001"]


def test_slopes_above_each_other_have_both_their_numbers():
    assert slope(points=(0.0, 1.3), slopes=(0.25, 0.168))["data"][1]["text"] == ["0.250", "0.168"]


def test_the_zones_of_saturation_reach_from_their_beginning_to_the_ends_of_the_axis():
    assert [(s["x0"], s["x1"]) for s in slope()["layout"]["shapes"]] == [(-10, -4.585), (4.585, 10)]


def test_an_axis_that_ends_before_the_zones_has_none():
    assert slope(end=4.0)["layout"]["shapes"] == []


def test_the_maximum_of_the_slope_is_marked_on_its_axis():
    axis = slope()["layout"]["yaxis"]
    assert axis["tickvals"] == [0, 0.25]
    assert axis["range"][1] > 0.25


def test_the_error_is_drawn_on_logarithmic_axes_with_the_step_of_the_moment():
    figure = error()
    line, point = figure["data"]
    assert (line["x"], line["y"]) == ([1e-4, 1e-2], [1e-8, 1e-4])
    assert (point["x"], point["y"]) == ([1e-3], [1e-6])
    assert figure["layout"]["xaxis"]["type"] == figure["layout"]["yaxis"]["type"] == "log"
    assert figure["layout"]["annotations"][0]["text"] == "a note"


def test_an_error_of_0_is_a_gap_as_a_logarithm_has_no_place_for_it():
    line, point = error((0.0, 1e-4), now=0.0)["data"]
    assert line["y"] == [None, 1e-4]
    assert point["x"] == point["y"] == []


@pytest.mark.parametrize(
    ("figure", "said"), [(curve(), "0.600"), (slope(), "0.160"), (error(), "1e-06")]
)
def test_the_alternative_text_says_the_title_and_the_numbers(figure, said):
    alt = figure["layout"]["meta"]["alt"]
    assert alt.startswith("t.")
    assert said in alt
