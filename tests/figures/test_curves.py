"""Curves: what they draw are the numbers that they were given."""

import plotly.graph_objects as go
import pytest

from figures import curve_with_tangents, error_curve, slope_curve
from figures.layout import BLANK

GRID = [-2.0, -1.0, 0.0, 1.0, 2.0]
CURVE = [0.1, 0.2, 0.5, 0.8, 0.9]
LOOK = {"title": "t", "color": "#000000"}


def curve(points=(0.5, -1.0), heights=(0.6, 0.2), slopes=(0.24, 0.16), **more):
    look = LOOK | {"tangent_color": "#111111", "limit": 2.0} | more
    return curve_with_tangents(GRID, CURVE, points, heights, slopes, **look)


def slope(points=(0.5, -1.0), slopes=(0.24, 0.16), limit=10.0, **more):
    look = LOOK | {"limit": limit, "highest": 0.25, "saturated": 4.585} | more
    return slope_curve(GRID, CURVE, points, slopes, **look)


def error(errors=(1e-8, 1e-4), now=1e-6):
    return error_curve([1e-4, 1e-2], list(errors), 1e-3, now, **LOOK, note="a note")


@pytest.mark.parametrize("figure", [curve(), curve(selected=1), curve(slopes=()), slope(), error()])
def test_plotly_takes_every_curve(figure):
    go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_the_first_trace_is_the_curve_which_handles_follow():
    for figure in (curve(), slope()):
        assert (figure["data"][0]["x"], figure["data"][0]["y"]) == (GRID, CURVE)
        assert figure["data"][0]["mode"] == "lines"


def test_a_tangent_is_a_piece_of_line_through_its_point():
    tangents = curve()["data"][1]
    (x0, x1, gap), (y0, y1, _) = tangents["x"][3:], tangents["y"][3:]
    assert gap is None
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((-1.0, 0.2))
    assert (y1 - y0) / (x1 - x0) == pytest.approx(0.16)


def test_without_slopes_there_are_no_tangents_and_none_on_hover():
    _, tangents, points = curve(slopes=())["data"]
    assert tangents["x"] == tangents["y"] == points["customdata"] == []
    assert "slope" not in points["hovertemplate"]
    assert points["y"] == [0.6, 0.2]


def test_the_selected_point_stands_out():
    for figure in (curve(selected=1), slope(selected=1)):
        opacity = figure["data"][-1]["marker"]["opacity"]
        assert opacity[1] == 1.0 > opacity[0]


def test_each_slope_has_its_number():
    assert slope()["data"][1]["text"] == ["0.240", "0.160"]


def test_of_slopes_side_by_side_the_selected_one_has_its_number():
    near = {"points": (0.0, 0.5, 9.0), "slopes": (0.25, 0.235, 0.0001)}
    assert slope(**near)["data"][1]["text"] == ["0.250", BLANK, "0.0001"]
    assert slope(**near, selected=1)["data"][1]["text"] == [BLANK, "0.235", "0.0001"]


def test_slopes_above_each_other_have_both_their_numbers():
    assert slope(points=(0.0, 1.3), slopes=(0.25, 0.168))["data"][1]["text"] == ["0.250", "0.168"]


def test_the_zones_of_saturation_reach_from_their_beginning_to_the_ends_of_the_axis():
    assert [(s["x0"], s["x1"]) for s in slope()["layout"]["shapes"]] == [(-10, -4.585), (4.585, 10)]


def test_an_axis_that_ends_before_the_zones_has_none():
    assert slope(limit=4.0)["layout"]["shapes"] == []


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
