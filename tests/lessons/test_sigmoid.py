"""The Sigmoid page's figures, against nnfs called directly."""

import json
import math

import numpy as np
import plotly.graph_objects as go
import pytest

from nnfs import Sigmoid
from tests.lessons import showing
from visualizer.lessons.sigmoid import LESSON, NUDGES, SATURATED, compute
from visualizer.scenario.codecs import format_rows

FIGURES = ["curve", "dx", "flow", "formula", "g", "jacobian", "nudge", "slope"]
RNG = np.random.default_rng(0)


def scenario_of(**query):
    return showing.scenario_of(LESSON, **query)


def view(scenario):
    return showing.figures_of(LESSON, scenario)


def drawn(count, **more):
    """A scenario of random numbers that lie inside every axis."""
    x, g = RNG.normal(0, 2, count).clip(-9, 9), RNG.normal(0, 0.5, count).clip(-2, 2)
    return scenario_of(x=format_rows([x.tolist()]), g=format_rows([g.tolist()]), **more)


def sigma(x):
    return Sigmoid().forward(np.array(x, dtype=float))


def by_hand(scenario):
    """y, slopes and dx from nnfs alone."""
    layer = Sigmoid()
    y = layer.forward(np.array(scenario.x[0]))
    return y, layer.backward(np.ones_like(y)), layer.backward(np.array(scenario.g[0]))


SCENARIOS = [scenario_of(), drawn(1), drawn(5, j="4"), drawn(10, eps="0.01"), drawn(32)]


@pytest.fixture(params=SCENARIOS, ids=lambda s: f"{len(s.x[0])} inputs")
def scenario(request):
    return request.param


# Two ways to the same numbers, all below 10: a few roundings of float64.
def assert_same(actual, desired):
    np.testing.assert_allclose(actual, desired, rtol=1e-12, atol=1e-14)


def test_the_bars_are_the_numbers_of_nnfs(scenario):
    figures = view(scenario)
    assert_same(figures["dx"]["data"][0]["y"], by_hand(scenario)[2])
    assert_same(figures["dx"]["data"][0]["customdata"], by_hand(scenario)[2])
    assert figures["g"]["data"][0]["y"] == list(scenario.g[0])


def test_the_oracle_rejects_a_gradient_without_the_slope():
    scenario = scenario_of()
    with pytest.raises(AssertionError):
        assert_same(scenario.g[0], view(scenario)["dx"]["data"][0]["y"])


def test_the_points_lie_on_the_curve(scenario):
    curve, _, points = view(scenario)["curve"]["data"]
    assert points["x"] == list(scenario.x[0])
    assert_same(points["y"], sigma(points["x"]))
    assert_same(curve["y"], sigma(curve["x"]))


def test_the_drawn_curve_between_two_of_its_points_is_the_curve(scenario):
    """A handle follows the drawn line: it may not leave the function by a pixel, 1/190 of it."""
    x, y = view(scenario)["curve"]["data"][0]["x"], view(scenario)["curve"]["data"][0]["y"]
    assert np.all(np.diff(x) > 0)
    between = np.linspace(x[0], x[-1], 5000)
    assert np.max(np.abs(np.interp(between, x, y) - sigma(between))) < 1.34 / 190


def test_each_tangent_touches_its_point_with_the_slope_of_nnfs(scenario):
    tangents = view(scenario)["curve"]["data"][1]
    y, slopes, _ = by_hand(scenario)
    for i, x in enumerate(scenario.x[0]):
        (x0, x1, gap), (y0, y1, _) = tangents["x"][3 * i :][:3], tangents["y"][3 * i :][:3]
        assert gap is None
        assert_same((y1 - y0) / (x1 - x0), slopes[i])
        assert_same([(x0 + x1) / 2, (y0 + y1) / 2], [x, y[i]])


def test_the_slope_curve_is_the_derivative_and_its_maximum_is_a_quarter(scenario):
    figure = view(scenario)["slope"]
    curve, points = figure["data"]
    assert_same(points["y"], by_hand(scenario)[1])
    x = np.array(curve["x"])
    # Central difference at 1e-5: its own error is below 1e-10 here, that of rounding 1e-11.
    np.testing.assert_allclose(curve["y"], (sigma(x + 1e-5) - sigma(x - 1e-5)) / 2e-5, atol=1e-9)
    assert max(curve["y"]) == 0.25 == figure["layout"]["yaxis"]["tickvals"][1]
    assert x[np.argmax(curve["y"])] == 0


def test_the_shaded_zones_are_where_the_slope_is_below_a_hundredth():
    zones = view(scenario_of())["slope"]["layout"]["shapes"]
    limit = view(scenario_of())["slope"]["layout"]["xaxis"]["range"][1]
    assert sorted((zone["x0"], zone["x1"]) for zone in zones) == [
        (-limit, -SATURATED),
        (SATURATED, limit),
    ]
    y = sigma(SATURATED)
    assert y * (1 - y) == pytest.approx(0.01, abs=1e-5)


def test_the_jacobian_is_diagonal_with_the_slopes(scenario):
    J = np.array(view(scenario)["jacobian"]["data"][0]["z"])
    assert_same(J.diagonal(), by_hand(scenario)[1])
    assert np.count_nonzero(J - np.diag(J.diagonal())) == 0


def test_the_nudge_compares_the_true_change_of_L_with_the_predicted_one():
    scenario = scenario_of(x="-2,0.5,3", g="1,2,-1", j="1", eps="0.25")
    values, g = compute(scenario), np.array(scenario.g[0])
    moved = np.add(scenario.x[0], [0, 0.25, 0])
    assert_same(values["changed"], g @ sigma(moved) - g @ sigma(scenario.x[0]))
    assert_same(values["predicted"], by_hand(scenario)[2][1] * 0.25)
    point = view(scenario)["nudge"]["data"][1]
    assert_same([*point["x"], *point["y"]], [0.25, abs(values["changed"] - values["predicted"])])


@pytest.mark.parametrize(("x", "power"), [("-2", 2), ("0.5", 2), ("3", 2), ("0", 3)])
def test_the_error_of_the_nudge_falls_as_a_power_of_eps(x, power):
    """ε², as the curve bends; at 0 it does not bend, and the error falls as ε³."""
    curve = view(scenario_of(x=x, g="1"))["nudge"]["data"][0]
    eps, error = np.array(curve["x"]), np.array(curve["y"], dtype=float)
    small = (eps > 2e-3) & (eps < 0.1)  # below, rounding; above, the next power
    fitted = np.polyfit(np.log(eps[small]), np.log(error[small]), 1)[0]
    assert fitted == pytest.approx(power, abs=0.05)


def test_what_is_said_of_the_nudge_is_so():
    def note(x):
        return view(scenario_of(x=x, g="1"))["nudge"]["layout"]["annotations"][0]["text"]

    assert "falls as ε²" in note("0.5")
    assert "falls as ε³" in note("0")


def test_a_nudge_without_any_error_leaves_a_gap_in_the_logarithmic_axis():
    curve, point = view(scenario_of(x="1,2", g="0,0"))["nudge"]["data"]
    assert curve["y"] == [None] * len(NUDGES)
    assert point["x"] == point["y"] == []


def test_the_axes_stay_while_something_is_dragged_and_grow_where_they_must():
    before = LESSON.moment(scenario_of(), {})
    dragged = LESSON.moment(scenario_of(x="6,-6,0", g="0.1,0.2,0.3"), before.ends)
    assert dragged.ends == before.ends
    assert LESSON.moment(scenario_of(x="50,0,0"), before.ends).ends["x"] == 63
    longer = LESSON.moment(scenario_of(g="7,0,0"), before.ends).ends
    assert (longer["g"], longer["dx"]) == (8.8, 2.4)  # a quarter of it, and a little room


def test_the_axis_of_dx_is_fitted_to_the_wrong_passes_and_then_stays_where_it_is():
    """Their results may go anywhere: an axis that follows them in a drag shows nothing."""
    before = LESSON.moment(scenario_of(wrong="input_for_output"), {})
    assert before.ends["dx"] > LESSON.moment(scenario_of(), {}).ends["dx"]
    dragged = scenario_of(x="-6,6,6", g="1.2,1.2,1.2", wrong="input_for_output")
    assert LESSON.moment(dragged, {}).ends["dx-"] > before.ends["dx-"]
    assert LESSON.moment(dragged, before.ends).ends == before.ends


def test_handles_are_on_the_curve_and_on_the_bars_of_g():
    figures = view(scenario_of())
    curve, g = figures["curve"]["handles"], figures["g"]["handles"]
    assert (curve["field"], curve["grip"], curve["together"]) == ("x", "curve", None)
    assert curve["values"] == [-2, 0.5, 3]
    assert (g["field"], g["grip"], g["together"]) == ("g", "bar", "all of g")


def test_plotly_takes_every_figure(scenario):
    figures = view(scenario)
    assert sorted(figures) == FIGURES
    for figure in figures.values():
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


def finite(figure):
    """Whether JSON without NaN and infinity can hold the figure."""
    json.dumps(figure, allow_nan=False)
    return True


@pytest.mark.parametrize("text", ["0,0", "1000,-1000", "1e308,-1e308", "5e-324,-5e-324", "40,-40"])
@pytest.mark.parametrize("field", ["x", "g"])
@pytest.mark.filterwarnings("error")
def test_extreme_numbers_give_figures_of_finite_numbers(field, text):
    query = {"x": "-5,5", "g": "1,-1"} | {field: text}
    assert all(finite(figure) for figure in view(scenario_of(**query)).values())


def test_the_oracle_rejects_an_infinite_number():
    with pytest.raises(ValueError, match="JSON"):
        finite({"y": [math.inf]})


def test_a_point_on_the_curve_is_called_by_its_height_and_its_handle_by_its_input():
    curve = view(scenario_of())["curve"]
    assert curve["elements"]["symbol"] == "y"
    assert curve["handles"]["labels"][0] == "x 0"
