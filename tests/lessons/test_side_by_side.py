"""Side by side: the same numbers through both layers, against nnfs called directly."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from nnfs import Sigmoid, Softmax
from tests.lessons import showing
from visualizer.lessons.side_by_side import LESSON, Scenario

QUERIES = [{}, {"z": "1,-1", "g": "0.5,2"}, {"z": "3,0,-2,1,0.5", "g": "1,0,-1,0.25,0", "j": "3"}]


def scenario_of(**query):
    return showing.scenario_of(LESSON, **query)


def view(scenario):
    return showing.figures_of(LESSON, scenario)


@pytest.fixture(params=QUERIES, ids=str)
def scenario(request):
    return scenario_of(**request.param)


def by_hand(layer, scenario):
    """y, J and dx of a layer from nnfs alone: J by one backward for each row."""
    y = layer.forward(np.array(scenario.z))[0]
    J = np.array([layer.backward(row[None])[0] for row in np.eye(len(y))])
    return y, J, layer.backward(np.array(scenario.g))[0]


# Two ways to the same numbers, all below 10: a few roundings of float64.
def assert_same(actual, desired):
    np.testing.assert_allclose(actual, desired, rtol=1e-12, atol=1e-14)


def assert_shows(figures, name, layer, scenario):
    _, J, dx = by_hand(layer, scenario)
    assert_same(figures[f"{name}_jacobian"]["data"][0]["z"], J)
    assert_same(figures[f"{name}_dx"]["data"][0]["y"], dx)


@pytest.mark.parametrize(("name", "layer"), [("sigmoid", Sigmoid), ("softmax", Softmax)])
def test_each_column_shows_the_numbers_of_its_layer(scenario, name, layer):
    assert_shows(view(scenario), name, layer(), scenario)


@pytest.mark.parametrize(("name", "layer"), [("sigmoid", Sigmoid), ("softmax", Softmax)])
def test_the_outputs_in_the_table_are_those_of_each_layer(scenario, name, layer):
    assert_same(LESSON.compute(scenario)[f"{name}_y"], by_hand(layer(), scenario)[0])


def test_the_ribbons_of_a_sigmoid_are_straight_and_those_of_a_softmax_go_everywhere():
    figures = view(scenario_of(g="1,-0.5,0.5"))
    (z, straight), (_, full) = (
        (3, ribbons_of(figures[f"{name}_flow"])) for name in ("sigmoid", "softmax")
    )
    assert {(i, j) for i, j, width in straight if width} == {(i, i) for i in range(z)}
    assert all(width for _, _, width in full)
    assert len(full) == z * z


def ribbons_of(figure):
    """From, to, and the width at the left, of each ribbon of either sign that has one."""
    count = (len(figure["data"]) - 3) // 2
    found = {}
    for k, trace in enumerate(figure["data"][: 2 * count]):
        step = len(trace["y"]) // count
        for j in range(count):
            outline = trace["y"][j * step : (j + 1) * step - 1]
            width = outline[-1] - outline[0]
            found[k % count, j] = max(width, found.get((k % count, j), 0))
    return [(i, j, width) for (i, j), width in found.items()]


def test_the_oracle_rejects_the_other_layer(scenario):
    with pytest.raises(AssertionError):
        assert_shows(view(scenario), "sigmoid", Softmax(), scenario)


def test_one_jacobian_is_diagonal_and_the_other_is_full(scenario):
    figures = view(scenario)
    diagonal, full = (
        np.array(figures[f"{name}_jacobian"]["data"][0]["z"]) for name in ("sigmoid", "softmax")
    )
    assert np.count_nonzero(diagonal) == len(diagonal)
    assert np.count_nonzero(full) == full.size


def test_both_layers_are_drawn_on_the_same_axes(scenario):
    figures = view(scenario)
    one, other = (figures[f"{name}_dx"]["layout"] for name in ("sigmoid", "softmax"))
    assert one["yaxis"] == other["yaxis"]
    axes = {figure.axis for figure in LESSON.figures if figure.name.endswith("_flow")}
    assert len(axes) == 1
    one, other = (figures[f"{name}_jacobian"]["layout"] for name in ("sigmoid", "softmax"))
    assert one["coloraxis"] == other["coloraxis"]


def test_z_and_g_are_dragged_once_for_both(scenario):
    figures = view(scenario)
    edited = {
        name: figure["handles"]["field"] for name, figure in figures.items() if "handles" in figure
    }
    assert edited == {"z": "z", "g": "g"}


def test_no_result_leaves_its_axis_however_z_and_g_are_dragged():
    """|dx| is at most |g|/4 behind a sigmoid and |g|/2 behind a softmax."""
    figures = view(scenario_of(z="0,0", g="2,-2"))
    for name in ("sigmoid_dx", "softmax_dx"):
        trace = figures[name]["data"][0]
        assert trace["y"] == trace["customdata"]


def test_plotly_takes_every_figure(scenario):
    for figure in view(scenario).values():
        go.Figure({"data": figure["data"], "layout": figure["layout"]})


def test_a_batch_is_refused_with_a_message_and_its_first_row_is_shown():
    scenario, messages = Scenario.from_query({"z": "1,2;3,4", "g": "1,0"})
    assert scenario.z == ((1, 2),)
    assert messages[0].startswith("z: expected one row")


@pytest.mark.parametrize("text", ["0,0", "1000,-1000", "8e307,-8e307", "5e-324,-5e-324"])
@pytest.mark.parametrize("field", ["z", "g"])
def test_extreme_numbers_give_figures_of_finite_numbers(field, text):
    query = {"z": "-5,5", "g": "1,-1"} | {field: text}
    json.dumps(view(scenario_of(**query)), allow_nan=False)
